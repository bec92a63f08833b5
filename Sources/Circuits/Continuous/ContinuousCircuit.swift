import CKernels

/// A cell that is a differential equation: synapse laws, a membrane and a solver put together.
///
///     capacity_i·ẋ_i = drive_i − total_i·x_i,   S = Σ over laws of Σ_pre term(y_pre),   y = [x ; u]
///
/// A time step of length Δt makes U sub-steps of h = Δt/U; the inputs are held, and their synapses evaluated once. The
/// models of the family differ in their laws and membranes only, each in a file of its own under `Cells`. Backward runs
/// through the solver's own arithmetic (discretise, then differentiate), from records of every stage kept on the tape.
///
/// Cost of a step and row: O(U·stages·N·(N + M)); tape (K + 4)·N·U·stages scalars.
struct ContinuousCircuit<Scalar: CircuitScalar>: Cell {
  /// A law, the first of the sums it adds to, and the offset of its parameters.
  struct Part: Sendable {
    let law: any SynapseLaw<Scalar>
    let firstSum: Int
    let parameters: Int
  }

  let wiring: Wiring
  /// U ≥ 1.
  let unfolds: Int
  let solver: Solver
  let parts: [Part]
  let membrane: any Membrane<Scalar>
  let membraneOffset: Int
  let tensors: [TensorDeclaration]
  /// K, over all laws.
  let sums: Int
  /// `nil` where the scalar code computes.
  let kernel: CircuitKernel?
  /// Gap junctions for the kernel: two neurons each.
  let junctionPairs: [Int32]

  var neurons: Int { wiring.neurons }
  var inputs: Int { wiring.inputs }
  var stateSize: Int { wiring.neurons }

  /// Laws in the order of their tensors; `electrical` adds gap junctions where the wiring has some, to sums 0 (total) and
  /// 1 (drive).
  init(
    _ specification: ModelSpecification, wiring: Wiring, laws: [any SynapseLaw<Scalar>],
    membrane: any Membrane<Scalar>, electrical: Bool = false
  ) throws {
    unfolds = try specification.checkedUnfolds()
    solver = try Solvers.named(specification.solver).solver
    self.wiring = wiring
    self.membrane = membrane
    var parts: [Part] = []
    var tensors: [TensorDeclaration] = []
    var (sums, offset) = (0, 0)
    func add(_ more: [TensorDeclaration]) {
      tensors += more
      offset += more.reduce(0) { $0 + $1.count }
    }
    for law in laws {
      parts.append(Part(law: law, firstSum: sums, parameters: offset))
      sums += law.sums
      add(law.tensors(neurons: wiring.neurons, inputs: wiring.inputs))
    }
    membraneOffset = offset
    add(membrane.tensors(neurons: wiring.neurons))
    let junctions = electrical ? wiring.gapJunctions : []
    if !junctions.isEmpty {
      let law = GapJunctions<Scalar>(junctions: junctions)
      parts.append(Part(law: law, firstSum: 0, parameters: offset))
      add(law.tensors(neurons: wiring.neurons, inputs: wiring.inputs))
    }
    self.parts = parts
    self.tensors = tensors
    self.sums = sums
    junctionPairs = junctions.flatMap { [Int32($0.a), Int32($0.b)] }
    kernel = Self.kernel(
      wiring: wiring, unfolds: unfolds, solver: solver, laws: laws, membrane: membrane, junctions: junctions.count)
  }
}

// The scalar code: reference of the kernels, and what computes where they do not.
extension ContinuousCircuit {

  private var recordSize: Int { (sums + 4) * neurons }
  private var stages: Int { solver.stages }

  func scalarTapeSize(rows: Int, steps: Int) -> Int { steps * rows * unfolds * stages * recordSize }
  var scalarScratchSize: Int { (3 * sums + 3 + stages + 2) * neurons + stages * recordSize }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func scalarForward(_ pass: Pass<Scalar>) {
    let (n, m, rows) = (neurons, inputs, pass.rows)
    let dynamics = Dynamics(self, pass)
    // Behind the workspace of Dynamics: room for the records of one sub-step where none are kept.
    let loose = pass.scratch + (3 * sums + 3 + stages + 2) * n
    var tape = pass.tape
    for t in 0..<pass.steps {
      for r in 0..<rows {
        dynamics.evaluateInputs(pass.inputs + (t * rows + r) * m)
        // The sub-steps move the state where the step's result belongs, [T + 1][R][N].
        let x = pass.states + ((t + 1) * rows + r) * n
        x.update(from: pass.states + (t * rows + r) * n, count: n)
        let elapsed = pass.elapsed[t * rows + r]
        switch solver {
        case .fixed(let stepper):
          for _ in 0..<unfolds {
            stepper.step(dynamics, x: x, h: elapsed / Scalar(unfolds), records: pass.keepsTape ? tape : loose)
            if pass.keepsTape { tape += stages * recordSize }
          }
        case .adaptive(let stepper):
          stepper.advance(dynamics, x: x, over: elapsed, first: elapsed / Scalar(unfolds), records: loose)
        }
      }
    }
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func scalarBackward(_ pass: Pass<Scalar>, _ gradient: PassGradient<Scalar>) {
    guard case .fixed(let stepper) = solver else {
      // An adaptive solver keeps no tape. Model.checkTrainable() says so in words; whoever did not ask gets no number.
      for i in 0..<tensors.reduce(0, { $0 + $1.count }) { gradient.parameters[i] = .nan }
      gradient.inputs.update(repeating: 0, count: pass.steps * pass.rows * inputs)
      return
    }
    let (n, m, rows) = (neurons, inputs, pass.rows)
    let dynamics = Dynamics(self, pass)
    for t in (0..<pass.steps).reversed() {
      for r in 0..<rows {
        let slice = t * rows + r
        // ∂L/∂(state after the step), complete: the loss's own part and, from the later step, `earlier` below.
        let dx = gradient.states + (slice + rows) * n
        dynamics.sensoryGradient.update(repeating: 0, count: sums * n)
        for k in (0..<unfolds).reversed() {
          // Sub-steps backwards; a record holds what its evaluation left, [slice][sub-step][stage].
          stepper.stepBack(
            dynamics, dx: dx, h: pass.elapsed[slice] / Scalar(unfolds),
            records: pass.tape + (slice * unfolds + k) * stages * recordSize, gradient: gradient.parameters)
        }
        dynamics.adjointOfInputs(
          pass.inputs + slice * m, inputGradient: gradient.inputs + slice * m, gradient: gradient.parameters)
        // What reaches the state before joins the loss's own gradient there.
        let earlier = gradient.states + slice * n
        for i in 0..<n { earlier[i] += dx[i] }
      }
    }
  }
}

extension ModelSpecification {
  /// - Throws: ``CircuitError`` where U is no usable number of sub-steps.
  func checkedUnfolds() throws -> Int {
    guard (1...1000).contains(unfolds) else {
      throw CircuitError("\(unfolds) sub-steps a time step cannot be made: use --unfolds with a number from 1 to 1000.")
    }
    return unfolds
  }
}
