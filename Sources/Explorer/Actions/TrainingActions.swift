import Foundation
import Learning

// Starting, stopping and steering training.

extension Actions {
  static let training: [Action] = [
    Action(
      "pause", .train, "Pauses training, or lets it go on.", keys: ["space"],
      hint: { $0.isTraining ? "pause" : "train" }, when: { !$0.session.readOnly }
    ) { scene, _ in [.send(scene.session.askedToTrain ?? scene.isTraining ? .pause : .resume)] },
    Action(
      "step", .train, "Trains one step, or that many, while paused.", keys: ["."], argument: "N",
      hint: { _ in "one step" }, when: { !$0.isTraining && !$0.session.readOnly }
    ) { scene, argument in
      guard let count = argument.map(Int.init) ?? 1, count > 0 else {
        scene.say("step takes a number of steps, for example step 100.", isError: true)
        return []
      }
      return [.send(.step(count))]
    },
    Action(
      "faster-learning", .train, "Raises the learning rate by a quarter.", keys: ["+"], when: { !$0.session.readOnly }
    ) {
      scene, _ in [.send(.setLearningRate(rounded(scene.snapshot.learningRate * 1.25)))]
    },
    Action(
      "slower-learning", .train, "Lowers the learning rate by a fifth.", keys: ["-"], when: { !$0.session.readOnly }
    ) {
      scene, _ in [.send(.setLearningRate(rounded(scene.snapshot.learningRate * 0.8)))]
    },
    Action(
      "learning-rate", .train, "Sets the learning rate: learning-rate 0.005.", argument: "RATE",
      when: { !$0.session.readOnly }
    ) { scene, argument in
      guard let rate = argument.flatMap(Double.init) else {
        scene.say("learning-rate takes a number, for example learning-rate 0.005.", isError: true)
        return []
      }
      return [.send(.setLearningRate(rate))]
    },
  ]

  /// Three significant digits, so that repeated steps stay readable.
  private static func rounded(_ value: Double) -> Double {
    Double(Scene.number(value).replacingOccurrences(of: "−", with: "-")) ?? value
  }
}
