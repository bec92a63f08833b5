import Circuits
import Explorer
import Learning
import Tasks
import Terminal
import Testing

// The command line: completion, history, and that nothing runs but what was named.

@Suite("The command line")
struct PaletteTests {
  private func press(_ keys: String..., on scene: inout Scene) -> [Effect] {
    keys.flatMap { Keyboard.press(Key($0)!, on: &scene) }
  }

  private func type(_ text: String, on scene: inout Scene) {
    for character in text { #expect(Keyboard.press(.character(character), on: &scene).isEmpty) }
  }

  @Test("enter on a word that is none completes it and runs nothing; a second enter runs it")
  func enterCompletes() {
    var scene = SceneState.training.scene
    for (typed, line, effects) in [
      ("rewnd", "rewind", [Effect.send(.rewind)]), ("lrate 0.5", "learning-rate 0.5", [.send(.setLearningRate(0.5))]),
      ("qt", "quit", [.quit]),
    ] {
      _ = press(":", on: &scene)
      type(typed, on: &scene)
      #expect(press("enter", on: &scene).isEmpty, "\(typed)")
      #expect(scene.mode == .palette(line), "\(typed)")
      #expect(press("enter", on: &scene) == effects, "\(typed)")
      #expect(scene.mode == .normal)
    }
  }

  @Test("a whole name runs, and so does the beginning of one name only")
  func names() {
    var scene = SceneState.training.scene
    for (typed, effects) in [
      ("rewind", [Effect.send(.rewind)]), ("rew", [.send(.rewind)]), ("learning-r 0.5", [.send(.setLearningRate(0.5))]),
      // The whole name of one and the beginning of others.
      ("step 3", []),
    ] {
      _ = press(":", on: &scene)
      type(typed, on: &scene)
      #expect(press("enter", on: &scene) == effects, "\(typed)")
      #expect(scene.mode == .normal, "\(typed)")
    }
    // The beginning of several runs none of them.
    _ = press(":", on: &scene)
    type("prun", on: &scene)
    #expect(press("enter", on: &scene).isEmpty)
    #expect(scene.mode == .palette("prune "))
    for word in ["prun", "vie", "s", "p"] {
      scene.message = nil
      #expect(Actions.run(line: word, on: &scene).isEmpty)
      #expect(scene.message?.text == "There is no command '\(word)'; ? lists them all.")
    }
  }

  @Test("tab completes arguments from the registries, and goes through them")
  func arguments() {
    var scene = SceneState.training.scene
    for (typed, completed) in [
      ("task traf", "task traffic"), ("model lr", "model lrc"), ("wiring nc", "wiring ncp"),
      ("optimizer s", "optimizer sgd"), ("solver rk", "solver rk4"), ("find sig", "find sigma"),
      ("prune weak", "prune weakest 20 %"), ("freeze tensor m", "freeze tensor mu"), ("tas", "task "),
    ] {
      _ = press(":", on: &scene)
      type(typed, on: &scene)
      _ = press("tab", on: &scene)
      #expect(scene.mode == .palette(completed), "\(typed)")
      _ = press("esc", on: &scene)
    }
    scene.mode = .palette("task \(TaskRegistry.names[0])")
    _ = press("tab", on: &scene)
    #expect(scene.mode == .palette("task \(TaskRegistry.names[1])"))
    scene.mode = .palette("task \(TaskRegistry.names.last!)")
    _ = press("tab", on: &scene)
    #expect(scene.mode == .palette("task \(TaskRegistry.names[0])"))
    scene.mode = .palette("model ")
    let picture = Frame.draw(scene, width: 120, height: 40).text
    for cell in Cells.all.prefix(8) { #expect(picture.contains("model \(cell.name)"), "\(cell.name)") }
    #expect(picture.contains(Cells.all[0].summary.prefix(40)))
  }

  @Test("every value that is offered for an argument is one that the command takes")
  func offers() {
    for action in Actions.all {
      // Of the past and its rank there is something to be said where there is a past.
      let base = (action.group == .history ? SceneState.lookingBack : .operated).scene
      for value in action.values(base).prefix(12) {
        var scene = base
        let effects = Actions.run(action, argument: value, on: &scene)
        let what = "\(action.name) \(value): \(scene.message?.text ?? "")"
        if action.isAvailable(base), action.name != "restore", action.name != "prune" {
          #expect(scene.message?.isError != true, "\(what)")
          #expect(!effects.isEmpty || Visible(scene) != Visible(base), "\(what)")
        } else {
          #expect(scene.message.map { $0.text.isSentence } ?? true, "\(what)")
        }
      }
    }
  }

  @Test("up and down go through what was run before, and back to what was being typed")
  func history() {
    var scene = SceneState.training.scene
    for line in ["pin", "fit", "pin", ""] {
      _ = press(":", on: &scene)
      type(line, on: &scene)
      _ = press("enter", on: &scene)
    }
    #expect(scene.look.typedLines.lines == ["fit", "pin"])
    _ = press(":", on: &scene)
    type("ze", on: &scene)
    for (key, line) in [
      ("up", "pin"), ("up", "fit"), ("up", "fit"), ("down", "pin"), ("down", "ze"), ("down", "ze"), ("up", "pin"),
    ] {
      #expect(press(key, on: &scene).isEmpty)
      #expect(scene.mode == .palette(line), "\(key)")
    }
    type("x", on: &scene)
    _ = press("up", on: &scene)
    #expect(scene.mode == .palette("pin"))
  }

  @Test("find goes to neurons, tensors and synapses, and shows what there is while one types")
  func find() throws {
    var scene = SceneState.operated.scene
    let wiring = scene.model.wiring
    for (index, name) in wiring.neuronNames.enumerated() {
      _ = Actions.run(line: "find \(name)", on: &scene)
      #expect(scene.selection == Selection(post: index))
    }
    for synapse in wiring.synapses.prefix(5) {
      let name = "\(wiring.sourceName(synapse.pre))>\(wiring.neuronNames[synapse.post])"
      _ = Actions.run(line: "find \(name)", on: &scene)
      #expect(scene.selection.synapse == synapse, "\(name)")
    }
    for tensor in scene.model.layout.tensors {
      let name = tensor.name
      scene.message = nil
      _ = Actions.run(line: "find \(name)", on: &scene)
      let text = try #require(scene.message?.text, "\(name)")
      #expect(text.hasPrefix("\(name), \(tensor.declaration.meaning): "))
      if name == "mu" { #expect(text.contains("\(tensor.range.count) frozen")) }
    }
    _ = press("/", on: &scene)
    type("sens", on: &scene)
    #expect(Frame.draw(scene, width: 80, height: 24).text.contains("sensory_sigma"))
    _ = press("esc", on: &scene)
    _ = Actions.run(line: "find nothing like it", on: &scene)
    #expect(scene.message?.isError == true && scene.message?.text.contains("tensors are") == true)
  }

  @Test("what is held or played is announced with the key that ends it")
  func announcements() {
    var scene = SceneState.training.scene
    #expect(!Frame.draw(scene, width: 120, height: 40).text.contains("picture held"))
    _ = press("s", on: &scene)
    #expect(scene.look.standsStill)
    #expect(Frame.draw(scene, width: 120, height: 40).line(1).contains("picture held: s moves it"))
    _ = press("s", on: &scene)
    _ = press(",", on: &scene)
    #expect(Frame.draw(scene, width: 120, height: 40).line(1).contains("probe held: , runs it"))
    scene.snapshot.end = 1200
    #expect(Frame.draw(scene, width: 160, height: 40).line(1).contains("replay to step 1 200"))
  }
}
