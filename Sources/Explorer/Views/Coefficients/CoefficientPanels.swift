import Analysis
import Circuits
import LinearAlgebra
import Terminal

/// Eigenvalues of A and of the true Jacobian in the complex plane, those of A with the trail of the recent past.
struct EigenvaluePlane: Widget {
  let scene: Scene
  init(_ scene: Scene) { self.scene = scene }

  func draw(on canvas: inout Canvas) {
    guard let spectrum = scene.network.spectrum else {
      canvas.draw(Paragraph("eigenvalues are being computed", style: Ink.quiet))
      return
    }
    // Rates differ by powers of ten: asinh is straight near 0 and logarithmic beyond, for both signs.
    func bent(_ scale: Scale) -> Scale { Scale(Double.asinh(scale.low), Double.asinh(scale.high)) }
    func points(_ values: [Eigenvalue<Double>], _ character: Character, _ style: Style) -> [Scatter.Point] {
      values.map { value in
        Scatter.Point(
          x: Double.asinh(value.real), y: Double.asinh(value.imaginary), character: character, style: style)
      }
    }
    let (real, imaginary) = (scene.network.scales.real, scene.network.scales.imaginary)
    let labels = PlotLabels(
      top: "+\(Scene.number(imaginary.high, digits: 2))i", bottom: "\(Scene.number(imaginary.low, digits: 2))i",
      left: Scene.number(real.low), right: Scene.number(real.high))
    canvas.text(
      0, 0,
      oneOf: [
        "λ in 1/\(scene.task.timeUnit)  ● of A  ○ of ∂f/∂x  · trail  (asinh axes)",
        "λ  ● of A  ○ of ∂f/∂x  · trail  (asinh axes)", "λ ● of A  ○ of ∂f/∂x  asinh axes", "λ ● of A  ○ of ∂f/∂x",
        "λ ● A ○ ∂f/∂x",
      ], Ink.quiet)
    // Dots that are not connected: eigenvalues have no names, and so no path from one moment to the next is known.
    var trail: [(x: Double, y: Double)] = []
    for past in scene.network.spectra.dropLast() {
      for value in past.a {
        trail.append((Double.asinh(value.real), Double.asinh(value.imaginary)))
        trail.append((.nan, .nan))
      }
    }
    canvas.draw(
      Scatter(
        points(spectrum.jacobian, "○", Ink.quiet) + points(spectrum.a, "●", Ink.prediction),
        trails: [Scatter.Trail(trail, style: Ink.prediction.dim())], x: bent(real), y: bent(imaginary), labels: labels),
      in: Rect(x: 0, y: 1, width: canvas.width, height: canvas.height - 1))
  }
}

/// The modes of A as time constants, slow ones above, fast ones below.
struct ModeList: Widget {
  let scene: Scene
  init(_ scene: Scene) { self.scene = scene }

  func draw(on canvas: inout Canvas) {
    guard let modes = scene.network.spectrum?.modes, !modes.isEmpty else {
      canvas.draw(Paragraph("modes are being computed", style: Ink.quiet))
      return
    }
    let unit = scene.task.timeUnit
    canvas.text(0, 0, "modes of A: τ = −1/Re λ", Ink.quiet, maxWidth: canvas.width)
    let room = max(canvas.height - 1, 0)
    // Where not all fit, the slowest and the fastest: the middle is the least telling.
    let all = Array(modes.enumerated())
    let shown = modes.count <= room ? all : Array(all.prefix((room + 1) / 2)) + Array(all.suffix(room / 2))
    let slowest = modes.lazy.map(\.timeConstant).filter { $0.isFinite && $0 > 0 }.max() ?? 1
    for (y, (rank, mode)) in shown.enumerated() {
      let end = rank == 0 ? "slow" : rank == modes.count - 1 ? "fast" : ""
      let turns = mode.frequency > 0 ? "  turns \(Scene.number(mode.frequency, digits: 2))/\(unit)" : ""
      let isDecay = mode.timeConstant > 0 || mode.timeConstant.isInfinite
      let text = isDecay ? "\(scene.duration(mode.timeConstant))\(turns)" : "grows"
      canvas.text(0, y + 1, end, Ink.quiet, maxWidth: 4)
      canvas.text(5, y + 1, text, isDecay ? .plain : Ink.warning, maxWidth: canvas.width - 5)
      let bar = canvas.width - 30
      if bar >= 6, isDecay, slowest > 0, mode.timeConstant.isFinite {
        // Logarithmic, from a thousandth of the slowest.
        let share = max(0, 1 + Double.log10(mode.timeConstant / slowest) / 3)
        canvas.horizontalLine(30, y + 1, Int((share * Double(bar)).rounded()), Ink.state, character: "▄")
      }
    }
  }
}

/// What each term adds to ẋ of the selected neuron, largest first.
struct ContributionBars: Widget {
  let scene: Scene
  init(_ scene: Scene) { self.scene = scene }

  func draw(on canvas: inout Canvas) {
    guard
      let parts = scene.reading.flatMap({ Contributions(neuron: scene.selection.post, $0, scene.model.wiring) })
    else {
      canvas.draw(Paragraph("Nothing has been measured yet.", style: Ink.quiet))
      return
    }
    let name = scene.model.wiring.neuronNames[scene.selection.post]
    let change = "\(name): \(scene.rate) = \(Scene.signed(parts.derivative, digits: 3))"
    let unit = " 1/\(scene.task.timeUnit)"
    canvas.text(0, 0, oneOf: ["what moves \(change)\(unit)", "\(change)\(unit)", change], .plain.bold())
    let room = max(canvas.height - 2, 0)
    var bars = parts.terms.prefix(room).map { term in
      BarChart.Bar(
        canvas.width >= 46 ? "\(term.kind) \(term.name)" : term.name, term.value,
        style: term.value < 0 ? Ink.inhibitory : Ink.excitatory)
    }
    if parts.terms.count > room, room > 0 {
      let rest = parts.terms.dropFirst(room - 1)
      bars[room - 1] = BarChart.Bar("\(rest.count) others", rest.reduce(0) { $0 + $1.value }, style: Ink.quiet)
    }
    let selected = parts.terms.prefix(room).firstIndex { $0.source != nil && $0.source == scene.selection.pre }
    canvas.draw(
      SignedBars(bars, selected: selected), in: Rect(x: 0, y: 1, width: canvas.width, height: canvas.height - 2))
    let sum = parts.terms.reduce(0) { $0 + $1.value }
    if canvas.height >= 4 {
      let total = "sum \(Scene.signed(sum, digits: 3))"
      canvas.text(
        0, canvas.height - 1, oneOf: ["\(total)  ▒ pulls down, █ pulls up", "\(total)  ▒ down █ up", total], Ink.quiet)
    }
  }
}
