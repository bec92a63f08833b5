import CKernels

/// Which vectorised kernels cells compute with; decided when a cell is made.
package enum Kernels {
  /// `nil` computes with the scalar reference; otherwise a level of `CKernels`. By default the widest of this processor.
  @TaskLocal package static var level: Int32? = gk_best_level()
  /// How cells with a gate a synapse walk them: `GK_AUTOMATIC`, or held to one way by tests and measurements.
  @TaskLocal package static var walk = Int32(GK_AUTOMATIC)

  /// The level for cells of `type`: single precision alone has kernels.
  package static func level<S: CircuitScalar>(for type: S.Type) -> Int32? { S.self == Float.self ? level : nil }
}

extension Pass {
  /// The same buffers for a kernel. Only where `Scalar` is `Float`.
  var kernel: gk_pass {
    gk_pass(
      rows: Int32(rows), steps: Int32(steps), parameters: parameters.float, connections: connections.float,
      prepared: prepared.float, inputs: inputs.float, elapsed: elapsed.float, states: states.float, tape: tape.float,
      scratch: scratch.float, keeps_tape: keepsTape ? 1 : 0)
  }
}

extension PassGradient {
  /// The same buffers for a kernel. Only where `Scalar` is `Float`.
  var kernel: gk_gradient {
    gk_gradient(states: states.float, inputs: inputs.float, parameters: parameters.float)
  }
}

// Used only where Scalar is Float, so that the memory is that of floats already.
extension UnsafePointer {
  package var float: UnsafePointer<Float> { UnsafeRawPointer(self).assumingMemoryBound(to: Float.self) }
}
extension UnsafeMutablePointer {
  package var float: UnsafeMutablePointer<Float> {
    UnsafeMutableRawPointer(self).assumingMemoryBound(to: Float.self)
  }
}
