import Circuits
import Explorer
import Foundation
import Learning
import Synchronization
import Terminal
import Testing

// The program's life on a screen in memory: sizes, the probe, and every way it ends.

@Suite("The program", .serialized)
struct ProgramTests {
  @Test("the window changes in the middle of everything")
  func resizing() throws {
    let (end, _, backend) = try play(paused: false, size: (80, 24)) { screen in
      for (width, height) in [(160, 48), (20, 5), (1, 1), (0, 0), (220, 70), (60, 16), (59, 16), (120, 40)] {
        screen.resize(to: width, height)
      }
      screen.wait(forText: "▶ training")
      screen.press(":")
      screen.type("pru")
      screen.resize(to: 30, 10)
      screen.wait(forText: "ganglion needs 60×16")
      screen.resize(to: 80, 24)
      screen.wait(forText: ":pru")
      screen.press("esc", "q")
    }
    #expect(end == .quit)
    #expect(backend.screen.size == (80, 24))
  }

  @Test("the probe is held apart from training, makes single steps, and jumps")
  func probe() throws {
    var held = 0
    let (end, _, _) = try play(paused: true) { screen in
      screen.check { scene, _ in held = scene.network.momentTotal }
      screen.wait("a moving probe") { $0.network.momentTotal > held }
      screen.press(",")
      screen.wait("the held probe") { $0.look.probePaused }
      screen.check { scene, _ in held = scene.network.momentTotal }
      screen.press("n")
      screen.check { scene, _ in #expect(scene.network.momentTotal == held + 1) }
      screen.press("space")
      screen.wait("training beside it") { $0.isTraining && $0.snapshot.step > 5 }
      screen.check { scene, _ in #expect(scene.network.momentTotal == held + 1) }
      screen.press("]", "[", ",")
      screen.wait("the probe again") { $0.network.momentTotal > held + 1 }
      screen.press("home")
      screen.wait("the beginning") { $0.moments.first?.step == 0 }
      screen.press("q")
    }
    #expect(end == .quit)
  }

  @Test("looking only: it does not train, and refuses in a sentence")
  func readOnly() throws {
    let (end, program, _) = try play(readOnly: true) { screen in
      screen.press("right")
      for key in ["p", "f", "e", "P", "F", "R", "+", "-", "space", "."] {
        screen.press(key)
        screen.check { scene, _ in
          #expect(scene.message?.isError == true, "\(key)")
          #expect(scene.mode == .normal)
        }
      }
      screen.wait(forText: "This is read-only")
      screen.wait(forText: "■ read-only")
      screen.press("q")
    }
    #expect(end == .quit)
    #expect(program.scene.snapshot.step == 0)
    #expect(program.scene.snapshot.marks.isEmpty)
  }

  @Test("a mouse selects, scrolls and zooms")
  func mouse() throws {
    let (end, _, _) = try play { screen in
      screen.wait("synapses") { $0.reading != nil }
      for x in [62, 90, 119] {
        screen.send(.mouse(MouseEvent(kind: .press(.left), x: x, y: 8)))
        screen.check { scene, _ in #expect(scene.look.focus == "synapses" && scene.hasSelection) }
      }
      screen.send(.mouse(MouseEvent(kind: .scrollDown, x: 5, y: 5)))
      screen.send(.mouse(MouseEvent(kind: .doubleClick, x: 5, y: 30)))
      screen.wait("the zoomed pane") { $0.look.zoomed && $0.look.focus == "coefficients" }
      screen.press("esc")
      for (x, y) in [(-1, -1), (0, 0), (119, 39), (500, 500)] {
        screen.send(.mouse(MouseEvent(kind: .press(.left), x: x, y: y)))
        screen.send(.mouse(MouseEvent(kind: .drag, x: x, y: y)), .mouse(MouseEvent(kind: .release, x: x, y: y)))
      }
      screen.press("q")
    }
    #expect(end == .quit)
  }

  @Test("a flood of keys while it trains is answered, every one")
  func flood() throws {
    let (end, program, _) = try play(neurons: 16, paused: false) { screen in
      screen.press("right")
      for _ in 0..<200 { screen.press("c") }
      for _ in 0..<40 { screen.press("p") }
      screen.wait("the last of them") { $0.snapshot.outcomes.last?.id ?? 0 >= 41 }
      screen.press("q")
    }
    #expect(end == .quit)
    #expect(program.scene.look.form == .feature)
  }

  @Test("every way it ends, and that what was trained is kept then")
  func ends() throws {
    for (event, expected) in [
      (TerminalEvent.key(.control("c")), ExplorerEnd.interrupted), (.interrupt, .interrupted), (.hangup, .hangup),
      (.terminate(15), .terminated(signal: 15)),
    ] {
      let written = Mutex<[String]>([])
      let (end, program, _) = try play(
        paused: false,
        change: { options in
          options.autosave = "autosave"
          options.write = { save, path in written.withLock { $0.append("\(path) at \(save.step > 0)") } }
        }
      ) { screen in
        screen.wait("training for a second") { $0.unsavedSeconds > 0.6 }
        screen.send(event)
      }
      #expect(end == expected)
      #expect(program.keptIn == ["autosave"])
      #expect(written.withLock { $0 } == ["autosave at true"])
    }
  }

  @Test("--frames ends by itself, and a help or palette left open does not matter")
  func frames() throws {
    let (end, _, backend) = try play(change: { $0.frames = 3 }) { screen in screen.press("?") }
    #expect(end == .quit)
    #expect(backend.screen.frames == 3)
  }
}
