/// Why a search cannot be set up or goes no further, as a sentence that can be shown as it is.
public struct SearchError: Error, Equatable, Sendable, CustomStringConvertible {
  public let description: String

  public init(_ description: String) { self.description = description }

  static func check(_ condition: Bool, _ sentence: @autoclosure () -> String) throws(SearchError) {
    if !condition { throw SearchError(sentence()) }
  }
}
