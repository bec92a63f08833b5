import Experiments
import Terminal

/// Who fired when, the newest at the right, and below it how many did at once.
///
/// Where there are as many dots as neurons each has a row of dots. Where there are more neurons, a cell is the share of its
/// row's neurons that fired in its column, not whether any did: at thousands of neurons somebody always fires, and dots
/// would make a block of what is no more than noise and hide the volley in it. A row has neurons of one kind only.
struct SpikeRasterPanel: Widget {
  private let picture: SpikesPicture
  private let selected: Int
  private let kept: [Int]
  /// Bins of a column.
  private let bins: Int
  private let palette: Palette

  init(_ scene: Scene, _ picture: SpikesPicture) {
    let state = scene[SpikesView.self]
    (self.picture, selected, kept) = (picture, state.selection.post, state.kept)
    bins = max(Int((Double(state.width) / picture.raster.width).rounded()), 1)
    palette = scene.look.sequential
  }

  private static let gutter = 6
  private var width: Double { Double(bins) * picture.raster.width }

  /// Heights of the raster and of the strip below it, on a canvas of that height.
  private func heights(_ height: Int) -> (raster: Int, strip: Int) {
    let strip = height >= 10 ? 2 : height >= 5 ? 1 : 0
    return (max(height - strip - (height >= 4 ? 2 : 0), 0), strip)
  }

  /// Rows of cells on a canvas of that height: each is a range of groups of one kind.
  func rows(_ height: Int) -> [Range<Int>] {
    let raster = picture.raster
    let count = min(heights(height).raster, raster.groups)
    let (e, i) = (raster.excitatoryGroups, raster.groups - raster.excitatoryGroups)
    guard count > 0 else { return [] }
    // Neither kind is crowded out; in a single row both have to stand.
    if count == 1 && e > 0 && i > 0 { return [0..<raster.groups] }
    let upper = i == 0 ? count : e == 0 ? 0 : min(max(count * e / raster.groups, 1), count - 1)
    return (0..<upper).map { $0 * e / upper..<($0 + 1) * e / upper }
      + (0..<count - upper).map { e + $0 * i / (count - upper)..<e + ($0 + 1) * i / (count - upper) }
  }

  /// Whether every neuron has a row of dots.
  private func isUnfolded(_ height: Int) -> Bool {
    picture.raster.groups == picture.network.neurons && picture.raster.groups <= 4 * heights(height).raster
  }

  /// The first neuron of the row at that line.
  func neuron(atY y: Int, height: Int) -> Int? {
    let top = height >= 4 ? 1 : 0
    guard y >= top, y - top < heights(height).raster else { return nil }
    if isUnfolded(height) {
      return min((y - top) * 4 * picture.raster.groups / (4 * heights(height).raster), picture.network.neurons - 1)
    }
    let rows = rows(height)
    return y - top < rows.count ? picture.raster.firsts[rows[y - top].lowerBound] : nil
  }

  func draw(on canvas: inout Canvas) {
    guard canvas.width > Self.gutter + 4, canvas.height > 0 else { return }
    let (height, strip) = heights(canvas.height)
    let top = canvas.height >= 4 ? 1 : 0
    if top > 0 { drawTitle(canvas.height, on: &canvas) }
    let plot = Rect(x: Self.gutter, y: top, width: canvas.width - Self.gutter, height: height)
    if isUnfolded(canvas.height) {
      drawDots(plot, on: &canvas)
    } else {
      drawShares(rows(canvas.height), plot, on: &canvas)
    }
    if strip > 0 {
      canvas.inside(Rect(x: 0, y: plot.bottom, width: canvas.width, height: strip)) { drawStrip(on: &$0) }
    }
    if canvas.height >= 4 {
      let y = plot.bottom + strip
      let span = Double(plot.width * bins) * picture.raster.width
      canvas.text(plot.x, y, "−\(Scene.number(span)) ms", Ink.quiet)
      canvas.textRight(canvas.width, y, "\(Scene.number(width)) ms a column, now", Ink.quiet, maxWidth: plot.width - 12)
    }
  }

  private func drawTitle(_ height: Int, on canvas: inout Canvas) {
    let used = canvas.text(0, 0, "Spikes", .plain.bold())
    guard !isUnfolded(height) else {
      canvas.text(used + 2, 0, "a row of dots a neuron", Ink.quiet)
      return
    }
    let sizes = rows(height).map { row in row.reduce(0) { $0 + picture.raster.sizes[$1] } }
    let each = sizes.max() ?? 0
    let x = canvas.text(
      used + 2, 0,
      oneOf: ["share of \(each) neurons a row that fire in \(Scene.number(width)) ms", "\(each) neurons a row"],
      Ink.quiet, maxWidth: canvas.width - used - 24)
    // As in the cells: square roots, so that a single spike is seen beside a volley.
    var column = used + 2 + x + 2
    for (share, label) in [(0.01, "1"), (0.1, "10"), (0.4, "40"), (1.0, "100 %")] where column + 8 < canvas.width {
      put(share, column, 0, on: &canvas)
      column += 1 + canvas.text(column + 1, 0, label, Ink.quiet) + 1
    }
  }

