/// "Did you mean …": the name that a mistyped one was probably meant to be.
public enum NearestName {
  /// The candidate with the smallest edit distance to `name`, upper and lower case alike; `nil` where none is near.
  ///
  /// Near means at most a third of the longer name's letters wrong, or one; or that `name` begins the candidate.
  public static func find(_ name: String, among candidates: [String]) -> String? {
    let wanted = Array(name.lowercased())
    guard !wanted.isEmpty else { return nil }
    var best: (candidate: String, distance: Int)?
    for candidate in candidates {
      let letters = Array(candidate.lowercased())
      var measured = distance(wanted, letters)
      if measured > limit(wanted, letters), wanted.count >= 3, letters.starts(with: wanted) {
        measured = limit(wanted, letters)
      }
      guard measured <= limit(wanted, letters), measured < wanted.count, measured < best?.distance ?? .max else {
        continue
      }
      best = (candidate, measured)
    }
    return best?.candidate
  }

  /// "did you mean 'volts'? columns are active, volts": the advice at the end of an error about an unknown name.
  public static func advice(_ name: String, among candidates: [String], plural: String) -> String {
    let shown = candidates.prefix(20).joined(separator: ", ") + (candidates.count > 20 ? ", …" : "")
    let list = "\(plural) are \(shown)"
    guard let near = find(name, among: candidates) else { return list }
    return "did you mean '\(near)'? \(list)"
  }

  private static func limit(_ a: [Character], _ b: [Character]) -> Int { max(1, max(a.count, b.count) / 3) }

  /// Insertions, deletions, replacements and swaps of neighbours (optimal string alignment), O(|a|·|b|).
  private static func distance(_ a: [Character], _ b: [Character]) -> Int {
    var beforePrevious: [Int] = []
    var previous = Array(0...b.count)
    for (i, letter) in a.enumerated() {
      var row = [i + 1]
      row.reserveCapacity(b.count + 1)
      for j in b.indices {
        var best = min(previous[j] + (letter == b[j] ? 0 : 1), previous[j + 1] + 1, row[j] + 1)
        if i > 0, j > 0, letter == b[j - 1], a[i - 1] == b[j] { best = min(best, beforePrevious[j - 1] + 1) }
        row.append(best)
      }
      beforePrevious = previous
      previous = row
    }
    return previous[b.count]
  }
}
