import Circuits
import Foundation

/// One case of `Fixtures/ltc-cases.json`, made by `Fixtures/make_reference.py` with ncps 1.0.1 in double precision.
struct ReferenceCase: Decodable {
  var name: String
  var units, inputs, outputs, unfolds: Int
  var parameters: [String: Nested]
  /// [T][B][M], [T], [T][B][O], [B][N], [T][B][O], [T][B][N].
  var input, target, initialState, output, state: Nested
  var elapsed: [Double]
  var loss: Double
  var gradient: [String: Nested]

  var steps: Int { elapsed.count }
  var rows: Int { initialState.flat.count / units }

  static func all() throws -> [ReferenceCase] {
    let url = Bundle.module.url(forResource: "Fixtures/ltc-cases", withExtension: "json")!
    return try JSONDecoder().decode([ReferenceCase].self, from: Data(contentsOf: url))
  }

  /// The wiring that the case's masks describe; signs are those of the reversal potentials.
  var wiring: Wiring {
    var wiring = Wiring(
      name: "reference", inputNames: (0..<inputs).map { "u\($0)" }, neuronNames: (0..<units).map { "n\($0)" },
      layers: [Wiring.Layer](repeating: .inter, count: units), motors: outputs)
    let everything = [Double](repeating: 1, count: (units + inputs) * units)
    let mask =
      parameters["sparsity_mask"].map { $0.flat + parameters["sensory_sparsity_mask"]!.flat } ?? everything
    for (index, present) in mask.enumerated() where present != 0 {
      wiring.connect(Synapse(index: index, neurons: units), polarity: 1)
    }
    return wiring
  }

  func model<S: CircuitScalar>(as type: S.Type) throws -> Model<S> {
    try Model(
      ModelSpecification(
        neurons: units, unfolds: unfolds, inputNames: wiring.inputNames, outputNames: (0..<outputs).map { "y\($0)" }),
      wiring: wiring)
  }

  func flatParameters<S: CircuitScalar>(_ model: Model<S>) -> [S] {
    model.layout.tensors.flatMap { parameters[$0.name]!.flat.map { S($0) } }
  }
}

/// A JSON number or array of arrays of numbers, read flat in row-major order.
struct Nested: Decodable {
  var flat: [Double]
  init(from decoder: any Decoder) throws {
    if let number = try? decoder.singleValueContainer().decode(Double.self) {
      flat = [number]
      return
    }
    flat = try decoder.singleValueContainer().decode([Nested].self).flatMap(\.flat)
  }
}

/// What running a model once forward and backward gives, under the mean squared error.
struct Run<S: CircuitScalar> {
  var outputs, states, gradient: [S]
  var initialStateGradient: [S] = []
  var loss: S

  init(
    _ model: Model<S>, parameters: [S], connections: [S], input: [S], elapsed: [S], target: [S], initialState: [S],
    rows: Int, steps: Int
  ) {
    let workspace = Workspace(model, rows: rows, steps: steps, forTraining: true)
    for (i, value) in input.enumerated() { workspace.inputs[i] = value }
    for (i, value) in elapsed.enumerated() { workspace.elapsed[i] = value }
    for (i, value) in initialState.enumerated() { workspace.states[i] = value }
    let prepared = Buffer<S>(model.cell.preparedSize)
    (outputs, states, gradient, loss) = parameters.withUnsafeBufferPointer { p in
      connections.withUnsafeBufferPointer { c in
        let (p, c) = (p.baseAddress!, c.baseAddress!)
        model.cell.prepare(parameters: p, connections: c, into: prepared.pointer)
        model.forward(workspace, parameters: p, connections: c, prepared: prepared.pointer, keepsTape: true)
        var loss: S = 0
        for i in 0..<target.count {
          let error = workspace.outputs[i] - target[i]
          loss += error * error / S(target.count)
          workspace.outputGradient[i] = 2 * error / S(target.count)
        }
        model.backward(workspace, parameters: p, connections: c, prepared: prepared.pointer)
        let states = Array(workspace.states.array.dropFirst(rows * model.cell.stateSize))
        return (workspace.outputs.array, states, workspace.gradient.array, loss)
      }
    }
  }

  init(_ reference: ReferenceCase, model: Model<S>, parameters: [S]? = nil) {
    // The library gives one Δt a step; here every row has its own.
    let elapsed = reference.elapsed.flatMap { [S](repeating: S($0), count: reference.rows) }
    self.init(
      model, parameters: parameters ?? reference.flatParameters(model), connections: model.wiring.connections(),
      input: reference.input.flat.map { S($0) }, elapsed: elapsed, target: reference.target.flat.map { S($0) },
      initialState: reference.initialState.flat.map { S($0) }, rows: reference.rows, steps: reference.steps)
  }
}

/// max |a − b|.
func worst<S: CircuitScalar>(_ a: [S], _ b: [Double]) -> Double {
  precondition(a.count == b.count)
  return zip(a, b).reduce(0) { max($0, abs(Double($1.0) - $1.1)) }
}
