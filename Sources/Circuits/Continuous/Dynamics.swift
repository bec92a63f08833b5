/// The differential equation of one row during one time step, its inputs held: what a solver sees.
///
/// A *record* is what one evaluation at a state x leaves behind for the way back: [x N | sums K·N | flow 3·N].
struct Dynamics<Scalar: CircuitScalar> {
  let circuit: ContinuousCircuit<Scalar>
  let parameters: UnsafePointer<Scalar>
  let connections: UnsafePointer<Scalar>
  /// What the held inputs add to every sum; [K][N].
  let sensory: UnsafeMutablePointer<Scalar>
  /// ∂L/∂sums over the whole time step, for the inputs' synapses; [K][N].
  let sensoryGradient: UnsafeMutablePointer<Scalar>
  /// Working space: K·N + 3·N entries.
  let sumGradient: UnsafeMutablePointer<Scalar>
  let flowGradient: Flow<Scalar>
  /// Working space of the solver: (stages + 2)·N entries.
  let work: UnsafeMutablePointer<Scalar>

  init(_ circuit: ContinuousCircuit<Scalar>, _ pass: Pass<Scalar>) {
    self.circuit = circuit
    (parameters, connections) = (pass.parameters, pass.connections)
    let (n, sums) = (circuit.neurons, circuit.sums * circuit.neurons)
    sensory = pass.scratch
    sensoryGradient = sensory + sums
    sumGradient = sensoryGradient + sums
    flowGradient = Flow(sumGradient + sums, neurons: n)
    work = sumGradient + sums + 3 * n
  }

  var neurons: Int { circuit.neurons }

  func state(_ record: UnsafeMutablePointer<Scalar>) -> UnsafeMutablePointer<Scalar> { record }
  func flow(_ record: UnsafeMutablePointer<Scalar>) -> Flow<Scalar> {
    Flow(record + (1 + circuit.sums) * neurons, neurons: neurons)
  }

  private func sources(first: Int, count: Int, _ values: UnsafePointer<Scalar>, _ law: ContinuousCircuit<Scalar>.Part)
    -> Sources<Scalar>
  {
    Sources(
      neurons: neurons, inputs: circuit.inputs, first: first, count: count, values: values,
      parameters: parameters + law.parameters, connections: connections)
  }

  /// Takes the inputs of this time step. O(M·N).
  func evaluateInputs(_ u: UnsafePointer<Scalar>) {
    // Laws add to their sums, [law's sum][N] from `firstSum` on; sources are numbered through, inputs from N on.
    sensory.update(repeating: 0, count: circuit.sums * neurons)
    for part in circuit.parts {
      part.law.gather(
        sources(first: neurons, count: circuit.inputs, u, part), into: sensory + part.firstSum * neurons)
    }
  }

  /// Evaluates at the state that stands in `record` and fills the rest of it. O(N²).
  func evaluate(_ record: UnsafeMutablePointer<Scalar>) {
    let (n, sums) = (neurons, record + neurons)
    // S = what the held inputs give + Σ over neurons; then the membrane makes (capacity, total, drive) of it.
    sums.update(from: sensory, count: circuit.sums * n)
    for part in circuit.parts {
      part.law.gather(sources(first: 0, count: n, record, part), into: sums + part.firstSum * n)
    }
    circuit.membrane.evaluate(n, sums: sums, parameters: parameters + circuit.membraneOffset, into: flow(record))
  }

  /// From ``flowGradient``, ∂L/∂flow of `record`, adds ∂L/∂x to `stateGradient` and ∂L/∂p to `gradient`. O(N²).
  func adjoint(
    _ record: UnsafeMutablePointer<Scalar>, stateGradient: UnsafeMutablePointer<Scalar>,
    gradient: UnsafeMutablePointer<Scalar>
  ) {
    let n = neurons
    circuit.membrane.adjoint(
      n, sums: record + n, parameters: parameters + circuit.membraneOffset, flow: flow(record),
      flowGradient: flowGradient, sumGradient: sumGradient, gradient: gradient + circuit.membraneOffset)
    // The inputs' sums stand in every evaluation of the step with factor 1, so their gradient is the sum of these.
    for i in 0..<circuit.sums * n { sensoryGradient[i] += sumGradient[i] }
    for part in circuit.parts {
      part.law.scatter(
        sources(first: 0, count: n, record, part), sumGradient + part.firstSum * n, valueGradient: stateGradient,
        gradient: gradient + part.parameters)
    }
  }

  /// From ``sensoryGradient`` overwrites ∂L/∂u and adds the sensory synapses' ∂L/∂p. O(M·N).
  func adjointOfInputs(
    _ u: UnsafePointer<Scalar>, inputGradient: UnsafeMutablePointer<Scalar>, gradient: UnsafeMutablePointer<Scalar>
  ) {
    inputGradient.update(repeating: 0, count: circuit.inputs)
    for part in circuit.parts {
      part.law.scatter(
        sources(first: neurons, count: circuit.inputs, u, part), sensoryGradient + part.firstSum * neurons,
        valueGradient: inputGradient, gradient: gradient + part.parameters)
    }
  }
}
