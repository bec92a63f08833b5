import Terminal

// Help, the palette, saving, leaving.

extension Actions {
  static let program: [Action] = [
    Action(
      "help", .program, "Lists every key and command; enter runs the chosen one.", keys: ["?"], hint: { _ in "help" }
    ) {
      scene, _ in
      scene.mode = .help(filter: "", selected: 0)
      return []
    },
    Action("palette", .program, "Types a command; tab completes.", keys: [":"], hint: { _ in "command" }) { scene, _ in
      scene.mode = .palette("")
      return []
    },
    Action("save", .program, "Writes the best model so far to a file.", argument: "FILE") { scene, argument in
      guard let argument else {
        scene.say("save takes a file's name, for example save model.safetensors.", isError: true)
        return []
      }
      return [.save(argument)]
    },
    Action("quit", .program, "Leaves.", keys: ["q"], hint: { _ in "quit" }) { scene, _ in
      let unsaved = scene.unsavedSeconds + scene.otherUnsavedSeconds
      guard unsaved > 60 else { return [.quit] }
      scene.mode = .confirm(
        question: "\(Int(unsaved / 60)) min of training are not saved (:save FILE). q leaves, esc stays.",
        then: [.quit])
      return []
    },
    Action("redraw", .program, "Draws the whole screen again.", keys: ["ctrl-l"]) { _, _ in [.redraw] },
    Action("stats", .program, "Shows what drawing costs.", keys: ["S"]) { scene, _ in
      scene.stats = scene.stats == nil ? Scene.Stats() : nil
      return []
    },
  ]
}
