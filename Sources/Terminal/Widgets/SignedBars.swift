/// Labelled bars from a common zero, to the left below it and to the right above; the numbers stand behind them.
public struct SignedBars: Widget {
  public var bars: [BarChart.Bar]
  /// The magnitude that fills a side; nil takes the largest that is finite.
  public var limit: Double?
  /// A bar that is drawn as chosen.
  public var selected: Int?

  public init(_ bars: [BarChart.Bar], limit: Double? = nil, selected: Int? = nil) {
    self.bars = bars
    self.limit = limit
    self.selected = selected
  }

  public func draw(on canvas: inout Canvas) {
    let shown = bars.prefix(canvas.height)
    let full = limit ?? bars.lazy.map { abs($0.value) }.filter(\.isFinite).max() ?? 1
    let labelWidth = min(shown.lazy.map(\.label.terminalColumns).max() ?? 0, canvas.width * 2 / 5)
    let numbers = shown.map { ($0.value > 0 ? "+" : "") + NumberText.label($0.value) }
    let numberWidth = min(numbers.lazy.map(\.count).max() ?? 0, canvas.width / 3)
    let parts = canvas.area.columns([.cells(labelWidth), .cells(1), .weight(1), .cells(1), .cells(numberWidth)])
    // An odd width, so that zero is a column of its own.
    let half = max(parts[2].width - 1, 0) / 2
    for (y, bar) in shown.enumerated() {
      canvas.aligned(
        .left, bar.label, in: Rect(x: 0, y: y, width: labelWidth, height: 1),
        y == selected ? Style().with([.bold, .reverse]) : .plain)
      canvas.aligned(.right, numbers[y], in: Rect(x: parts[4].x, y: y, width: numberWidth, height: 1))
      guard half > 0 else { continue }
      let zero = parts[2].x + half
      canvas.put(zero, y, "│", Style(.gray))
      guard bar.value.isFinite else {
        canvas.put(zero, y, notFiniteMark, Palette.notFinite)
        continue
      }
      let length = full > 0 ? Int((min(1, abs(bar.value) / full) * Double(half)).rounded()) : 0
      // Solid above zero, hatched below: the direction can be told without colour and even cut off.
      canvas.horizontalLine(
        bar.value < 0 ? zero - length : zero + 1, y, length, bar.style, character: bar.value < 0 ? "▒" : "█")
    }
  }
}
