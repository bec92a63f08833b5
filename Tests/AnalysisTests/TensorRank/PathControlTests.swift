import LinearAlgebra
import Randomness
import Testing

@testable import Analysis

@Suite struct PathControlTests {
  /// Weights that move along two directions, 5×6 at 12 moments.
  private func path() throws -> Tensor3 {
    try noisy(plantedModel([5, 6, 12], rank: 2, seed: 8).tensor(), 0.05, seed: 1)
  }

  private func steps(_ tensor: Tensor3, along axis: Int) -> [Matrix<Double>] {
    let others = [0, 1, 2].filter { $0 != axis }
    let permuted = tensor.permuted([axis] + others)
    let (rows, columns) = (permuted.shape[1], permuted.shape[2])
    return (1..<permuted.shape[0]).map { moment in
      Matrix(rows: rows, columns: columns) { permuted[moment, $0, $1] - permuted[moment - 1, $0, $1] }
    }
  }

  @Test(arguments: 0..<3, PathControl.allCases) func stepsKeepWhatTheyShould(_ axis: Int, _ control: PathControl) throws
  {
    let path = try path()
    let other = try path.randomised(control, seed: 3, along: axis)
    #expect(other.shape == path.shape && other != path)
    let (mine, theirs) = (steps(path, along: axis), steps(other, along: axis))
    for (step, replaced) in zip(mine, theirs) {
      #expect(abs(replaced.frobeniusNorm / step.frobeniusNorm - 1) < 1e-12)
      // Directions do not stay: the cosine of two random matrices is about 1/√30.
      let product = zip(step.elements, replaced.elements).reduce(0) { $0 + $1.0 * $1.1 }
      #expect(abs(product) < 0.8 * step.frobeniusNorm * replaced.frobeniusNorm)
      guard control == .singularValues else { continue }
      for (value, kept) in zip(try step.singularValues, try replaced.singularValues) {
        #expect(abs(value - kept) < 1e-12 * step.frobeniusNorm)
      }
    }
    // The start stays.
    #expect(try other.subtractingStart(along: axis).shape == path.shape)
    let index = (0..<3).map { $0 == axis ? 0 : 1 }
    #expect(other[index[0], index[1], index[2]] == path[index[0], index[1], index[2]])
    #expect(try path.randomised(control, seed: 3, along: axis) == other)
    #expect(try path.randomised(control, seed: 4, along: axis) != other)
  }

  /// The published share: 6/π² of the variance of a long random walk in its first principal component, a quarter of
  /// that in the second.
  @Test func randomWalkHasSixtyPercentInOneComponent() throws {
    let steps = 200
    // Steps of the same length, in any direction: a straight line has such.
    let line = try Tensor3(20, 25, steps) { $0 == 0 && $1 == 0 ? Double($2) : 0 }
    let walk = try line.randomised(.norm, seed: 1)
    let means = (0..<500).map { cell in (0..<steps).reduce(0) { $0 + walk.elements[cell * steps + $1] } / Double(steps)
    }
    let centred = try Tensor3(
      shape: walk.shape, elements: walk.elements.indices.map { walk.elements[$0] - means[$0 / steps] })
    let values = try SingularSpectra.unfolding(of: centred, along: 2).values
    let total = values.reduce(0) { $0 + $1 * $1 }
    print("random walk: \(values[0] * values[0] / total) and \(values[1] * values[1] / total) of the variance")
    let share = 6 / (Double.pi * Double.pi)
    // With 500 dimensions the shares scatter by some percent of themselves.
    #expect(abs(values[0] * values[0] / total - share) < 0.03)
    #expect(abs(values[1] * values[1] / total - share / 4) < 0.02)
  }

  /// A path along two fixed directions has tensor rank 2; its control with as many singular values a step has not.
  @Test func controlsTellLowRankFromSmallSteps() throws {
    let path = try plantedModel([10, 9, 30], rank: 2, seed: 2).tensor().subtractingStart()
    let options = CPFitOptions(rank: 2, seed: 1)
    let own = try CPFit.fit(path, options).explained
    for control in PathControl.allCases {
      let other = try CPFit.fit(path.randomised(control, seed: 5).subtractingStart(), options).explained
      print("rank 2 explains \(own) of the path, \(other) of its control (\(control))")
      #expect(own > 0.999 && other < 0.9)
    }
  }

  @Test func missingEntriesStayMissing() throws {
    let path = try path()
    // Cell 0 is missing always, cell 1 from moment 6 on.
    let present = (0..<path.count).map { $0 / 12 != 0 && !($0 / 12 == 1 && $0 % 12 >= 6) }
    let holed = try Tensor3(shape: path.shape, elements: path.elements, present: present)
    let other = try holed.randomised(.norm, seed: 1)
    #expect(other.present == present && zip(other.elements, present).allSatisfy { $1 || $0 == 0 })
    // From moment 6 on, both lack the same cells.
    for (step, replaced) in zip(steps(holed, along: 2), steps(other, along: 2)).dropFirst(6) {
      #expect(abs(replaced.frobeniusNorm / step.frobeniusNorm - 1) < 1e-12)
    }
    #expect(throws: TensorRankError.missingEntries) { try holed.randomised(.singularValues, seed: 1) }
  }

  @Test func pathsWithoutSteps() throws {
    let one = try Tensor3(2, 3, 1) { Double($0 + $1 + $2) }
    for control in PathControl.allCases { #expect(try one.randomised(control, seed: 1) == one) }
    let still = try Tensor3(2, 3, 4) { i, j, _ in Double(i + j) }
    for control in PathControl.allCases { #expect(try still.randomised(control, seed: 1) == still) }
    #expect(throws: TensorRankError.illegalAxis(5)) { try one.randomised(.norm, seed: 1, along: 5) }
  }
}
