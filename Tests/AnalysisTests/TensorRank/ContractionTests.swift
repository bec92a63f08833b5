import CKernels
import Randomness
import Testing

/// The kernels at every level of this processor against plain loops, for sizes around the widths of vectors and tiles.
@Suite struct ContractionTests {
  static let levels = (0..<Int32(GK_LEVELS)).filter { gk_level_available($0) == 1 }
  static let sizes = [
    (1, 1, 1, 1), (2, 3, 4, 1), (3, 9, 7, 5), (5, 8, 17, 4), (4, 11, 8, 3), (1, 16, 33, 9), (7, 1, 3, 2),
  ]

  @Test(arguments: levels, sizes)
  func againstLoops(_ level: Int32, _ size: (Int, Int, Int, Int)) {
    let (i, j, k, r) = size
    var random = SeededGenerator(seed: 4)
    func numbers(_ count: Int) -> [Double] { (0..<count).map { _ in random.normal() } }
    let (x, a, b, c) = (numbers(i * j * k), numbers(i * r), numbers(j * r), numbers(r * k))
    let mask = (0..<i * j * k).map { _ in random.unit() < 0.7 ? 1.0 : 0 }
    // Sums of at most 16·33 products of numbers below 6³.
    let tolerance = 1e-10

    var z = [Double](repeating: .nan, count: i * j * r)
    gk_contract_last(level, i * j, k, r, x, c, &z)
    for cell in 0..<i * j {
      for f in 0..<r {
        let sum = (0..<k).reduce(0) { $0 + x[cell * k + $1] * c[f * k + $1] }
        #expect(abs(z[cell * r + f] - sum) < tolerance)
      }
    }
    var first = [Double](repeating: .nan, count: i * r)
    gk_reduce_second(level, i, j, r, z, b, &first)
    var second = [Double](repeating: .nan, count: j * r)
    gk_reduce_first(level, i, j, r, z, a, &second)
    for f in 0..<r {
      for row in 0..<i {
        let sum = (0..<j).reduce(0) { $0 + z[(row * j + $1) * r + f] * b[$1 * r + f] }
        #expect(abs(first[row * r + f] - sum) < tolerance)
      }
      for row in 0..<j {
        let sum = (0..<i).reduce(0) { $0 + z[($1 * j + row) * r + f] * a[$1 * r + f] }
        #expect(abs(second[row * r + f] - sum) < tolerance)
      }
    }
    var last = [Double](repeating: .nan, count: r * k)
    gk_contract_pairs(level, i, j, k, r, x, a, b, &last)
    for f in 0..<r {
      for l in 0..<k {
        var sum = 0.0
        for p in 0..<i { for q in 0..<j { sum += a[p * r + f] * b[q * r + f] * x[(p * j + q) * k + l] } }
        #expect(abs(last[f * k + l] - sum) < tolerance)
      }
    }
    for depth in [0, 1, k] {
      var sum = 0.0
      for p in 0..<i {
        for q in 0..<j {
          for l in 0..<k {
            let weight = depth == 0 ? 1 : depth == 1 ? mask[p * j + q] : mask[(p * j + q) * k + l]
            let model = (0..<r).reduce(0) { $0 + a[p * r + $1] * b[q * r + $1] * c[$1 * k + l] }
            sum += weight * (x[(p * j + q) * k + l] - model) * (x[(p * j + q) * k + l] - model)
          }
        }
      }
      let residual = gk_residual(level, i, j, k, r, x, mask, depth, a, b, c)
      #expect(abs(residual - sum) < tolerance * max(1, sum))
    }
  }
}
