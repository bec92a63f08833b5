import Circuits
import Explorer
import Foundation
import Learning
import Terminal
import Testing

// The real program, played by a script on a screen in memory.

@Suite("Scenarios", .serialized)
struct ScenarioTests {
  @Test("it trains from the start, space pauses, a full stop makes exactly one step, space goes on, q leaves")
  func training() throws {
    var paused = 0
    let (end, program, _) = try play(paused: false) { screen in
      screen.wait("training") { $0.isTraining && $0.snapshot.step > 3 }
      screen.wait(forText: "▶ training")
      screen.press("space")
      screen.wait("the pause") { $0.snapshot.status == .paused }
      screen.wait(forText: "paused")
      screen.check { scene, _ in paused = scene.snapshot.step }
      screen.press(".")
      screen.wait("one step more") { $0.snapshot.step > paused }
      screen.press(".")
      screen.wait("two steps more") { $0.snapshot.step > paused + 1 }
      screen.check { scene, _ in #expect(scene.snapshot.step == paused + 2) }
      screen.press("space")
      screen.wait("training again") { $0.isTraining && $0.snapshot.step > paused + 5 }
      screen.press("q")
    }
    #expect(end == .quit)
    #expect(program.scene.snapshot.curve.training.count > 5)
  }

  @Test("p prunes the selected synapse, u brings it back, ctrl-r prunes it again, each marked on the curve")
  func pruning() throws {
    func present(_ scene: Scene) -> Float? {
      scene.selection.synapse.map { scene.snapshot.connections[$0.index(neurons: scene.neurons)] }
    }
    let (end, _, _) = try play { screen in
      screen.press("right")
      screen.check { scene, _ in
        #expect(present(scene) == 1)
        #expect(scene.snapshot.marks.isEmpty)
      }
      screen.press("p")
      screen.wait("the cut") { present($0) == 0 }
      screen.wait(forText: "Pruned ")
      screen.check { scene, _ in
        #expect(scene.snapshot.marks.map(\.kind) == [.prune])
        #expect(scene.isPruned(scene.selection.synapse!))
        #expect(scene.snapshot.undoTitle?.hasPrefix("prune ") == true)
      }
      screen.wait(forText: "pruned")
      screen.press("u")
      screen.wait("the synapse again") { present($0) == 1 && $0.snapshot.marks.map(\.kind) == [.prune, .undo] }
      screen.press("ctrl-r")
      screen.wait("the second cut") { present($0) == 0 && $0.snapshot.redoTitle == nil }
      screen.press("p")
      screen.wait("the synapse restored by the same key") { present($0) == 1 }
      screen.press("q")
    }
    #expect(end == .quit)
  }

  @Test("ten prunes, five undos")
  func tenAndFive() throws {
    let (end, program, _) = try play(neurons: 16) { screen in
      screen.press("right")
      for count in 1...10 {
        screen.wait("an intact synapse") { !$0.isPruned($0.selection.synapse!) }
        screen.press("p")
        screen.wait("cut \(count)") { $0.prunedCount == count }
        screen.press(count % 3 == 0 ? "down" : "right")
        // A neighbour may be cut already: on to the next neuron.
        screen.press("down", "right")
      }
      for count in 1...5 {
        screen.press("u")
        screen.wait("undo \(count)") { $0.prunedCount == 10 - count }
      }
      screen.check { scene, picture in
        let all = scene.model.wiring.synapses.count
        #expect(picture.text.contains("\(all - 5) of \(all) synapses"))
      }
      screen.press("q")
    }
    #expect(end == .quit)
    #expect(program.scene.snapshot.marks.count == 15)
  }

  @Test("f freezes what is selected, and frozen it stays through training; f again thaws it")
  func freezing() throws {
    var before: Float = 0
    let (end, _, _) = try play { screen in
      screen.press("right", "f")
      screen.wait("the frozen synapse") { $0.isFrozen($0.selection.synapse!) }
      screen.wait(forText: "❄")
      screen.check { scene, _ in before = scene.snapshot.values[scene.selectedParameter!] }
      screen.press("space")
      screen.wait("ten steps") { $0.snapshot.step >= 10 }
      screen.check { scene, _ in #expect(scene.snapshot.values[scene.selectedParameter!] == before) }
      screen.press("f")
      screen.wait("the thawed synapse") { !$0.isFrozen($0.selection.synapse!) }
      screen.wait("that it moves") { $0.snapshot.values[$0.selectedParameter!] != before }
      screen.press("esc", "F")
      screen.wait("the frozen neuron") { $0.isFrozen(neuron: $0.selection.post) }
      screen.press("q")
    }
    #expect(end == .quit)
  }

  @Test("e edits, refuses what cannot be in a sentence, and the palette does the same")
  func editing() throws {
    let (end, _, _) = try play { screen in
      screen.press("right", "e")
      screen.type("0.625")
      screen.wait(forText: "0.625")
      screen.press("enter")
      screen.wait("the new weight") { $0.snapshot.values[$0.selectedParameter!] == 0.625 }
      screen.press("e")
      screen.type("-3")
      screen.press("enter")
      screen.wait(forText: "cannot be -3.0")
      screen.press(":")
      screen.type("edit mu 0.25")
      screen.press("enter")
      screen.wait("the half-activation") { scene in
        let own = scene.model.parameters(of: scene.selection.synapse!)
        return scene.snapshot.values[own.first { $0.name.hasSuffix("mu") }!.index] == 0.25
      }
      screen.press("u", "u")
      screen.wait("both undone") { $0.snapshot.undoTitle == nil }
      screen.check { scene, _ in #expect(scene.snapshot.values[scene.selectedParameter!] != 0.625) }
      screen.press("q")
    }
    #expect(end == .quit)
  }

  @Test("rewind goes back to the first weights and keeps what was pruned")
  func rewinding() throws {
    var first: [Float] = []
    let (end, _, _) = try play { screen in
      screen.check { scene, _ in first = scene.snapshot.values }
      screen.press("right", "p", "space")
      screen.wait("twenty steps") { $0.snapshot.step >= 20 && $0.snapshot.values != first }
      screen.press("space", "R")
      screen.wait("the first weights") { $0.snapshot.values == first && $0.snapshot.status == .paused }
      screen.check { scene, _ in #expect(scene.prunedCount == 1) }
      screen.press("q")
    }
    #expect(end == .quit)
  }
}

extension Scene {
  /// How many synapses of the wiring are cut.
  var prunedCount: Int { model.wiring.synapses.count(where: isPruned) }
}
