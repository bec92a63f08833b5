/// Points in a plane, with the axes through zero and trails behind the points: phase portraits, eigenvalues.
public struct Scatter: Widget {
  public struct Point: Sendable, Equatable {
    public var x: Double
    public var y: Double
    public var character: Character
    public var style: Style

    public init(x: Double, y: Double, character: Character = "●", style: Style = .plain) {
      self.x = x
      self.y = y
      self.character = character
      self.style = style
    }
  }

  /// A path drawn in dots. A point that is not finite interrupts it.
  public struct Trail: Sendable {
    public var points: [(x: Double, y: Double)]
    public var style: Style

    public init(_ points: [(x: Double, y: Double)], style: Style = .plain) {
      self.points = points
      self.style = style
    }
  }

  /// Later ones are drawn over earlier ones. Of those that are not finite the number stands at the top right, "!3".
  public var points: [Point]
  public var trails: [Trail]
  /// nil fits points and trails.
  public var x: Scale?
  public var y: Scale?
  public var labels: PlotLabels?
  /// nil draws no axes.
  public var axisStyle: Style?

  public init(
    _ points: [Point], trails: [Trail] = [], x: Scale? = nil, y: Scale? = nil, labels: PlotLabels? = nil,
    axisStyle: Style? = Style(.gray)
  ) {
    self.points = points
    self.trails = trails
    self.x = x
    self.y = y
    self.labels = labels
    self.axisStyle = axisStyle
  }

  public func draw(on canvas: inout Canvas) {
    let plot = labels?.draw(on: &canvas, style: axisStyle ?? .plain) ?? canvas.area
    canvas.inside(plot) { drawPlot(on: &$0) }
  }

  private func drawPlot(on canvas: inout Canvas) {
    guard canvas.width > 0, canvas.height > 0 else { return }
    let xs = points.lazy.map(\.x) + trails.lazy.flatMap { $0.points.lazy.map(\.x) }
    let ys = points.lazy.map(\.y) + trails.lazy.flatMap { $0.points.lazy.map(\.y) }
    let xScale = x ?? .fitting(xs, margin: 0.05)
    let yScale = y ?? .fitting(ys, margin: 0.05)
    if let axisStyle { drawAxes(xScale, yScale, axisStyle, on: &canvas) }

    var raster = DotRaster(columns: canvas.width, rows: canvas.height)
    let (right, bottom) = (Double(raster.width - 1), Double(raster.height - 1))
    for trail in trails {
      var previous: (x: Double, y: Double)?
      for point in trail.points {
        guard point.x.isFinite, point.y.isFinite, let px = xScale.position(point.x), let py = yScale.position(point.y)
        else {
          previous = nil
          continue
        }
        let dot = (x: px * right, y: (1 - py) * bottom)
        let from = previous ?? dot
        raster.line(from.x, from.y, dot.x, dot.y, trail.style)
        previous = dot
      }
    }
    raster.draw(on: &canvas)

    var broken = 0
    for point in points {
      guard point.x.isFinite, point.y.isFinite, let px = xScale.position(point.x), let py = yScale.position(point.y)
      else {
        broken += 1
        continue
      }
      guard px >= 0, px <= 1, py >= 0, py <= 1 else { continue }
      canvas.put(
        Int((px * right).rounded()) / 2, Int(((1 - py) * bottom).rounded()) / 4, point.character, point.style)
    }
    if broken > 0 { canvas.textRight(canvas.width, 0, "!\(broken)", Palette.notFinite) }
  }

  private func drawAxes(_ xScale: Scale, _ yScale: Scale, _ style: Style, on canvas: inout Canvas) {
    let column = xScale.position(0).flatMap {
      $0 >= 0 && $0 <= 1 ? Int(($0 * Double(canvas.width * 2 - 1)).rounded()) / 2 : nil
    }
    let row = yScale.position(0).flatMap {
      $0 >= 0 && $0 <= 1 ? Int(((1 - $0) * Double(canvas.height * 4 - 1)).rounded()) / 4 : nil
    }
    if let row { canvas.horizontalLine(0, row, canvas.width, style) }
    if let column { canvas.verticalLine(column, 0, canvas.height, style) }
    if let row, let column { canvas.put(column, row, "┼", style) }
  }
}
