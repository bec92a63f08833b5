import Circuits
import Learning
import Tasks

// Another task, model, wiring or seed in the place of the present one, without leaving.

extension Actions {
  static let opening: [Action] =
    [
      choice(.task, "Learns another task: task traffic.", "NAME") { _ in TaskRegistry.names },
      choice(.model, "Another model of the same size learns the task: model lrc.", "NAME") { _ in
        Cells.all.map(\.name)
      },
      choice(.neurons, "Begins with so many neurons: neurons 32.", "N") { scene in
        [scene.neurons / 2, scene.neurons * 2].filter { $0 > 0 }.map(String.init)
      },
      choice(.wiring, "Begins with another wiring: wiring all, wiring random:0.3.", "NAME") { _ in
        Wirings.all.map(\.name)
      },
      choice(.solver, "Begins with another solver of the differential equation: solver rk4.", "NAME") { scene in
        scene.model.kind.solvers
      },
      choice(.unfolds, "Begins with so many solver sub-steps a time step: unfolds 12.", "N") { scene in
        [scene.model.specification.unfolds * 2, scene.model.specification.unfolds / 2].filter { $0 > 0 }
          .map(String.init)
      },
      choice(.seed, "Draws wiring, first values and windows from another seed: seed 7.", "N") { scene in
        ["\(scene.model.specification.seed &+ 1)"]
      },
      choice(.sequence, "Begins with training windows of so many time steps: sequence 32.", "N"),
      choice(.batch, "Begins with so many windows a batch: batch 16.", "N"),
      choice(.optimizer, "Begins with another optimizer: optimizer sgd.", "NAME") { _ in
        Optimizers.all.map(\.name)
      },
      choice(.load, "Begins from a saved model, on the task it was trained for.", "FILE"),
      Action(
        "restart", .open, "Begins again from the same seed, at step 0; what there is now is kept.", keys: ["N"],
        when: { !$0.readOnly }
      ) { scene, _ in asking(&scene, .restart) },
      Action(
        "back", .open, "Returns to the set-up before this one, as it was left.", keys: ["b"],
        hint: { $0.hasEarlier ? "back" : nil }
      ) { _, _ in [.switchSetup(by: -1)] },
      Action(
        "forward", .open, "Goes to the set-up that was opened after this one, as it was left.", keys: ["B"]
      ) { _, _ in [.switchSetup(by: 1)] },
    ]

  /// An action that opens the present set-up with one thing chosen otherwise.
  private static func choice(
    _ option: SetupRequest.Option, _ sentence: String, _ argument: String,
    values: @escaping @Sendable (Scene) -> [String] = { _ in [] }
  ) -> Action {
    Action(option.rawValue, .open, sentence, argument: argument, values: values, when: { !$0.readOnly }) {
      scene, text in
      guard let text = text?.trimmed, !text.isEmpty else {
        let known = values(scene)
        let example = known.first ?? (argument == "FILE" ? "model.safetensors" : "8")
        scene.say(
          "\(option.rawValue) takes \(known.count > 2 ? "one of: \(known.joined(separator: ", "))" : "an argument, for example \(option.rawValue) \(example)").",
          isError: true)
        return []
      }
      return asking(&scene, .change(SetupRequest([option: text])))
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
