import Analysis
import LinearAlgebra
import Learning
import Terminal

/// The states of then on the probe's data, with those of what is compared with, or less them.
struct ThenTraces: Widget {
  let scene: Scene
  init(_ scene: Scene) { self.scene = scene }

  func draw(on canvas: inout Canvas) {
    guard !scene.moments.isEmpty, scene.neurons > 0, canvas.height > 1 else { return }
    let comparison = scene.historyComparison
    let words = scene.thenWords
    var used = canvas.text(0, 0, "states v  ", .plain.bold())
    switch comparison {
    case .alone: canvas.text(used, 0, "─ \(words.shown)", Ink.state, maxWidth: max(canvas.width - used, 0))
    case .beside:
      used += canvas.text(used, 0, "─ \(words.shown)  ", Ink.state, maxWidth: max(canvas.width - used, 0))
      canvas.text(used, 0, "∘ \(words.other)", Ink.target, maxWidth: max(canvas.width - used, 0))
    case .difference:
      canvas.text(used, 0, "─ \(words.shown) − \(words.other)", Ink.state, maxWidth: max(canvas.width - used, 0))
    }
    let body = canvas.area.inset(top: 1)
    let each = max(min(body.height / scene.neurons, 3), body.height >= 6 ? 2 : 1)
    let visible = min(max(body.height / each, 1), scene.neurons)
    let first = min(max(scene.selection.post - visible / 2, 0), scene.neurons - visible)
    let names = scene.model.wiring.neuronNames
    let nameWidth = min(names.map(\.terminalColumns).max() ?? 0, max(canvas.width / 4, 6))
    let width = max(canvas.width - nameWidth - 8, 0)
    for (row, neuron) in (first..<first + visible).enumerated() {
      let y = body.y + row * each
      canvas.text(
        0, y, names[neuron], neuron == scene.selection.post ? Ink.selected.reverse() : Ink.quiet, maxWidth: nameWidth)
      let own = Self.samples(scene.moments, neuron, width)
      let other = Self.samples(scene.past.reference?.moments ?? [], neuron, width)
      let area = Rect(x: nameWidth + 1, y: y, width: width, height: each)
      let shown =
        comparison == .difference
        ? zip(own.suffix(other.count), other.suffix(own.count)).map { one, two in
          two.flatMap { t in one.map { $0 - t } }
        }
        : own
      let all = (comparison == .beside ? own + other : shown).compactMap { $0 }
      let scale = Scale.fitting(all, margin: 0.1)
      if comparison == .beside {
        canvas.draw(
          Trace(other, total: scene.network.momentTotal, y: scale, style: Ink.target, mark: "∘"), in: area)
        canvas.draw(Overlay(Trace(own, total: scene.network.momentTotal, y: scale, style: Ink.state)), in: area)
      } else {
        canvas.draw(Trace(shown, total: scene.network.momentTotal, y: scale, style: Ink.state), in: area)
      }
      if let last = shown.last, let last {
        canvas.text(nameWidth + 2 + width, y, Scene.fixed(last), .plain, maxWidth: 6)
      }
    }
  }

  private static func samples(_ moments: [Probe.Moment], _ neuron: Int, _ width: Int) -> [Double?] {
    moments.suffix(Trace.capacity(columns: width)).map { neuron < $0.state.count ? Double($0.state[neuron]) : nil }
  }
}

/// Target and prediction of then, with the prediction of what is compared with.
struct ThenPredictions: Widget {
  let scene: Scene
  init(_ scene: Scene) { self.scene = scene }

