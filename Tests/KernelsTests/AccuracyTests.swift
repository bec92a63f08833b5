import Testing

/// The kernels against the Double reference.
@Suite struct AccuracyTests {
  /// One gate carries about two roundings of its exponent, itself up to 13 in base 2, and one each of power, sum and
  /// quotient: 13·2⁻²⁴·ln 2 + 3·2⁻²⁴ ≈ 7e-7 at worst. Each sub-step contracts earlier errors, so that is also the error
  /// of a state; 2e-6 leaves a factor for sums of gates.
  static let stateTolerance = 2e-6
  /// Over random signs the sums of a gradient cancel more the fewer terms there are: tiny problems lose up to another
  /// digit, and 5e-6 still tells a wrong formula from a rounding. Sizes that are used are held to 5e-7 below.
  static let tinyTolerance = 5e-6
  static let gradientTolerance = 5e-7

  #if DEBUG
    static let sizes = [1, 2, 3, 5, 8, 9, 16, 17, 40]
    static let rowCounts = [1, 3, 8, 17]
    static let length = 8
  #else
    static let sizes = Array(1...18) + [23, 24, 25, 31, 32, 33, 40]
    static let rowCounts = Array(1...9) + [12, 15, 16, 17, 33, 40]
    static let length = 32
  #endif

  @Test(arguments: Way.all) func everySize(_ way: Way) {
    var worst = (states: 0.0, gradient: 0.0)
    for (a, neurons) in Self.sizes.enumerated() {
      for (b, rows) in Self.rowCounts.enumerated() {
        // Sweeps inputs 0 … 18, sub-steps 1 … 6, steps 1 … 4 and densities without their whole product.
        let problem = Problem(
          neurons: neurons, inputs: (a * 5 + b * 7) % 19, unfolds: 1 + (a + b) % 6, rows: rows, steps: 1 + (a * b) % 4,
          density: [1, 0.4, 0.1][(a + b) % 3])
        let (kernel, exact) = (problem.run(way), reference(problem))
        let label = "N \(neurons), M \(problem.inputs), U \(problem.unfolds), R \(rows), T \(problem.steps)"
        let states = largestError(kernel.states, exact.states)
        let gradient = [
          relativeError(kernel.parameterGradient, exact.parameterGradient),
          relativeError(kernel.inputGradient, exact.inputGradient),
          relativeError(kernel.initialGradient, exact.initialGradient),
        ]
        #expect(states <= Self.stateTolerance, "states, \(label)")
        for (error, name) in zip(gradient, ["parameters", "inputs", "initial state"]) {
          #expect(error <= Self.tinyTolerance, "gradient of \(name), \(label)")
        }
        worst = (max(worst.states, states), max(worst.gradient, gradient.max()!))
      }
    }
    print("\(way.testDescription): worst error of states \(worst.states), of gradients \(worst.gradient)")
  }

  @Test(arguments: Way.all, [8, 16, 32]) func sizesThatAreUsed(_ way: Way, _ neurons: Int) {
    let problem = Problem(neurons: neurons, inputs: 8, rows: 8, steps: Self.length)
    let (kernel, exact) = (problem.run(way), reference(problem))
    #expect(largestError(kernel.states, exact.states) <= Self.stateTolerance)
    let parameters = relativeError(kernel.parameterGradient, exact.parameterGradient)
    #expect(parameters <= Self.gradientTolerance)
    #expect(relativeError(kernel.inputGradient, exact.inputGradient) <= Self.gradientTolerance)
    // The gradient of the initial state passed through every sub-step: it is small and lost digits on the way.
    #expect(relativeError(kernel.initialGradient, exact.initialGradient) <= 2 * Self.gradientTolerance)
    print("\(way.testDescription), N \(neurons): gradient of parameters \(parameters)")
  }

  #if !DEBUG
    /// Parts of a batch whose gates do not fit the cache, and are computed again on the way back. Sums of up to 8 640 terms of
    /// random sign: twice the tolerance of usual ones.
    @Test(arguments: Way.all, [(8, 40, 36), (16, 16, 24)]) func largeParts(_ way: Way, _ size: (Int, Int, Int)) {
      let problem = Problem(neurons: size.0, inputs: 3, rows: size.1, steps: size.2)
      let (kernel, exact) = (problem.run(way), reference(problem))
      #expect(largestError(kernel.states, exact.states) <= Self.stateTolerance)
      #expect(relativeError(kernel.parameterGradient, exact.parameterGradient) <= 2 * Self.gradientTolerance)
    }
  #endif

  /// The careful path: gates too steep for the fast one, and conductances below zero.
  @Test(arguments: Way.all, [3, 8, 17]) func carefulPath(_ way: Way, _ neurons: Int) {
    var steep = Problem(neurons: neurons, inputs: 3, rows: 5, steps: 3)
    let sigma = 2 * steep.quantity..<3 * steep.quantity
    for at in sigma where at % 3 == 0 { steep.parameters[at] = 60 }
    var negative = Problem(neurons: neurons, inputs: 3, rows: 5, steps: 3)
    for at in 0..<negative.quantity where at % 5 == 0 { negative.parameters[at] *= -0.01 }
    for problem in [steep, negative] {
      let (kernel, exact) = (problem.run(way), reference(problem))
      // The error of an exponent grows with its size, here up to 60·1.8.
      #expect(largestError(kernel.states, exact.states) <= 5 * Self.stateTolerance)
      #expect(relativeError(kernel.parameterGradient, exact.parameterGradient) <= 4 * Self.tinyTolerance)
      #expect(relativeError(kernel.inputGradient, exact.inputGradient) <= 4 * Self.tinyTolerance)
    }
  }
}
