import CKernels

// A circuit in single precision through the vectorised kernels. The scalar code beside this file is their reference, and
// computes what they do not know.

extension ContinuousCircuit {
  /// The kernel of a circuit, or `nil` where the scalar code computes: another precision, an adaptive solver, gap junctions
  /// of a membrane without conductances.
  static func kernel(
    wiring: Wiring, unfolds: Int, solver: Solver, laws: [any SynapseLaw<Scalar>], membrane: any Membrane<Scalar>,
    junctions: Int
  ) -> CircuitKernel? {
    guard let level = Kernels.level(for: Scalar.self) else { return nil }
    if case .fixed(is SemiImplicit) = solver, laws.count == 1, let law = laws[0] as? GatedSynapses<Scalar>,
      law.activation == .synaptic, law.strength == .conductance, membrane is ConductanceMembrane<Scalar>, junctions == 0
    {
      return .ltc(
        gk_ltc(
          level: level, walk: Kernels.walk, neurons: Int32(wiring.neurons), inputs: Int32(wiring.inputs),
          unfolds: Int32(unfolds)))
    }
    var cell = gk_circuit()
    (cell.level, cell.neurons, cell.inputs) = (level, Int32(wiring.neurons), Int32(wiring.inputs))
    (cell.walk, cell.unfolds, cell.junctions) = (Kernels.walk, Int32(unfolds), Int32(junctions))
    switch laws.first {
    case let law as GatedSynapses<Scalar>:
      cell.activation = Int32(law.activation == .neural ? GK_NEURAL : GK_SYNAPTIC)
      cell.strength = Int32(
        law.strength == .weight ? GK_WEIGHT : law.strength == .pair ? GK_PAIR : GK_CONDUCTANCE)
    case is LinearSynapses<Scalar>:
      (cell.activation, cell.strength) = (Int32(GK_LINEAR), Int32(GK_WEIGHT))
    default: return nil
    }
    var elastic = false
    switch membrane {
    case is ConductanceMembrane<Scalar>: cell.membrane = Int32(GK_CONDUCTANCE_MEMBRANE)
    case let membrane as AdditiveMembrane<Scalar>:
      cell.membrane = Int32(GK_ADDITIVE_MEMBRANE)
      cell.leaks = membrane.leaks ? 1 : 0
      cell.has_time_constant = membrane.hasTimeConstant ? 1 : 0
      cell.squashes = membrane.squashes ? 1 : 0
    case let membrane as SaturatedMembrane<Scalar>:
      cell.membrane = Int32(GK_SATURATED_MEMBRANE)
      elastic = membrane.elastance != nil
      cell.elastance = Int32(!elastic ? GK_RIGID : membrane.elastance == .symmetric ? GK_SYMMETRIC : GK_ASYMMETRIC)
    default: return nil
    }
    guard elastic ? laws.count == 2 && laws[1] is LinearSynapses<Scalar> : laws.count == 1 else { return nil }
    if junctions > 0, !(membrane is ConductanceMembrane<Scalar>) { return nil }
    return cell.solve(with: solver) ? .circuit(cell) : nil
  }

  func forward(_ pass: Pass<Scalar>) {
    if let kernel { kernel.forward(pass) } else { scalarForward(pass) }
  }

  func backward(_ pass: Pass<Scalar>, _ gradient: PassGradient<Scalar>) {
    if let kernel { kernel.backward(pass, gradient) } else { scalarBackward(pass, gradient) }
  }

  var preparedSize: Int { kernel?.preparedSize ?? 0 }

  func tapeSize(rows: Int, steps: Int) -> Int {
    kernel?.tapeSize(rows: rows, steps: steps) ?? scalarTapeSize(rows: rows, steps: steps)
  }

  func scratchSize(rows: Int) -> Int { kernel?.scratchSize(rows: rows) ?? scalarScratchSize }

  func prepare(
    parameters: UnsafePointer<Scalar>, connections: UnsafePointer<Scalar>, into prepared: UnsafeMutablePointer<Scalar>
  ) {
    kernel?.prepare(
      parameters: parameters.float, connections: connections.float, junctions: junctionPairs, into: prepared.float)
  }
}

extension gk_circuit {
  /// Takes the solver's coefficients; false where the kernels do not know it.
  fileprivate mutating func solve(with solver: Solver) -> Bool {
    guard case .fixed(let stepper) = solver, stepper.stages <= GK_STAGES else { return false }
    stages = Int32(stepper.stages)
    switch stepper {
    case is SemiImplicit: self.solver = Int32(GK_SEMI_IMPLICIT)
    case is ExponentialEuler: self.solver = Int32(GK_EXPONENTIAL)
    case let stepper as any RungeKutta:
      self.solver = Int32(GK_RUNGE_KUTTA)
      let tableau = type(of: stepper)
      withUnsafeMutableBytes(of: &a) { bytes in
        let a = bytes.bindMemory(to: Float.self)
        for (s, row) in tableau.a.enumerated() {
          for (r, value) in row.enumerated() { a[s * Int(GK_STAGES) + r] = Float(value) }
        }
      }
      withUnsafeMutableBytes(of: &b) { bytes in
        let b = bytes.bindMemory(to: Float.self)
        for (s, value) in tableau.b.enumerated() { b[s] = Float(value) }
      }
    default: return false
    }
    return true
  }
}
