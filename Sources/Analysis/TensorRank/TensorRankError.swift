/// Why a tensor cannot be analysed, as a sentence that can be shown as it is.
package enum TensorRankError: Error, Equatable, Sendable, CustomStringConvertible {
  /// An axis is empty, negative, or all three together have more entries than can be counted.
  case illegalShape([Int])
  case wrongCount(expected: Int, actual: Int)
  /// A present entry is infinite or not a number.
  case notFinite(index: [Int])
  /// Every entry is missing.
  case nothingPresent
  /// Every present entry is zero: no share of its variance can be explained.
  case allZero
  case illegalRank(Int)
  case illegalRestarts(Int)
  case illegalAxis(Int)
  /// Non-negative factors were asked for a tensor with a negative entry.
  case negative(index: [Int])
  /// Singular values of steps were asked for where entries are missing.
  case missingEntries
  case notConverged(String)

  package var description: String {
    switch self {
    case .illegalShape(let shape):
      "The shape \(shape) is not that of a tensor with three axes of at least one entry; give three such extents."
    case .wrongCount(let expected, let actual):
      "The shape needs \(expected) entries, and there are \(actual)."
    case .notFinite(let index):
      "The entry at \(index) is not a finite number; correct it, or mark it as missing."
    case .nothingPresent:
      "Every entry of the tensor is missing; nothing can be fitted."
    case .allZero:
      "Every entry of the tensor is zero; there is no variance to explain. Was nothing learned, or the start subtracted "
        + "from itself?"
    case .illegalRank(let rank):
      "A rank is a number from 1 on, and \(rank) was asked for."
    case .illegalRestarts(let count):
      "At least one fit a rank is needed, and \(count) were asked for."
    case .illegalAxis(let axis):
      "The axes of the tensor are 0, 1 and 2, and \(axis) was asked for."
    case .negative(let index):
      "The entry at \(index) is negative, so factors without negative entries cannot describe the tensor; fit without "
        + "that option."
    case .missingEntries:
      "A matrix with missing entries has no singular values; compare with steps of the same norm instead."
    case .notConverged(let reason):
      "The singular values could not be computed: \(reason)"
    }
  }
}
