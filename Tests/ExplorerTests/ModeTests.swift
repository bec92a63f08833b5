import Explorer
import Learning
import Terminal
import Testing

// What keys do while something is typed or asked.

@Suite("Modes of the keyboard")
struct ModeTests {
  private func press(_ keys: String..., on scene: inout Scene) -> [Effect] {
    keys.flatMap { Keyboard.press(Key($0)!, on: &scene) }
  }

  /// Presses the keys of a text.
  private func type(_ text: String, on scene: inout Scene) {
    for character in text { #expect(Keyboard.press(.character(character), on: &scene).isEmpty) }
  }

  @Test("the help finds every action by its name, a word of its sentence, and its key")
  func help() {
    for action in Actions.all {
      var scene = SceneState.paused.scene
      _ = press("?", on: &scene)
      type(action.name, on: &scene)
      #expect(Frame.draw(scene, width: 160, height: 40).text.contains(action.name), "\(action.name)")
      scene.mode = .help(filter: action.sentence.lowercased(), selected: 0)
      let picture = Frame.draw(scene, width: 160, height: 40).text
      #expect(picture.contains(action.name), "\(action.name)")
      for key in action.keys where key.description.count > 1 {
        scene.mode = .help(filter: key.description, selected: 0)
        #expect(Frame.draw(scene, width: 160, height: 40).text.contains(action.name), "\(key)")
      }
    }
  }

  @Test("enter in the help runs what is chosen, or asks for its argument")
  func helpRuns() {
    var scene = SceneState.training.scene
    _ = press("?", on: &scene)
    type("rewind", on: &scene)
    #expect(press("enter", on: &scene) == [.send(.rewind)])
    #expect(scene.mode == .normal)
    _ = press("?", on: &scene)
    type("learning-rate", on: &scene)
    #expect(press("enter", on: &scene).isEmpty)
    #expect(scene.mode == .palette("learning-rate "))
    type("0.25", on: &scene)
    #expect(press("enter", on: &scene) == [.send(.setLearningRate(0.25))])
    scene.mode = .help(filter: "", selected: 0)
    for key in ["up", "page-up", "page-down", "page-down", "page-down", "down", "backspace", "tab", "f5", "ctrl-x"] {
      #expect(press(key, on: &scene).isEmpty)
    }
    #expect(press("esc", on: &scene).isEmpty)
    #expect(scene.mode == .normal)
    scene.mode = .help(filter: "no such thing", selected: 0)
    #expect(press("enter", on: &scene).isEmpty)
  }

  @Test("tab completes every command from its whole name and the first from its letters")
  func completion() {
    for action in Actions.all {
      var scene = SceneState.paused.scene
      _ = press(":", on: &scene)
      type(action.name, on: &scene)
      _ = press("tab", on: &scene)
      #expect(scene.mode == .palette(action.name + (action.argument == nil ? "" : " ")))
      #expect(Actions.candidates(for: action.name).first?.name == action.name)
    }
    #expect(Actions.candidates(for: "prw").first?.name == "prune-weakest")
    #expect(Actions.candidates(for: "").count == Actions.all.count)
    #expect(Actions.candidates(for: "zqx").isEmpty)
    var scene = SceneState.paused.scene
    _ = press(":", on: &scene)
    type("zqx", on: &scene)
    _ = press("tab", on: &scene)
    #expect(scene.mode == .palette("zqx"))
    #expect(press("enter", on: &scene).isEmpty)
    #expect(scene.message?.text == "There is no command 'zqx'; ? lists them all.")
  }

  @Test("typing: backspace, ctrl-u, escape; what is empty does nothing")
  func typing() {
    for open in [":", "/"] {
      var scene = SceneState.paused.scene
      _ = press(open, on: &scene)
      type("a 漢", on: &scene)
      _ = press("backspace", "backspace", on: &scene)
      #expect(scene.mode == (open == ":" ? .palette("a") : .find("a")))
      _ = press("ctrl-u", on: &scene)
      #expect(scene.mode == (open == ":" ? .palette("") : .find("")))
      _ = press("backspace", on: &scene)
      #expect(scene.mode == .normal)
      _ = press(open, "left", "f1", "ctrl-x", "esc", on: &scene)
      #expect(scene.mode == .normal)
      let before = scene.selection
      #expect(press(open, "enter", on: &scene).isEmpty)
      #expect(scene.mode == .normal && scene.selection == before && scene.message?.isError != true)
    }
  }

  @Test("edit: the selected value, a number or a sentence")
  func edit() throws {
    var scene = SceneState.paused.scene
    let index = try #require(scene.selectedParameter)
    _ = press("e", on: &scene)
    #expect(scene.mode == .edit(parameter: index, text: ""))
    let line = Frame.draw(scene, width: 120, height: 40).line(39)
    #expect(line.contains(scene.model.layout.describe(index)) && line.contains("new value"))
    type("0.75", on: &scene)
    #expect(
      press("enter", on: &scene) == [
        .send(.edit(parameter: try #require(scene.model.layout.name(of: index)), value: 0.75))
      ])
    _ = press("e", on: &scene)
    type("much", on: &scene)
    #expect(press("enter", on: &scene).isEmpty)
    #expect(scene.message?.text == "'much' is no number: write for example 0.5.")
    scene.message = nil
    #expect(press("e", "enter", on: &scene).isEmpty)
    #expect(scene.message == nil)
    #expect(Actions.run(line: "edit nonsense 1", on: &scene).isEmpty)
    #expect(scene.message?.text.hasPrefix("There is no 'nonsense' here: ") == true)
  }

  @Test("arguments that are wrong get a sentence that shows a right one")
  func wrongArguments() {
    for line in [
      "save", "thaw", "prune-weakest", "prune-weakest much", "step many", "step 0", "step -3", "learning-rate",
      "learning-rate fast", "probe-jump", "probe-jump soon", "prune nobody>motor 0", "prune motor", "edit x",
    ] {
      var scene = SceneState.paused.scene
      #expect(Actions.run(line: line, on: &scene).isEmpty, "\(line)")
      #expect(scene.message?.isError == true, "\(line)")
      #expect(scene.message?.text.isSentence == true, "\(line): \(scene.message?.text ?? "")")
    }
  }

  @Test("leaving asks only where a minute of training would be lost")
  func leaving() {
    var scene = SceneState.training.scene
    #expect(press("q", on: &scene) == [.quit])
    scene.session.trainedSeconds = 200
    #expect(press("q", on: &scene).isEmpty)
    #expect(Frame.draw(scene, width: 80, height: 24).line(23).contains("3 min of training are not saved"))
    // A key that is no answer changes nothing, and what follows it does not run as commands either.
    let (asked, selection, form) = (scene.mode, scene.selection, scene.look.form)
    for key in ["x", ":", "p", "c", "down"] { #expect(press(key, on: &scene).isEmpty) }
    #expect(scene.mode == asked && scene.selection == selection && scene.look.form == form)
    #expect(press("esc", on: &scene).isEmpty)
    #expect(scene.mode == .normal)
    #expect(press("q", "q", on: &scene) == [.quit])
    scene.session.savedSeconds = 190
    scene.mode = .normal
    #expect(press("q", on: &scene) == [.quit])
  }
}
