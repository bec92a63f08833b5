import Randomness
import RealModule

/// How a positive constant (a time constant, a weight, a delay) is spread over neurons or synapses.
///
/// The three spreads of one mean and one `shape` have the same variance, mean²/shape, so that they differ in nothing
/// but their form: gamma is skewed (skewness 2/√shape), normal and uniform are symmetric. A symmetric distribution of
/// positive numbers cannot be wider than mean/√3: normal needs shape > 3, uniform shape ≥ 3.
public enum Spread: Sendable, Equatable, Codable {
  /// Every one has this value.
  case equal(Double)
  /// Density ∝ x^(shape − 1)·e^(−x·shape/mean).
  case gamma(shape: Double, mean: Double)
  /// Normal, cut symmetrically to (0, 2·mean); its σ is chosen so that the variance *after* the cut is mean²/shape.
  case normal(shape: Double, mean: Double)
  /// Uniform in mean ± mean·√(3/shape).
  case uniform(shape: Double, mean: Double)

  public var mean: Double {
    switch self {
    case .equal(let value): value
    case .gamma(_, let mean), .normal(_, let mean), .uniform(_, let mean): mean
    }
  }

  /// 0 for ``equal(_:)``, otherwise mean²/shape.
  public var variance: Double {
    switch self {
    case .equal: 0
    case .gamma(let shape, let mean), .normal(let shape, let mean), .uniform(let shape, let mean): mean * mean / shape
    }
  }

  public var isEqual: Bool {
    if case .equal = self { true } else { false }
  }

  /// The same spread around another mean.
  public func scaled(toMean mean: Double) -> Spread {
    switch self {
    case .equal: .equal(mean)
    case .gamma(let shape, _): .gamma(shape: shape, mean: mean)
    case .normal(let shape, _): .normal(shape: shape, mean: mean)
    case .uniform(let shape, _): .uniform(shape: shape, mean: mean)
    }
  }

  /// `10`, `gamma:SHAPE:MEAN`, `normal:SHAPE:MEAN` or `uniform:SHAPE:MEAN`; ``description`` gives the text back.
  /// With `positive` a mean of 0 is refused.
  public init(parsing text: String, positive: Bool = true) throws(SpikingError) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    if parts.count == 1, let value = Double(parts[0]) {
      self = .equal(value)
    } else if parts.count == 3, let shape = Double(parts[1]), let mean = Double(parts[2]) {
      switch parts[0] {
      case "gamma": self = .gamma(shape: shape, mean: mean)
      case "normal": self = .normal(shape: shape, mean: mean)
      case "uniform": self = .uniform(shape: shape, mean: mean)
      default: throw SpikingError(Self.unknown(text))
      }
    } else {
      throw SpikingError(Self.unknown(text))
    }
    try validate(name: "value", positive: positive)
  }

  private static func unknown(_ text: String) -> String {
    "“\(text)” is not a spread: write a number, gamma:SHAPE:MEAN, normal:SHAPE:MEAN or uniform:SHAPE:MEAN."
  }

  /// Throws unless every number is finite, the mean ≥ 0 (> 0 when `positive`) and the shape large enough.
  public func validate(name: String, positive: Bool = true) throws(SpikingError) {
    let mean = mean
    try SpikingError.check(
      mean.isFinite && (positive ? mean > 0 : mean >= 0),
      "The \(name) has to be a finite number \(positive ? "above" : "not below") 0, and its mean is \(mean).")
    let (least, excluded, form): (Double, Bool, String)
    let shape: Double
    switch self {
    case .equal: return
    case .gamma(let value, _): (shape, least, excluded, form) = (value, 0, true, "gamma")
    case .normal(let value, _): (shape, least, excluded, form) = (value, 3, true, "normal")
    case .uniform(let value, _): (shape, least, excluded, form) = (value, 3, false, "uniform")
    }
    try SpikingError.check(
      shape.isFinite && (excluded ? shape > least : shape >= least),
      "The shape of a \(form) spread has to be \(excluded ? "above" : "at least") \(least), and is \(shape): "
        + "the variance is mean²/shape, and the values have to stay positive.")
  }

  /// `count` independent values, all > 0 where the mean is (and all 0 where it is 0).
  public func draw(_ count: Int, using random: inout SeededGenerator) -> [Double] {
    guard mean > 0 else { return [Double](repeating: mean, count: count) }
    switch self {
    case .equal(let value):
      return [Double](repeating: value, count: count)
    case .gamma(let shape, let mean):
      return (0..<count).map { _ in Self.gamma(shape, using: &random) * mean / shape }
    case .normal(let shape, let mean):
      let sigma = mean * Self.widthBeforeCut(1 / shape.squareRoot())
      return (0..<count).map { _ in
        while true {
          let value = mean + sigma * gaussian(using: &random)
          if value > 0, value < 2 * mean { return value }
        }
      }
    case .uniform(let shape, let mean):
      let half = mean * (3 / shape).squareRoot()
      return (0..<count).map { _ in
        while true {
          let value = random.uniform(mean - half...mean + half)
          if value > 0 { return value }
        }
      }
    }
  }

  /// Gamma of scale 1 by Marsaglia & Tsang 2000 (DOI 10.1145/358407.358414); below shape 1 by their section 6.
  private static func gamma(_ shape: Double, using random: inout SeededGenerator) -> Double {
    if shape < 1 {
      let value = gamma(shape + 1, using: &random) * Double.pow(1 - random.unit(), 1 / shape)
      return max(value, .leastNormalMagnitude)
    }
    let d = shape - 1 / 3.0
    let c = 1 / (9 * d).squareRoot()
    while true {
      let x = gaussian(using: &random)
      let root = 1 + c * x
      guard root > 0 else { continue }
      let v = root * root * root
      if Double.log(1 - random.unit()) < x * x / 2 + d - d * v + d * Double.log(v) { return d * v }
    }
  }

  /// The σ of a normal around 1 that has standard deviation `wanted` < 1/√3 once it is cut to (0, 2).
  ///
  /// With a = 1/σ the variance after the cut is σ²·(1 − 2a·φ(a)/(2Φ(a) − 1)), which grows with σ from 0 to 1/3.
  static func widthBeforeCut(_ wanted: Double) -> Double {
    func variance(_ sigma: Double) -> Double {
      let a = 1 / sigma
      let density = Double.exp(-a * a / 2) / (2 * Double.pi).squareRoot()
      return sigma * sigma * (1 - 2 * a * density / Double.erf(a / 2.squareRoot()))
    }
    var (low, high) = (wanted, wanted)
    while variance(high) < wanted * wanted, high < 1e4 { high *= 2 }
    for _ in 0..<80 {
      let middle = (low + high) / 2
      if variance(middle) < wanted * wanted { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }
}

extension Spread: CustomStringConvertible {
  public var description: String {
    switch self {
    case .equal(let value): "\(value)"
    case .gamma(let shape, let mean): "gamma:\(shape):\(mean)"
    case .normal(let shape, let mean): "normal:\(shape):\(mean)"
    case .uniform(let shape, let mean): "uniform:\(shape):\(mean)"
    }
  }
}

/// A standard normal number by Box & Muller 1958: unlike a sum of uniform numbers its tails are those of the formula.
func gaussian(using random: inout SeededGenerator) -> Double {
  let radius = (-2 * Double.log(1 - random.unit())).squareRoot()
  return radius * Double.cos(2 * Double.pi * random.unit())
}
