/// A small, fast, repeatable source of random bits: the same seed gives the same sequence on every machine.
///
/// SplitMix64 (Steele, Lea & Flood 2014, DOI 10.1145/2660193.2660195): period 2⁶⁴, passes BigCrush. Not for secrets.
public struct SeededGenerator: RandomNumberGenerator, Sendable, Equatable, Codable {
  /// The whole state: saving it and setting it again continues the sequence.
  public private(set) var state: UInt64

  public init(seed: UInt64) { state = seed }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Uniform in [0, 1), 53 random bits.
  public mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Uniform in [`range.lowerBound`, `range.upperBound`).
  public mutating func uniform(_ range: ClosedRange<Double>) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * unit()
  }

  /// Mean 0, deviation 1, bell-shaped within ±6: the sum of twelve uniform numbers less 6, the same bits everywhere.
  public mutating func normal() -> Double { (0..<12).reduce(-6) { sum, _ in sum + unit() } }

  /// Uniform in 0 ..< `count`; `count` > 0.
  public mutating func index(below count: Int) -> Int { Int.random(in: 0..<count, using: &self) }

  /// An independent generator for a named purpose, so that drawing more numbers for one purpose leaves the others alone.
  public func stream(_ number: UInt64) -> SeededGenerator {
    var mixed = SeededGenerator(seed: state ^ (number &* 0xD1B5_4A32_D192_ED03))
    _ = mixed.next()
    return SeededGenerator(seed: mixed.next())
  }
}
