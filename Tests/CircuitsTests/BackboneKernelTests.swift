import CKernels
import Circuits
import Testing

/// The kernels of cells with a backbone against the scalar reference in Double.
///
/// Tolerances as in ``KernelTests``: a unit carries an error of 2 ulps, 1e-7, and a sum of k of them √k times that. A layer
/// more adds as much again, which three layers of 40 units bring to 2e-6 where terms cancel; whatever is beyond `tiny` has to
/// be within four times the error of the scalar code in single precision.
@Suite("Kernels of a backbone follow the reference") struct BackboneKernelTests {
  static let kinds = Member.defaults.filter { $0.kind.hasBackbone }
  #if DEBUG
    static let sizes = [1, 4, 15, 16, 17, 33]
    static let layers = [1, 3]
  #else
    static let sizes = Array(1...40)
    static let layers = [1, 2, 3]
  #endif

  @Test(arguments: Backbone.Activation.allCases) func everySize(_ activation: Backbone.Activation) throws {
    var worst = [Int32: Double]()
    for (a, units) in Self.sizes.enumerated() {
      for layers in Self.layers {
        // Every kind of update meets every number of layers; neurons 1 … 40, inputs 0 … 40, rows 1 … 17.
        let problem = KernelTests.Problem(
          member: Self.kinds[(a + layers) % 3], neurons: Self.sizes[(7 * a + layers) % Self.sizes.count],
          inputs: [2, 0, 17, 1, 8, 40][a % 6], unfolds: 1, rows: [1, 8, 3, 5, 17, 2][(a + layers) % 6],
          steps: 1 + a % 5, backbone: Backbone(units: units, layers: layers, activation: activation))
        let exact = try problem.run(as: Double.self)
        for level in KernelTests.levels {
          let kernel = try Kernels.$level.withValue(level) { try problem.run(as: Float.self) }
          let errors = KernelTests.Errors(kernel, exact)
          if !(errors.worst <= KernelTests.tiny) {
            let plain = try Kernels.$level.withValue(nil) { try problem.run(as: Float.self) }
            #expect(errors.worst <= 4 * KernelTests.Errors(plain, exact).worst, "\(problem), level \(level): \(errors)")
          }
          worst[level] = max(worst[level] ?? 0, errors.worst)
        }
      }
    }
    print("\(activation.rawValue): worst error by level \(worst.sorted { $0.key < $1.key }.map(\.value))")
  }

  /// The size of the reference library, whose rows of units are a multiple of a kilobyte, and one beyond it.
  @Test(arguments: [(128, 1), (256, 2)]) func unitsThatAreUsed(_ units: Int, _ layers: Int) throws {
    #if DEBUG
      let (rows, steps) = (2, 3)
    #else
      let (rows, steps) = (8, 32)
    #endif
    for member in Self.kinds {
      let problem = KernelTests.Problem(
        member: member, neurons: 20, inputs: 8, unfolds: 1, rows: rows, steps: steps,
        backbone: Backbone(units: units, layers: layers))
      let exact = try problem.run(as: Double.self)
      for level in KernelTests.levels {
        let kernel = try Kernels.$level.withValue(level) { try problem.run(as: Float.self) }
        let plain = try Kernels.$level.withValue(nil) { try problem.run(as: Float.self) }
        let (errors, scalar) = (KernelTests.Errors(kernel, exact), KernelTests.Errors(plain, exact))
        #expect(errors.worst <= max(KernelTests.usual, 2 * scalar.worst), "\(member), \(level): \(errors), \(scalar)")
      }
    }
  }

  /// A row alone gives the same bits as among others, with and without the tape.
  @Test(arguments: KernelTests.levels) func rowsAndTapeChangeNoBit(_ level: Int32) throws {
    try Kernels.$level.withValue(level) {
      for member in Self.kinds {
        let (n, m, rows, steps) = (19, 3, 5, 4)
        let model: Model<Float> = try member.model(
          neurons: n, inputs: m, backbone: Backbone(units: 37, layers: 2, activation: .gelu), as: Float.self)
        func run(_ chosen: Range<Int>, differentiates: Bool) -> [Float] {
          CellRun<Float>(
            model.cell, parameters: Array(model.livelyParameters(seed: 3).prefix(model.cellParameters)),
            connections: model.wiring.connections(),
            input: (0..<steps).flatMap { t in
              chosen.flatMap { r in (0..<m).map { Float.sin(Float(t * 31 + r * 7 + $0)) } }
            },
            elapsed: (0..<steps).flatMap { t in chosen.map { 0.5 + Float($0 + t) / 10 } },
            initial: chosen.flatMap { r in (0..<n).map { Float.cos(Float(r * n + $0)) / 2 } }, rows: chosen.count,
            steps: steps, differentiates: differentiates
          ).states
        }
        let all = run(0..<rows, differentiates: true)
        #expect(all == run(0..<rows, differentiates: false))
        for r in 0..<rows {
          let alone = run(r..<r + 1, differentiates: true)
          for t in 0..<steps {
            let at = (t * rows + r) * n
            #expect(Array(alone[t * n..<(t + 1) * n]) == Array(all[at..<at + n]))
          }
        }
      }
    }
  }
}
