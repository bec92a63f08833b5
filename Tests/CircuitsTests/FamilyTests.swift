import Circuits
import Randomness
import Testing

@Suite("Every cell") struct FamilyTests {
  @Test func namesAreThoseOfTheCompareExample() {
    #expect(
      Cells.all.map(\.name) == [
        "ltc", "ltc-neural", "ctrnn", "ctrnn-synaptic", "ctrnn-squashed", "node", "node-synaptic", "node-squashed",
        "stc", "lrc", "lrc-symmetric", "lrcu", "cfc", "cfc-no-gate", "cfc-pure", "cfc-backbone",
        "cfc-no-gate-backbone", "cfc-pure-backbone", "rnn", "gru", "lstm", "relu",
      ])
    #expect(Set(Cells.all.map(\.title)).count == Cells.all.count)
    for kind in Cells.all { for solver in kind.solvers { #expect(Solvers.all.contains { $0.name == solver }) } }
  }

  /// The counts derived in the design, cell and input map, without the readout.
  @Test(arguments: [(1, 1), (5, 3), (16, 2)]) func parameterCounts(n: Int, m: Int) throws {
    let all = n * (n + m)
    let expected = [
      "ltc": 4 * all + 3 * n + 2 * m, "ltc-neural": 2 * all + 2 * (n + m) + 3 * n + 2 * m,
      "ctrnn": all + 2 * (n + m) + n, "ctrnn-synaptic": 3 * all + n, "ctrnn-squashed": all + n,
      "node": all + 2 * (n + m), "node-synaptic": 3 * all, "node-squashed": all + n,
      "stc": 4 * all + 2 * n, "lrc": 5 * all + 3 * n, "lrc-symmetric": 5 * all + 4 * n, "lrcu": 5 * all + 3 * n,
      "cfc": 4 * all + 4 * n, "cfc-no-gate": 4 * all + 4 * n, "cfc-pure": all + 3 * n,
      "cfc-backbone": 5 * (n + m + 7) + 4 * 6 * n, "cfc-no-gate-backbone": 5 * (n + m + 7) + 4 * 6 * n,
      "cfc-pure-backbone": 5 * (n + m + 7) + 5 * n + 3 * n,
      "rnn": all + n, "gru": 3 * all + 3 * n, "lstm": 4 * all + 4 * n, "relu": n * m + n,
    ]
    for member in Member.defaults {
      let model = try member.model(neurons: n, inputs: m, wiring: "all", as: Float.self)
      let readout = model.readout == .dense ? n + 1 : 2
      #expect(model.parameterCount - readout == expected[member.kind.name], "\(member.kind.name)")
      #expect(model.readout == (member.kind.name.hasPrefix("ltc") ? .motorAffine : .dense))
      // Each weight of a neuron or a synapse is found again from what it belongs to.
      for synapse in model.wiring.synapses { #expect(!model.parameters(of: synapse).isEmpty) }
      for tensor in model.layout.tensors where tensor.declaration.owner == .neuron {
        #expect(tensor.declaration.shape == [n])
      }
    }
  }

  struct Sample<S: CircuitScalar> {
    var model: Model<S>
    var parameters, input, elapsed, initial: [S]
    let rows = 3
    let steps = 4
    init(_ member: Member) throws {
      model = try member.model(as: S.self)
      parameters = model.livelyParameters(seed: 9)
      var generator = SeededGenerator(seed: 4)
      input = (0..<rows * steps * 2).map { _ in S(generator.uniform(-1...1)) }
      elapsed = (0..<rows * steps).map { _ in S(generator.uniform(0.2...1.4)) }
      initial = (0..<rows * model.cell.stateSize).map { _ in S(generator.uniform(-1...1)) }
    }
    func run(_ input: [S], _ elapsed: [S], _ initial: [S], rows: Int, steps: Int) -> CellRun<S> {
      CellRun(
        model.cell, parameters: parameters, connections: model.wiring.connections(), input: input, elapsed: elapsed,
        initial: initial, rows: rows, steps: steps, differentiates: false)
    }
  }

  /// R rows together give the very numbers of each alone.
  @Test(arguments: Member.all) func rowsDoNotMeet(_ member: Member) throws {
    let sample = try Sample<Double>(member)
    let (rows, steps, size) = (sample.rows, sample.steps, sample.model.cell.stateSize)
    let together = sample.run(sample.input, sample.elapsed, sample.initial, rows: rows, steps: steps).states
    for r in 0..<rows {
      let alone = sample.run(
        (0..<steps).flatMap { t in sample.input[(t * rows + r) * 2..<(t * rows + r + 1) * 2] },
        (0..<steps).map { sample.elapsed[$0 * rows + r] }, Array(sample.initial[r * size..<(r + 1) * size]), rows: 1,
        steps: steps
      ).states
      for t in 0..<steps {
        #expect(
          Array(together[(t * rows + r) * size..<(t * rows + r + 1) * size])
            == Array(alone[t * size..<(t + 1) * size]))
      }
    }
  }

  /// T steps give the very numbers of T single steps with the state carried.
  @Test(arguments: Member.all) func stepsCarryTheState(_ member: Member) throws {
    let sample = try Sample<Double>(member)
    let (rows, steps, size) = (sample.rows, sample.steps, sample.model.cell.stateSize)
    let together = sample.run(sample.input, sample.elapsed, sample.initial, rows: rows, steps: steps).states
    var state = sample.initial
    for t in 0..<steps {
      state =
        sample.run(
          Array(sample.input[t * rows * 2..<(t + 1) * rows * 2]),
          Array(sample.elapsed[t * rows..<(t + 1) * rows]), state, rows: rows, steps: 1
        ).states
      #expect(state == Array(together[t * rows * size..<(t + 1) * rows * size]))
    }
  }

  /// Float follows Double: an error of a few hundred ulps at size 1.
  @Test(arguments: Member.all) func floatFollowsDouble(_ member: Member) throws {
    let (double, float) = (try Sample<Double>(member), try Sample<Float>(member))
    let a = double.run(double.input, double.elapsed, double.initial, rows: double.rows, steps: double.steps).states
    let b = float.run(float.input, float.elapsed, float.initial, rows: float.rows, steps: float.steps).states
    #expect(worst(b, a) <= 1e-4, "\(worst(b, a))")
  }

  /// Parameters at the ends of what is legal, and beyond what anyone would choose: states stay finite numbers.
  @Test(arguments: Member.defaults) func extremeParametersStayFinite(_ member: Member) throws {
    for (seed, size) in [(1, 1e-30), (2, 1e3), (3, 1e6)] {
      var sample = try Sample<Float>(member)
      let specification = ModelSpecification(
        cell: member.kind.name, neurons: 4, wiring: "random:0.7", seed: 5, inputNames: ["a", "b"], outputNames: ["y"],
        backbone: member.backbone)
      sample.model = try Model<Float>(specification)
      var generator = SeededGenerator(seed: UInt64(seed))
      for tensor in sample.model.layout.tensors {
        let bounds = tensor.declaration.bounds
        for i in tensor.range {
          let value = generator.uniform(-1...1) < 0 ? -size : size
          sample.parameters[i] = Float(min(max(value, bounds.lowerBound), bounds.upperBound))
        }
      }
      let input = sample.input.map { $0 * 100 }
      let elapsed = [Float](repeating: 1, count: sample.elapsed.count)
      let states = sample.run(input, elapsed, sample.initial, rows: sample.rows, steps: sample.steps).states
      let finite = states.allSatisfy { $0.isFinite }
      #expect(finite, "\(member.testDescription) at \(size)")
    }
  }

  @Test func wrongPairsAreSentences() throws {
    #expect(
      throws: CircuitError(
        "The model 'node' cannot use the solver 'semi-implicit'. It can use: rk4, heun, euler, dormand-prince.")
    ) { try Member(kind: Cells.named("node"), solver: "semi-implicit").model(as: Float.self) }
    let model = try Member(kind: Cells.named("node"), solver: "dormand-prince").model(as: Float.self)
    #expect(
      throws: CircuitError(
        "The solver 'dormand-prince' chooses its own steps and is for evaluation only: no gradient goes through it. "
          + "Train with: rk4, heun, euler.")
    ) { try model.checkTrainable() }
    let run = Run(
      model, parameters: model.initialParameters(seed: 1), connections: model.wiring.connections(), input: [0.1, 0.2],
      elapsed: [1], target: [0], initialState: [0, 0, 0, 0], rows: 1, steps: 1)
    #expect(run.loss.isFinite && run.gradient[0].isNaN)
    #expect(
      throws: CircuitError("0 sub-steps a time step cannot be made: use --unfolds with a number from 1 to 1000.")
    ) { try Member(kind: Cells.named("ctrnn"), solver: "euler").model(unfolds: 0, as: Float.self) }
  }
}

