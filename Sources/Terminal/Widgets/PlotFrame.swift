/// Labels around a plot: the ends of the y scale at the left, those of the x scale below.
public struct PlotLabels: Sendable, Equatable {
  public var top: String
  public var bottom: String
  public var left: String
  public var right: String

  public init(top: String = "", bottom: String = "", left: String = "", right: String = "") {
    self.top = top
    self.bottom = bottom
    self.left = left
    self.right = right
  }

  /// The ends of two scales, with units if given ("0.04 nS").
  public init(x: Scale? = nil, y: Scale? = nil, xUnit: String = "", yUnit: String = "") {
    let text = { (value: Double, unit: String) in NumberText.label(value) + (unit.isEmpty ? "" : " " + unit) }
    self.init(
      top: y.map { text($0.high, yUnit) } ?? "", bottom: y.map { text($0.low, yUnit) } ?? "",
      left: x.map { text($0.low, xUnit) } ?? "", right: x.map { text($0.high, xUnit) } ?? "")
  }

  private var gutter: Int { max(top.terminalColumns, bottom.terminalColumns) }

  /// What is left for the plot in a picture of that size: to tell what the mouse meets. Labels are left out where they
  /// would take more than half.
  public func plot(width: Int, height: Int) -> Rect {
    let leftUsed = gutter > 0 && gutter + 1 <= width / 2 ? gutter + 1 : 0
    let hasFoot = !(left.isEmpty && right.isEmpty) && height >= 3
    return Rect(x: 0, y: 0, width: width, height: height).inset(left: leftUsed, bottom: hasFoot ? 1 : 0)
  }

  /// Draws the labels and returns what is left for the plot.
  func draw(on canvas: inout Canvas, style: Style) -> Rect {
    let plot = plot(width: canvas.width, height: canvas.height)
    let (gutter, leftUsed) = (gutter, plot.x)
    let hasFoot = plot.height < canvas.height
    if leftUsed > 0 && plot.height > 0 {
      if plot.height > 1 { canvas.textRight(gutter, plot.bottom - 1, bottom, style) }
      canvas.textRight(gutter, 0, top, style)
    }
    if hasFoot {
      let used = canvas.text(plot.x, plot.bottom, left, style, maxWidth: plot.width)
      if used + 1 + right.terminalColumns <= plot.width { canvas.textRight(canvas.width, plot.bottom, right, style) }
    }
    return plot
  }
}

/// A vertical line at one value of the x axis with a character at its head: an event on a curve.
public struct Marker: Sendable, Equatable {
  public var x: Double
  public var character: Character
  public var style: Style

  public init(x: Double, character: Character, style: Style = .plain) {
    self.x = x
    self.character = character
    self.style = style
  }
}

/// What stands in a plot for a value that is not finite.
let notFiniteMark: Character = "!"
