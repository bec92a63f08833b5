import Explorer
import Learning
import Terminal
import Testing

@Suite("Plain text")
struct PlainTextTests {
  @Test("the first sentence says what is learning what")
  func opening() {
    let scene = SceneState.training.scene
    let counts = scene.model.wiring.synapseCounts
    #expect(
      PlainText.opening(scene)
        == "LTC with 16 neurons and \(counts.recurrent + counts.sensory) synapses learns sine: \(scene.task.summary)")
  }

  @Test("a line has step, losses, metrics and the motor neurons' states, in this order")
  func line() throws {
    let scene = SceneState.training.scene
    let line = PlainText.line(scene)
    let parts = line.dropLast().split(separator: "; ").map(String.init)
    #expect(line.hasSuffix(".") && parts.first == "Step 24")
    #expect(parts[1].hasPrefix("training loss ") && parts[2].hasPrefix("held-out loss "))
    let metrics = try #require(scene.snapshot.heldOut?.metrics.keys.sorted())
    #expect(zip(metrics, parts.dropFirst(3)).allSatisfy { $1.hasPrefix($0 + " ") })
    let moment = try #require(scene.moments.last)
    #expect(parts.count == 4 + metrics.count)
    #expect(parts.last?.hasPrefix("at moment \(moment.step) of the probe motor 0 is ") == true)
  }

  @Test("before the first step there is only the step, and a failure is told in its own sentence")
  func ends() {
    #expect(PlainText.line(SceneState.fresh.scene) == "Step 0.")
    #expect(PlainText.line(SceneState.stopped.scene).contains("the gradient at sigma[3, 7] became nan in step 25"))
  }
}

@Suite("What views ask to be computed")
struct NeedsTests {
  @Test("a screen asks for what its panes and the line below them show, and for nothing else")
  func needs() {
    var scene = SceneState.training.scene
    scene.selection = Selection(post: 0)
    func needs(_ view: String, _ picture: String? = nil) -> ViewNeeds {
      (scene.look.focus, scene.look.zoomed) = (view, true)
      scene.views.pictures[view] = picture
      return Frame.needs(scene, width: 80, height: 24)
    }
    // A selected neuron is told of with its time constant, a synapse with its conductance.
    #expect(needs("learning") == .coefficients)
    #expect(needs("circuit") == [.gates, .coefficients])
    #expect(needs("coefficients") == [.coefficients, .spectrum])
    scene.selection = Selection(post: 0, pre: 1)
    #expect(needs("learning") == .gates)
    #expect(needs("states", "map") == .gates)
    #expect(needs("states", "portrait") == [.gates, .coefficients])
    #expect(needs("compare") == [])
    #expect(Frame.needs(scene, width: 20, height: 5) == [])
  }
}

@Suite("Places and keys of views")
struct ViewKeyTests {
  @Test("keys follow the order of the list, and every view can be shown by its key")
  func keys() {
    #expect(Array(Views.all.map(\.key).prefix(3)) == ["2", "3", "4"])
    #expect(Set(Views.all.map(\.key)).count == Views.all.count)
    var scene = SceneState.training.scene
    for view in Views.all where !view.key.isEmpty {
      guard let key = Key(view.key) else {
        Issue.record("\(view.key) is no key")
        continue
      }
      scene.look.focus = Views.home
      _ = Keyboard.press(key, on: &scene)
      #expect(scene.look.focus == view.name && scene.look.zoomed)
    }
  }

  @Test(
    "on the dashboard the focused view is always shown, in its own pane or in the first",
    arguments: [(80, 24), (160, 48)])
  func focus(_ width: Int, _ height: Int) {
    for view in Views.all {
      var scene = SceneState.training.scene
      scene.look.focus = view.name
      let panes = Frame.panes(scene, width: width, height: height)
      #expect(panes.contains { $0.view.name == view.name })
      #expect(Set(panes.map(\.view.name)).count == panes.count)
      if view.slot == nil { #expect(panes[0].view.name == view.name) }
    }
  }
}
