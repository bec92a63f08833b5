/// Why a network, an input or a measurement cannot be made, as a sentence that can be shown as it is.
public struct SpikingError: Error, Equatable, Sendable, CustomStringConvertible {
  public let description: String

  public init(_ description: String) { self.description = description }

  static func check(_ condition: Bool, _ sentence: @autoclosure () -> String) throws(SpikingError) {
    if !condition { throw SpikingError(sentence()) }
  }
}
