import Analysis
import Circuits
import Learning
import Terminal

/// What cutting some synapses, or bringing them back, would do, before it is done.
public struct PrunePreview: Sendable, Equatable {
  /// Those that it changes, in the order in which they will be named in the command.
  public var synapses: [Synapse]
  /// Whether they are brought back and not cut.
  public var restores: Bool
  /// "all synapses of inter 3".
  public var what: String
  /// The largest weight among them and its synapse's name.
  public var largest: (name: String, weight: Double) { (largestName, largestWeight) }
  var largestName: String
  var largestWeight: Double
  private var unit: String
  /// −Σ ∂L/∂w·w: the change of the last batch's loss to first order; `nil` before the first step, and for pruned synapses,
  /// which have no gradient.
  public var predicted: Double?
  /// What the held-out loss would be at once; `nil` until it has been measured.
  public var effect: PruneEffect?

  /// - Returns: `nil` where nothing is left to cut, or to bring back.
  public init?(_ synapses: [Synapse], what: String, in scene: Scene, restores: Bool = false) {
    guard let tensor = scene.connectivity.weight else { return nil }
    let n = scene.neurons
    let affected = synapses.filter { (scene.snapshot.connections[$0.index(neurons: n)] == 0) == restores }
    func weight(_ synapse: Synapse) -> Double {
      abs(Double(scene.snapshot.values[tensor.flatIndex(synapse.index(neurons: n), neurons: n)]))
    }
    guard let largest = affected.max(by: { weight($0) < weight($1) }) else { return nil }
    (self.synapses, self.what, self.restores) = (affected, what, restores)
    unit = tensor.unit.isEmpty ? "" : " " + scene.unit(tensor.unit)
    (largestName, largestWeight) = (scene.model.wiring.name(of: largest), weight(largest))
    predicted = restores ? nil : Self.predictedChange(of: affected, in: scene)
  }

  /// Of the loss, to first order, when these synapses are cut.
  static func predictedChange(of synapses: [Synapse], in scene: Scene) -> Double? {
    // Of the past there is no gradient to go by.
    guard scene.snapshot.step > 0, !scene.isLookingBack, let weight = scene.connectivity.weight else { return nil }
    let sensitivity = Sensitivity(values: scene.snapshot.values, gradient: scene.snapshot.gradient)
    return sensitivity.changeWhenCut(
      synapses.lazy.map { weight.flatIndex($0.index(neurons: scene.neurons), neurons: scene.neurons) })
  }

  /// The present synapses with the smallest weights, `share` of them.
  public static func weakest(_ share: Double, in scene: Scene) -> PrunePreview? {
    let found = try? SynapseSelector.resolve(
      "weakest:\(share)", in: scene.model, values: scene.snapshot.values, connections: scene.snapshot.connections)
    return found.flatMap {
      PrunePreview($0, what: "the weakest \($0.count) of \(scene.masks.present) synapses", in: scene)
    }
  }

  /// What is sent when the answer is yes.
  public var command: Command { restores ? .restore(synapses) : .prune(synapses) }

  public var sentence: String {
    let count = synapses.count
    let verb = restores ? (count == 1 ? " comes back" : "s come back") : (count == 1 ? " goes" : "s go")
    var text = "\(restores ? "Restore" : "Cut") \(what)? \(count) synapse\(verb), the largest \(largestName) with w "
    text += "\(Scene.number(largestWeight))\(unit). "
    if let predicted {
      text += "Predicted change of the loss: \(Scene.signed(predicted)) (first order, from the last batch's gradient). "
    } else if !restores, effect == nil {
      text += "What it does to the loss cannot be predicted without a gradient: it is being tried. "
    }
    if let effect {
      text +=
        "Tried on the held-out data: \(Scene.number(effect.before)) now, \(Scene.number(effect.after)) \(restores ? "with them" : "with the cut") "
      text += "(\(Scene.signed(effect.after - effect.before))). "
    }
    return text + "enter \(restores ? "restores" : "cuts"), esc leaves everything as it is."
  }
}

/// A pruning whose effect on the held-out loss is measured after it.
public struct Awaited: Sendable, Equatable {
  /// The step before which it was done.
  public var step: Int
  public var what: String
  /// Held-out loss before.
  public var before: Double
  /// The change that was predicted, if one was.
  public var predicted: Double?
}

extension Scene {
  /// Remembers that a pruning was done before `step`, to tell what it did once that is measured.
  public mutating func expectMeasurement(after command: Command, step: Int, sentence: String) {
    guard command.changesNetwork else { return }
    defer { network.predictedChange = nil }
    guard let before = snapshot.heldOut?.loss else { return }
    switch command {
    case .prune, .pruneFraction, .restore:
      // Several before one measurement are told together.
      if let first = network.awaited.first, first.step >= snapshot.curve.heldOut.last?.step ?? 0 {
        network.awaited[0].what = first.what + " " + sentence
        network.awaited[0].predicted = nil
      } else {
        network.awaited = [Awaited(step: step, what: sentence, before: before, predicted: network.predictedChange)]
      }
    case .undo: network.awaited = []
    default: break
    }
  }

  /// Tells what prunings did once the held-out loss was measured after them.
  public mutating func noticeMeasurement() {
    guard let first = network.awaited.first, let last = snapshot.curve.heldOut.last, last.step > first.step else {
      return
    }
    network.awaited = []
    let steps = last.step - first.step
    let predicted = first.predicted.map { ", predicted \(Scene.signed($0))" } ?? ""
    say(
      "\(first.what.fitted(to: 60)) Held-out loss \(Scene.number(first.before)) before, \(Scene.number(last.value)) "
        + "\(steps) step\(steps == 1 ? "" : "s") after (\(Scene.signed(last.value - first.before))\(predicted)).")
  }
}
