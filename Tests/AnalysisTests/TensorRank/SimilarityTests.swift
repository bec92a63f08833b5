import LinearAlgebra
import Randomness
import Testing

@testable import Analysis

@Suite struct SimilarityTests {
  /// Against every permutation.
  @Test(arguments: 0..<7) func cheapestAssignment(_ size: Int) {
    var random = SeededGenerator(seed: UInt64(size))
    func permutations(_ rest: [Int]) -> [[Int]] {
      rest.isEmpty ? [[]] : rest.flatMap { head in permutations(rest.filter { $0 != head }).map { [head] + $0 } }
    }
    for _ in 0..<20 {
      let costs = (0..<size).map { _ in (0..<size).map { _ in random.uniform(-1...1) } }
      func cost(_ columns: [Int]) -> Double { columns.indices.reduce(0) { $0 + costs[$1][columns[$1]] } }
      let found = Assignment.cheapest(costs)
      #expect(Set(found).count == size)
      let least = permutations(Array(0..<size)).map(cost).min()!
      #expect(abs(cost(found) - least) < 1e-12)
    }
  }

  @Test func orderAndSignsDoNotMatter() {
    let model = plantedModel([6, 7, 8], rank: 3, seed: 2)
    let order = [2, 0, 1]
    let signs: [[Double]] = [[-1, 1, -1], [-1, -1, 1], [1, -1, -1]]
    let other = CPModel(
      (0..<3).map { axis in
        Matrix(rows: model.factors[axis].rows, columns: 3) {
          signs[axis][$1] * (axis == 0 ? model.weights[order[$1]] : 1) * model.factors[axis][$0, order[$1]]
        }
      })
    #expect(abs(model.similarity(to: other) - 1) < 1e-14)
    #expect(abs(model.congruence(with: other) - 1) < 1e-14)
    for (mine, theirs) in zip(model.tensor().elements, other.tensor().elements) {
      #expect(abs(mine - theirs) < 1e-13 * model.weights[0])
    }
  }

  /// Two components with cosines worked out by hand: the pairs are matched by the mean over the axes.
  @Test func worth() {
    let one = CPModel([Matrix([[2, 0], [0, 1]]), Matrix([[1, 0], [0, 1]]), Matrix([[1, 0], [0, 1]])])
    let half = 0.5.squareRoot()
    let two = CPModel([Matrix([[0, 2], [1, 0]]), Matrix([[0, half], [1, half]]), Matrix([[0, 1], [1, 0]])])
    // Component (1,0)(1,0)(1,0) has its partner with cosines 1, √½, 1; the other with 1, 1, 1.
    #expect(abs(one.similarity(to: two) - ((2 + half) / 3 + 1) / 2) < 1e-15)
    #expect(abs(one.congruence(with: two) - half) < 1e-15)
  }

  @Test func componentsWithoutPartnerAreLeftOut() {
    let model = plantedModel([5, 5, 5], rank: 3, seed: 6)
    let first = CPModel(model.factors.map { f in Matrix(rows: 5, columns: 1) { row, _ in f[row, 1] } })
    let padded = CPModel(
      model.factors.map { f in Matrix(rows: 5, columns: 2) { $1 == 0 ? f[$0, 1] : 0 } })
    #expect(abs(model.similarity(to: first) - 1) < 1e-14 && abs(first.similarity(to: model) - 1) < 1e-14)
    #expect(padded.weights[1] == 0 && abs(padded.similarity(to: model) - 1) < 1e-14)
    #expect(padded.congruence(with: first) == 0)
    let nothing = CPModel((0..<3).map { _ in Matrix<Double>(rows: 5, columns: 1) })
    #expect(nothing.similarity(to: model) == 0)
  }
}
