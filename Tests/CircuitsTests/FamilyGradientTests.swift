import Circuits
import Randomness
import Testing

@Suite("Gradients of every cell with every solver") struct FamilyGradientTests {
  /// A model of the family and something to run it on.
  struct Setup {
    var model: Model<Double>
    var parameters, connections, input, elapsed, initial: [Double]
    let rows = 2
    let steps = 3

    init(_ member: Member, seed: UInt64 = 5, wiring: Wiring? = nil) throws {
      let model =
        try wiring.map { wiring in
          try Model<Double>(
            ModelSpecification(
              cell: member.kind.name, neurons: wiring.neurons, solver: member.solver, unfolds: 2,
              inputNames: wiring.inputNames, outputNames: ["y"], backbone: member.backbone), wiring: wiring)
        } ?? member.model(seed: seed, as: Double.self)
      self.model = model
      parameters = model.livelyParameters(seed: seed)
      connections = model.wiring.connections()
      var generator = SeededGenerator(seed: seed)
      input = (0..<rows * steps * model.inputs).map { _ in generator.uniform(-1...1) }
      elapsed = (0..<rows * steps).map { _ in generator.uniform(0.2...1.4) }
      initial = (0..<rows * model.cell.stateSize).map { _ in generator.uniform(-0.8...0.8) }
    }

    func run(differentiates: Bool = false) -> CellRun<Double> {
      CellRun(
        model.cell, parameters: parameters, connections: connections, input: input, elapsed: elapsed,
        initial: initial, rows: rows, steps: steps, differentiates: differentiates)
    }

    /// The largest |gradient − difference| over the entries of `path` in `range`, and the largest |difference|.
    func check(_ path: WritableKeyPath<Setup, [Double]>, _ range: Range<Int>, _ gradient: [Double]) -> (
      error: Double, largest: Double
    ) {
      var (error, largest) = (0.0, 0.0)
      for i in range {
        let difference = centralDifference(at: self[keyPath: path][i]) { x in
          var changed = self
          changed[keyPath: path][i] = x
          return changed.run().loss
        }
        let off = abs(gradient[i] - difference)
        error = off.isNaN ? .infinity : max(error, off)
        largest = max(largest, abs(difference))
      }
      return (error, largest)
    }
  }

  static func expectGradients(_ setup: Setup, _ name: String) {
    let run = setup.run(differentiates: true)
    for tensor in setup.model.layout.tensors where tensor.offset < setup.model.cellParameters {
      let (error, largest) = setup.check(\.parameters, tensor.range, run.parameterGradient)
      // Rounding of the difference itself is 1e-16·|loss|/h = 1e-12.
      #expect(error <= 1e-6 * largest + 1e-11, "\(name) \(tensor.name): \(error) of \(largest)")
      #expect(largest > 1e-7 || tensor.declaration.count == 0, "\(name) \(tensor.name) has no effect")
    }
    let inputs = setup.check(\.input, setup.input.indices, run.inputGradient)
    #expect(inputs.error <= 1e-6 * inputs.largest, "\(name) inputs: \(inputs)")
    let initial = setup.check(\.initial, setup.initial.indices, run.initialGradient)
    #expect(initial.error <= 1e-6 * initial.largest, "\(name) initial state: \(initial)")
  }

  @Test(arguments: Member.differentiable) func againstCentralDifferences(_ member: Member) throws {
    Self.expectGradients(try Setup(member), member.testDescription)
  }

  /// The whole model, through input map and either readout, for one loss.
  @Test(arguments: Member.defaults, Readout.allCases)
  func throughTheWholeModel(_ member: Member, _ readout: Readout) throws {
    let model = try member.model(readout: readout, as: Double.self)
    #expect(model.readout == readout)
    let parameters = model.livelyParameters(seed: 3)
    func run(_ parameters: [Double]) -> Run<Double> {
      Run(
        model, parameters: parameters, connections: model.wiring.connections(), input: [0.3, -0.6, 0.2, 0.9],
        elapsed: [1, 0.5], target: [0.4, -0.2],
        initialState: [Double](repeating: 0.1, count: model.cell.stateSize), rows: 1, steps: 2)
    }
    let gradient = run(parameters).gradient
    for tensor in model.layout.tensors {
      var (error, largest) = (0.0, 0.0)
      for i in tensor.range {
        let difference = centralDifference(at: parameters[i]) { x in
          var changed = parameters
          changed[i] = x
          return run(changed).loss
        }
        error = max(error, abs(difference - gradient[i]))
        largest = max(largest, abs(difference))
      }
      #expect(error <= 1e-6 * largest + 1e-11, "\(member.testDescription) \(tensor.name): \(error) of \(largest)")
    }
  }

  /// Gap junctions beside chemical synapses, in both activations and with every solver.
  @Test(arguments: Member.differentiable.filter { $0.kind.name.hasPrefix("ltc") })
  func withGapJunctions(_ member: Member) throws {
    var wiring = try member.model(as: Double.self).wiring
    wiring.couple(0, 2)
    wiring.couple(3, 1)
    wiring.couple(2, 0)
    #expect(wiring.gapJunctions == [GapJunction(a: 0, b: 2), GapJunction(a: 1, b: 3)])
    let setup = try Setup(member, wiring: wiring)
    #expect(setup.model.layout["gap"]?.declaration.shape == [2])
    Self.expectGradients(setup, "gap, \(member.testDescription)")
  }

  /// A pruned synapse has no effect and gradients of exactly zero, whatever its parameters are.
  @Test(arguments: Member.differentiable.filter { !$0.kind.hasBackbone }) func prunedSynapsesAreGone(_ member: Member)
    throws
  {
    var setup = try Setup(member)
    let synapses = setup.model.wiring.synapses
    let pruned = [synapses.first!, synapses[synapses.count / 2], synapses.last!]
    for synapse in pruned { setup.connections[synapse.index(neurons: setup.model.neurons)] = 0 }
    let before = setup.run(differentiates: true)
    for index in pruned.flatMap({ setup.model.parameters(of: $0).map(\.index) }) {
      #expect(before.parameterGradient[index] == 0)
      setup.parameters[index] = 17.5
    }
    let after = setup.run(differentiates: true)
    #expect(before.states == after.states)
    #expect(before.parameterGradient == after.parameterGradient)
    #expect(before.inputGradient == after.inputGradient)
  }
}
