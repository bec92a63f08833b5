import Learning

/// A set-up that is still to be made: read from a file, drawn, or asked for. Made away from the drawing thread.
public struct SetupMaker: Sendable {
  /// What the footer says is being opened: "traffic".
  public var title: String
  public var make: @Sendable () throws -> Setup

  public init(_ title: String, make: @escaping @Sendable () throws -> Setup) {
    self.title = title
    self.make = make
  }
}
