import Circuits
import Learning

// Cutting, freezing, editing, taking back.

extension Actions {
  private static let canChange: @Sendable (Scene) -> Bool = { !$0.session.readOnly }

  static let operating: [Action] = [
    Action(
      "prune", .operate,
      "Cuts the selected synapse, or brings it back; of a neuron all of them, after a preview. Also PRE>POST, weakest 20 %, below 0.1, fan-in NAME, fan-out NAME, sensory, tensor NAME.",
      keys: ["p"],
      argument: "[SYNAPSES]", values: { sets($0) },
      hint: { scene in
        scene.selection.synapse.map { scene.isPruned($0) ? "restore" : "prune" }
          ?? (hasSynapses(scene) ? (neuronIsCut(scene) ? "restore all" : "prune all…") : nil)
      },
      when: canChange
    ) { scene, argument in
      if let argument, !argument.contains(">") { return pruneSet(&scene, argument) }
      return named(argument, in: &scene) { scene in
        guard let synapse = scene.selection.synapse else { return pruneNeuron(&scene) }
        return [.send(scene.isPruned(synapse) ? .restore([synapse]) : .prune([synapse]))]
      }
    },
    Action(
      "freeze", .operate,
      "Freezes the selected synapse or neuron, or thaws it; also tensor w, fan-in NAME, below 0.1, biases, all-but:mu …",
      keys: ["f"], argument: "[PATTERN]", values: { patterns($0) },
      hint: { scene in
        let frozen = scene.selection.synapse.map { scene.isFrozen($0) } ?? scene.isFrozen(neuron: scene.selection.post)
        return frozen ? "thaw" : "freeze"
      }, when: canChange
    ) { scene, argument in
      if let argument { return freezeSet(&scene, argument) }
      let wiring = scene.model.wiring
      if let synapse = scene.selection.synapse {
        let pattern = "synapse:\(wiring.sourceName(synapse.pre))>\(wiring.neuronNames[synapse.post])"
        return [.send(scene.isFrozen(synapse) ? .thaw(pattern) : .freeze(pattern))]
      }
      let pattern = "neuron:\(wiring.neuronNames[scene.selection.post])"
      return [.send(scene.isFrozen(neuron: scene.selection.post) ? .thaw(pattern) : .freeze(pattern))]
    },
    Action(
      "undo", .operate, "Takes the last change back: values, moments and masks as they were.", keys: ["u"],
      hint: { $0.isLookingBack ? nil : "undo" }, when: { canChange($0) && $0.snapshot.undoTitle != nil }
    ) { _, _ in [.send(.undo)] },
    Action(
      "redo", .operate, "Does again what was undone.", keys: ["ctrl-r"],
      hint: { $0.isLookingBack ? nil : "redo" },
      when: { canChange($0) && $0.snapshot.redoTitle != nil }
    ) { _, _ in [.send(.redo)] },
    Action(
      "edit", .operate, "Types a new value for the selected synapse's weight or the neuron's first parameter.",
      keys: ["e"], argument: "[TENSOR] VALUE",
      values: { scene in own(scene).map { "\($0.name) \(scene.snapshot.values[$0.index])" } },
      hint: { _ in "edit" }, when: canChange
    ) { scene, argument in edit(&scene, argument) },
    Action(
      "prune-neuron", .operate,
      "Shows what cutting every synapse of the selected neuron would do, and cuts if told to; or brings them back.",
      keys: ["P"], when: canChange
    ) { scene, _ in pruneNeuron(&scene) },
    Action(
      "freeze-neuron", .operate,
      "Freezes everything about the selected neuron: its own values and its incoming synapses.",
      keys: ["F"], when: canChange
    ) { scene, _ in
      let name = scene.model.wiring.neuronNames[scene.selection.post]
      let frozen = scene.isFrozen(neuron: scene.selection.post)
      let patterns = ["neuron:\(name)", "fan-in:\(name)"]
      return patterns.map { .send(frozen ? .thaw($0) : .freeze($0)) }
    },
    Action(
      "learn", .operate,
      "Says what learns, everything else is frozen, after a preview: learn biases, learn output, learn mu,vleak, learn full.",
      keys: ["L"], argument: "PATTERN", values: { ParameterSelector.presets(in: $0.model.layout) }, when: canChange
    ) { scene, argument in
      guard let argument else {
        scene.mode = .palette("learn ")
        return []
      }
      return learnSet(&scene, argument)
    },
    Action(
      "thaw", .operate, "Thaws a pattern: w, biases, neuron:NAME, all …", argument: "PATTERN", values: { patterns($0) },
      when: canChange
    ) { scene, argument in
      guard let argument else {
        scene.say(
          "thaw takes a pattern: a tensor such as w, neuron:NAME, synapse:PRE>POST, biases, all.", isError: true)
        return []
      }
      return [.send(.thaw(SynapseSelector.canonical(argument.trimmed)))]
    },
    Action(
      "restore", .operate,
      "Brings pruned synapses back with the values and moments they had: restore all, restore fan-in NAME.",
      argument: "[SYNAPSES]", values: { sets($0) }, when: canChange
    ) { scene, argument in restoreSet(&scene, argument) },
    Action(
      "raise", .operate, "Raises the selected weight (or the neuron's first value) by 5 %.", keys: [">"],
      when: canChange
    ) { scene, _ in nudge(&scene, 1.05) },
    Action(
      "lower", .operate, "Lowers the selected weight (or the neuron's first value) by 5 %.", keys: ["<"],
      when: canChange
    ) { scene, _ in nudge(&scene, 1 / 1.05) },
    Action(
      "prune-weakest", .operate,
      "Shows what cutting that share of the synapses would do, the weakest first, and cuts if told to: prune-weakest 0.5.",
      argument: "SHARE", when: canChange
    ) { scene, argument in
      guard let share = argument.flatMap(Double.init), (0...1).contains(share) else {
        scene.say("prune-weakest takes a share from 0 to 1, for example prune-weakest 0.5.", isError: true)
        return []
      }
      guard let preview = PrunePreview.weakest(share, in: scene) else {
        scene.say("There is nothing to cut: that share of the synapses is none.", isError: true)
        return []
      }
      scene.mode = .preview(preview)
      return []
    },
    Action(
      "rewind", .operate, "All values back to the first ones; pruned and frozen stay. Can be undone.", keys: ["R"],
      when: canChange
    ) { _, _ in [.send(.rewind)] },
  ]

