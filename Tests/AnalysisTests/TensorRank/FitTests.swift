import Testing

@testable import Analysis

@Suite struct FitTests {
  /// Planted components are found again; a component too many does no harm.
  @Test(arguments: [(1, 1), (3, 4)], UInt64(1)...6) func plantedComponents(_ ranks: (Int, Int), _ seed: UInt64) throws {
    let tensor = plantedModel([6, 8, 4], rank: ranks.0, seed: 20 + seed).tensor()
    let fit = try CPFit.fit(tensor, CPFitOptions(rank: ranks.1, seed: seed))
    let (relative, largest) = misfit(fit.model, tensor)
    print("planted \(ranks.0), fitted \(ranks.1): relative \(relative), largest \(largest), \(fit.sweeps) sweeps")
    #expect(relative < 0.01 && largest < 0.05)
    #expect(fit.converged && rises(fit).isEmpty)
  }

  /// Any order of the axes, and axes of one entry.
  @Test(arguments: [[4, 8, 6], [8, 4, 6], [4, 6, 8], [1, 8, 6], [8, 1, 6], [6, 8, 1], [1, 1, 5], [2, 2, 2]])
  func everyShape(_ shape: [Int]) throws {
    let model = plantedModel(shape, rank: 1, seed: 5)
    let fit = try CPFit.fit(model.tensor(), CPFitOptions(rank: 1, seed: 2))
    #expect(fit.explained > 1 - 1e-12)
    #expect(fit.model.congruence(with: model) > 1 - 1e-9)
    #expect(abs(fit.model.weights[0] / model.weights[0] - 1) < 1e-9)
  }

  /// With noise of a share s the components stay and the explained share is 1/(1 + s²), but for what noise happens to
  /// have of the model's 3·(9+9+9) numbers among 1 000 entries.
  @Test(arguments: [0.01, 0.1, 0.3]) func noise(_ share: Double) throws {
    let model = plantedModel([10, 10, 10], rank: 3, seed: 31)
    let tensor = try noisy(model.tensor(), share, seed: 7)
    let fit = try CPFit.fit(tensor, CPFitOptions(rank: 3, seed: 1))
    let expected = 1 / (1 + share * share)
    print(
      "noise \(share): explained \(fit.explained), expected \(expected),",
      "congruence \(fit.model.congruence(with: model))"
    )
    #expect(fit.explained > expected - 0.01 * share && fit.explained < expected + 0.2 * share * share)
    #expect(fit.model.congruence(with: model) > 1 - 2 * share * share - 1e-3)
    #expect(rises(fit).isEmpty)
  }

  /// Without structure the error falls all the same, sweep by sweep.
  @Test(arguments: [1, 2, 5, 9]) func errorNeverRises(_ rank: Int) throws {
    let tensor = try noisy(plantedModel([7, 6, 5], rank: 1, seed: 1).tensor(), 3, seed: 3)
    for seed in UInt64(1)...4 {
      let fit = try CPFit.fit(tensor, CPFitOptions(rank: rank, seed: seed))
      #expect(rises(fit).isEmpty)
      #expect(abs(1 - fit.explained - fit.errors[fit.sweeps - 1]) < 1e-12)
    }
  }

  /// Swamps: components at cosines of 0.9 and above on all three axes, where plain sweeps need thousands.
  @Test(arguments: [0.9, 0.97, 0.99], [2, 3]) func collinearComponents(_ cosine: Double, _ rank: Int) throws {
    let model = collinearModel(12, rank: rank, cosine: cosine, seed: 9)
    var options = CPFitOptions(rank: rank, seed: 4)
    options.sweeps = 3_000
    let fit = try CPFit.fit(model.tensor(), options)
    print("cosine \(cosine), rank \(rank): \(fit.sweeps) sweeps, unexplained \(1 - fit.explained)")
    #expect(fit.converged && fit.model.congruence(with: model) > 0.999)
    #expect(rises(fit).isEmpty)
  }

  @Test func extrapolationIsWhatCrossesSwamps() throws {
    let tensor = collinearModel(12, rank: 2, cosine: 0.9, seed: 9).tensor()
    var options = CPFitOptions(rank: 2, seed: 4)
    options.sweeps = 3_000
    let quick = try CPFit.fit(tensor, options)
    options.extrapolates = false
    let plain = try CPFit.fit(tensor, options)
    print("swamp: \(quick.sweeps) sweeps, plain \(plain.sweeps)")
    #expect(quick.sweeps * 5 < plain.sweeps)
  }

  @Test func entriesOfAnySize() throws {
    let model = plantedModel([4, 5, 6], rank: 2, seed: 3)
    let plain = try CPFit.fit(model.tensor(), CPFitOptions(rank: 2))
    for power in [-900, 900] {
      let scale = Double(sign: .plus, exponent: power, significand: 1)
      let tensor = try Tensor3(shape: [4, 5, 6], elements: model.tensor().elements.map { $0 * scale })
      let fit = try CPFit.fit(tensor, CPFitOptions(rank: 2))
      // Divided by a power of two, but not by the same: equal but for rounding.
      #expect(fit.explained > 1 - 1e-12 && plain.explained > 1 - 1e-12)
      for (scaled, weight) in zip(fit.model.weights, plain.model.weights) {
        #expect(abs(scaled / (weight * scale) - 1) < 1e-9)
      }
    }
  }

  @Test func sameSeedSameBits() throws {
    let tensor = try noisy(plantedModel([6, 5, 7], rank: 2, seed: 1).tensor(), 0.5, seed: 2)
    let one = try CPFit.fit(tensor, CPFitOptions(rank: 3, seed: 5))
    #expect(try CPFit.fit(tensor, CPFitOptions(rank: 3, seed: 5)) == one)
    #expect(try CPFit.fit(tensor, CPFitOptions(rank: 3, seed: 6)) != one)
  }

  @Test func refusals() throws {
    let tensor = try Tensor3(2, 2, 2) { Double($0 + $1 - $2) }
    #expect(throws: TensorRankError.illegalRank(0)) { try CPFit.fit(tensor, CPFitOptions(rank: 0)) }
    var options = CPFitOptions(rank: 1)
    options.nonNegative = true
    #expect(throws: TensorRankError.negative(index: [0, 0, 1])) { try CPFit.fit(tensor, options) }
    let zero = try Tensor3(2, 2, 2) { _, _, _ in 0 }
    #expect(throws: TensorRankError.allZero) { try CPFit.fit(zero, CPFitOptions(rank: 1)) }
    let missing = try Tensor3(shape: [1, 1, 1], elements: [1], present: [false])
    #expect(throws: TensorRankError.nothingPresent) { try CPFit.fit(missing, CPFitOptions(rank: 1)) }
  }
}
