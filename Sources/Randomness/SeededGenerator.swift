/// A small, fast, repeatable source of random bits: the same seed gives the same sequence on every machine.
///
/// SplitMix64 (Steele, Lea & Flood 2014, DOI 10.1145/2660193.2660195): period 2⁶⁴, passes BigCrush. Not for secrets.
///
/// It is no `RandomNumberGenerator` on purpose: the standard library's ways to draw are not fixed from one toolchain to the
/// next, so everything is drawn by the functions of `Draws.swift`.
public struct SeededGenerator: Sendable, Equatable, Codable {
  /// The whole state: saving it and setting it again continues the sequence.
  public private(set) var state: UInt64

  public init(seed: UInt64) { state = seed }

  /// 64 random bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// An independent generator for a named purpose, so that drawing more numbers for one purpose leaves the others alone.
  public func stream(_ number: UInt64) -> SeededGenerator {
    var mixed = SeededGenerator(seed: state ^ (number &* 0xD1B5_4A32_D192_ED03))
    _ = mixed.next()
    return SeededGenerator(seed: mixed.next())
  }
}
