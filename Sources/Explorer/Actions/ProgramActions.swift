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
    Action(
      "save", .program, "Writes the best model so far to a file.", argument: "FILE",
      values: { _ in ["model.safetensors"] }
    ) { scene, argument in
      guard let argument else {
        scene.say("save takes a file's name, for example save model.safetensors.", isError: true)
        return []
      }
      return [.save(argument)]
    },
    Action("quit", .program, "Leaves.", keys: ["q"], hint: { _ in "quit" }) { scene, _ in
      let unsaved = scene.unsavedSeconds + scene.session.otherUnsavedSeconds
      guard unsaved > 60 else { return [.quit] }
      scene.mode = .confirm(
        question: "\(Int(unsaved / 60)) min of training are not saved (:save FILE). q leaves, esc stays.",
        then: [.quit])
      return []
    },
    Action(
      "still", .program, "Holds the whole picture still while training goes on, or lets it move.", keys: ["s"],
      hint: { $0.look.standsStill ? "move" : nil }
    ) { scene, _ in
      scene.look.standsStill.toggle()
      let rest = scene.isTraining ? "; training goes on" : ""
      scene.say(
        scene.look.standsStill ? "The picture stands still\(rest). s lets it move." : "The picture moves.")
      return []
    },
    Action(
      "export", .program,
      "Writes the newest state: every value to a table (.csv), or a model to begin from (.safetensors).",
      argument: "FILE", values: { _ in ["weights.csv", "model.safetensors"] }
    ) { scene, argument in
      guard let path = argument?.trimmed, path.hasSuffix(".csv") || path.hasSuffix(".safetensors") else {
        scene.say(
          "export takes a file's name that ends in .csv or .safetensors, for example export weights.csv.", isError: true
        )
        return []
      }
      return [.export(path)]
    },
    Action("redraw", .program, "Draws the whole screen again.", keys: ["ctrl-l"]) { _, _ in [.redraw] },
    Action(
      "stats", .program, "Shows what drawing costs: bytes and µs a frame, snapshots dropped and late.", keys: ["S"]
    ) { scene, _ in
      scene.stats = scene.stats == nil ? Scene.Stats() : nil
      return []
    },
    Action(
      "measure-cost", .program,
      "Measures for some seconds, or for those that are told, how many steps training makes with and without drawing.",
      argument: "[SECONDS]", values: { _ in ["4.5", "60"] }, when: { $0.isTraining }
    ) { scene, argument in
      let seconds = argument.map { Double($0) ?? .nan } ?? DrawingCost.usual
      guard seconds >= 2 * DrawingCost.stretch, seconds <= 3600 else {
        scene.say("measure-cost takes seconds, from \(2 * DrawingCost.stretch) to 3600.", isError: true)
        return []
      }
      return [.measureDrawingCost(seconds: seconds)]
    },
    Action(
      "layout", .program,
      "Panes back to their own sizes; layout 60 40 gives the left 60 % of the width, the upper 40 % of the height.",
      keys: ["="], argument: "[reset | COLUMN % [ROW %]]", values: { _ in ["reset", "60", "60 40"] }
    ) { scene, argument in layout(&scene, argument) },
  ]

  private static func layout(_ scene: inout Scene, _ argument: String?) -> [Effect] {
    let words = (argument ?? "reset").split { " %".contains($0) }.map(String.init)
    if words == ["reset"] {
      scene.look.splits = Splits()
      scene.say("Panes have their own sizes again.")
      return []
    }
    let shares = words.compactMap(Double.init).filter { (10...90).contains($0) }
    guard shares.count == words.count, (1...2).contains(shares.count) else {
      scene.say("layout takes one or two numbers from 10 to 90, for example layout 60 40, or reset.", isError: true)
      return []
    }
    return [.layout(column: shares[0] / 100, row: shares.count > 1 ? shares[1] / 100 : nil)]
  }
}
