import Foundation

/// Columns for people: the first to the left, numbers to the right.
struct TextTable {
  var header: [String]
  var rows: [[String]] = []

  var lines: [String] {
    let all = [header] + rows
    let widths = header.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
    return all.map { row in
      row.enumerated().map { column, text in
        let pad = String(repeating: " ", count: widths[column] - text.count)
        return column == 0 ? text + pad : pad + text
      }.joined(separator: "  ").trimmingTrailingSpaces()
    }
  }

  func print() { for line in lines { Console.print(line) } }
}

extension String {
  fileprivate func trimmingTrailingSpaces() -> String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}

extension Double {
  /// Four significant digits; "–" where there is no number.
  var brief: String { isFinite ? String(format: "%.4g", self) : "–" }
}

extension Int {
  /// "1 neuron", "2 neurons".
  func of(_ what: String) -> String { "\(self) \(what)\(self == 1 ? "" : what.hasSuffix("s") ? "" : "s")" }
}
