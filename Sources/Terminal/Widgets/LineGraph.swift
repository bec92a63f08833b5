/// Curves over a common pair of scales.
///
/// What lies beyond the y scale is drawn at its edge. A gap (nil) interrupts the curve; NaN and infinities, and what is
/// not positive on a logarithmic scale, are marked "!" at the bottom (+∞ at the top).
public struct LineGraph: Widget {
  public struct Series: Sendable {
    /// nil is a gap.
    public var points: [(x: Double, y: Double?)]
    public var style: Style
    public var name: String
    /// Stands on some of the points, so that the curve can be told from others without colour; nil for none.
    public var mark: Character?

    public init(_ points: [(Double, Double)], style: Style = .plain, name: String = "", mark: Character? = nil) {
      self.points = points.map { (x: $0.0, y: $0.1) }
      self.style = style
      self.name = name
      self.mark = mark
    }

    /// Values at x = 0, 1, 2 …
    public init(_ values: [Double?], style: Style = .plain, name: String = "") {
      points = values.enumerated().map { (x: Double($0.offset), y: $0.element) }
      self.style = style
      self.name = name
    }
  }

  public var series: [Series]
  /// nil fits the points.
  public var x: Scale?
  /// nil fits the points, on a straight scale.
  public var y: Scale?
  public var markers: [Marker]
  /// nil for none.
  public var labels: PlotLabels?
  /// Draws the series' names in their styles at the top right.
  public var showsNames: Bool
  public var labelStyle: Style

  public init(
    _ series: [Series], x: Scale? = nil, y: Scale? = nil, markers: [Marker] = [], labels: PlotLabels? = nil,
    showsNames: Bool = false, labelStyle: Style = Style(.gray)
  ) {
    self.series = series
    self.x = x
    self.y = y
    self.markers = markers
    self.labels = labels
    self.showsNames = showsNames
    self.labelStyle = labelStyle
  }

  public func draw(on canvas: inout Canvas) {
    let plot = labels?.draw(on: &canvas, style: labelStyle) ?? canvas.area
    canvas.inside(plot) { drawPlot(on: &$0) }
  }

  private func drawPlot(on canvas: inout Canvas) {
    guard canvas.width > 0, canvas.height > 0 else { return }
    let xScale = x ?? .fitting(series.lazy.flatMap { $0.points.lazy.map(\.x) })
    let yScale = y ?? .fitting(series.lazy.flatMap { $0.points.lazy.compactMap(\.y) })
    for marker in markers { draw(marker, xScale, on: &canvas) }
    var raster = DotRaster(columns: canvas.width, rows: canvas.height)
    let (right, bottom) = (Double(raster.width - 1), Double(raster.height - 1))
    var broken: [(column: Int, row: Int)] = []
    var marks: [(column: Int, row: Int, character: Character, style: Style)] = []
    for one in series {
      var lastMark = -Self.markDistance
      var previous: (x: Double, y: Double)?
      for point in one.points {
        guard let px = xScale.position(point.x), px.isFinite, let value = point.y else {
          previous = nil
          continue
        }
        guard value.isFinite, let py = yScale.position(value) else {
          previous = nil
          let row = value == .infinity ? 0 : canvas.height - 1
          if px >= 0 && px <= 1 { broken.append((Int((px * right).rounded()) / 2, row)) }
          continue
        }
        let dot = (x: px * right, y: (1 - min(1, max(0, py))) * bottom)
        if let previous {
          raster.line(previous.x, previous.y, dot.x, dot.y, one.style)
        } else {
          raster.line(dot.x, dot.y, dot.x, dot.y, one.style)
        }
        previous = dot
        guard let mark = one.mark, px >= 0, px <= 1 else { continue }
        let column = Int(dot.x.rounded()) / 2
        if column - lastMark >= Self.markDistance {
          marks.append((column, Int(dot.y.rounded()) / 4, mark, one.style))
          lastMark = column
        }
      }
    }
    raster.draw(on: &canvas)
    for mark in broken { canvas.put(mark.column, mark.row, notFiniteMark, Palette.notFinite) }
    for mark in marks { canvas.put(mark.column, mark.row, mark.character, mark.style) }
    drawHeads(xScale, on: &canvas)
    if showsNames { drawNames(on: &canvas) }
  }

  private func column(_ marker: Marker, _ scale: Scale, _ width: Int) -> Int? {
    guard let px = scale.position(marker.x), px >= 0, px <= 1 else { return nil }
    return Int((px * Double(width * 2 - 1)).rounded()) / 2
  }

  private func draw(_ marker: Marker, _ scale: Scale, on canvas: inout Canvas) {
    guard let column = column(marker, scale, canvas.width) else { return }
    canvas.verticalLine(column, 1, canvas.height - 1, marker.style.dim(), character: "┊")
  }

  /// Columns between two marks of a series.
  private static let markDistance = 4

  /// In the first row, beside each other where they would stand in one column.
  private func drawHeads(_ scale: Scale, on canvas: inout Canvas) {
    var taken: Set<Int> = []
    for marker in markers {
      guard let wanted = column(marker, scale, canvas.width) else { continue }
      let right = (wanted..<canvas.width).first { !taken.contains($0) }
      guard let free = right ?? (0..<wanted).last(where: { !taken.contains($0) }) else { return }
      taken.insert(free)
      canvas.put(free, 0, marker.character, marker.style)
    }
  }

  private func drawNames(on canvas: inout Canvas) {
    // Below the heads of the markers.
    let y = markers.isEmpty || canvas.height < 2 ? 0 : 1
    var end = canvas.width
    for one in series.reversed() where !one.name.isEmpty {
      let text = "─ " + one.name
      if text.terminalColumns > end { return }
      canvas.textRight(end, y, text, one.style)
      end -= text.terminalColumns + 2
    }
  }
}
