/// The assignment problem: which row goes with which column so that the sum of costs is least.
package enum Assignment {
  /// `result[row]` is the row's column in a cheapest one-to-one assignment of the square matrix `costs`, finite
  /// entries.
  ///
  /// Shortest augmenting paths with potentials (Kuhn 1955, DOI 10.1002/nav.3800020109; Jonker & Volgenant 1987,
  /// DOI 10.1007/BF02278710): rows join one at a time, each along the cheapest chain of reassignments. O(n³).
  package static func cheapest(_ costs: [[Double]]) -> [Int] {
    let n = costs.count
    // Columns are counted from 1; column 0 holds the row that is joining.
    var rowPotential = [Double](repeating: 0, count: n)
    var columnPotential = [Double](repeating: 0, count: n + 1)
    var owner = [Int?](repeating: nil, count: n + 1)
    for row in 0..<n {
      owner[0] = row
      var column = 0
      var distance = [Double](repeating: .infinity, count: n + 1)
      var previous = [Int](repeating: 0, count: n + 1)
      var visited = [Bool](repeating: false, count: n + 1)
      while let here = owner[column] {
        visited[column] = true
        var step = Double.infinity
        var next = 0
        for candidate in 1...n where !visited[candidate] {
          let reduced = costs[here][candidate - 1] - rowPotential[here] - columnPotential[candidate]
          if reduced < distance[candidate] {
            distance[candidate] = reduced
            previous[candidate] = column
          }
          if distance[candidate] < step {
            step = distance[candidate]
            next = candidate
          }
        }
        for candidate in 0...n {
          if visited[candidate] {
            rowPotential[owner[candidate]!] += step
            columnPotential[candidate] -= step
          } else {
            distance[candidate] -= step
          }
        }
        column = next
      }
      while column != 0 {
        owner[column] = owner[previous[column]]
        column = previous[column]
      }
    }
    var result = [Int](repeating: 0, count: n)
    for column in 1..<(n + 1) { result[owner[column]!] = column - 1 }
    return result
  }
}
