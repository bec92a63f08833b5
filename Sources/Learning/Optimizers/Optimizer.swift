import Circuits

/// One way to turn gradients into steps: a file conforms, a line in ``Optimizers/all`` registers.
///
/// An optimiser keeps its memory in *slots*, arrays in the parameter layout that follow each other in one buffer, so that freezing, pruning, undo and
/// checkpoints treat it like any other tensor.
public protocol Optimizer: Sendable {
  /// What `--optimizer` takes.
  var name: String { get }
  var summary: String { get }
  /// Names of the slots it needs.
  var slots: [String] { get }
  /// Updates `values[index]` and the slots for every index with `moves[index]`; others stay bit-identical.
  ///
  /// - Parameter update: 1 for the first update, 2 for the second …
  /// - Returns: whether all values are finite numbers now.
  func update<S: CircuitScalar>(
    values: UnsafeMutableBufferPointer<S>, gradient: UnsafeBufferPointer<S>, slots: UnsafeMutableBufferPointer<S>,
    moves: UnsafeBufferPointer<Bool>, rate: S, update: Int
  ) -> Bool
}

/// The optimisers there are; the first is the default.
public enum Optimizers {
  public static let all: [any Optimizer] = [Adam(), StochasticGradientDescent(), RMSprop()]

  /// - Throws: ``CircuitError`` naming those there are.
  public static func named(_ name: String) throws -> any Optimizer {
    guard let found = all.first(where: { $0.name == name }) else {
      throw CircuitError.unknown("optimizer", name, among: all.map(\.name))
    }
    return found
  }
}
