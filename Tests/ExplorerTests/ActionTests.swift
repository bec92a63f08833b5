import Circuits
import Explorer
import Learning
import Terminal
import Testing

// The one table that feeds keys, hints, help and palette.

@Suite("The table of actions")
struct ActionTests {
  @Test("every action has a name of its own, a sentence, and keys that say what they are")
  func table() {
    #expect(Set(Actions.all.map(\.name)).count == Actions.all.count)
    for action in Actions.all {
      #expect(action.name.allSatisfy { $0.isASCII && ($0.isLowercase || $0 == "-") }, "\(action.name)")
      #expect(action.sentence.count > 5, "\(action.name)")
      #expect(action.sentence.first!.isUppercase || action.sentence.first == "…", "\(action.name): \(action.sentence)")
      #expect(".…".contains(action.sentence.last!) || action.argument != nil, "\(action.name): \(action.sentence)")
      #expect(action.argument.map { !$0.isEmpty } ?? true)
      for key in action.keys { #expect(Key(key.description) == key, "\(action.name): \(key)") }
      for state in SceneState.allCases where action.hint(state.scene) != nil {
        #expect(!action.keys.isEmpty, "\(action.name) is hinted at and has no key")
      }
      #expect(!action.keys.isEmpty || action.group != .looking, "\(action.name) cannot be reached by a key")
    }
    for group in Action.Group.allCases { #expect(Actions.all.contains { $0.group == group }, "\(group)") }
  }

  @Test("no key does two things, and those that a mode needs are free")
  func keys() {
    for view in [nil] + Set(Actions.all.compactMap(\.view)).map(Optional.some) {
      let keys = Actions.all.filter { $0.view == view }.flatMap(\.keys)
      #expect(Set(keys).count == keys.count, "\(Dictionary(grouping: keys) { $0 }.filter { $1.count > 1 }.keys)")
    }
    for reserved in ["esc", "ctrl-c", "ctrl-z"] { #expect(Actions.bound(to: Key(reserved)!) == nil, "\(reserved)") }
    for action in Actions.all {
      #expect(action.view.map { Views.named($0) != nil } ?? true, "\(action.name)")
      for key in action.keys { #expect(Actions.bound(to: key, in: action.view)?.name == action.name) }
    }
    for view in Views.all { #expect(Actions.named("view-\(view.name)") != nil) }
  }

  @Test("a key that is hinted at does something and does not complain", arguments: SceneState.allCases)
  func hints(_ state: SceneState) {
    for zoomed in [false, true] {
      for view in Views.all {
        for pre in [nil, state.scene.model.wiring.synapses.first] {
          var scene = state.scene
          (scene.look.focus, scene.look.zoomed) = (view.name, zoomed)
          if let pre { scene.selection = Selection(post: pre.post, pre: pre.pre) }
          for key in hintedKeys(scene) {
            var after = scene
            let effects = Keyboard.press(key, on: &after)
            let what = "\(key) in \(state), \(view.name), \(pre == nil ? "neuron" : "synapse")"
            #expect(after.message?.isError != true, "\(what): \(after.message?.text ?? "")")
            #expect(!effects.isEmpty || Visible(after) != Visible(scene), "\(what) does nothing")
          }
        }
      }
    }
  }

  /// The keys of the footer's hints, as the table has them.
  private func hintedKeys(_ scene: Scene) -> [Key] {
    Actions.all.filter { $0.isHinted(in: scene) }.compactMap(\.keys.first)
  }

  @Test("the footer shows hints of actions that can be done, and no others", arguments: SceneState.allCases)
  func footer(_ state: SceneState) {
    var scene = state.scene
    scene.message = nil
    let line = Frame.draw(scene, width: 220, height: 24).line(23)
    #expect(line.contains("? help"))
    for action in Actions.all where action.keys.first.map({ $0.description.count == 1 }) == true {
      // Another view's own action may have that key and that word.
      let isTaken = Actions.all.contains { $0.isHinted(in: scene) && $0.keys.first == action.keys[0] }
      if !action.isHinted(in: scene), !isTaken {
        #expect(!line.contains(" \(action.keys[0]) \(action.name)"), "\(action.name): \(line)")
      }
    }
  }

  @Test("every action can be run with every argument on every scene", arguments: SceneState.allCases)
  func totality(_ state: SceneState) throws {
    let name = state.scene.model.wiring.synapses.first.map { state.scene.model.wiring.name(of: $0) } ?? "motor 0"
    let arguments: [String?] = [
      nil, "", " ", "0", "1", "-1", "0.5", "nan", "inf", "1e999", "99999999999999999999", "\(Int.max)", "nonsense",
      "motor 0", name.replacing("→", with: ">"), ">", ">>", "mu 0.5", "mu", "mu x y", "all", "all-but:w", "neuron:",
      "synapse:a>b", "漢字",
    ]
    let session = try Laboratory(neurons: state == .oneNeuron ? 1 : 16, wiring: state == .oneNeuron ? "all" : "ncp")
      .session
    for action in Actions.all {
      for argument in arguments where state != .manyNeurons || argument == nil || argument == "0.5" {
        var scene = state.scene
        let effects = Actions.run(action, argument: argument, on: &scene)
        #expect(scene.hasSelection, "\(action.name) \(argument ?? "")")
        if let message = scene.message { #expect(message.text.isSentence, "\(action.name): \(message.text)") }
        for case .send(let command) in effects where state == .operated || state == .oneNeuron {
          do { _ = try session.apply(command) } catch { #expect("\(error)".isSentence, "\(error)") }
        }
        if argument == nil { _ = Frame.draw(scene, width: 80, height: 24) }
      }
    }
  }

  @Test("nothing changes a network that may only be looked at")
  func readOnly() {
    for action in Actions.all where action.group == .operate || action.group == .train {
      var scene = SceneState.readOnly.scene
      #expect(Actions.run(action, argument: "0.5", on: &scene).isEmpty, "\(action.name)")
      #expect(scene.message?.isError == true, "\(action.name)")
    }
    var scene = SceneState.readOnly.scene
    _ = Keyboard.press(.character("p"), on: &scene)
    #expect(scene.message?.text == "This is read-only: nothing can be changed.")
  }
}

extension Action {
  func isHinted(in scene: Scene) -> Bool { Actions.hinted(scene).contains { $0.action.name == name } }
}

/// What of a scene an action may change, to see whether it did.
struct Visible: Equatable {
  var mode: Scene.Mode
  var selection: Selection
  var focus: String
  var zoomed, probePaused: Bool
  var form: CoefficientForm
  var views: ViewStates
  var scales: Scales
  var message: Scene.Message?
  var speed: Double
  var sought: String

  init(_ scene: Scene) {
    (mode, selection, focus, zoomed) = (scene.mode, scene.selection, scene.look.focus, scene.look.zoomed)
    (probePaused, form, views, scales) = (
      scene.look.probePaused, scene.look.form, scene.views, scene.network.scales
    )
    (message, speed) = (scene.message, scene.look.probeSpeed)
    sought = "\(scene.past.sought.map { "\($0)" } ?? "") \(scene.past.playback.isRunning)"
  }
}

extension Scene {
  /// Whether what is selected is there.
  var hasSelection: Bool {
    let wiring = model.wiring
    guard (0..<wiring.neurons).contains(selection.post) else { return false }
    guard let synapse = selection.synapse else { return true }
    return (0..<wiring.neurons + wiring.inputs).contains(synapse.pre) && wiring.has(synapse)
  }
}

extension String {
  /// Begins like one and ends like one.
  var isSentence: Bool {
    count > 8 && contains(" ") && ".…?".contains(last!) && !contains("Error(") && !contains("error:")
  }
}
