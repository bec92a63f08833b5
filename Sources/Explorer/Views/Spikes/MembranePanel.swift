import Experiments
import Terminal

/// Membrane potentials of the selected neuron and of those that were kept, on the raster's time.
struct MembranePanel: Widget {
  private let picture: SpikesPicture
  private let bins: Int

  init(_ scene: Scene, _ picture: SpikesPicture) {
    self.picture = picture
    bins = max(Int((Double(scene[SpikesView.self].width) / picture.raster.width).rounded()), 1)
  }

  private static let gutter = 6

  func draw(on canvas: inout Canvas) {
    guard canvas.width > Self.gutter + 4, canvas.height > 0, !picture.traces.isEmpty else { return }
    let hasTitle = canvas.height >= 4
    if hasTitle {
      let used = canvas.text(0, 0, "Membranes", .plain.bold())
      canvas.text(
        used + 2, 0,
        oneOf: ["v, the threshold \(Scene.number(picture.network.threshold)); w keeps the selected one's", ""],
        Ink.quiet, maxWidth: canvas.width - used - 2)
    }
    let area = canvas.area.inset(top: hasTitle ? 1 : 0)
    // As many as have two lines each, the selected one first.
    let count = min(picture.traces.count, max(area.height / 2, 1))
    for (rect, trace) in zip(area.rows(count), picture.traces) { canvas.inside(rect) { draw(trace, on: &$0) } }
  }

  private func draw(_ trace: SpikesPicture.Trace, on canvas: inout Canvas) {
    let isInhibitory = picture.network.isInhibitory(trace.neuron)
    let style = isInhibitory ? Ink.inhibitory : Ink.excitatory
    let isSelected = trace.neuron == picture.detail.neuron
    canvas.text(
      0, 0, "\(isSelected ? "▸" : "·")\(isInhibitory ? "I" : "E")\(trace.neuron)",
      isSelected ? style.bold() : style, maxWidth: Self.gutter)
    if let last = trace.samples.last, canvas.height > 1 {
      canvas.text(
        0, 1, last == SpikesPicture.Trace.spike ? "spike" : Scene.fixed(last), Ink.quiet, maxWidth: Self.gutter - 1)
    }
    let threshold = picture.network.threshold
    let samplesPerBin = picture.raster.width >= 2 * picture.network.step ? 2 : 1
    // A spike reaches the upper border.
    let samples = trace.samples.map { Optional(min(Double($0), threshold * 2)) }
    let plot = canvas.area.inset(left: Self.gutter)
    canvas.draw(
      Trace(
        samples, total: trace.total, y: Scale(-0.5 * threshold, 1.1 * threshold), style: style,
        samplesPerDot: max(bins * samplesPerBin / 2, 1), zeroStyle: Ink.frame),
      in: plot)
  }
}
