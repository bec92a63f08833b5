import CKernels
import Circuits
import Randomness
import Testing

/// The kernels in single precision against the scalar reference in Double, for every cell, solver and level.
///
/// Tolerances: a gate or a tanh carries an error of about 1e-7, 2 ulps, and a sum of k terms of size 1 another √k·6e-8.
/// Sums of gradients over random signs cancel, the more the fewer terms there are: what a tiny problem may lose is told
/// apart from a wrong formula by `tiny`, sizes that are used are held to `usual`. A solver near the edge of its stability
/// amplifies roundings, whoever makes them: where the scalar code in single precision is farther off than that, kernels may
/// be four times as far, since their exponent σ·v − σ·μ has larger terms than the scalar σ·(v − μ).
@Suite("Kernels follow the reference") struct KernelTests {
  static let (tiny, usual) = (2e-5, 1e-6)
  static let levels = (0..<Int32(GK_LEVELS)).filter { gk_level_available($0) == 1 }

  /// A level, and how synapses with a gate each are walked.
  struct Way: Sendable, CustomTestStringConvertible {
    var level, walk: Int32
    var testDescription: String {
      "\(String(cString: gk_level_name(level)))\(walk == GK_LISTED ? ", listed" : "")"
    }
    func computes<R>(_ body: () throws -> R) rethrows -> R {
      try Kernels.$level.withValue(level) { try Kernels.$walk.withValue(walk, operation: body) }
    }
    /// Of a model: both walks where it has one.
    static func all(_ kind: any CellKind) -> [Way] {
      let listed = ["ctrnn-synaptic", "node-synaptic", "stc", "lrc", "lrc-symmetric", "lrcu", "ltc"].contains(kind.name)
      return levels.flatMap { level in
        (listed ? [GK_ALL_PAIRS, GK_LISTED] : [GK_AUTOMATIC]).map { Way(level: level, walk: Int32($0)) }
      }
    }
  }

  #if DEBUG
    static let sizes = [1, 3, 8, 9, 17, 33]
    static let used = [(8, 8), (32, 2)]
  #else
    static let sizes = Array(1...18) + [23, 24, 25, 31, 32, 33, 40]
    static let used = [(8, 32), (32, 8)]
  #endif

  /// One problem in one precision; draws are the same in both.
  struct Problem {
    var member: Member
    var neurons, inputs, unfolds, rows, steps: Int
    var density = 1.0
    /// How many pairs are drawn for gap junctions; the same pair twice is one.
    var junctions = 0
    var backbone: Backbone?

    func run<S: CircuitScalar>(as type: S.Type) throws -> CellRun<S> {
      var model = try member.model(
        neurons: neurons, inputs: inputs, wiring: "random:\(density)", unfolds: unfolds, seed: 5,
        backbone: backbone, as: S.self)
      if junctions > 0 {
        var (wiring, generator) = (model.wiring, SeededGenerator(seed: UInt64(junctions)))
        for _ in 0..<junctions {
          wiring.couple(generator.index(below: neurons), generator.index(below: neurons))
        }
        model = try Model(model.specification, wiring: wiring)
      }
      var generator = SeededGenerator(seed: UInt64(neurons * 1000 + inputs * 100 + rows * 10 + steps))
      func draw(_ count: Int, _ range: ClosedRange<Double>) -> [S] {
        (0..<count).map { _ in S(Float(generator.uniform(range))) }
      }
      // Rounded, so that both precisions begin with the same numbers.
      let parameters = model.livelyParameters(seed: 9).map { S(Float($0)) }
      return CellRun(
        model.cell, parameters: Array(parameters.prefix(model.cellParameters)),
        connections: model.wiring.connections(), input: draw(rows * steps * inputs, -1...1),
        elapsed: draw(rows * steps, 0.3...1.2), initial: draw(rows * model.cell.stateSize, -0.5...0.5), rows: rows,
        steps: steps)
    }
  }