extension FamilyTests {
  @Test func backbonesAreReadAndRefused() throws {
    #expect(try Backbone("128") == Backbone())
    #expect(try Backbone("64x2:gelu") == Backbone(units: 64, layers: 2, activation: .gelu))
    #expect(try Backbone("64x2:gelu").description == "64x2:gelu")
    #expect(throws: CircuitError.self) { try Backbone("many") }
    #expect(throws: CircuitError.self) { try Backbone("8x") }
    #expect(
      throws: CircuitError(
        "A backbone of 1 layer of 0 units cannot be made: use 1 to 4096 units and 1 to 16 layers.")
    ) { try Backbone("0") }
    #expect(
      throws: CircuitError(
        "There is no activation 'rellu'. Did you mean 'relu'? There are: lecun_tanh, tanh, relu, silu, gelu.")
    ) { try Backbone("8:rellu") }
    var specification = ModelSpecification(cell: "cfc-backbone", inputNames: ["u"], outputNames: ["y"])
    #expect(try Model<Float>(specification).specification.backbone == Backbone())
    (specification.cell, specification.backbone) = ("cfc", Backbone())
    #expect(
      throws: CircuitError(
        "The model 'cfc' has no backbone: leave --backbone out, or use --model cfc-backbone, cfc-no-gate-backbone, "
          + "cfc-pure-backbone.")
    ) { try Model<Float>(specification) }
  }
}
