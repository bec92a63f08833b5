import Experiments
import Terminal

/// How the excitatory weights are spread, through time: a column is a moment, the newest at the right, a row a class of
/// weights, large ones above; the selected synapse's weight lies on it as a line.
struct SpikeWeightsPanel: Widget {
  private let picture: SpikesPicture
  private let palette: Palette

  init(_ scene: Scene, _ picture: SpikesPicture) {
    self.picture = picture
    palette = scene.look.sequential
  }

  private static let levels = 11
  /// Columns of the present histogram.
  private static let bars = 8

  func draw(on canvas: inout Canvas) {
    guard canvas.width > 16, canvas.height > 0 else { return }
    let weights = picture.weights
    let hasTitle = canvas.height >= 4
    let all = picture.network.synapses
    if hasTitle {
      let used = canvas.text(0, 0, "Weights", .plain.bold())
      let mean = Double(weights.means.last ?? 0) * picture.network.maximum
      let moves = picture.isLearning ? "" : ", fixed: t lets them learn"
      let counted = weights.counted < all ? ", \(NumberText.grouped(weights.counted)) of them" : ""
      canvas.text(
        used + 2, 0,
        oneOf: [
          "of excitatory synapses\(counted), mean \(Scene.number(mean))\(moves)", "mean \(Scene.number(mean))\(moves)",
          "mean \(Scene.number(mean))",
        ], Ink.quiet, maxWidth: canvas.width - used - 2)
    }
    let top = hasTitle ? 1 : 0
    let foot = canvas.height >= 5 ? 1 : 0
    let labels = [Scene.number(picture.network.maximum), "0"]
    let gutter = (labels.map(\.terminalColumns).max() ?? 1) + 1
    let rows = min(canvas.height - top - foot, SpikeWeightsPanel.classes(weights))
    guard rows > 0 else { return }
    let plot = Rect(x: gutter, y: top, width: canvas.width - gutter - Self.bars - 1, height: rows)
    canvas.textRight(gutter - 1, plot.y, labels[0], Ink.quiet)
    canvas.textRight(gutter - 1, plot.bottom - 1, labels[1], Ink.quiet)
    drawHistory(plot, on: &canvas)
    if let last = weights.history.last {
      for row in 0..<rows {
        let share = Self.share(last, row, of: rows)
        canvas.inside(Rect(x: plot.right + 1, y: plot.y + row, width: Self.bars, height: 1)) { canvas in
          // Three times as many as if all rows had equally many fill a bar.
          canvas.draw(Gauge(share > 0 ? max(share * Double(rows) / 3, 0.13) : 0, style: Ink.excitatory))
        }
      }
    }
    if foot > 0 {
      let span = Double(plot.width) * weights.interval / 1_000
      canvas.text(plot.x, plot.bottom, "−\(Scene.number(span)) s", Ink.quiet)
      canvas.textRight(canvas.width, plot.bottom, "now", Ink.quiet)
      if weights.selected.last?.isFinite == true {
        canvas.text(plot.x + 8, plot.bottom, "● selected", Ink.bright, maxWidth: plot.width - 8)
      }
    }
  }

  private static func classes(_ weights: SpikesPicture.Weights) -> Int { weights.history.first?.count ?? 0 }

  /// The share of the weights in a row, the first row being the largest weights.
  private static func share(_ shares: [Float], _ row: Int, of rows: Int) -> Double {
    let (low, high) = ((rows - 1 - row) * shares.count / rows, (rows - row) * shares.count / rows)
    return shares[low..<high].reduce(0) { $0 + Double($1) }
  }

  private func drawHistory(_ plot: Rect, on canvas: inout Canvas) {
    let weights = picture.weights
    let shown = min(plot.width, weights.history.count)
    for column in 0..<max(shown, 0) {
      let entry = weights.history.count - shown + column
      let x = plot.right - shown + column
      for row in 0..<plot.height {
        let share = Self.share(weights.history[entry], row, of: plot.height)
        guard share > 0 else { continue }
        let level = max(palette.level(of: min(share, 1).squareRoot(), levels: Self.levels) ?? 0, 1)
        canvas.put(
          x, plot.y + row, palette.glyph(level: level, of: Self.levels, tier: canvas.glyphs),
          .swatch(palette.color(level: level, of: Self.levels)))
      }
      let own = weights.selected[entry]
      guard own.isFinite else { continue }
      let row = min(Int((1 - min(max(Double(own), 0), 1)) * Double(plot.height)), plot.height - 1)
      canvas.put(x, plot.y + row, "●", Ink.bright)
    }
  }
}
