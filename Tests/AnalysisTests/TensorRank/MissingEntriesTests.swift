import Randomness
import Testing

@testable import Analysis

@Suite struct MissingEntriesTests {
  enum Pattern: CaseIterable { case scattered, pruned, prunedFirstAxis, prunedInBetween }

  /// A third of the entries missing: here and there, for whole rows of one axis, or from some moment on.
  private func mask(_ pattern: Pattern, _ shape: [Int]) -> [Bool] {
    var random = SeededGenerator(seed: 12)
    let pairs = (0..<shape[0] * shape[1]).map { _ in random.unit() }
    let last = (0..<shape[1] * shape[2]).map { _ in random.unit() }
    return (0..<shape.reduce(1, *)).map { entry in
      let (cell, k) = (entry / shape[2], entry % shape[2])
      return switch pattern {
      case .scattered: random.unit() > 0.33
      case .pruned: pairs[cell] > 0.33
      case .prunedFirstAxis: last[entry % (shape[1] * shape[2])] > 0.33
      case .prunedInBetween: pairs[cell] > 0.6 || k < shape[2] / 2
      }
    }
  }

  @Test(arguments: Pattern.allCases) func plantedComponentsAreFoundWithoutThem(_ pattern: Pattern) throws {
    let shape = [9, 8, 10]
    let model = plantedModel(shape, rank: 2, seed: 14)
    let whole = model.tensor()
    let present = mask(pattern, shape)
    // What stands where nothing is known must not matter.
    let tensor = try Tensor3(
      shape: shape, elements: zip(whole.elements, present).map { $1 ? $0 : 1e6 }, present: present)
    let prepared = PreparedTensor(tensor)
    #expect(prepared.maskDepth == (pattern == .scattered || pattern == .prunedInBetween ? prepared.shape[2] : 1))
    let fit = try CPFit.fit(tensor, CPFitOptions(rank: 2, seed: 3))
    print("\(pattern): \(fit.sweeps) sweeps, unexplained \(1 - fit.explained)")
    #expect(fit.explained > 1 - 1e-12 && fit.model.congruence(with: model) > 1 - 1e-9)
    #expect(rises(fit).isEmpty)
    // So what is missing is predicted.
    #expect(misfit(fit.model, whole).relative < 1e-6)
  }

  /// A mask that leaves nothing out but one entry of noise gives what the whole tensor gives, nearly; the general code
  /// with all entries present gives it exactly but for rounding.
  @Test func weightedSumsAgreeWithPlainOnes() throws {
    let tensor = try noisy(plantedModel([6, 7, 9], rank: 2, seed: 2).tensor(), 0.3, seed: 5)
    var present = [Bool](repeating: true, count: tensor.count)
    present[0] = false
    let masked = try Tensor3(shape: tensor.shape, elements: tensor.elements, present: present)
    let one = try CPFit.fit(tensor, CPFitOptions(rank: 2, seed: 1))
    let other = try CPFit.fit(masked, CPFitOptions(rank: 2, seed: 1))
    #expect(one.model.congruence(with: other.model) > 0.999 && abs(one.explained - other.explained) < 0.01)
    #expect(abs(other.explained - (1 - residual(other.model, masked))) < 1e-12)
  }

  /// A neuron of which nothing is known.
  @Test func wholeSlicesMayBeMissing() throws {
    let model = plantedModel([5, 6, 7], rank: 1, seed: 3)
    let whole = model.tensor()
    let present = (0..<whole.count).map { $0 / 42 != 2 }
    let fit = try CPFit.fit(
      Tensor3(shape: whole.shape, elements: whole.elements, present: present), CPFitOptions(rank: 1))
    #expect(fit.explained > 1 - 1e-12 && fit.model.factors.allSatisfy { $0.firstNotFinite == nil })
  }

  private func residual(_ model: CPModel, _ tensor: Tensor3) -> Double {
    let fitted = model.tensor().elements
    let left = tensor.elements.indices.reduce(0.0) {
      $0 + (tensor.present![$1] ? (tensor.elements[$1] - fitted[$1]) * (tensor.elements[$1] - fitted[$1]) : 0)
    }
    return left / tensor.squaredNorm
  }
}
