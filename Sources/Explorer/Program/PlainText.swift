import Circuits
import Learning
import Tasks
import Terminal

/// Tells in sentences what the screen would show: for screen readers, logs and pipes.
public enum PlainText {
  /// What is learning what.
  public static func opening(_ scene: Scene) -> String {
    let counts = scene.model.wiring.synapseCounts
    return "\(scene.model.kind.title) with \(scene.neurons) neurons and \(counts.recurrent + counts.sensory) synapses "
      + "learns \(scene.task.name): \(scene.task.summary)"
  }

  /// How it goes, and what the probe sees.
  public static func line(_ scene: Scene) -> String {
    let snapshot = scene.snapshot
    var parts = ["Step \(NumberText.grouped(snapshot.step))"]
    if let train = snapshot.trainLoss { parts.append("training loss \(NumberText.short(train))") }
    if let heldOut = snapshot.heldOut {
      parts.append("held-out loss \(NumberText.short(heldOut.loss))")
      for (name, value) in heldOut.metrics.sorted(by: { $0.key < $1.key }) {
        parts.append("\(name) \(NumberText.short(value))")
      }
    }
    if case .stopped(let sentence) = snapshot.status { parts.append(sentence) }
    if let moment = scene.moments.last {
      let states = zip(scene.model.wiring.neuronNames, moment.state).prefix(scene.model.wiring.motors)
        .map { "\($0) is \(NumberText.short(Double($1)))" }
      parts.append("at moment \(moment.step) of the probe " + states.joined(separator: ", "))
    }
    return parts.joined(separator: "; ") + "."
  }
}
