// Lengths for numbers: a single gauge, labelled bars one below the other, a histogram, a sparkline.

/// A horizontal bar of a number in 0...1 with a text upon it.
public struct Gauge: Widget {
  /// Clamped to 0...1; NaN is drawn as "!".
  public var value: Double
  public var text: String
  public var style: Style

  public init(_ value: Double, text: String = "", style: Style = Style(.blue)) {
    self.value = value
    self.text = text
    self.style = style
  }

  public func draw(on canvas: inout Canvas) {
    let length = canvas.width - (text.isEmpty ? 0 : text.terminalColumns + 1)
    for y in 0..<canvas.height {
      canvas.inside(Rect(x: 0, y: y, width: max(length, 0), height: 1)) { drawBar(value, style, on: &$0) }
    }
    canvas.textRight(canvas.width, 0, text)
  }
}

/// Draws a bar along row 0; the rest of the row is dotted.
private func drawBar(_ value: Double, _ style: Style, on canvas: inout Canvas) {
  guard !value.isNaN else {
    canvas.put(0, 0, notFiniteMark, Palette.notFinite)
    return
  }
  let eighths = Int((min(1, max(0, value)) * Double(canvas.width * 8)).rounded())
  let partial: [Character] = ["·", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
  for x in 0..<canvas.width {
    let left = eighths - x * 8
    if left >= 8 {
      canvas.put(x, 0, "█", style)
    } else if left > 0 && canvas.glyphs != .ascii {
      canvas.put(x, 0, partial[left], style)
    } else {
      canvas.put(x, 0, left >= 4 ? "█" : "·", left >= 4 ? style : style.dim())
    }
  }
}

/// Labelled horizontal bars from zero to the right; the numbers stand behind them.
public struct BarChart: Widget {
  public struct Bar: Sendable, Equatable {
    public var label: String
    public var value: Double
    public var style: Style
    public init(_ label: String, _ value: Double, style: Style = Style(.blue)) {
      self.label = label
      self.value = value
      self.style = style
    }
  }

  public var bars: [Bar]
  /// The value of a full bar; nil takes the largest magnitude. The length shows the magnitude, the number the sign.
  public var limit: Double?
  public var unit: String

  public init(_ bars: [Bar], limit: Double? = nil, unit: String = "") {
    self.bars = bars
    self.limit = limit
    self.unit = unit
  }

  public func draw(on canvas: inout Canvas) {
    let full = limit ?? bars.lazy.map { abs($0.value) }.filter(\.isFinite).max() ?? 1
    let labelWidth = min(bars.lazy.map(\.label.terminalColumns).max() ?? 0, canvas.width / 3)
    let numbers = bars.prefix(canvas.height).map { NumberText.short($0.value) + (unit.isEmpty ? "" : " " + unit) }
    let numberWidth = numbers.lazy.map(\.terminalColumns).max() ?? 0
    let columns = canvas.area.columns([
      .cells(labelWidth), .cells(labelWidth > 0 ? 1 : 0), .weight(1), .cells(1),
      .cells(min(numberWidth, canvas.width / 3)),
    ])
    for (y, bar) in bars.prefix(canvas.height).enumerated() {
      let row = { (i: Int) in Rect(x: columns[i].x, y: y, width: columns[i].width, height: 1) }
      canvas.aligned(.left, bar.label, in: row(0))
      canvas.inside(row(2)) {
        drawBar(full > 0 ? abs(bar.value) / full : (bar.value.isNaN ? .nan : 0), bar.style, on: &$0)
      }
      canvas.aligned(.right, numbers[y], in: row(4))
    }
  }
}

/// Vertical bars for counts or densities, the whole width divided between them.
public struct Histogram: Widget {
  /// Negative ones count as zero; NaN is marked.
  public var values: [Double]
  public var style: Style
  /// Below, at the ends.
  public var labels: PlotLabels?

  public init(_ values: [Double], style: Style = Style(.blue), labels: PlotLabels? = nil) {
    self.values = values
    self.style = style
    self.labels = labels
  }

  /// Counts of finite values in equal bins of a scale; those outside are left out.
  public init(binning samples: some Sequence<Double>, bins: Int, scale: Scale, style: Style = Style(.blue)) {
    var counts = [Double](repeating: 0, count: max(1, bins))
    for sample in samples where sample.isFinite {
      guard let position = scale.position(sample), position >= 0, position <= 1 else { continue }
      counts[min(counts.count - 1, Int(position * Double(counts.count)))] += 1
    }
    self.init(counts, style: style, labels: PlotLabels(x: scale))
  }

  public func draw(on canvas: inout Canvas) {
    let plot = labels?.draw(on: &canvas, style: Style(.gray)) ?? canvas.area
    canvas.inside(plot) { canvas in
      guard canvas.width > 0, !values.isEmpty else { return }
      let most = values.lazy.filter(\.isFinite).max() ?? 0
      for x in 0..<canvas.width {
        let value = values[min(values.count - 1, x * values.count / canvas.width)]
        drawColumn(x, value, most: most, style, on: &canvas)
      }
    }
  }
}

/// One row (or more) of small columns, the newest at the right.
public struct Sparkline: Widget {
  /// nil is a gap, NaN is marked.
  public var values: [Double?]
  /// nil fits what is shown.
  public var scale: Scale?
  public var style: Style

  public init(_ values: [Double?], scale: Scale? = nil, style: Style = .plain) {
    self.values = values
    self.scale = scale
    self.style = style
  }

  public func draw(on canvas: inout Canvas) {
    let shown = values.suffix(canvas.width)
    let scale = scale ?? .fitting(shown.lazy.compactMap { $0 })
    for (i, value) in shown.enumerated() {
      guard let value else { continue }
      // At least an eighth, so that the lowest value can be seen.
      let position = scale.position(value).map { 0.125 + 0.875 * min(1, max(0, $0)) } ?? .nan
      drawColumn(canvas.width - shown.count + i, value.isFinite ? position : .nan, most: 1, style, on: &canvas)
    }
  }
}

/// Draws a column of height value / most from the bottom.
private func drawColumn(_ x: Int, _ value: Double, most: Double, _ style: Style, on canvas: inout Canvas) {
  guard canvas.height > 0 else { return }
  guard value.isFinite else {
    canvas.put(x, canvas.height - 1, notFiniteMark, Palette.notFinite)
    return
  }
  let share = most > 0 ? min(1, max(0, value / most)) : 0
  var eighths = Int((share * Double(canvas.height * 8)).rounded())
  if eighths == 0 && value > 0 { eighths = 1 }
  let partial: [Character] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
  for row in 0..<canvas.height {
    let filled = min(8, eighths - row * 8)
    if filled > 0 { canvas.put(x, canvas.height - 1 - row, partial[filled], style) }
  }
}