  private static let levels = 15

  private func put(_ share: Double, _ x: Int, _ y: Int, on canvas: inout Canvas) {
    guard share > 0 else { return }
    // The lowest level is darkness: one spike has more than that.
    let level = max(palette.level(of: min(share, 1).squareRoot(), levels: Self.levels) ?? 0, 2)
    let color = palette.color(level: level, of: Self.levels)
    canvas.put(x, y, palette.glyph(level: level, of: Self.levels, tier: canvas.glyphs), .swatch(color))
  }

  /// The bins of a column, which never change once they are over; empty before the start.
  private func bins(column: Int, of width: Int) -> Range<Int> {
    let number = picture.raster.newest / bins - (width - 1 - column)
    return number < 0 ? 0..<0 : number * bins..<min((number + 1) * bins, picture.raster.newest + 1)
  }

  private func drawShares(_ rows: [Range<Int>], _ plot: Rect, on canvas: inout Canvas) {
    let raster = picture.raster
    for (line, groups) in rows.enumerated() {
      let y = plot.y + line
      let size = groups.reduce(0) { $0 + raster.sizes[$1] }
      drawGutter(raster.firsts[groups.lowerBound]..<raster.firsts[groups.upperBound], y, on: &canvas)
      for column in 0..<plot.width {
        var fired = 0
        for bin in bins(column: column, of: plot.width) { for group in groups { fired += raster.count(bin, group) } }
        if fired > 0 { put(Double(fired) / Double(max(size, 1)), plot.x + column, y, on: &canvas) }
      }
    }
  }

  private func drawDots(_ plot: Rect, on canvas: inout Canvas) {
    let raster = picture.raster
    var dots = DotRaster(columns: plot.width, rows: plot.height)
    for column in 0..<plot.width {
      let range = bins(column: column, of: plot.width)
      for bin in range where raster.total(bin) > 0 {
        let half = (bin - range.lowerBound) * 2 / bins
        for group in 0..<raster.groups where raster.count(bin, group) > 0 {
          let style = group < raster.excitatoryGroups ? Ink.excitatory : Ink.inhibitory
          dots.set(2 * column + min(half, 1), group * dots.height / raster.groups, style)
        }
      }
    }
    dots.draw(on: &canvas, x: plot.x, y: plot.y)
    for line in 0..<plot.height {
      let neurons =
        (line * raster.groups + plot.height - 1)
        / plot.height..<max(
          ((line + 1) * raster.groups + plot.height - 1) / plot.height, 0)
      drawGutter(neurons, plot.y + line, on: &canvas)
    }
  }

  /// The row's first neuron, by its kind's colour and letter; marked where the selected or a kept one is in it.
  private func drawGutter(_ neurons: Range<Int>, _ y: Int, on canvas: inout Canvas) {
    guard let first = neurons.first else { return }
    let isInhibitory = picture.network.isInhibitory(first)
    let isSelected = neurons.contains(selected)
    let style = isInhibitory ? Ink.inhibitory : Ink.excitatory
    let mark = isSelected ? "▸" : kept.contains(where: neurons.contains) ? "·" : " "
    let number = isSelected ? selected : first
    canvas.text(
      0, y, "\(mark)\(isInhibitory ? "I" : "E")" + "\(number)".padded(to: 4, .left),
      isSelected ? style.with([.bold, .reverse]) : style, maxWidth: Self.gutter)
  }

  /// The share of all neurons in the fullest bin of each column.
  private func drawStrip(on canvas: inout Canvas) {
    let plot = Rect(x: Self.gutter, y: 0, width: canvas.width - Self.gutter, height: canvas.height)
    canvas.text(0, 0, "all", Ink.state)
    if canvas.height > 1 { canvas.text(0, 1, " a ms", Ink.quiet, maxWidth: Self.gutter) }
    let n = Double(picture.network.neurons)
    let values: [Double?] = (0..<plot.width).map { column in
      let most = bins(column: column, of: plot.width).map(picture.raster.total).max()
      return most.flatMap { $0 > 0 ? (min(Double($0) / n, 1)).squareRoot() : nil }
    }
    canvas.draw(Sparkline(values, scale: Scale(0, 1), style: Ink.state), in: plot)
  }
}
