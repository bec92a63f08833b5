import Formats

/// Why a circuit could not be made or used: every case is a sentence with what to do next.
public struct CircuitError: Error, CustomStringConvertible, Equatable, Sendable {
  public var description: String
  public init(_ description: String) { self.description = description }
}

extension CircuitError {
  /// "there is no task 'x'; did you mean 'y'? There are: …".
  public static func unknown(_ what: String, _ name: String, among names: [String]) -> CircuitError {
    let hint = NearestName.find(name, among: names).map { " Did you mean '\($0)'?" } ?? ""
    return CircuitError("There is no \(what) '\(name)'.\(hint) There are: \(names.joined(separator: ", ")).")
  }
}