  struct Errors {
    var states, parameters, inputs, initial: Double
    init(_ kernel: CellRun<Float>, _ exact: CellRun<Double>) {
      func relative(_ a: [Float], _ b: [Double]) -> Double {
        var (difference, norm) = (0.0, 0.0)
        for (x, y) in zip(a, b) { (difference, norm) = (difference + (Double(x) - y) * (Double(x) - y), norm + y * y) }
        return (norm > 0 ? difference / norm : difference).squareRoot()
      }
      states = relative(kernel.states, exact.states)
      parameters = relative(kernel.parameterGradient, exact.parameterGradient)
      inputs = relative(kernel.inputGradient, exact.inputGradient)
      initial = relative(kernel.initialGradient, exact.initialGradient)
    }
    var worst: Double { max(states, parameters, inputs, initial) }
  }

  @Test(arguments: Member.differentiable) func everySize(_ member: Member) throws {
    for way in Way.all(member.kind) {
      let worst = try sweep(member, way)
      print("\(member.testDescription), \(way.testDescription): worst error \(worst)")
    }
  }

  private func sweep(
    _ member: Member, _ way: Way, sizes: [Int] = KernelTests.sizes, leastUnfolds: Int = 1,
    densities: [Double] = [1, 0.4, 0.1], junctions: [Int] = [0]
  ) throws -> Double {
    var worst = 0.0
    for (a, neurons) in sizes.enumerated() {
      // Sweeps inputs 0 … 40, sub-steps, rows 1 … 17, steps and densities without their whole product.
      let problem = Problem(
        member: member, neurons: neurons, inputs: [2, 0, 17, 1, 8, 40][a % 6], unfolds: leastUnfolds + a % 6,
        rows: [1, 8, 3, 5, 17][a % 5], steps: 1 + a % 4, density: densities[a % densities.count],
        junctions: junctions[a % junctions.count])
      let exact = try problem.run(as: Double.self)
      let kernel = try way.computes { try problem.run(as: Float.self) }
      let errors = Errors(kernel, exact)
      if errors.worst > Self.tiny {
        let plain = try Kernels.$level.withValue(nil) { try problem.run(as: Float.self) }
        #expect(errors.worst <= 4 * Errors(plain, exact).worst, "\(problem): \(errors)")
      }
      worst = max(worst, errors.worst)
    }
    return worst
  }

  /// None, one, some, and about as many as there are neurons or pairs. An explicit solver is given few junctions and
  /// synapses and short sub-steps: where h·total/capacity passes 2 it is unstable and amplifies every rounding.
  @Test(arguments: Member.differentiable.filter { $0.kind.name.hasPrefix("ltc") })
  func gapJunctions(_ member: Member) throws {
    let isExplicit = !["semi-implicit", "exponential"].contains(member.solver)
    for way in Way.all(member.kind) {
      let worst =
        try isExplicit
        ? sweep(
          member, way, sizes: Self.sizes.filter { $0 <= 17 }, leastUnfolds: 24, densities: [0.4, 0.1],
          junctions: [2, 0, 1, 3, 4])
        : sweep(member, way, junctions: [3, 0, 1, 20, 300])
      print("gap junctions, \(member.testDescription), \(way.testDescription): worst error \(worst)")
    }
  }

  @Test(arguments: Member.defaults) func sizesThatAreUsed(_ member: Member) throws {
    for way in Way.all(member.kind) { try checkUsed(member, way) }
  }

  private func checkUsed(_ member: Member, _ way: Way) throws {
    for (neurons, steps) in Self.used {
      let problem = Problem(member: member, neurons: neurons, inputs: 8, unfolds: 3, rows: 8, steps: steps)
      let exact = try problem.run(as: Double.self)
      let kernel = try way.computes { try problem.run(as: Float.self) }
      let errors = Errors(kernel, exact)
      if max(errors.states, errors.parameters) > Self.usual {
        let scalar = try Kernels.$level.withValue(nil) { try problem.run(as: Float.self) }
        let plain = Errors(scalar, exact)
        #expect(errors.states <= max(Self.usual, 4 * plain.states), "\(neurons): \(errors), scalar \(plain)")
        #expect(errors.parameters <= max(Self.usual, 4 * plain.parameters), "\(neurons): \(errors), scalar \(plain)")
      }
      print(
        "\(member.testDescription), \(way.testDescription), N \(neurons): states \(errors.states), "
          + "gradient \(errors.parameters)")
    }
  }

