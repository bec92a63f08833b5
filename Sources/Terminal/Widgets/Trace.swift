/// A signal running in from the right, two dot columns a cell, that does not shimmer: samples are assigned to dots by
/// their absolute number, so that what has been drawn only moves left by whole cells and never changes shape.
public struct Trace: Widget {
  /// The newest samples, the oldest first; nil is a gap.
  public var samples: [Double?]
  /// How many samples there have been in all; `samples.last` is number `total - 1`.
  public var total: Int
  /// Samples to a dot column, at least 1; the column spans from the least to the greatest of them.
  public var samplesPerDot: Int
  /// Values beyond are drawn at the edge.
  public var y: Scale
  public var style: Style
  public var markers: [Marker]
  /// nil draws no line at zero.
  public var zeroStyle: Style?
  /// Stands on every sixth cell, so that the signal can be told from another without colour; nil for none.
  public var mark: Character?

  /// Markers' x is a sample number.
  public init(
    _ samples: [Double?], total: Int? = nil, y: Scale, style: Style = .plain, samplesPerDot: Int = 1,
    markers: [Marker] = [], zeroStyle: Style? = nil, mark: Character? = nil
  ) {
    self.samples = samples
    self.total = max(samples.count, total ?? samples.count)
    self.samplesPerDot = max(1, samplesPerDot)
    self.y = y
    self.style = style
    self.markers = markers
    self.zeroStyle = zeroStyle
    self.mark = mark
  }

  /// How many samples a canvas of so many columns can show: what a ring for it has to keep.
  public static func capacity(columns: Int, samplesPerDot: Int = 1) -> Int {
    max(0, columns) * 2 * max(1, samplesPerDot) + 1
  }

  public func draw(on canvas: inout Canvas) {
    guard canvas.width > 0, canvas.height > 0 else { return }
    if let zeroStyle, let zero = y.position(0), zero >= 0, zero <= 1 {
      let row = Int(((1 - zero) * Double(canvas.height * 4 - 1)).rounded()) / 4
      canvas.horizontalLine(0, row, canvas.width, zeroStyle, character: "┈")
    }
    let lastPair = max(0, total - 1) / samplesPerDot / 2
    let firstPair = lastPair - canvas.width + 1
    for marker in markers where marker.x.isFinite {
      let sample = marker.x.rounded()
      guard sample >= 0, sample < Double(total) else { continue }
      let column = Int(sample) / samplesPerDot / 2 - firstPair
      canvas.verticalLine(column, 1, canvas.height - 1, marker.style.dim(), character: "┊")
    }
    drawSamples(firstDot: firstPair * 2, on: &canvas)
    for marker in markers where marker.x.isFinite && marker.x >= 0 && marker.x.rounded() < Double(total) {
      canvas.put(Int(marker.x.rounded()) / samplesPerDot / 2 - firstPair, 0, marker.character, marker.style)
    }
  }

  private func drawSamples(firstDot: Int, on canvas: inout Canvas) {
    var raster = DotRaster(columns: canvas.width, rows: canvas.height)
    let bottom = Double(raster.height - 1)
    let oldest = total - samples.count
    var broken: [(column: Int, row: Int)] = []
    var marked: [(column: Int, row: Int)] = []
    var previous: Int?
    // One sample before the picture, so that the line comes in from the border.
    let from = max(0, firstDot * samplesPerDot - 1 - oldest)
    for i in min(from, samples.count)..<samples.count {
      let dot = (oldest + i) / samplesPerDot - firstDot
      guard let value = samples[i] else {
        previous = nil
        continue
      }
      guard value.isFinite, let position = y.position(value) else {
        if dot >= 0 { broken.append((dot / 2, value == .infinity ? 0 : canvas.height - 1)) }
        previous = nil
        continue
      }
      let row = Int(((1 - min(1, max(0, position))) * bottom).rounded())
      // From beside the last sample's row, so that a slope is a thin line.
      let start = previous.map { row > $0 ? min($0 + 1, row) : row < $0 ? max($0 - 1, row) : row } ?? row
      raster.span(dot, start, row, style)
      let number = (oldest + i) / samplesPerDot
      if mark != nil, dot >= 0, number % 12 == 0 { marked.append((dot / 2, row / 4)) }
      previous = row
    }
    raster.draw(on: &canvas)
    if let mark { for point in marked { canvas.put(point.column, point.row, mark, style) } }
    for mark in broken { canvas.put(mark.column, mark.row, notFiniteMark, Palette.notFinite) }
  }
}
