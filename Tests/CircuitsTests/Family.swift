import Circuits
import Randomness
import Testing

/// One model of the family with one of its solvers: what tests over "every cell" run over.
struct Member: CustomTestStringConvertible, Sendable {
  var kind: any CellKind
  var solver: String
  var testDescription: String { "\(kind.name), \(solver)" }

  static let all = Cells.all.flatMap { kind in kind.solvers.map { Member(kind: kind, solver: $0) } }
  static let differentiable = all.filter { try! Solvers.named($0.solver).isDifferentiable }
  /// With their default solvers.
  static let defaults = Cells.all.map { Member(kind: $0, solver: $0.solvers[0]) }

  func model<S: CircuitScalar>(
    neurons: Int = 4, inputs: Int = 2, wiring: String = "random:0.7", unfolds: Int = 2, seed: UInt64 = 5,
    backbone: Backbone? = nil, readout: Readout? = nil, as type: S.Type
  ) throws -> Model<S> {
    try Model<S>(
      ModelSpecification(
        cell: kind.name, neurons: neurons, wiring: wiring, seed: seed, solver: solver, unfolds: unfolds,
        inputNames: (0..<inputs).map { "u\($0)" }, outputNames: ["y"], backbone: backbone ?? self.backbone,
        readout: readout))
  }

  /// Small enough for central differences over all of its weights.
  var backbone: Backbone? { kind.hasBackbone ? Backbone(units: 5, layers: 2) : nil }
}

extension Model {
  /// First parameters with the constant tensors moved off their constants, so that nothing hides behind a 0.
  func livelyParameters(seed: UInt64) -> [Scalar] {
    var values = initialParameters(seed: seed)
    var generator = SeededGenerator(seed: seed &+ 77)
    for tensor in layout.tensors {
      guard case .constant = tensor.declaration.initializer else { continue }
      for i in tensor.range { values[i] += Scalar(generator.uniform(-0.4...0.4)) }
    }
    return values
  }
}

/// A cell alone, without input map and readout: loss = Σ_t,r,s weight·state over all states after the first.
struct CellRun<S: CircuitScalar> {
  var states: [S] = []
  var loss: S = 0
  var parameterGradient, inputGradient, initialGradient: [S]

  /// `input` [T][R][M], `elapsed` [T][R], `initial` [R][S].
  init(
    _ cell: any Cell<S>, parameters: [S], connections: [S], input: [S], elapsed: [S], initial: [S], rows: Int,
    steps: Int, differentiates: Bool = true
  ) {
    self.init(opened: cell, parameters, connections, input, elapsed, initial, rows, steps, differentiates)
  }

  private init(
    opened cell: some Cell<S>, _ parameters: [S], _ connections: [S], _ input: [S], _ elapsed: [S], _ initial: [S],
    _ rows: Int, _ steps: Int, _ differentiates: Bool
  ) {
    let size = cell.stateSize
    let (states, back) = (Buffer<S>((steps + 1) * rows * size), Buffer<S>((steps + 1) * rows * size))
    for (i, x) in initial.enumerated() { states[i] = x }
    let (u, du, dt) = (Buffer<S>(input.count), Buffer<S>(input.count, filledWith: .nan), Buffer<S>(elapsed.count))
    for (i, x) in input.enumerated() { u[i] = x }
    for (i, x) in elapsed.enumerated() { dt[i] = x }
    let tape = Buffer<S>(differentiates ? cell.tapeSize(rows: rows, steps: steps) : 1, filledWith: .nan)
    // What scratch space holds before a call must not matter.
    let scratch = Buffer<S>(cell.scratchSize(rows: rows), filledWith: .nan)
    let (prepared, gradient) = (Buffer<S>(cell.preparedSize), Buffer<S>(parameters.count))
    parameters.withUnsafeBufferPointer { p in
      connections.withUnsafeBufferPointer { c in
        cell.prepare(parameters: p.baseAddress!, connections: c.baseAddress!, into: prepared.pointer)
        let pass = Pass(
          rows: rows, steps: steps, parameters: p.baseAddress!, connections: c.baseAddress!,
          prepared: prepared.pointer, inputs: u.pointer, elapsed: dt.pointer, states: states.pointer,
          tape: tape.pointer, scratch: scratch.pointer, keepsTape: differentiates)
        cell.forward(pass)
        guard differentiates else { return }
        for i in rows * size..<states.count { back[i] = Self.weight(i) }
        for i in 0..<scratch.count { scratch[i] = .nan }
        cell.backward(
          pass, PassGradient(states: back.pointer, inputs: du.pointer, parameters: gradient.pointer))
      }
    }
    self.states = Array(states.array.dropFirst(rows * size))
    for (i, x) in self.states.enumerated() { loss += Self.weight(i + rows * size) * x }
    parameterGradient = gradient.array
    inputGradient = du.array
    initialGradient = Array(back.array[0..<rows * size])
  }

  /// Some fixed weights of either sign, none of them alike.
  static func weight(_ i: Int) -> S { S.sin(S(1 + 3 * i)) }
}

/// (8·(f(x+h) − f(x−h)) − (f(x+2h) − f(x−2h)))/12h: error h⁴·f⁽⁵⁾/30.
func centralDifference(at x: Double, _ f: (Double) -> Double) -> Double {
  let h = 2e-4 * max(1, abs(x))
  return (8 * (f(x + h) - f(x - h)) - (f(x + 2 * h) - f(x - 2 * h))) / (12 * h)
}