  /// Whatever the parameters of an absent synapse hold, it has no effect and exactly no gradient.
  @Test(arguments: Member.defaults) func absentSynapses(_ member: Member) throws {
    for way in Way.all(member.kind) { try way.computes { try checkAbsentSynapses(member) } }
  }

  private func checkAbsentSynapses(_ member: Member) throws {
    let model: Model<Float> = try member.model(neurons: 11, inputs: 3, wiring: "random:0.5", as: Float.self)
    let connections = model.wiring.connections(as: Float.self)
    let clean = model.livelyParameters(seed: 3)
    var spoilt = clean
    var absent: [Int] = []
    for tensor in model.layout.tensors where tensor.range.upperBound <= model.cellParameters {
      let first: Int
      switch tensor.declaration.owner {
      case .synapse: first = 0
      case .sensorySynapse: first = 11 * 11
      default: continue
      }
      for (entry, index) in tensor.range.enumerated() where connections[first + entry] == 0 {
        absent.append(index)
        spoilt[index] = [.nan, .infinity, -1e30][entry % 3]
      }
    }
    func run(_ parameters: [Float]) -> CellRun<Float> {
      CellRun<Float>(
        model.cell, parameters: Array(parameters.prefix(model.cellParameters)), connections: connections,
        input: (0..<4 * 5 * 3).map { Float.sin(Float($0)) }, elapsed: [Float](repeating: 0.7, count: 20),
        initial: [Float](repeating: 0.1, count: 5 * model.cell.stateSize), rows: 5, steps: 4)
    }
    let (a, b) = (run(clean), run(spoilt))
    #expect(a.states == b.states)
    #expect(a.parameterGradient == b.parameterGradient)
    #expect(a.inputGradient == b.inputGradient)
    #expect(absent.allSatisfy { b.parameterGradient[$0] == 0 })
  }

  /// A row with a NaN becomes NaN; the others keep their states, up to the other rounding of a careful path.
  @Test(arguments: Member.defaults) func notANumberStaysInItsRow(_ member: Member) throws {
    for way in Way.all(member.kind) { try way.computes { try checkNotANumber(member) } }
  }

  private func checkNotANumber(_ member: Member) throws {
    let model: Model<Float> = try member.model(neurons: 9, inputs: 2, wiring: "all", as: Float.self)
    let (rows, steps, size) = (6, 4, model.cell.stateSize)
    func run(_ spoilt: Int?) -> [Float] {
      var input = (0..<steps * rows * 2).map { Float.sin(Float($0)) }
      if let spoilt { input[(rows + spoilt) * 2] = .nan }
      return CellRun<Float>(
        model.cell, parameters: Array(model.livelyParameters(seed: 3).prefix(model.cellParameters)),
        connections: model.wiring.connections(), input: input, elapsed: [Float](repeating: 1, count: steps * rows),
        initial: [Float](repeating: 0.1, count: rows * size), rows: rows, steps: steps, differentiates: false
      ).states
    }
    let (clean, spoilt) = (run(nil), run(2))
    for t in 0..<steps {
      for r in 0..<rows {
        let range = (t * rows + r) * size..<(t * rows + r) * size + 9
        if r == 2 && t > 0 {
          #expect(t > 1 && member.kind.name == "relu" || spoilt[range].allSatisfy { $0.isNaN })
        } else {
          #expect(zip(clean[range], spoilt[range]).allSatisfy { abs($0 - $1) < 1e-5 })
        }
      }
    }
  }
}
