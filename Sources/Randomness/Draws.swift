// What is drawn from the generator's bits, each algorithm written out: the bits of a wiring, of a batch and of a checkpoint
// hang on them, and the standard library may change its own with any toolchain.

extension SeededGenerator {
  /// Uniform in [0, 1), 53 random bits: one draw.
  public mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Uniform in [`range.lowerBound`, `range.upperBound`): one draw.
  public mutating func uniform(_ range: ClosedRange<Double>) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * unit()
  }

  /// Mean 0, deviation 1, bell-shaped within ±6: the sum of twelve uniform numbers less 6, the same bits everywhere.
  public mutating func normal() -> Double { (0..<12).reduce(-6) { sum, _ in sum + unit() } }

  /// Uniform in 0 ..< `count`, exactly; `count` > 0.
  ///
  /// Multiply and reject (Lemire 2019, DOI 10.1145/3230636): the high word of draw × count, where draws whose low word
  /// is below 2⁶⁴ mod count are drawn again, so that every result has ⌊2⁶⁴/count⌋ draws. One draw, and another with a
  /// chance below count/2⁶⁴.
  public mutating func index(below count: Int) -> Int {
    let bound = UInt64(count)
    var product = next().multipliedFullWidth(by: bound)
    if product.low < bound {
      let rejected = (0 &- bound) % bound
      while product.low < rejected { product = next().multipliedFullWidth(by: bound) }
    }
    return Int(product.high)
  }

  /// Puts `items` into an order drawn uniformly from all of them.
  ///
  /// Fisher and Yates, from the front: position i takes one of the items from i on, so count − 1 draws of ``index(below:)``
  /// with bounds count, count − 1, … 2.
  public mutating func shuffle<Items: MutableCollection & RandomAccessCollection>(_ items: inout Items) {
    var left = items.count
    var first = items.startIndex
    while left > 1 {
      items.swapAt(first, items.index(first, offsetBy: index(below: left)))
      items.formIndex(after: &first)
      left -= 1
    }
  }

  /// `items` in an order drawn as ``shuffle(_:)`` does.
  public mutating func shuffled<Item>(_ items: some Sequence<Item>) -> [Item] {
    var shuffled = Array(items)
    shuffle(&shuffled)
    return shuffled
  }
}
