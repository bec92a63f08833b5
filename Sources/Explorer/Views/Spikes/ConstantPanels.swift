import Experiments
import Spiking
import Terminal

/// How the membranes' time constants are spread: excitatory neurons above, inhibitory ones below, the selected marked.
struct TimeConstantPanel: Widget {
  private let picture: SpikesPicture
  init(_ scene: Scene, _ picture: SpikesPicture) { self.picture = picture }

  func draw(on canvas: inout Canvas) {
    guard canvas.width > 12, canvas.height > 1 else { return }
    let network = picture.network
    let used = canvas.text(0, 0, "τ_m", .plain.bold())
    canvas.text(
      used + 2, 0, oneOf: [network.timeConstant.sentence, network.timeConstant.shortSentence], Ink.quiet,
      maxWidth: canvas.width - used - 2)
    let area = canvas.area.inset(top: 1, bottom: canvas.height >= 4 ? 1 : 0)
    let hasBoth = network.excitatory < network.neurons && network.excitatory > 0 && area.height >= 2
    let parts = hasBoth ? area.rows([.weight(1.6), .weight(1)]) : [area]
    let kinds =
      hasBoth
      ? [("E", network.excitatoryCounts, Ink.excitatory), ("I", network.inhibitoryCounts, Ink.inhibitory)]
      : [
        network.excitatory > 0
          ? ("E", network.excitatoryCounts, Ink.excitatory) : ("I", network.inhibitoryCounts, Ink.inhibitory)
      ]
    for (rect, kind) in zip(parts, kinds) {
      canvas.text(rect.x, rect.bottom - 1, kind.0, kind.2)
      canvas.draw(Histogram(kind.1.map(Double.init), style: kind.2), in: rect.inset(left: 2))
    }
    guard canvas.height >= 4 else { return }
    let y = canvas.height - 1
    let (first, last) = network.timeConstants
    canvas.text(2, y, Scene.number(first), Ink.quiet)
    canvas.textRight(canvas.width, y, "\(Scene.number(last)) ms", Ink.quiet)
    let scale = Scale(first, last)
    if let position = scale.position(picture.detail.timeConstant), position >= 0, position <= 1 {
      canvas.put(2 + Int((position * Double(canvas.width - 3)).rounded()), y, "▲", Ink.bright)
    }
  }
}

extension Spread {
  /// For people: "gamma, shape 2, mean 20 ms".
  var sentence: String {
    switch self {
    case .equal(let value): "\(Scene.number(value)) ms in every neuron"
    case .gamma(let shape, let mean): "gamma, shape \(Scene.number(shape)), mean \(Scene.number(mean)) ms"
    case .normal(let shape, let mean): "normal, shape \(Scene.number(shape)), mean \(Scene.number(mean)) ms"
    case .uniform(let shape, let mean): "uniform, shape \(Scene.number(shape)), mean \(Scene.number(mean)) ms"
    }
  }

  var shortSentence: String {
    switch self {
    case .equal(let value): "\(Scene.number(value)) ms"
    case .gamma(let shape, let mean): "gamma \(Scene.number(shape)), \(Scene.number(mean)) ms"
    case .normal(let shape, let mean): "normal \(Scene.number(shape)), \(Scene.number(mean)) ms"
    case .uniform(let shape, let mean): "uniform \(Scene.number(shape)), \(Scene.number(mean)) ms"
    }
  }
}

/// What a pair of spikes does to a weight, by their distance in time: the selected synapse's window, or those of the
/// selected neuron's synapses, over the mean of all.
struct PlasticityWindowPanel: Widget {
  private let picture: SpikesPicture
  private let selected: SpikesPicture.Synapse?
  private let others: [SpikesPicture.Synapse]

  /// The most windows that are drawn of a neuron's synapses.
  private static let most = 12

  init(_ scene: Scene, _ picture: SpikesPicture) {
    self.picture = picture
    selected = scene.spikeSynapse.flatMap { $0.isInhibitory ? nil : $0 }
    let all = picture.network.rule.isEqual ? [] : scene.spikeDetail?.synapses.filter { !$0.isInhibitory } ?? []
    let stride = max((all.count + Self.most - 1) / Self.most, 1)
    others = Swift.stride(from: 0, to: all.count, by: stride).map { all[$0] }
  }

  func draw(on canvas: inout Canvas) {
    guard canvas.width > 16, canvas.height > 1 else { return }
    let rule = picture.network.rule
    let used = canvas.text(0, 0, "STDP", .plain.bold())
    let what =
      selected.map {
        "of \(picture.network.name(source: $0.source))→\(picture.detail.neuron), in \(Scene.number(picture.network.maximum))"
      }
      ?? (others.isEmpty ? "the same at every synapse" : "of neuron \(picture.detail.neuron)'s synapses")
    canvas.text(
      used + 2, 0, oneOf: ["Δw by one pair, \(what)", what], Ink.quiet, maxWidth: canvas.width - used - 2)
    // A fixed range: the rule's.
    let span = 4 * max(rule.potentiationTime.mean, rule.depressionTime.mean)
    let height = (rule.isEqual ? 1.1 : 2.2) * max(rule.potentiation.mean, rule.depression.mean, 1e-6)
    func series(_ window: (Double) -> Double, _ style: Style, mark: Character? = nil) -> [LineGraph.Series] {
      // Two branches: between them it jumps.
      let places = (0...40).map { Double($0) / 40 * span }
      return [
        LineGraph.Series(places.reversed().map { (-$0 - 1e-9, window(-$0 - 1e-9)) }, style: style, mark: mark),
        LineGraph.Series(places.map { ($0, window($0)) }, style: style, mark: mark),
      ]
    }
    var lines = others.flatMap { series($0.window, Ink.frame) }
    lines += series(rule.window, others.isEmpty && selected == nil ? Ink.excitatory : Ink.quiet)
    if let selected { lines += series(selected.window, Ink.excitatory, mark: "●") }
    canvas.draw(
      LineGraph(
        lines, x: Scale(-span, span), y: Scale(-height, height),
        labels: PlotLabels(
          top: "+\(Scene.number(height, digits: 2))", bottom: "−\(Scene.number(height, digits: 2))",
          left: "post first  −\(Scene.number(span)) ms", right: "\(Scene.number(span)) ms  pre first")),
      in: canvas.area.inset(top: 1))
  }
}
