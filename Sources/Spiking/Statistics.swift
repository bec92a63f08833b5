import Randomness
import RealModule

/// The mean of independent repetitions (seeds), and how well it is known.
public struct Estimate: Sendable, Equatable, Codable {
  public var mean: Double
  /// Half the width of the 95 % confidence interval of the mean by Student's t; infinite for fewer than two values.
  public var halfWidth: Double
  public var count: Int

  public init(_ values: [Double]) {
    count = values.count
    guard count > 0 else { (mean, halfWidth) = (.nan, .infinity); return }
    let middle = values.reduce(0, +) / Double(count)
    mean = middle
    guard count > 1 else { halfWidth = .infinity; return }
    let variance = values.reduce(0) { $0 + ($1 - middle) * ($1 - middle) } / Double(count - 1)
    halfWidth = Self.quantile(degrees: count - 1) * (variance / Double(count)).squareRoot()
  }

  /// The t that a Student variable of `degrees` exceeds in absolute value with probability 5 %.
  ///
  /// P(|t| < x) for a whole number of degrees is a finite sum (Abramowitz & Stegun 26.7.3 and 26.7.4), inverted by
  /// bisection.
  static func quantile(degrees: Int) -> Double {
    func inside(_ x: Double) -> Double {
      let angle = Double.atan(x / Double(degrees).squareRoot())
      let (sine, cosine) = (Double.sin(angle), Double.cos(angle))
      let isOdd = degrees % 2 == 1
      var (term, sum) = (isOdd ? cosine : 1, 0.0)
      for k in stride(from: isOdd ? 1 : 0, to: degrees - 1, by: 2) {
        sum += term
        term *= cosine * cosine * Double(k + 1) / Double(k + 2)
      }
      return isOdd ? 2 / Double.pi * (angle + sine * sum) : sine * sum
    }
    var (low, high) = (0.0, 1_000.0)
    for _ in 0..<80 {
      let middle = (low + high) / 2
      if inside(middle) < 0.95 { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }
}

/// Whether paired differences (same seed, two networks) are centred on 0: the share of all assignments of signs whose
/// |mean| is at least the one seen. Exact up to 16 pairs, by 65 536 random assignments above; no distribution assumed.
public func signFlipProbability(_ differences: [Double], seed: UInt64 = 0) -> Double {
  let count = differences.count
  guard count > 0 else { return 1 }
  let seen = abs(differences.reduce(0, +))
  // Rounding must not tell the identical assignment from itself.
  let limit = seen - 1e-12 * differences.reduce(0) { $0 + abs($1) }
  var random = SeededGenerator(seed: seed).stream(61)
  let assignments = count <= 16 ? 1 << count : 1 << 16
  var extreme = 0
  for index in 0..<assignments {
    var bits = count <= 16 ? UInt64(index) : 0
    var sum = 0.0
    for (position, difference) in differences.enumerated() {
      if count > 16, position % 64 == 0 { bits = random.next() }
      sum += bits & 1 == 0 ? difference : -difference
      bits >>= 1
    }
    if abs(sum) >= limit { extreme += 1 }
  }
  return Double(extreme) / Double(assignments)
}
