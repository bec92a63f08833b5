import CKernels
import Testing

/// What the header promises beside the numbers.
@Suite struct ContractTests {
  @Test func levels() {
    #expect(gk_level_available(Int32(GK_PORTABLE)) == 1)
    #expect(gk_level_available(gk_best_level()) == 1)
    #expect(gk_level_available(Int32(GK_LEVELS)) == 0)
    #expect(String(cString: gk_level_name(Int32(GK_PORTABLE))) == "portable")
  }

  /// Few synapses are listed, many are not; one row of the batch does not fill vectors of rows.
  @Test(arguments: Way.all.filter { $0.walk == GK_AUTOMATIC }) func automaticWalk(_ way: Way) {
    func usesList(_ density: Double, rows: Int) -> Bool {
      let problem = Problem(neurons: 64, inputs: 8, rows: rows, steps: 0, density: density)
      let prepared = UnsafeMutablePointer<Float>.allocate(capacity: gk_ltc_prepared_size(problem.cell(way)))
      defer { prepared.deallocate() }
      gk_ltc_prepare(problem.cell(way), problem.parameters, problem.connections, prepared)
      return gk_ltc_uses_list(problem.cell(way), prepared, Int32(rows)) == 1
    }
    func circuitUsesList(_ density: Double, rows: Int) -> Bool {
      let problem = Problem(neurons: 64, inputs: 8, rows: rows, steps: 0, density: density)
      var cell = problem.circuit(way)
      let prepared = UnsafeMutablePointer<Float>.allocate(capacity: gk_circuit_prepared_size(&cell))
      defer { prepared.deallocate() }
      gk_circuit_prepare(&cell, problem.parameters, problem.connections, nil, prepared)
      return gk_circuit_uses_list(&cell, prepared, Int32(rows)) == 1
    }
    for usesList in [usesList, circuitUsesList] {
      #expect(usesList(0.1, 8) && usesList(0.3, 16))
      #expect(!usesList(1, 8) && !usesList(0.95, 16))
      #expect(!usesList(0.4, 1))
    }
  }

  /// Whatever the parameters of an absent synapse hold, it has no effect and exactly no gradient.
  @Test(arguments: Way.all) func absentSynapses(_ way: Way) {
    let plain = Problem(neurons: 11, inputs: 3, rows: 5, steps: 3, density: 0.5)
    var spoilt = plain
    for at in 0..<plain.quantity where plain.connections[at] == 0 {
      for (q, value) in [Float.nan, .infinity, -1e30, .nan].enumerated() {
        spoilt.parameters[q * plain.quantity + at] = value
      }
    }
    let (a, b) = (plain.run(way), spoilt.run(way))
    #expect(a.states == b.states)
    #expect(a.parameterGradient == b.parameterGradient)
    #expect(a.inputGradient == b.inputGradient)
    for at in 0..<4 * plain.quantity where plain.connections[at % plain.quantity] == 0 {
      #expect(b.parameterGradient[at] == 0)
    }
  }

  @Test(arguments: Way.all) func gradientsAreAdded(_ way: Way) {
    let problem = Problem(neurons: 9, inputs: 2, rows: 4, steps: 3)
    let (from0, from8) = (problem.run(way), problem.run(way, gradientBefore: 8))
    for (a, b) in zip(from0.parameterGradient, from8.parameterGradient) {
      // The sum is rounded once, or twice without a fused multiply-add.
      #expect(abs(b - (a + 8)) <= max(8, abs(b)).ulp)
    }
  }

  @Test(arguments: Way.all) func sameBitsAgain(_ way: Way) {
    let problem = Problem(neurons: 17, inputs: 4, rows: 7, steps: 5, density: 0.6)
    let (a, b) = (problem.run(way), problem.run(way))
    #expect(a.states == b.states)
    #expect(a.parameterGradient == b.parameterGradient)
    #expect(a.initialGradient == b.initialGradient)
  }

  @Test(arguments: Way.all) func statesDoNotDependOnTheTape(_ way: Way) {
    let problem = Problem(neurons: 12, inputs: 4, rows: 7, steps: 5)
    #expect(problem.run(way, backward: false).states == problem.run(way).states)
  }

  @Test(arguments: Way.all) func noSteps(_ way: Way) {
    var problem = Problem(neurons: 5, inputs: 2, rows: 3, steps: 0)
    problem.stateGradient = problem.stateGradient.indices.map(Float.init)
    let outcome = problem.run(way)
    #expect(outcome.states == problem.initial)
    #expect(outcome.initialGradient == problem.stateGradient)
    #expect(outcome.parameterGradient.allSatisfy { $0 == 0 })
  }

  /// Gates like steps, inputs and slopes near the end of a float's range: states stay inside the reversal potentials.
  @Test(arguments: Way.all, [1e2, 1e6, 1e30] as [Float]) func extremesStayFinite(_ way: Way, _ size: Float) {
    var problem = Problem(neurons: 10, inputs: 3, rows: 5, steps: 3)
    for at in 0..<problem.quantity {
      if at % 2 == 0 { problem.parameters[problem.quantity + at] *= at % 4 == 0 ? size : -size }
      if at % 3 == 0 { problem.parameters[2 * problem.quantity + at] *= size }
      if at % 5 == 0 { problem.parameters[at] *= size }
    }
    for at in problem.drive.indices where at % 2 == 0 { problem.drive[at] *= size }
    let outcome = problem.run(way)
    #expect(outcome.states.allSatisfy { abs($0) <= 1.0001 })
    #expect(outcome.initialGradient.allSatisfy { !$0.isNaN })
    #expect(outcome.parameterGradient.allSatisfy { !$0.isNaN })
    if size < 1e30 {
      #expect(largestError(outcome.states, reference(problem).states) <= 1e-3)
    }
  }

  /// A row with a NaN becomes NaN; the others keep their states, up to the other rounding of the careful path.
  @Test(arguments: Way.all) func notANumberStaysInItsRow(_ way: Way) {
    let clean = Problem(neurons: 9, inputs: 2, rows: 6, steps: 4)
    var spoilt = clean
    spoilt.drive[(1 * clean.rows + 2) * clean.inputs] = .nan
    let (a, b) = (clean.run(way).states, spoilt.run(way).states)
    for step in 0...clean.steps {
      for row in 0..<clean.rows {
        let range = (step * clean.rows + row) * clean.neurons..<(step * clean.rows + row + 1) * clean.neurons
        if row == 2 && step > 1 {
          #expect(b[range].allSatisfy { $0.isNaN })
        } else {
          #expect(zip(a[range], b[range]).allSatisfy { abs($0 - $1) < 4e-6 })
        }
      }
    }
    var broken = clean
    broken.parameters[0] = .nan
    #expect(broken.run(way).states.suffix(clean.neurons).contains { $0.isNaN })
  }
}
