import Circuits
import Learning

/// What `/` looks through: neurons, tensors and synapses, by name.
struct SearchHit: Equatable {
  enum Kind: String { case neuron, tensor, synapse }
  var kind: Kind
  var name: String
  var synapse: Synapse?

  /// Those whose name matches, best first; among equals neurons come before tensors, and those before synapses.
  static func matches(_ text: String, in scene: Scene) -> [SearchHit] {
    let wiring = scene.model.wiring
    var all = wiring.neuronNames.map { SearchHit(kind: .neuron, name: $0) }
    all += scene.model.layout.tensors.map { SearchHit(kind: .tensor, name: $0.name) }
    let typed = text.trimmed.replacing(" > ", with: ">").replacing("→", with: ">")
    // Thousands of synapses are looked through only where one is meant.
    if typed.contains(">") {
      all = scene.connectivity.synapses.map {
        SearchHit(
          kind: .synapse, name: "\(wiring.sourceName($0.pre))>\(wiring.neuronNames[$0.post])", synapse: $0)
      }
    }
    return typed.isEmpty ? all : Fuzzy.sort(all, by: typed, \.name)
  }
}

extension Actions {
  /// Selects what `text` names: "inter 3", "inter 3>motor 0", "sigma", or a part of a name.
  static func find(_ scene: inout Scene, _ text: String) -> [Effect] {
    if text.allSatisfy(\.isWhitespace) { return [] }
    let wiring = scene.model.wiring
    let ends = text.split(separator: ">", omittingEmptySubsequences: false)
    let isWhole = ends.count == 1 || ends.count == 2 && ends.allSatisfy { !$0.allSatisfy(\.isWhitespace) }
    guard isWhole, let found = SearchHit.matches(text, in: scene).first else {
      if ends.count > 1 {
        do { _ = try ParameterSelector.synapse(text, in: wiring) } catch { scene.say("\(error)", isError: true) }
      } else {
        scene.say(
          "No neuron's or tensor's name contains '\(text)'. Neurons are \(wiring.neuronNames.joined(separator: ", ")); "
            + "tensors are \(scene.model.layout.tensors.map(\.name).joined(separator: ", ")).", isError: true)
      }
      return []
    }
    switch found.kind {
    case .neuron: scene.selection = Selection(post: wiring.neuronNames.firstIndex(of: found.name) ?? 0)
    case .synapse: found.synapse.map { scene.selection = Selection(post: $0.post, pre: $0.pre) }
    case .tensor: describe(tensor: found.name, &scene)
    }
    return []
  }

  /// Shows the tensor where a view has a picture of it, and says what it holds.
  private static func describe(tensor name: String, _ scene: inout Scene) {
    guard let tensor = scene.model.layout[name] else { return }
    let declared = tensor.declaration
    let values = tensor.range.map { Double(scene.snapshot.values[$0]) }
    let frozen = tensor.range.count { scene.snapshot.frozen[$0] }
    let picture = SynapseQuantity(declared)?.rawValue
    for view in Views.all where picture.map(view.pictures(scene).contains) ?? false {
      scene.views.pictures[view.name] = picture
      scene.look.focus = view.name
    }
    let unit = declared.unit.isEmpty ? "" : " " + scene.unit(declared.unit)
    scene.say(
      "\(name), \(declared.meaning): \(declared.shape.map(String.init).joined(separator: "×")) values from "
        + "\(Scene.number(values.min() ?? .nan)) to \(Scene.number(values.max() ?? .nan))\(unit)"
        + (frozen == 0 ? ", none frozen." : ", \(frozen) frozen."))
  }
}
