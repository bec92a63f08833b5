import Testing

@testable import Analysis

@Suite struct NonNegativeTests {
  @Test(arguments: [2, 3], [0, 0.05]) func plantedComponents(_ rank: Int, _ noise: Double) throws {
    let model = plantedModel([12, 10, 15], rank: rank, seed: 40, nonNegative: true)
    let made = try noisy(model.tensor(), noise, seed: 3)
    let tensor = try Tensor3(shape: made.shape, elements: made.elements.map { max($0, 0) })
    var best: CPFit?
    for seed in UInt64(1)...4 {
      var options = CPFitOptions(rank: rank, seed: seed)
      options.nonNegative = true
      let fit = try CPFit.fit(tensor, options)
      #expect(rises(fit).isEmpty)
      #expect(fit.model.factors.allSatisfy { $0.elements.allSatisfy { $0 >= 0 } })
      if fit.explained > best?.explained ?? -1 { best = fit }
    }
    let congruence = best!.model.congruence(with: model)
    print(
      "non-negative rank \(rank), noise \(noise): explained \(best!.explained), congruence \(congruence),",
      "\(best!.sweeps) sweeps"
    )
    #expect(congruence > 0.99)
  }

  @Test func missingEntriesToo() throws {
    let model = plantedModel([8, 9, 10], rank: 2, seed: 41, nonNegative: true)
    let whole = model.tensor()
    let tensor = try Tensor3(
      shape: whole.shape, elements: whole.elements, present: (0..<whole.count).map { $0 % 7 != 3 })
    for seed in UInt64(1)...4 {
      var options = CPFitOptions(rank: 2, seed: seed)
      options.nonNegative = true
      let fit = try CPFit.fit(tensor, options)
      #expect(fit.model.congruence(with: model) > 0.99 && rises(fit).isEmpty)
    }
  }
}
