import CKernels

/// The vectorised code that computes a circuit in single precision, chosen once when the circuit is made. The scalar code of
/// ``ContinuousCircuit`` is the reference of either, and computes what they do not know.
enum CircuitKernel: Sendable {
  /// Chemical conductances with a gate a synapse and the semi-implicit step, nothing else: sums, step and adjoint fused.
  case ltc(gk_ltc)
  /// Every law, membrane and step of fixed length, from their descriptions.
  case circuit(gk_circuit)

  var preparedSize: Int {
    switch self {
    case .ltc(let cell): gk_ltc_prepared_size(cell)
    case .circuit(let cell): withUnsafePointer(to: cell) { gk_circuit_prepared_size($0) }
    }
  }

  func tapeSize(rows: Int, steps: Int) -> Int {
    switch self {
    case .ltc(let cell): gk_ltc_tape_size(cell, Int32(rows), Int32(steps))
    case .circuit(let cell): withUnsafePointer(to: cell) { gk_circuit_tape_size($0, Int32(rows), Int32(steps)) }
    }
  }

  func scratchSize(rows: Int) -> Int {
    switch self {
    case .ltc(let cell): gk_ltc_scratch_size(cell, Int32(rows))
    case .circuit(let cell): withUnsafePointer(to: cell) { gk_circuit_scratch_size($0, Int32(rows)) }
    }
  }

  /// `junctions` are two neurons a gap junction; the fused kernel has none.
  func prepare(
    parameters: UnsafePointer<Float>, connections: UnsafePointer<Float>, junctions: [Int32],
    into prepared: UnsafeMutablePointer<Float>
  ) {
    switch self {
    case .ltc(let cell): gk_ltc_prepare(cell, parameters, connections, prepared)
    case .circuit(let cell):
      withUnsafePointer(to: cell) { cell in
        junctions.withUnsafeBufferPointer {
          gk_circuit_prepare(cell, parameters, connections, $0.baseAddress, prepared)
        }
      }
    }
  }

  func forward<Scalar>(_ pass: Pass<Scalar>) {
    withUnsafePointer(to: pass.kernel) { pass in
      switch self {
      case .ltc(let cell): gk_ltc_forward(cell, pass)
      case .circuit(let cell): withUnsafePointer(to: cell) { gk_circuit_forward($0, pass) }
      }
    }
  }

  func backward<Scalar>(_ pass: Pass<Scalar>, _ gradient: PassGradient<Scalar>) {
    withUnsafePointer(to: pass.kernel) { pass in
      withUnsafePointer(to: gradient.kernel) { gradient in
        switch self {
        case .ltc(let cell): gk_ltc_backward(cell, pass, gradient)
        case .circuit(let cell): withUnsafePointer(to: cell) { gk_circuit_backward($0, pass, gradient) }
        }
      }
    }
  }
}
