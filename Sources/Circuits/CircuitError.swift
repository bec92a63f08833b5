/// Why a circuit could not be made or used: every case is a sentence with what to do next.
public struct CircuitError: Error, CustomStringConvertible, Equatable, Sendable {
  public var description: String
  public init(_ description: String) { self.description = description }
}

extension Array where Element == String {
  /// The entry nearest to `name` (Levenshtein distance at most 3 and less than the name's length), for "did you mean".
  public func nearest(to name: String) -> String? {
    let distances = map { (distance: editDistance($0.lowercased(), name.lowercased()), name: $0) }
    guard let best = distances.min(by: { $0.distance < $1.distance }) else { return nil }
    return best.distance <= 3 && best.distance < name.count ? best.name : nil
  }
}

/// Levenshtein distance, O(|a|·|b|).
private func editDistance(_ a: String, _ b: String) -> Int {
  let (a, b) = (Array(a), Array(b))
  var row = Array(0...b.count)
  for i in a.indices {
    var diagonal = row[0]
    row[0] = i + 1
    for j in b.indices {
      let substituted = diagonal + (a[i] == b[j] ? 0 : 1)
      diagonal = row[j + 1]
      row[j + 1] = Swift.min(substituted, row[j] + 1, row[j + 1] + 1)
    }
  }
  return row[b.count]
}

extension CircuitError {
  /// "there is no task 'x'; did you mean 'y'? There are: …".
  public static func unknown(_ what: String, _ name: String, among names: [String]) -> CircuitError {
    let hint = names.nearest(to: name).map { " Did you mean '\($0)'?" } ?? ""
    return CircuitError("There is no \(what) '\(name)'.\(hint) There are: \(names.joined(separator: ", ")).")
  }
}
