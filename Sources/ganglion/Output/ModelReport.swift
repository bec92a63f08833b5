import Circuits
import Learning

/// A model's sizes, its parameters by tensor, and what it was trained for.
struct ModelReport {
  private struct Row {
    var name: String
    var shape: [Int]
    var unit: String
    var minimum, maximum, mean: Double
    var frozen: Int
  }

  private let file: ModelFile
  private let rows: [Row]

  init(_ file: ModelFile) {
    self.file = file
    let model = file.model
    let values = file.effectiveValues
    rows = model.layout.tensors.map { tensor in
      let present = tensor.range.filter { index in
        model.synapse(ofParameter: index).map { file.state.connections[$0.index(neurons: model.neurons)] != 0 } ?? true
      }
      let own = present.map { Double(values[$0]) }
      return Row(
        name: tensor.name, shape: tensor.declaration.shape, unit: tensor.declaration.unit,
        minimum: own.min() ?? .nan, maximum: own.max() ?? .nan,
        mean: own.isEmpty ? .nan : own.reduce(0, +) / Double(own.count),
        frozen: tensor.range.count { file.state.frozen[$0] })
    }
  }

  private var frozenSynapses: Int {
    file.model.wiring.synapses.count { synapse in
      let own = file.model.parameters(of: synapse)
      return !own.isEmpty && own.allSatisfy { file.state.frozen[$0.index] }
    }
  }

  var json: JSON {
    let (model, wiring) = (file.model, file.model.wiring)
    let synapses = wiring.synapseCounts
    return .object([
      ("model", .text(model.kind.name)), ("neurons", .integer(model.neurons)), ("inputs", .integer(model.inputs)),
      ("outputs", .integer(model.outputs)),
      (
        "synapses",
        .object([
          ("total", .integer(synapses.recurrent + synapses.sensory)), ("sensory", .integer(synapses.sensory)),
          ("pruned", .integer(file.pruned.count)), ("frozen", .integer(frozenSynapses)),
        ])
      ),
      ("parameters", .integer(file.counts.parameters)),
      (
        "tensors",
        .array(
          rows.map { row in
            .object([
              ("name", .text(row.name)), ("shape", .array(row.shape.map { .integer($0) })),
              ("minimum", .number(row.minimum as Double)), ("maximum", .number(row.maximum as Double)),
              ("mean", .number(row.mean as Double)), ("unit", .text(row.unit)), ("frozen", .integer(row.frozen)),
            ])
          })
      ),
    ])
  }

  func print() {
    let (model, wiring) = (file.model, file.model.wiring)
    let synapses = wiring.synapseCounts
    let layers = Wiring.Layer.allCases.compactMap { layer in
      let count = wiring.layers.count { $0 == layer }
      return count > 0 ? "\(count) \(layer.rawValue)" : nil
    }
    Console.print(
      "\(model.kind.title), wiring \(wiring.name): \(model.neurons.of("neuron")) (\(layers.joined(separator: ", "))), "
        + "\(model.inputs.of("input")), \(model.outputs.of("output"))")
    Console.print(
      "\((synapses.recurrent + synapses.sensory).of("synapse")), \(synapses.sensory) of them sensory, "
        + "\(file.pruned.count) pruned, \(frozenSynapses) frozen; \(file.counts.parameters.of("parameter"))")
    let specification = model.specification
    Console.print(
      "solver \(specification.solver), \(specification.unfolds.of("sub-step")) a time step, positive by "
        + specification.positivity.rawValue)
    var table = TextTable(header: ["tensor", "shape", "unit", "minimum", "maximum", "mean", "frozen"])
    for row in rows {
      table.rows.append([
        row.name, row.shape.map(String.init).joined(separator: "×"), row.unit, row.minimum.brief, row.maximum.brief,
        row.mean.brief, row.frozen == 0 ? "" : "\(row.frozen)",
      ])
    }
    table.print()
    guard let origin = file.origin else { return }
    Console.print(
      "trained for \(origin.task): \(origin.inputs.map(\.name).joined(separator: ", ")) → "
        + origin.targets.map(\.name).joined(separator: ", "))
    guard let heldOut = origin.heldOut else { return }
    Console.print("held-out loss \(heldOut.loss.brief) at step \(heldOut.step)")
    MetricReport.print(heldOut.metrics, baselines: [])
  }
}
