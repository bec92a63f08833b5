import Circuits
import Explorer
import Learning
import Terminal
import Testing

// What is told before several synapses are cut, and what after.

@Suite("Preview of pruning")
struct PreviewTests {
  @Test("p on a neuron tells what goes, enter cuts exactly that, esc nothing")
  func neuron() throws {
    var scene = SceneState.training.scene
    scene.selection = Selection(post: 0)
    #expect(Keyboard.press(.character("p"), on: &scene).isEmpty)
    guard case .preview(let preview) = scene.mode else {
      Issue.record("no preview")
      return
    }
    let own = scene.model.wiring.synapses.filter { $0.post == 0 || $0.pre == 0 }
    #expect(Set(preview.synapses) == Set(own) && preview.synapses.count == own.count)
    #expect(preview.sentence.hasPrefix("Cut all synapses of motor 0? \(own.count) synapses go, the largest "))
    let predicted = -own.reduce(0.0) { sum, synapse in
      let flat = scene.model.parameters(of: synapse)[0].index
      return sum + Double(scene.snapshot.gradient[flat]) * Double(scene.snapshot.values[flat])
    }
    #expect(abs(try #require(preview.predicted) - predicted) < 1e-12)
    var other = scene
    #expect(Keyboard.press(.escape, on: &other).isEmpty)
    #expect(other.mode == .normal && other.message?.text == "Nothing was cut.")
    #expect(Keyboard.press(.enter, on: &scene) == [.send(.prune(preview.synapses))])
    #expect(scene.mode == .normal)
  }

  @Test("it stays until it is answered: what is typed meanwhile runs nothing")
  func staysOpen() throws {
    for (answer, cuts) in [("enter", true), ("y", true), ("esc", false), ("n", false), ("q", false)] {
      var scene = SceneState.training.scene
      scene.selection = Selection(post: 0)
      _ = Keyboard.press(.character("p"), on: &scene)
      let open = scene.mode
      for key in ["p", "P", "R", "x", ":", "u", "space", "down", "."].compactMap({ Key($0) }) {
        #expect(Keyboard.press(key, on: &scene).isEmpty && scene.mode == open, "\(key)")
      }
      #expect(try Keyboard.press(#require(Key(answer)), on: &scene).count == (cuts ? 1 : 0), "\(answer)")
      #expect(scene.mode == .normal)
    }
  }

  @Test("a single synapse is cut at once")
  func synapse() throws {
    var scene = SceneState.training.scene
    let synapse = try #require(scene.model.wiring.synapses.first)
    scene.selection = Selection(post: synapse.post, pre: synapse.pre)
    #expect(Keyboard.press(.character("p"), on: &scene) == [.send(.prune([synapse]))])
  }

  @Test("prune-weakest shows those that the command would cut")
  func weakest() throws {
    let laboratory = try Laboratory(neurons: 16)
    let scene = try laboratory.scene(steps: 8, moments: 20, status: .paused)
    let preview = try #require(PrunePreview.weakest(0.4, in: scene))
    _ = try laboratory.session.apply(.pruneFraction(0.4))
    let connections = laboratory.session.learner.state.connections
    let cut = laboratory.model.wiring.synapses.filter { connections[$0.index(neurons: 16)] == 0 }
    #expect(Set(preview.synapses) == Set(cut))
    #expect(PrunePreview.weakest(0, in: scene) == nil)
  }

  @Test("before the first step nothing is predicted")
  func unknown() throws {
    let scene = SceneState.fresh.scene
    let preview = try #require(PrunePreview.weakest(1, in: scene))
    #expect(preview.predicted == nil && preview.sentence.contains("cannot be predicted"))
  }

  @Test("what a cut did is told after the next measurement")
  func measured() throws {
    var scene = SceneState.training.scene
    let before = try #require(scene.snapshot.heldOut?.loss)
    let last = try #require(scene.snapshot.curve.heldOut.last?.step)
    scene.selection = Selection(post: 0)
    _ = Keyboard.press(.character("p"), on: &scene)
    let effects = Keyboard.press(.enter, on: &scene)
    guard case .send(let command) = effects.first else {
      Issue.record("nothing sent")
      return
    }
    scene.expectMeasurement(after: command, step: last, sentence: "Pruned 3 synapses.")
    scene.message = nil
    scene.noticeMeasurement()
    #expect(scene.message == nil)
    scene.snapshot.curve.append(step: last + 6, heldOut: before + 0.5)
    scene.noticeMeasurement()
    let text = try #require(scene.message?.text)
    #expect(text.hasPrefix("Pruned 3 synapses. Held-out loss ") && text.contains("6 steps after (+0.5, predicted "))
    #expect(scene.network.awaited.isEmpty)
  }
}
