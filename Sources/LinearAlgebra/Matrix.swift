/// A dense matrix of r rows and c columns, row-major, as a value. 0×0, 0×c and r×0 are matrices too.
///
/// Shapes that do not fit are programming errors in operators and subscripts (they trap) and thrown
/// ``LinearAlgebraError``s in decompositions, whose operands may come from a training run.
public struct Matrix<Scalar: LinearScalar>: Sendable, Equatable {
  public let rows: Int
  public let columns: Int
  // Entry (i, j) is storage[i·columns + j].
  @usableFromInline var storage: [Scalar]

  /// All entries, row after row.
  @inlinable public var elements: [Scalar] { storage }
  @inlinable public var isSquare: Bool { rows == columns }
  @inlinable public var isEmpty: Bool { storage.isEmpty }

  /// Every entry is `value`.
  @inlinable
  public init(rows: Int, columns: Int, repeating value: Scalar = 0) {
    precondition(rows >= 0 && columns >= 0, "a matrix has no negative size")
    self.rows = rows
    self.columns = columns
    storage = [Scalar](repeating: value, count: rows * columns)
  }

  /// From entries given row after row; there have to be exactly rows × columns.
  @inlinable
  public init(rows: Int, columns: Int, elements: [Scalar]) {
    precondition(
      rows >= 0 && columns >= 0 && elements.count == rows * columns,
      "\(elements.count) elements do not fill \(rows) × \(columns)")
    self.rows = rows
    self.columns = columns
    storage = elements
  }

  /// Entry (i, j) is `entry(i, j)`.
  @inlinable
  public init(rows: Int, columns: Int, _ entry: (_ row: Int, _ column: Int) throws -> Scalar) rethrows {
    self.init(rows: rows, columns: columns)
    for i in 0..<rows {
      // Row after row: an `entry` that keeps a state, as a random one, is asked in this order.
      for j in 0..<columns { storage[i * columns + j] = try entry(i, j) }
    }
  }

  /// From rows of equal length. No rows give 0×0.
  @inlinable
  public init(_ rows: [[Scalar]]) {
    let columns = rows.first?.count ?? 0
    precondition(rows.allSatisfy { $0.count == columns }, "rows differ in length")
    self.init(rows: rows.count, columns: columns, elements: rows.flatMap { $0 })
  }

  /// The same entries in another precision.
  @inlinable
  public init<Other: LinearScalar>(_ other: Matrix<Other>) {
    self.init(rows: other.rows, columns: other.columns, elements: other.storage.map { Scalar($0) })
  }

  @inlinable
  public static func identity(_ size: Int) -> Matrix { diagonal([Scalar](repeating: 1, count: size)) }

  /// Square, `values` on the diagonal and zero elsewhere.
  @inlinable
  public static func diagonal(_ values: [Scalar]) -> Matrix {
    var result = Matrix(rows: values.count, columns: values.count)
    for (i, value) in values.enumerated() { result[i, i] = value }
    return result
  }

  @inlinable
  public subscript(row: Int, column: Int) -> Scalar {
    get {
      precondition(row >= 0 && row < rows && column >= 0 && column < columns, "outside the matrix")
      return storage[row * columns + column]
    }
    set {
      precondition(row >= 0 && row < rows && column >= 0 && column < columns, "outside the matrix")
      storage[row * columns + column] = newValue
    }
  }

  /// A row is contiguous: a slice without a copy, whose indices are those of the whole storage.
  @inlinable
  public func row(_ index: Int) -> ArraySlice<Scalar> { storage[index * columns..<(index + 1) * columns] }

  /// A copy, r entries.
  @inlinable
  public func column(_ index: Int) -> [Scalar] { (0..<rows).map { self[$0, index] } }

  /// min(r, c) entries.
  @inlinable
  public var diagonal: [Scalar] { (0..<min(rows, columns)).map { self[$0, $0] } }

  /// Σ of the diagonal's min(r, c) entries.
  @inlinable
  public var trace: Scalar { diagonal.reduce(0, +) }

  /// c×r, entry (i, j) from (j, i). O(r·c).
  @inlinable
  public var transpose: Matrix {
    Matrix(rows: columns, columns: rows) { storage[$1 * columns + $0] }
  }
}

extension Matrix {
  /// Where the first entry is that is infinite or not a number, nil if all are finite. O(r·c).
  @inlinable
  public var firstNotFinite: (row: Int, column: Int)? {
    guard let index = storage.firstIndex(where: { !$0.isFinite }) else { return nil }
    return (index / columns, index % columns)
  }

  func requireFinite() throws(LinearAlgebraError) {
    if let (row, column) = firstNotFinite { throw .notFinite(row: row, column: column) }
  }

  func requireSquare() throws(LinearAlgebraError) {
    if !isSquare { throw .notSquare(rows: rows, columns: columns) }
  }
}
