import Circuits
import Learning
import Terminal

// Sets of synapses and parameters, by pattern: told of before they are cut, frozen or brought back. And nudges.

extension Actions {
  /// What `prune` and `restore` take, for completion.
  static func sets(_ scene: Scene) -> [String] {
    let names = scene.model.wiring.neuronNames
    return ["weakest 20 %", "below 0.1", "all", "sensory", "recurrent"]
      + ["fan-in", "fan-out", "neuron"].flatMap { kind in names.map { "\(kind) \($0)" } }
      + scene.model.wiring.inputNames.map { "fan-out \($0)" }
  }

  /// What `freeze` and `thaw` take, for completion.
  static func patterns(_ scene: Scene) -> [String] {
    let names = scene.model.wiring.neuronNames
    return scene.model.layout.tensors.map { "tensor \($0.name)" }
      + ParameterSelector.words(in: scene.model.layout) + ["all", "below 0.1"]
      + ["neuron", "fan-in", "fan-out"].flatMap { kind in names.map { "\(kind) \($0)" } }
  }

  static func resolve(set typed: String, _ scene: inout Scene) -> [Synapse]? {
    do {
      let pattern = SynapseSelector.canonical(typed.trimmed)
      return try SynapseSelector.resolve(
        pattern, in: scene.model, values: scene.snapshot.values, connections: scene.snapshot.connections)
    } catch {
      scene.say("\(error)", isError: true)
      return nil
    }
  }

  static func pruneSet(_ scene: inout Scene, _ typed: String) -> [Effect] {
    guard let synapses = resolve(set: typed, &scene) else { return [] }
    guard let preview = PrunePreview(synapses, what: "\(typed.trimmed)", in: scene) else {
      scene.say("There is nothing left to cut in '\(typed.trimmed)'.", isError: true)
      return []
    }
    scene.mode = .preview(preview)
    return []
  }

  static func restoreSet(_ scene: inout Scene, _ typed: String?) -> [Effect] {
    let pattern = typed.map { $0.contains(">") ? "synapse:\($0)" : $0 }
    let all =
      pattern == nil
      ? scene.selection.synapse.map { [$0] } ?? synapses(of: scene.selection.post, scene)
      : resolve(set: pattern ?? "", &scene)
    guard let all else { return [] }
    guard let preview = PrunePreview(all, what: typed?.trimmed ?? "them", in: scene, restores: true) else {
      scene.say("There is nothing to restore there: none of \(all.count) synapses is pruned.", isError: true)
      return []
    }
    if preview.synapses.count == 1 { return [.send(preview.command)] }
    scene.mode = .preview(preview)
    return []
  }

  /// Tells how much a pattern holds before more than one value stops moving.
  static func freezeSet(_ scene: inout Scene, _ typed: String) -> [Effect] {
    let (pattern, snapshot) = (SynapseSelector.canonical(typed.trimmed), scene.snapshot)
    let found: [Int]
    do {
      found = try ParameterSelector.resolve(
        pattern, in: scene.model, values: snapshot.values, connections: snapshot.connections
      ).filter { !snapshot.frozen[$0] }
    } catch {
      scene.say("\(error)", isError: true)
      return []
    }
    func square(_ index: Int) -> Double { Double(snapshot.gradient[index]) * Double(snapshot.gradient[index]) }
    let whole = snapshot.gradient.indices.reduce(0) { $0 + square($1) }
    guard found.count > 1, let steepest = found.max(by: { square($0) < square($1) }) else {
      return [.send(.freeze(pattern))]
    }
    var text = "Freeze \(typed.trimmed)? \(found.count) values stop moving. "
    if whole > 0 {
      let share = found.reduce(0) { $0 + square($1) } / whole
      text +=
        "They hold \(Scene.number(share * 100, digits: 2)) % of the last batch's squared gradient; the steepest is "
      text +=
        "\(scene.model.layout.describe(steepest)), ∂L/∂p \(Scene.number(snapshot.gradient[steepest], digits: 2)). "
    }
    scene.mode = .confirm(
      question: text + "The loss stays as it is. enter freezes, esc leaves everything as it is.",
      then: [.send(.freeze(pattern))])
    return []
  }

  /// Tells what would still learn before everything else stops.
  static func learnSet(_ scene: inout Scene, _ typed: String) -> [Effect] {
    let pattern = SynapseSelector.canonical(typed.trimmed)
    var (state, learning) = (scene.snapshot, Set<Int>())
    do {
      learning = Set(
        try ParameterSelector.resolve(
          pattern, in: scene.model, values: state.values, connections: state.connections))
    } catch {
      scene.say("\(error)", isError: true)
      return []
    }
    for index in state.frozen.indices { state.frozen[index] = !learning.contains(index) }
    let (now, then) = (scene.masks.learning, scene.connectivity.masks(state).learning)
    scene.mode = .confirm(
      question:
        "Learn \(typed.trimmed) only? Now \(now.sentence ?? "all \(NumberText.grouped(now.all)) parameters learn"); "
        + "then \(then.sentence ?? "all of them do"). Values stay as they are. enter does it, esc leaves everything as it is.",
      then: [.send(.learn(pattern))])
    return []
  }

  static func nudge(_ scene: inout Scene, _ factor: Double) -> [Effect] {
    guard let index = scene.selectedParameter else {
      scene.say("There is nothing to edit here.", isError: true)
      return []
    }
    let now = Double(scene.snapshot.values[index])
    guard now != 0, now.isFinite else {
      scene.say("The value is \(Scene.number(now)), of which 5 % is nothing: e types a new one.", isError: true)
      return []
    }
    return scene.edit(index, to: Double(Float(now * factor)))
  }
}
