import Analysis
import Circuits
import Learning
import RealModule
import Terminal

/// One synapse as a function: how far it opens at each presynaptic value, where it stands now, and where it was lately.
struct SynapsePanel: Widget {
  let scene: Scene
  init(_ scene: Scene) { self.scene = scene }

  func draw(on canvas: inout Canvas) {
    guard let synapse = scene.selection.synapse else {
      let isGated = scene.connectivity.synapses.first.map { scene.gate($0) != nil } ?? true
      canvas.draw(
        Paragraph(
          "\(scene.model.wiring.neuronNames[scene.selection.post]) is selected. → and ← choose one of its synapses: "
            + (isGated ? "how it opens is then drawn here." : "its numbers are then told here.")
            + (scene.reading != nil && scene.reading?.synapses == nil ? "\n\n\(plainWeights)" : ""), style: Ink.quiet))
      return
    }
    let lines = text(synapse).flatMap { line in
      Self.packed(line.text, columns: canvas.width).map { (text: $0, style: line.style) }
    }
    let textHeight = min(lines.count, max(canvas.height - 6, 0))
    let parts = canvas.area.rows([.weight(1), .cells(canvas.height >= 9 ? textHeight : 0)])
    canvas.inside(parts[0]) { drawCurve(synapse, on: &$0) }
    for (y, line) in lines.prefix(parts[1].height).enumerated() {
      canvas.text(0, parts[1].y + y, line.text, line.style, maxWidth: canvas.width)
    }
  }

  /// The parts of a line, which double blanks divide, on as many lines as they need.
  private static func packed(_ text: String, columns: Int) -> [String] {
    var lines: [String] = []
    for part in text.split(separator: "  ") {
      if let last = lines.last, last.terminalColumns + part.count + 2 <= columns {
        lines[lines.count - 1] = last + "  " + part
      } else {
        lines.append(String(part))
      }
    }
    return lines
  }

  /// Of models without conductances.
  private var plainWeights: String {
    "The synapses of the \(scene.model.kind.title) are plain weights: no gate opens and closes, and there is no conductance "
      + "and no reversal potential. ltc, stc and lrc have synapses that do."
  }

  /// What the presynaptic side was in the recent past, newest last; inputs as the synapse sees them.
  private func presynaptic(_ pre: Int) -> [Double] {
    let n = scene.neurons
    if pre < n {
      return scene.moments.suffix(400).compactMap { pre < $0.before.count ? Double($0.before[pre]) : nil }
    }
    let k = pre - n
    func mapped(_ quantity: ParameterQuantity) -> Double? {
      scene.model.layout.tensor(quantity, of: .input).map { Double(scene.snapshot.values[$0.offset + k]) }
    }
    let (gain, offset) = (mapped(.inputGain) ?? 1, mapped(.inputOffset) ?? 0)
    return scene.moments.suffix(400).compactMap { k < $0.input.count ? gain * Double($0.input[k]) + offset : nil }
  }

