import Explorer
import Experiments
import Foundation
import Synchronization
import Terminal
import Testing

/// Some other activity: counts to ten when it is told to. What adding one takes is this type, and the line that names it.
private final class Counting: Activity {
  struct State {
    var (count, status, version) = (0, ActivityStatus.waiting, 0)
    var problem: String?
  }
  let state = Mutex(State())
  let needsCores: Bool

  init(needsCores: Bool = false) { self.needsCores = needsCores }

  var version: Int { state.withLock { $0.version } }

  func report() -> ActivityReport {
    state.withLock { state in
      ActivityReport(
        title: "counting", status: state.status, share: Double(state.count) / 10, progress: "at \(state.count)",
        problem: state.problem)
    }
  }

  func start() { change { if !$0.status.isOver { $0.status = .running } } }
  func pause() { change { if $0.status == .running { $0.status = .paused } } }
  func cancel() { change { if !$0.status.isOver { $0.status = .cancelled } } }

  func change(_ change: (inout State) -> Void) {
    state.withLock { state in
      change(&state)
      state.version += 1
    }
  }
}

@Suite("What runs beside the screen", .serialized) struct ActivityListTests {
  private func command(_ line: String, _ screen: ScriptedBackend) {
    screen.press(":")
    screen.type(line)
    screen.press("enter")
  }

  @Test("another kind is begun, shown in the header beside training, paused, told of, and ended")
  func counting() throws {
    let counting = Counting()
    let (_, program, _) = try play(
      paused: false,
      change: { options in
        options.activity = { words, _ in
          guard words == ["study", "numbers"] else { throw ActivityError("There is no study '\(words.last ?? "")'.") }
          return counting
        }
      }
    ) { screen in
      screen.wait("training") { $0.isTraining }
      command("study letters", screen)
      screen.wait(forText: "There is no study 'letters'.")
      command("study numbers", screen)
      screen.wait(forText: "▶ counting 0 %")
      screen.check { scene, grid in
        // It needs no cores, and no view shows it.
        #expect(scene.isTraining && scene.look.focus == "states" && scene.running.map(\.id) == [1])
        #expect(grid.line(0).contains("steps/s  ▶ counting 0 %"))
        counting.change { $0.count = 7 }
      }
      screen.wait(forText: "▶ counting 70 %")
      screen.check { _, _ in counting.change { $0.problem = "The seventh was hard: look at it." } }
      screen.wait(forText: "The seventh was hard: look at it.")
      command("activity-pause", screen)
      screen.wait("the pause") { $0.beside.first?.report.status == .paused }
      screen.wait(forNoText: "▶ counting")
      command("activity-pause 1", screen)
      screen.wait("it to go on") { $0.running.count == 1 }
      command("activity-pause 9", screen)
      screen.wait(forText: "There is no activity 9")
      command("activity-end", screen)
      screen.wait("its end") { $0.beside.first?.report.status == .cancelled }
      command("activity-end", screen)
      screen.wait("the refusal") { $0.message?.isError == true }
      screen.press("q")
    }
    #expect(program.scene.beside.map(\.report.progress) == ["at 7"])
  }

  @Test("what needs the cores lets training rest, and what runs at the end is ended")
  func cores() throws {
    let (one, other) = (Counting(needsCores: true), Counting())
    let (end, program, _) = try play(change: { $0.activities = [one, other] }) { screen in
      screen.wait(forText: "▶ counting 0 %, counting 0 %")
      screen.press("q")
    }
    #expect(end == .quit && program.scene.beside.map(\.id) == [1, 2])
    #expect(one.report().status == .cancelled && other.report().status == .cancelled)

    let third = Counting(needsCores: true)
    _ = try play(paused: false, change: { $0.activity = { _, _ in third } }) { screen in
      screen.wait("training") { $0.isTraining }
      command("compare --models ltc", screen)
      screen.wait("training to rest") { !$0.isTraining && $0.running.count == 1 }
      screen.press("q")
    }
  }

