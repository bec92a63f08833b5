import Dispatch
import Explorer
import Foundation
import Learning
import Synchronization
import Terminal
import Testing

// Files are written beside the screen: what is told of it, and what happens where the disk is slow or full. Where time
// matters a test steps the clock.

@Suite("Saving", .serialized) struct SavingTests {
  private struct Full: Error, CustomStringConvertible {
    var description: String { "The disk is full: free some room." }
  }

  private func command(_ line: String, _ screen: ScriptedBackend) {
    screen.press(":")
    screen.type(line)
    screen.press("enter")
  }

  @Test("save writes, and says why not where it cannot")
  func saving() throws {
    let written = Mutex<[String]>([])
    let (end, _, _) = try play(change: { options in
      options.write = { _, path in
        if path == "full" { throw Full() }
        written.withLock { $0.append(path) }
      }
    }) { screen in
      screen.press(":")
      screen.type("save my model.safetensors")
      screen.press("enter")
      screen.wait(forText: "my model.safetensors")
      screen.press(":")
      screen.type("save full")
      screen.press("enter")
      screen.wait(forText: "The disk is full: free some room.")
      screen.press("q")
    }
    #expect(end == .quit)
    #expect(written.withLock { $0 } == ["my model.safetensors"])
  }

  @Test("a slow disk holds up neither keys nor training")
  func slowly() throws {
    let gate = DispatchSemaphore(value: 0)
    let written = Mutex<[String]>([])
    var step = 0
    let (end, _, _) = try play(
      paused: false,
      change: { options in
        options.write = { save, path in
          gate.wait()
          written.withLock { $0.append("\(path) at \(save.step > 0)") }
        }
      }
    ) { screen in
      screen.wait("training") { $0.snapshot.step > 5 }
      command("save slow.safetensors", screen)
      screen.wait(forText: "Writing slow.safetensors …")
      screen.press("z")
      screen.wait("an answer to a key") { $0.look.zoomed }
      screen.check { scene, _ in
        step = scene.snapshot.step
        #expect(scene.session.savedSeconds == 0)
      }
      screen.wait("training that goes on") { $0.isTraining && $0.snapshot.step > step + 3 }
      screen.check { _, _ in
        #expect(written.withLock { $0.isEmpty })
        gate.signal()
      }
      screen.wait(forText: "The best model so far is in slow.safetensors.")
      screen.check { scene, _ in #expect(scene.session.savedSeconds > 0) }
      screen.press("q")
    }
    #expect(end == .quit)
    #expect(written.withLock { $0 } == ["slow.safetensors at true"])
  }

  @Test("leaving waits for what is being written, and says so; ctrl-c does not wait")
  func leaving() throws {
    for impatient in [false, true] {
      let gate = DispatchSemaphore(value: 0)
      let written = Mutex<[String]>([])
      let (end, _, _) = try play(change: { options in
        options.write = { _, path in
          gate.wait()
          written.withLock { $0.append(path) }
        }
      }) { screen in
        command("export slow.safetensors", screen)
        screen.wait(forText: "Writing slow.safetensors …")
        screen.press("q")
        screen.wait(forText: "Leaving when slow.safetensors is written; ctrl-c leaves now.")
        if impatient { screen.press("ctrl-c") } else { screen.check { _, _ in gate.signal() } }
      }
      #expect(end == .quit)
      #expect(written.withLock { $0 } == (impatient ? [] : ["slow.safetensors"]))
      gate.signal()
    }
  }

  @Test("training that nobody saves is saved every minute; where that fails it is told and tried again")
  func periodically() throws {
    let clock = HandClock()
    let attempts = Mutex<[Double]>([])
    let (_, program, _) = try play(
      paused: false, clock: clock,
      change: { options in
        options.autosave = "autosave.safetensors"
        options.write = { _, path in
          #expect(path == "autosave.safetensors")
          let number = attempts.withLock { attempts in
            attempts.append(clock.now)
            return attempts.count
          }
          if number == 2 { throw Full() }
        }
      }
    ) { screen in
      screen.wait("training") { $0.isTraining && $0.snapshot.step > 2 }
      screen.pass(31)
      screen.wait("some frames") { $0.session.trainedSeconds > 31 }
      screen.check { _, _ in #expect(attempts.withLock { $0.isEmpty }, "before a minute is over") }
      screen.pass(30)
      screen.wait("the first time") { _ in attempts.withLock { $0.count } == 1 }
      screen.check { scene, _ in #expect(scene.message?.isError != true) }
      screen.pass(59.9)
      screen.wait(forText: "Autosave failed: The disk is full: free some room. It is tried again in 60 s")
      screen.pass(60)
      screen.wait(forText: "Autosave works again.")
      screen.pass(60)
      screen.wait("the fourth time") { _ in attempts.withLock { $0.count } == 4 }
      screen.press("q", "q")
    }
    // Not by the person, and so the question before leaving would still come.
    #expect(program.scene.session.savedSeconds == 0)
    let times = attempts.withLock { $0 }
    #expect(zip(times, times.dropFirst()).allSatisfy { $1 - $0 >= 60 }, "\(times)")
  }

  @Test("what is saved in case of need is the state of a measurement, however slow the disk; each set-up has its own")
  func periodicallyOnASlowDisk() throws {
    let (clock, gate) = (HandClock(), DispatchSemaphore(value: 0))
    let begun = Mutex<[(path: String, step: Int, updates: Int)]>([])
    var step = 0
    let (end, _, _) = try play(
      paused: false, clock: clock,
      change: { options in
        options.autosave = "autosave.safetensors"
        options.write = { save, path in
          begun.withLock { $0.append((path, save.step, save.state.updates)) }
          gate.wait()
        }
      }
    ) { screen in
      screen.wait("training") { $0.isTraining && $0.snapshot.step > 2 }
      screen.pass(31)
      screen.wait("some frames") { $0.session.trainedSeconds > 31 }
      screen.pass(30)
      screen.wait("the first time") { _ in begun.withLock { $0.count } == 1 }
      screen.press("z")
      screen.wait("an answer to a key") { $0.look.zoomed }
      screen.check { scene, _ in step = scene.snapshot.step }
      screen.wait("training that goes on") { $0.isTraining && $0.snapshot.step > step + 3 }
      screen.pass(200)
      screen.wait("frames after that") { $0.session.trainedSeconds > 250 && $0.snapshot.step > step + 60 }
      screen.check { _, _ in
        #expect(begun.withLock { $0.count } == 1, "the first is still being written")
        for _ in 0..<9 { gate.signal() }
      }
      screen.wait("the second time") { _ in begun.withLock { $0.count } == 2 }
      command("task xor", screen)
      screen.wait(forText: "are not saved")
      screen.press("enter")
      screen.wait("the other task") { $0.task.name == "xor" && $0.isTraining && $0.snapshot.step > 2 }
      screen.pass(61)
      screen.wait("its own file") { _ in begun.withLock { $0.last?.path } == "autosave-2.safetensors" }
      screen.press("q", "q")
    }
    #expect(end == .quit)
    let saves = begun.withLock { $0 }
    // Of the first once more where it was measured between the jump of the clock and its rest.
    let paths = saves.map(\.path)
    #expect(paths.prefix(2) == ["autosave.safetensors", "autosave.safetensors"])
    #expect(paths.last == "autosave-2.safetensors" && Set(paths).count == 2, "\(paths)")
    #expect(saves.allSatisfy { $0.step == $0.updates && $0.step > 0 }, "\(saves)")
  }
}
