import LinearAlgebra
import Testing

@testable import Analysis

@Suite struct SingularSpectraTests {
  /// Against the singular value decomposition of the unfolding itself. The Gram matrix loses what lies below √(nε).
  @Test(arguments: 0..<3) func unfoldingsAgreeWithTheirDecomposition(_ axis: Int) throws {
    let tensor = try noisy(plantedModel([5, 40, 7], rank: 2, seed: 3).tensor(), 0.2, seed: 8)
    let others = [0, 1, 2].filter { $0 != axis }
    let matrix = Matrix(
      rows: tensor.shape[axis], columns: tensor.count / tensor.shape[axis],
      elements: tensor.permuted([axis] + others).elements)
    let expected = try matrix.singularValues
    let spectrum = try SingularSpectra.unfolding(of: tensor, along: axis)
    #expect(spectrum.values.count == expected.count)
    for (value, exact) in zip(spectrum.values, expected) { #expect(abs(value - exact) < 1e-7 * expected[0]) }
    #expect(spectrum.rank95 == energyRank(expected, holding: 0.95))
    #expect(spectrum.rank99 == energyRank(expected, holding: 0.99))
  }

  @Test(arguments: 0..<3) func plantedRankIsTheRankOfEveryUnfolding(_ axis: Int) throws {
    let spectrum = try SingularSpectra.unfolding(
      of: plantedModel([9, 8, 10], rank: 3, seed: 1).tensor(), along: axis)
    #expect(spectrum.values[2] > 0.01 * spectrum.values[0] && spectrum.values[3] < 1e-7 * spectrum.values[0])
  }

  @Test func slicesOfKnownRank() throws {
    // Slice k is diagonal with k + 1 ones.
    let tensor = try Tensor3(4, 6, 4) { $0 == $1 && $0 <= $2 ? 1 : 0 }
    let spectra = try SingularSpectra.slices(of: tensor)
    #expect(spectra.map(\.rank99) == [1, 2, 3, 4])
    #expect(spectra[1].values.map { ($0 * 1e7).rounded() / 1e7 } == [1, 1, 0, 0])
    #expect(try SingularSpectra.slices(of: tensor, along: 0).count == 4)
  }

  @Test func nothingAndAlmostNothing() throws {
    let zero = try Tensor3(2, 3, 4) { _, _, _ in 0 }
    #expect(try SingularSpectra.unfolding(of: zero, along: 1) == SingularSpectrum(values: [0, 0, 0]))
    // Squares of these vanish or overflow.
    for scale in [1e-200, 1e200] {
      let spectrum = try SingularSpectra.unfolding(of: Tensor3(2, 2, 2) { _, _, _ in scale }, along: 0)
      #expect(abs(spectrum.values[0] / scale - 8.0.squareRoot()) < 1e-12 && spectrum.rank99 == 1)
    }
    #expect(throws: TensorRankError.illegalAxis(-1)) { try SingularSpectra.unfolding(of: zero, along: -1) }
    var asked = 0
    let some = try SingularSpectra.slices(of: zero) {
      asked += 1
      return asked < 3
    }
    #expect(some.count == 2)
  }
}