  @Test("training waits for what needs the cores, says so, and goes on when that is over or ended")
  func waiting() throws {
    for ends in [true, false] {
      let counting = Counting(needsCores: true)
      var step = 0
      let (end, program, _) = try play(paused: false, change: { $0.activity = { _, _ in counting } }) { screen in
        screen.wait("training") { $0.isTraining }
        screen.check { scene, _ in
          #expect(scene.activities.map(\.setup) == [1] && scene.beside.isEmpty && scene.running.isEmpty)
        }
        command("activity-end", screen)
        screen.wait(forText: "Nothing runs beside training, which space pauses")
        screen.check { scene, _ in #expect(scene.isTraining) }
        command("compare --models ltc", screen)
        screen.wait(forText: "■ training waits (counting 0 %)")
        screen.check { scene, _ in
          #expect(!scene.isTraining && scene.running.count == 1)
          step = scene.snapshot.step
          counting.change { $0.count = 5 }
        }
        screen.wait(forText: "■ training waits (counting 50 %)")
        screen.check { scene, _ in #expect(scene.snapshot.step == step) }
        if ends {
          command("activity-end", screen)
        } else {
          screen.check { _, _ in counting.change { $0.status = .finished } }
        }
        screen.wait("training to go on") { $0.isTraining && $0.snapshot.step > step && $0.session.waitsFor == nil }
        screen.wait(forText: "▶ training")
        screen.press("q")
      }
      #expect(end == .quit && counting.report().status == (ends ? .cancelled : .finished))
      #expect(program.scene.activities.map(\.setup) == [1, nil])
    }
  }

  @Test("training that the person lets go on or pauses meanwhile is theirs")
  func decided() throws {
    let counting = Counting(needsCores: true)
    _ = try play(paused: false, change: { $0.activity = { _, _ in counting } }) { screen in
      screen.wait("training") { $0.isTraining }
      command("compare --models ltc", screen)
      screen.wait(forText: "■ training waits (counting 0 %)")
      // In Compare space speaks to the comparison.
      screen.press("1")
      screen.press("space")
      screen.wait("training beside it") { $0.isTraining && $0.running.count == 1 && $0.session.waitsFor == nil }
      screen.press("space")
      screen.wait("the pause") { !$0.isTraining }
      screen.check { _, _ in counting.change { $0.status = .finished } }
      screen.wait("the end") { $0.beside.first?.report.status == .finished }
      screen.wait(forText: "■ paused: space trains")
      screen.check { scene, _ in #expect(!scene.isTraining) }
      screen.press("q")
    }
  }

  @Test("a set-up that is opened meanwhile waits as well, and what stands in the list are the set-ups that are kept")
  func opening() throws {
    let counting = Counting(needsCores: true)
    let (_, program, _) = try play(paused: false, change: { $0.activity = { _, _ in counting } }) { screen in
      screen.wait("training") { $0.isTraining }
      command("compare --models ltc", screen)
      screen.wait(forText: "■ training waits (counting 0 %)")
      command("task xor", screen)
      screen.wait("the other task") { $0.task.name == "xor" && $0.session.waitsFor != nil }
      screen.check { scene, _ in #expect(!scene.isTraining && scene.snapshot.step == 0) }
      screen.check { _, _ in counting.change { $0.status = .finished } }
      screen.wait("its training") { $0.task.name == "xor" && $0.isTraining && $0.snapshot.step > 0 }
      command("back", screen)
      screen.wait("the first, which trains again") { $0.task.name == "sine" && $0.isTraining }
      screen.press("q")
    }
    #expect(program.scene.activities.compactMap(\.setup) == [1, 2])
  }

  @Test("a view shows one: a second comparison takes the first one's place")
  func replacing() throws {
    let first = try Comparison.test(models: ["gru"], neurons: [4], steps: 1_000_000, seeds: 1)
    let second = try Comparison.test(models: ["gru", "lstm"], neurons: [4], steps: 2, seeds: 1)
    let (_, program, _) = try play(change: { options in
      options.activities = [first]
      options.activity = { _, _ in second }
    }) { screen in
      screen.wait("the first") { $0.comparison?.rows.count == 1 && $0.comparison?.isUnderWay == true }
      command("compare --models gru,lstm", screen)
      screen.wait("the second") { $0.comparison?.rows.count == 2 && $0.comparison?.table.status == .finished }
      screen.press("q")
    }
    #expect(first.status == .cancelled)
    #expect(program.scene.beside.map(\.id) == [2])
  }
}
