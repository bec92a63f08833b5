import CKernels

// The LTC cell in single precision through the vectorised kernels, which choose the widest instructions the processor has
// and walk present synapses only where that is faster. The scalar code beside this file is their reference.

extension LTC {
  /// The kernel's description of this cell, or `nil` where the scalar code computes.
  var kernel: gk_ltc? {
    guard usesKernel, let level else { return nil }
    return gk_ltc(
      level: level, walk: walk, neurons: Int32(neurons), inputs: Int32(inputs),
      unfolds: Int32(unfolds))
  }

  public var preparedSize: Int { kernel.map(gk_ltc_prepared_size) ?? 0 }

  public func tapeSize(rows: Int, steps: Int) -> Int {
    kernel.map { gk_ltc_tape_size($0, Int32(rows), Int32(steps)) } ?? 2 * steps * unfolds * rows * neurons
  }

  public func scratchSize(rows: Int) -> Int { kernel.map { gk_ltc_scratch_size($0, Int32(rows)) } ?? 4 * neurons }

  public func prepare(
    parameters: UnsafePointer<Scalar>, connections: UnsafePointer<Scalar>, into prepared: UnsafeMutablePointer<Scalar>
  ) {
    guard let kernel else { return }
    gk_ltc_prepare(kernel, parameters.float, connections.float, prepared.float)
  }

  public func forward(_ pass: Pass<Scalar>) {
    guard let kernel else { return scalarForward(pass) }
    withUnsafePointer(to: pass.kernel) { gk_ltc_forward(kernel, $0) }
  }

  public func backward(_ pass: Pass<Scalar>, _ gradient: PassGradient<Scalar>) {
    guard let kernel else { return scalarBackward(pass, gradient) }
    withUnsafePointer(to: pass.kernel) { pass in
      withUnsafePointer(to: gradient.kernel) { gk_ltc_backward(kernel, pass, $0) }
    }
  }
}
