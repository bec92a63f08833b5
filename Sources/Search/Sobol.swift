/// Points that fill the unit cube more evenly than random ones: Sobol's sequence with the direction numbers of
/// Joe & Kuo 2008 (DOI 10.1137/070709359, `new-joe-kuo-6.21201`), Gray-code order, 32 bits, shifted digitally.
public struct SobolSequence: Sendable, Equatable, Codable {
  /// The most dimensions there are direction numbers for.
  public static let largestDimension = 21

  /// Degree s and coefficients a of the primitive polynomial, and the first s direction numbers, for dimension 2, 3, …
  private static let table: [(degree: Int, polynomial: UInt32, numbers: [UInt32])] = [
    (1, 0, [1]), (2, 1, [1, 3]), (3, 1, [1, 3, 1]), (3, 2, [1, 1, 1]), (4, 1, [1, 1, 3, 3]), (4, 4, [1, 3, 5, 13]),
    (5, 2, [1, 1, 5, 5, 17]), (5, 4, [1, 1, 5, 5, 5]), (5, 7, [1, 1, 7, 11, 19]), (5, 11, [1, 1, 5, 1, 1]),
    (5, 13, [1, 1, 1, 3, 11]), (5, 14, [1, 3, 5, 5, 31]), (6, 1, [1, 3, 3, 9, 7, 49]),
    (6, 13, [1, 1, 1, 15, 21, 21]), (6, 16, [1, 3, 1, 13, 27, 49]), (6, 19, [1, 1, 1, 15, 7, 5]),
    (6, 22, [1, 3, 1, 15, 13, 25]), (6, 25, [1, 1, 5, 5, 19, 61]), (7, 1, [1, 3, 7, 11, 23, 15, 103]),
    (7, 4, [1, 3, 7, 13, 13, 15, 69]),
  ]

  private let directions: [[UInt32]]
  private let shift: [UInt32]
  private var state: [UInt32]
  /// Points given so far.
  public private(set) var count: UInt32 = 0

  /// `shift` has a number per dimension, xored to every point (a digital shift keeps the sequence's evenness); empty
  /// for none, and then the first point is 0.
  public init(dimensions: Int, shift: [UInt32] = []) throws(SearchError) {
    try SearchError.check(
      dimensions >= 1 && dimensions <= Self.largestDimension,
      "A Sobol sequence has 1 to \(Self.largestDimension) dimensions; \(dimensions) were asked for.")
    try SearchError.check(
      shift.isEmpty || shift.count == dimensions,
      "A shift of \(shift.count) numbers does not fit \(dimensions) dimensions.")
    directions = (0..<dimensions).map { dimension in
      if dimension == 0 { return (1...32).map { 1 << (32 - UInt32($0)) } }
      let (degree, polynomial, numbers) = Self.table[dimension - 1]
      var v = (0..<degree).map { numbers[$0] << UInt32(31 - $0) }
      for i in degree..<32 {
        var next = v[i - degree] ^ (v[i - degree] >> UInt32(degree))
        for k in 1..<max(degree, 1) where (polynomial >> UInt32(degree - 1 - k)) & 1 == 1 { next ^= v[i - k] }
        v.append(next)
      }
      return v
    }
    self.shift = shift.isEmpty ? [UInt32](repeating: 0, count: dimensions) : shift
    state = [UInt32](repeating: 0, count: dimensions)
  }

  /// The next point, each coordinate in [0, 1). After 2³² − 1 points it begins anew.
  public mutating func next() -> [Double] {
    let point = zip(state, shift).map { Double($0 ^ $1) * 0x1p-32 }
    let bit = min((~count).trailingZeroBitCount, 31)
    for dimension in state.indices { state[dimension] ^= directions[dimension][bit] }
    count &+= 1
    return point
  }
}
