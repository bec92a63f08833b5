import Circuits
import Formats

extension ModelFile {
  /// Every value of the model in a row: its tensor, whom it belongs to (for a synapse `from` and `to`), the value that the
  /// circuit uses with its unit, and whether it is frozen or its synapse pruned (1 or 0). Entries of synapses that the wiring
  /// lacks are left out.
  public func table() -> CSVWriter {
    var table = CSVWriter(columns: ["tensor", "from", "to", "value", "unit", "frozen", "pruned"])
    let (wiring, values) = (model.wiring, effectiveValues)
    let outputs = origin?.targets.map(\.name) ?? model.specification.outputNames
    func name(_ names: [String], _ index: Int) -> String { names.indices.contains(index) ? names[index] : "\(index)" }
    for tensor in model.layout.tensors {
      for index in tensor.range {
        var (from, to, pruned) = ("", "", false)
        let coordinates = model.layout.locate(index)?.coordinates ?? []
        switch tensor.declaration.owner {
        case .synapse, .sensorySynapse:
          guard let synapse = model.synapse(ofParameter: index), wiring.has(synapse) else { continue }
          (from, to) = (wiring.sourceName(synapse.pre), wiring.neuronNames[synapse.post])
          pruned = state.isPruned(synapse, in: model)
        case .neuron: to = name(wiring.neuronNames, coordinates.first ?? 0)
        case .input: from = name(wiring.inputNames, coordinates.first ?? 0)
        case .readout:
          if coordinates.count == 2 { from = name(wiring.neuronNames, coordinates[0]) }
          to = name(outputs, coordinates.last ?? 0)
        case .backbone:
          // By the indices of units: the layers' own, or rows and columns of the neurons at either end.
          if coordinates.count == 2 { from = "\(coordinates[0])" }
          to = "\(coordinates.last ?? 0)"
        case .gapJunction:
          let pair = wiring.gapJunctions[coordinates.first ?? 0]
          (from, to) = (wiring.neuronNames[pair.a], wiring.neuronNames[pair.b])
        }
        table.append([
          tensor.name, from, to, CSVWriter.format(Double(values[index])), tensor.declaration.unit,
          state.frozen[index] ? "1" : "0", pruned ? "1" : "0",
        ])
      }
    }
    return table
  }
}