  private func drawCurve(_ synapse: Synapse, on canvas: inout Canvas) {
    let index = synapse.index(neurons: scene.neurons)
    guard let (mu, sigma) = scene.gate(synapse), canvas.width > 4, canvas.height > 2 else {
      canvas.draw(Paragraph(plainWeights, style: Ink.quiet))
      return
    }
    let past = presynaptic(synapse.pre)
    // From three slopes below the half-activation to three above, and all that was seen; steady while the probe moves.
    let reach = 3 / max(abs(sigma), 0.05)
    let span = Scale.range(past) ?? (mu, mu)
    let step = 0.5
    let x = Scale(
      (min(mu - reach, span.low) / step).rounded(.down) * step, (max(mu + reach, span.high) / step).rounded(.up) * step)
    func open(_ y: Double) -> Double { logistic(sigma * (y - mu)) }
    let columns = min(canvas.width * 2, 160)
    let curve = (0...columns).map { column -> (Double, Double) in
      let y = x.value(at: Double(column) / Double(columns))
      return (y, open(y))
    }
    let name = scene.model.wiring.sourceName(synapse.pre)
    let wide = canvas.width >= 44 ? "how it opens: s = σ(σ_·(y − μ)) of " : ""
    canvas.text(0, 0, wide + scene.model.wiring.name(of: synapse), .plain.bold(), maxWidth: canvas.width)
    let style = scene.excites(index) ? Ink.excitatory : Ink.inhibitory
    let labels = PlotLabels(
      top: "1 open", bottom: "0 closed", left: Scene.number(x.low, digits: 2),
      right: "\(canvas.width >= 44 ? "y of \(name)" : "y") \(Scene.number(x.high, digits: 2))")
    let plot = Rect(x: 0, y: 1, width: canvas.width, height: canvas.height - 1)
    canvas.draw(
      LineGraph(
        [LineGraph.Series(curve, style: style)], x: x, y: Scale(0, 1),
        markers: mu.isFinite ? [Marker(x: mu, character: "μ", style: Ink.quiet)] : [], labels: labels), in: plot)
    guard let now = past.last, span.high >= span.low else { return }
    // The recent range lies on the axis; the operating point on the curve.
    let range = (0...canvas.width).map { column in
      Scatter.Point(
        x: span.low + (span.high - span.low) * Double(column) / Double(canvas.width), y: 0, character: "━", style: style
      )
    }
    let point = Scatter.Point(x: now, y: open(now), character: "●", style: Ink.bright)
    canvas.draw(
      Overlay(Scatter(range + [point], x: x, y: Scale(0, 1), labels: labels, axisStyle: nil)), in: plot)
  }

  private func text(_ synapse: Synapse) -> [(text: String, style: Style)] {
    let index = synapse.index(neurons: scene.neurons)
    let name = scene.model.wiring.sourceName(synapse.pre)
    var lines: [(text: String, style: Style)] = []
    let past = presynaptic(synapse.pre)
    if let now = past.last, let span = Scale.range(past) {
      lines.append(("● now y = \(Scene.number(now)) of \(name)", Ink.bright))
      lines.append(("━ lately \(Scene.number(span.low)) … \(Scene.number(span.high))", .plain))
    }
    if let readings = scene.reading?.synapses {
      let s = readings.activation[index]
      let unit = scene.unit(.conductance).isEmpty ? "" : " " + scene.unit(.conductance)
      let word =
        scene.isPruned(synapse)
        ? "pruned" : s.isNaN ? "?" : s < SynapseQuantity.closed ? "closed" : s > 0.9 ? "open" : "partly open"
      lines.append(
        (
          "s \(Scene.number(s)) (\(word))  \(scene.hasConductances ? "g = " : "")w·s = \(Scene.number(readings.conductance[index]))\(unit)",
          .plain
        ))
      let push = readings.current[index] > 0 ? "pulls v up" : readings.current[index] < 0 ? "pulls v down" : "no pull"
      let law = scene.connectivity.tensor(.reversalPotential) != nil ? " = g·(E−v)" : ""
      lines.append(("I\(law) = \(Scene.signed(readings.current[index], digits: 3))  (\(push))", .plain))
    }
    let parts = scene.model.parameters(of: synapse).map { Footer.value(scene, name: $0.name, flat: $0.index) }
    lines.append((parts.joined(separator: "  "), Ink.quiet))
    // Of the past no gradient is known.
    if !scene.isLookingBack, let gradient = SynapseValues(.gradient, scene),
      let sensitivity = SynapseValues(.sensitivity, scene)
    {
      lines.append(
        (
          "∂L/∂w \(Scene.number(gradient[index], digits: 2))  cut: loss \(Scene.signed(-sensitivity[index])) predicted",
          Ink.quiet
        ))
    }
    return lines
  }
}
