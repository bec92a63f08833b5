import Circuits
import Learning
import Tasks

// Another task, model, wiring or seed instead of the present one, without leaving.

extension Actions {
  static let opening: [Action] =
    RecipeField.all.map(choice) + [
      Action(
        "restart", .open, "Begins again from the same seed, at step 0; what there is now is kept.", keys: ["N"],
        when: { !$0.session.readOnly }
      ) { scene, _ in asking(&scene, .restart) },
      Action(
        "back", .open, "Returns to the set-up before this one, as it was left.", keys: ["b"],
        hint: { $0.session.hasEarlier ? "back" : nil }
      ) { _, _ in [.switchSetup(by: -1)] },
      Action(
        "forward", .open, "Goes to the set-up that was opened after this one, as it was left.", keys: ["B"]
      ) { _, _ in [.switchSetup(by: 1)] },
    ]

  /// An action that opens the present set-up with one thing of its recipe chosen otherwise.
  private static func choice(_ field: RecipeField) -> Action {
    let name = field.name
    @Sendable func values(_ scene: Scene) -> [String] { field.values(scene.recipe) }
    return Action(
      name, .open, field.sentence, argument: field.argument, values: values, summary: field.summary,
      when: { !$0.session.readOnly }
    ) { scene, text in
      guard let text = text?.trimmed, !text.isEmpty else {
        let known = values(scene)
        scene.say(
          "\(name) takes "
            + (known.count > 2
              ? "one of: \(known.joined(separator: ", "))."
              : "an argument, for example \(name) \(known.first ?? field.example)."),
          isError: true)
        return []
      }
      return asking(&scene, .change(RecipeChange(name, text)))
    }
  }

  /// Asks before more than a minute of training is left behind, though it is kept as long as the program runs.
  static func asking(_ scene: inout Scene, _ effect: Effect) -> [Effect] {
    guard scene.unsavedSeconds > 60 else { return [effect] }
    scene.mode = .confirm(
      question:
        "\(Int(scene.unsavedSeconds / 60)) min of training are not saved (:save FILE). They are kept until you leave, and "
        + ":back returns to them. enter goes on, esc stays.", then: [effect])
    return []
  }
}

extension String {
  /// Without blanks at both ends.
  var trimmed: String {
    var text = Substring(self)
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}

extension Scene {
  /// What would have to be asked for to get what is looked at.
  var recipe: Recipe {
    Recipe(
      network: .init(model.specification), training: .init(network.options), seed: model.specification.seed)
  }
}
