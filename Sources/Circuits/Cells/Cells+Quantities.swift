extension Cells {
  /// What the parameters of the model called `name` are, by whom they belong to, whatever its size; empty for an unknown
  /// name.
  public static func quantities(of name: String) -> [ParameterOwner: Set<ParameterQuantity>] {
    let specification = ModelSpecification(
      cell: name, neurons: 2, wiring: "all", inputNames: ["input"], outputNames: ["output"])
    guard let model = try? Model<Float>(specification) else { return [:] }
    return Dictionary(grouping: model.layout.tensors.map(\.declaration), by: \.owner).mapValues {
      Set($0.map(\.quantity))
    }
  }

  /// Whether the model's chemical synapses are conductances with a reversal potential.
  public static func isBiophysical(_ name: String) -> Bool {
    quantities(of: name)[.synapse]?.isSuperset(of: [.conductance, .reversalPotential]) ?? false
  }
}
