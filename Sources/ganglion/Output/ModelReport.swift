import Formats
import Circuits
import Experiments
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
        mean: Statistics.mean(own) ?? .nan,
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
    return .object(
      [
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
      ] + wiringFields)
  }

  /// Where neurons are known by their transmitters or coupled electrically: who they are, and what learning made of them.
  private var wiringFields: [(String, JSON)] {
    let wiring = file.model.wiring
    var pairs: [(String, JSON)] = []
    if knowsTransmitters {
      pairs.append(
        (
          "neuronList",
          .array(
            (0..<wiring.neurons).map {
              .object([
                ("name", .text(wiring.neuronNames[$0])), ("layer", .text(wiring.layers[$0].rawValue)),
                ("transmitter", .text(wiring.transmitters[$0])),
              ])
            })
        ))
      pairs.append(("polarity", .object([("source", "learned"), ("changed", .integer(changedSigns ?? 0))])))
    }
    if !wiring.gapJunctions.isEmpty {
      pairs.append(
        (
          "gapJunctions",
          .array(
            wiring.gapJunctions.enumerated().map { index, pair in
              .object([
                ("between", .array([.text(wiring.neuronNames[pair.a]), .text(wiring.neuronNames[pair.b])])),
                ("conductance", .number(gap(index))),
              ])
            })
        ))
    }
    return pairs
  }

  private var knowsTransmitters: Bool { file.model.wiring.transmitters.contains { !$0.isEmpty } }

  /// The effective conductance of a gap junction; `nil` where the cell has none.
  private func gap(_ index: Int) -> Double? {
    file.model.layout.tensor(.gapConductance, of: .gapJunction).map { Double(file.effectiveValues[$0.offset + index]) }
  }

  /// Synapses whose learned sign is not the one they began with; `nil` where no tensor has a sign.
  private var changedSigns: Int? {
    let model = file.model
    guard model.layout.synapseSign(of: .synapse) != nil else { return nil }
    return model.wiring.synapses.count { synapse in
      let sign = model.wiring.polarity[synapse.index(neurons: model.neurons)]
      return model.sign(of: synapse).map { file.state.values[$0] * Float(sign) < 0 } ?? false
    }
  }

  private func printWiring() {
    let wiring = file.model.wiring
    if knowsTransmitters {
      let known = (0..<wiring.neurons).map { neuron in
        wiring.neuronNames[neuron] + (wiring.transmitters[neuron].isEmpty ? "" : " (\(wiring.transmitters[neuron]))")
      }
      Console.print("neurons and transmitters: \(known.joined(separator: ", "))")
      Console.print(
        "polarity is not in the wiring diagram: it began as a hypothesis from the transmitters and was learned; "
          + "\((changedSigns ?? 0).of("synapse")) changed sign")
    }
    guard !wiring.gapJunctions.isEmpty else { return }
    let pairs = wiring.gapJunctions.enumerated().map { index, pair in
      "\(wiring.neuronNames[pair.a])=\(wiring.neuronNames[pair.b])" + (gap(index).map { " \($0.brief)" } ?? "")
    }
    Console.print(
      "\(pairs.count.of("gap junction")), the same both ways\(gap(0) == nil ? "" : ", in nS"): "
        + pairs.joined(separator: ", "))
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
        + specification.positivity.rawValue + (specification.backbone.map { ", backbone \($0)" } ?? ""))
    printWiring()
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
    MetricReport.print(heldOut.metrics, targets: origin.targets)
  }
}
