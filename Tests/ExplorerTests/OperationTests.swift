import Circuits
import Explorer
import Foundation
import Learning
import Synchronization
import Tasks
import Terminal
import Testing

// Sets of synapses, nudges, trials, a picture that stands still, files, and runs that are played again.

@Suite("Operating", .serialized)
struct OperationTests {
  private func command(_ line: String, _ screen: ScriptedBackend) {
    screen.press(":")
    screen.type(line)
    screen.press("enter")
  }

  @Test("a set is previewed, tried on the held-out data, cut, and brought back")
  func sets() throws {
    var present = 0
    func count(_ scene: Scene) -> Int { scene.masks.present }
    let (_, program, _) = try play { screen in
      screen.press(".", ".", ".")
      screen.wait("three steps") { $0.snapshot.step == 3 }
      screen.check { scene, _ in present = count(scene) }
      command("prune weakest 50 %", screen)
      screen.wait("the effect") {
        if case .preview(let preview) = $0.mode { preview.effect != nil } else { false }
      }
      screen.wait(forText: "Tried on the held-out data: ")
      screen.press("enter")
      screen.wait("the cut") { count($0) < present }
      screen.check { scene, _ in #expect(count(scene) == present - Int((Double(present) / 2).rounded())) }
      command("restore all", screen)
      screen.wait(forText: "Restore all? ")
      screen.wait("the effect") {
        if case .preview(let preview) = $0.mode { preview.restores && preview.effect != nil } else { false }
      }
      screen.press("enter")
      screen.wait("all of them") { count($0) == present }
      command("prune fan-out sin", screen)
      screen.wait("the preview") { if case .preview = $0.mode { true } else { false } }
      screen.press("esc")
      screen.check { scene, _ in #expect(scene.mode == .normal && count(scene) == present) }
      command("restore all", screen)
      screen.wait("the refusal") { $0.message?.text.contains("nothing to restore") == true }
      screen.press("q")
    }
    #expect(program.records[0].applied.count == 2 && program.records[0].applied.allSatisfy { $0.step == 3 })
  }

  @Test("a nudge is 5 % and can be taken back; freezing takes tensors and thresholds")
  func nudges() throws {
    var before: Float = 0
    func value(_ scene: Scene) -> Float { scene.snapshot.values[scene.selectedParameter ?? 0] }
    _ = try play { screen in
      screen.press("right")
      screen.check { scene, _ in before = value(scene) }
      screen.press(">")
      screen.wait("5 % more") { abs(value($0) - before * 1.05) < 1e-6 * abs(before) }
      screen.press("<")
      screen.wait("as before") { abs(value($0) - before) < 1e-6 * abs(before) && $0.snapshot.marks.count == 2 }
      screen.press("u", "u")
      screen.wait("as before to the bit") { value($0) == before && $0.snapshot.undoTitle == nil }
      command("freeze tensor w", screen)
      screen.wait(forText: "values stop moving.")
      screen.press("enter")
      screen.wait("frozen weights") { $0.snapshot.frozen.count { $0 } == $0.model.layout["w"]?.range.count }
      command("thaw all", screen)
      command("freeze below 0.3", screen)
      screen.wait(forText: "Freeze below 0.3? ")
      screen.press("enter")
      screen.wait("frozen synapses") { $0.snapshot.outcomes.last?.command == .freeze("below:0.3") }
      screen.check { scene, _ in #expect(scene.snapshot.outcomes.last?.succeeded == true) }
      screen.press("q")
    }
  }

  @Test("a picture that stands still shows nothing new while training goes on and commands are carried out")
  func still() throws {
    var (step, moments) = (0, 0)
    let (_, program, _) = try play(paused: false) { screen in
      screen.wait("training") { $0.snapshot.step > 3 }
      screen.press("right", "s")
      screen.check { scene, _ in (step, moments) = (scene.snapshot.step, scene.network.momentTotal) }
      screen.press("p")
      screen.wait("the answer") { $0.message?.text.hasPrefix("Pruned") == true }
      screen.check { scene, _ in
        #expect(scene.snapshot.step == step && scene.network.momentTotal == moments && scene.snapshot.marks.isEmpty)
      }
      screen.press("space")
      screen.wait("the pause") { $0.snapshot.status == .paused }
      screen.press("s")
      screen.wait("the newest") { $0.snapshot.step > step && $0.snapshot.marks.count == 1 }
      screen.press("q")
    }
    #expect(program.records[0].applied.count == 1)
  }

  @Test("export writes the newest state, save the best one; what exists is written over only after a question")
  func files() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "ganglion-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "w.csv").path
    let written = Mutex<[Bool]>([])
    let (_, _, _) = try play(change: { options in
      options.write = { save, path in
        written.withLock { $0.append(save.best != nil) }
        try Data("step \(save.step)".utf8).write(to: URL(fileURLWithPath: path))
      }
    }) { screen in
      screen.press(".")
      screen.wait("a step") { $0.snapshot.step == 1 }
      command("export \(path)", screen)
      screen.wait("the file") { $0.message?.text.hasPrefix("The newest state is in") == true }
      screen.press(".")
      screen.wait("a step more") { $0.snapshot.step == 2 }
      command("save \(path)", screen)
      screen.wait(forText: "is there already")
      screen.press("esc")
      screen.check { _, _ in #expect((try? String(contentsOfFile: path, encoding: .utf8)) == "step 1") }
      command("save \(path)", screen)
      screen.press("enter")
      screen.wait("the file again") { $0.message?.text.hasPrefix("The best model so far is in") == true }
      screen.check { _, _ in #expect((try? String(contentsOfFile: path, encoding: .utf8)) == "step 2") }
      command("export weights.xls", screen)
      screen.wait("the refusal") { $0.message?.isError == true }
      screen.press("q")
    }
    #expect(written.withLock { $0 } == [false, true])
  }

  @Test("a recorded run is played to its end, and the one after it follows")
  func replay() throws {
    let laboratory = try Laboratory(neurons: 8)
    let session = laboratory.session
    for _ in 0..<3 { try session.advance() }
    _ = try session.apply(.prune([laboratory.model.wiring.synapses[2]]))
    for _ in 0..<4 { try session.advance() }
    _ = try session.apply(.freeze("mu"))
    let values = session.snapshot(version: 1, status: .paused, stepsPerSecond: 0).values
    var first = Setup(
      recipe: Recipe(), source: DataSource(task: "sine", seed: 1), task: laboratory.task, model: laboratory.model,
      options: laboratory.options)
    (first.script, first.end) = (session.applied, 7)
    first.following = [CommandLog(header: .init(try .sine(neurons: 6, seed: 2)), end: 2)]
    let played = first
    let (_, program, _) = try play(paused: false, change: { $0.setup = played }) { screen in
      screen.wait("the second run's end") { $0.neurons == 6 && $0.snapshot.step == 2 && !$0.isTraining }
      screen.wait(forText: "The recorded run ended here, at step 2")
      screen.press("b")
      screen.wait("the first run") { $0.neurons == 8 && $0.snapshot.step == 7 }
      screen.check { scene, _ in
        #expect(scene.snapshot.values == values && !scene.isTraining)
        #expect(scene.snapshot.marks.map(\.step) == [3, 7])
      }
      screen.press("q")
    }
    #expect(program.records.map(\.steps) == [7, 2])
    #expect(program.records[0].applied == session.applied)
  }
}