  func draw(on canvas: inout Canvas) {
    let count = scene.task.outputNames.count
    guard !scene.moments.isEmpty, count > 0, canvas.height > 1 else { return }
    let output = min(scene[LearningView.self].output, count - 1)
    let words = scene.thenWords
    let comparison = scene.historyComparison
    func pairs(_ moments: [Probe.Moment]) -> [(target: Double?, prediction: Double?)] {
      moments.suffix(Trace.capacity(columns: canvas.width)).map {
        PredictionPanel.pair($0, output: output, task: scene.task)
      }
    }
    let own = pairs(scene.moments)
    let other = comparison == .alone ? [] : pairs(scene.past.reference?.moments ?? [])
    var x = canvas.text(0, 0, "\(scene.task.outputNames[output])  ", .plain.bold(), maxWidth: canvas.width)
    func key(_ text: String, _ style: Style) {
      x += canvas.text(x, 0, text, style, maxWidth: max(canvas.width - x, 0))
    }
    let area = canvas.area.inset(top: 1)
    let total = scene.network.momentTotal
    if comparison == .difference {
      let difference = zip(own.suffix(other.count), other.suffix(own.count)).map { one, two in
        two.prediction.flatMap { t in one.prediction.map { $0 - t } }
      }
      key("─ prediction \(words.shown) − \(words.other)", Ink.prediction)
      canvas.draw(
        Trace(
          difference, total: total, y: .fitting(difference.compactMap { $0 }, margin: 0.05), style: Ink.prediction,
          zeroStyle: Ink.frame), in: area)
      return
    }
    key("─ target  ", Ink.target)
    key("∘ \(words.shown)  ", Ink.prediction)
    if !other.isEmpty { key("─ \(words.other)", Ink.training) }
    let scale = Scale.fitting(
      (own + other).flatMap { [$0.target, $0.prediction] }.compactMap { $0 }, margin: 0.05)
    canvas.draw(Trace(own.map(\.target), total: total, y: scale, style: Ink.target), in: area)
    if !other.isEmpty {
      canvas.draw(Overlay(Trace(other.map(\.prediction), total: total, y: scale, style: Ink.training)), in: area)
    }
    canvas.draw(
      Overlay(Trace(own.map(\.prediction), total: total, y: scale, style: Ink.prediction, mark: "∘")), in: area)
  }
}

/// Eigenvalues of A of then and of what is compared with, at the same moment of the data.
struct ThenSpectrum: Widget {
  let scene: Scene
  init(_ scene: Scene) { self.scene = scene }

  func draw(on canvas: inout Canvas) {
    guard let spectrum = scene.network.spectrum else {
      canvas.draw(Paragraph("eigenvalues are being computed", style: Ink.quiet))
      return
    }
    let words = scene.thenWords
    let other = scene.historyComparison == .alone ? nil : scene.past.reference?.spectrum
    canvas.text(
      0, 0,
      oneOf: [
        "eigenvalues of A, 1/\(scene.task.timeUnit)  ● \(words.shown)" + (other == nil ? "" : "  ○ \(words.other)"),
        "λ of A  ● \(words.shown)" + (other == nil ? "" : "  ○ \(words.other)"), "λ ● ○",
      ], .plain.bold())
    func points(_ values: [Eigenvalue<Double>], _ character: Character, _ style: Style) -> [Scatter.Point] {
      values.map {
        Scatter.Point(x: Double.asinh($0.real), y: Double.asinh($0.imaginary), character: character, style: style)
      }
    }
    let all = spectrum.a + (other?.a ?? [])
    let (real, imaginary) = (all.map(\.real).filter(\.isFinite), all.map { abs($0.imaginary) }.filter(\.isFinite))
    let (low, high) = (min(real.min() ?? -1, 0), max(real.max() ?? 0, 0.1))
    let height = max((imaginary.max() ?? 0) * 1.2, 0.5)
    canvas.draw(
      Scatter(
        points(other?.a ?? [], "○", Ink.target) + points(spectrum.a, "●", Ink.prediction),
        x: Scale(Double.asinh(low * 1.1), Double.asinh(high * 1.1)),
        y: Scale(-Double.asinh(height), Double.asinh(height)),
        labels: PlotLabels(
          top: "+\(Scene.number(height, digits: 2))i", bottom: "−\(Scene.number(height, digits: 2))i",
          left: Scene.number(low * 1.1, digits: 2), right: Scene.number(high * 1.1, digits: 2)), axisStyle: Ink.frame),
      in: canvas.area.inset(top: 1))
  }
}