  /// The parameters of the selected synapse or neuron.
  private static func own(_ scene: Scene) -> [(name: String, index: Int)] {
    scene.selection.synapse.map(scene.model.parameters(of:)) ?? scene.model.parameters(ofNeuron: scene.selection.post)
  }

  private static func hasSynapses(_ scene: Scene) -> Bool { !synapses(of: scene.selection.post, scene).isEmpty }

  private static func neuronIsCut(_ scene: Scene) -> Bool {
    synapses(of: scene.selection.post, scene).allSatisfy(scene.isPruned)
  }

  /// Into and out of a neuron; one to itself counts once.
  static func synapses(of neuron: Int, _ scene: Scene) -> [Synapse] {
    guard scene.connectivity.incoming.indices.contains(neuron) else { return [] }
    return scene.connectivity.incoming[neuron] + scene.connectivity.outgoing[neuron].filter { $0.post != neuron }
  }

  /// Asks before all of a neuron's synapses are cut; brings them back where none is left.
  private static func pruneNeuron(_ scene: inout Scene) -> [Effect] {
    let name = scene.model.wiring.neuronNames[scene.selection.post]
    let all = synapses(of: scene.selection.post, scene)
    guard !all.isEmpty else {
      scene.say("\(name) has no synapses.", isError: true)
      return []
    }
    guard let preview = PrunePreview(all, what: "all synapses of \(name)", in: scene) else {
      return [.send(.restore(all))]
    }
    scene.mode = .preview(preview)
    return []
  }

  /// Selects the synapse `argument` names, if it names one, and goes on.
  private static func named(_ argument: String?, in scene: inout Scene, _ body: (inout Scene) -> [Effect]) -> [Effect] {
    if let argument {
      do {
        let synapse = try ParameterSelector.synapse(argument, in: scene.model.wiring)
        scene.selection = Selection(post: synapse.post, pre: synapse.pre)
      } catch {
        scene.say("\(error)", isError: true)
        return []
      }
    }
    return body(&scene)
  }

  /// "0.5", or "mu 0.5" for another tensor of the selection.
  private static func edit(_ scene: inout Scene, _ argument: String?) -> [Effect] {
    guard let argument else {
      guard let index = scene.selectedParameter else {
        scene.say("There is nothing to edit here.", isError: true)
        return []
      }
      scene.mode = .edit(parameter: index, text: "")
      return []
    }
    let words = argument.split(separator: " ").map(String.init)
    let own = own(scene)
    let wanted = words.count > 1 ? words[0] : nil
    let layout = scene.model.layout
    let twin = wanted.flatMap { layout[$0] }.flatMap(layout.twin(of:))?.name
    let found =
      wanted.map { word in
        own.first { $0.name == word || $0.name == twin || layout[$0.name]?.declaration.symbol == word }
      } ?? own.first { $0.index == scene.selectedParameter }
    guard let found else {
      scene.say("There is no '\(wanted ?? "")' here: \(own.map(\.name).joined(separator: ", ")).", isError: true)
      return []
    }
    guard let value = words.last.flatMap(Double.init) else {
      scene.say("'\(words.last ?? "")' is no number: write for example edit 0.5.", isError: true)
      return []
    }
    return scene.edit(found.index, to: value)
  }
}

extension Scene {
  /// The command that sets the parameter at a flat index of the layout.
  func edit(_ index: Int, to value: Double) -> [Effect] {
    model.layout.name(of: index).map { [.send(.edit(parameter: $0, value: value))] } ?? []
  }
}
