import Foundation

/// A picture in SVG 1.1, built element by element; coordinates in pixels from the upper left.
struct SVG {
  private let width, height: Double
  private var elements: [String] = []

  init(width: Double, height: Double, title: String, description: String) {
    (self.width, self.height) = (width, height)
    elements.append("<title>\(Self.escaped(title))</title>")
    elements.append("<desc>\(Self.escaped(description))</desc>")
    elements.append("<rect width=\"\(Self.number(width))\" height=\"\(Self.number(height))\" fill=\"#ffffff\"/>")
  }

  enum Anchor: String { case start, middle, end }

  /// The marks of a plot: different in shape, not only in colour.
  enum Mark { case disc, ring, square, diamond }

  mutating func text(
    _ x: Double, _ y: Double, _ string: String, size: Double = 12, anchor: Anchor = .start, color: String = "#222222",
    bold: Bool = false
  ) {
    elements.append(
      "<text x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" font-size=\"\(Self.number(size))\" "
        + "text-anchor=\"\(anchor.rawValue)\" fill=\"\(color)\"\(bold ? " font-weight=\"bold\"" : "")>"
        + "\(Self.escaped(string))</text>")
  }

  mutating func line(
    _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, color: String = "#222222", width: Double = 1,
    dashes: String? = nil
  ) {
    elements.append(
      "<line x1=\"\(Self.number(x1))\" y1=\"\(Self.number(y1))\" x2=\"\(Self.number(x2))\" y2=\"\(Self.number(y2))\" "
        + "stroke=\"\(color)\" stroke-width=\"\(Self.number(width))\""
        + (dashes.map { " stroke-dasharray=\"\($0)\"" } ?? "") + "/>")
  }

  mutating func mark(_ mark: Mark, _ x: Double, _ y: Double, color: String, title: String = "") {
    let tip = title.isEmpty ? "" : "<title>\(Self.escaped(title))</title>"
    func number(_ value: Double) -> String { Self.number(value) }
    switch mark {
    case .disc, .ring:
      elements.append(
        "<circle cx=\"\(number(x))\" cy=\"\(number(y))\" r=\"4.5\" fill=\"\(mark == .disc ? color : "#ffffff")\" "
          + "stroke=\"\(color)\" stroke-width=\"2\">\(tip)</circle>")
    case .square:
      elements.append(
        "<rect x=\"\(number(x - 4.5))\" y=\"\(number(y - 4.5))\" width=\"9\" height=\"9\" fill=\"\(color)\">\(tip)</rect>"
      )
    case .diamond:
      elements.append(
        "<path d=\"M\(number(x)) \(number(y - 6))L\(number(x + 6)) \(number(y))L\(number(x)) \(number(y + 6))"
          + "L\(number(x - 6)) \(number(y))Z\" fill=\"\(color)\">\(tip)</path>")
    }
  }

  var document: String {
    """
    <?xml version="1.0" encoding="UTF-8"?>
    <svg xmlns="http://www.w3.org/2000/svg" version="1.1" width="\(Self.number(width))" height="\(Self.number(height))" \
    viewBox="0 0 \(Self.number(width)) \(Self.number(height))" role="img" font-family="Helvetica, Arial, sans-serif">
    \(elements.joined(separator: "\n"))
    </svg>

    """
  }

  /// Hundredths of a pixel; what is not finite stands at 0.
  private static func number(_ value: Double) -> String {
    guard value.isFinite else { return "0" }
    let text = String(format: "%.2f", value)
    var trimmed = Substring(text)
    while trimmed.last == "0" { trimmed.removeLast() }
    if trimmed.last == "." { trimmed.removeLast() }
    return trimmed == "-0" ? "0" : String(trimmed)
  }

  /// Without what XML does not allow in a text.
  private static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\t", "\n", "\r": result += " "
      case "\u{0}"..<"\u{20}", "\u{FFFE}", "\u{FFFF}": result += "?"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

/// The horizontal axis of a plot: errors, on a straight line from 0 or, where they differ much, by their logarithms.
struct ErrorAxis {
  let isLogarithmic: Bool
  let low, high: Double

  /// For values > 0 (others and those that are not finite are passed over).
  init(_ values: [Double]) {
    let usable = values.filter { $0 > 0 && $0.isFinite }
    let (least, most) = (usable.min() ?? 0.1, usable.max() ?? 1)
    isLogarithmic = most / least > 8
    if isLogarithmic {
      (low, high) = (pow(10, (log10(least) - 0.05).rounded(.down)), most * 1.3)
    } else {
      (low, high) = (0, most * 1.08)
    }
  }

  /// 0 at the left, 1 at the right end; values outside at the nearest.
  func position(_ value: Double) -> Double {
    let position =
      isLogarithmic ? log10(max(value, low) / low) / log10(high / low) : (value - low) / max(high - low, 1e-300)
    return min(max(position, 0), 1)
  }

  /// Round values to be labelled.
  var ticks: [Double] {
    if isLogarithmic {
      let exponents = stride(from: log10(low).rounded(.up), through: log10(high).rounded(.down), by: 1)
      let tens = exponents.map { pow(10, $0) }
      let between = tens.count > 2 ? [] : tens.flatMap { [2 * $0, 5 * $0] }
      return (tens + between).filter { $0 >= low && $0 <= high }.sorted()
    }
    let rough = high / 4
    let magnitude = pow(10, log10(rough).rounded(.down))
    let step = [1, 2, 2.5, 5, 10].map { $0 * magnitude }.first { $0 >= rough } ?? rough
    return Array(stride(from: 0, through: high, by: step))
  }
}
