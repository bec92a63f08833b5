import Circuits
import LinearAlgebra
import Terminal

/// The state-dependent coefficients: a heat map of A, the eigenvalues of A and of the Jacobian, and the identity that
/// says that the linear form is exact.
struct CoefficientsView: View {
  let name = "coefficients"
  let summary = "A(x,u) of ẋ = A·x + B·u + c, its eigenvalues, and the proof that the form is exact"

  func title(_ scene: Scene) -> String {
    scene.form == .feature ? "Coefficients ẋ = A(x,u)·x + B(x,u)·u + c" : "Coefficients ẋ = −(G/C)·x + drive"
  }

  func draw(_ scene: Scene, on canvas: inout Canvas) {
    guard let reading = scene.reading, let coefficients = reading.coefficients else {
      let text =
        scene.reading == nil
        ? "Nothing has been measured yet: the probe makes its first step."
        : "The model '\(scene.model.kind.title)' is no differential equation: it has no A, B, c."
      canvas.draw(Paragraph(text, style: Ink.quiet))
      return
    }
    let body = Rect(x: 0, y: 0, width: canvas.width, height: max(canvas.height - 1, 0))
    let n = scene.neurons
    let cell = body.width >= 3 * n + 40 ? 3 : body.width >= 2 * n + 26 ? 2 : 1
    let mapWidth = min(cell * n + 11, body.width * 3 / 4)
    let showsPlane = body.width - mapWidth >= 14 && body.height >= 5
    let parts = showsPlane ? body.columns([.cells(mapWidth), .cells(1), .weight(1)]) : [body]
    canvas.draw(map(scene, coefficients, cellWidth: cell), in: parts[0])
    if showsPlane { drawPlane(scene, in: parts[2], on: &canvas) }
    drawIdentity(scene, reading, y: canvas.height - 1, on: &canvas)
  }

  private func map(_ scene: Scene, _ coefficients: Coefficients<Double>, cellWidth: Int) -> HeatMap {
    let n = scene.neurons
    return HeatMap(
      rows: n, columns: n, values: coefficients.a.elements, scale: scene.scales.coefficients,
      palette: scene.diverging, levels: 11,
      selection: HeatMap.Selection(
        row: scene.selection.post, column: scene.selection.pre.flatMap { $0 < n ? $0 : nil } ?? scene.selection.post),
      rowLabels: scene.model.wiring.neuronNames,
      columnLabels: (0..<n).map { cellWidth < 3 && n > 10 ? "\($0 % 10)" : "\($0)" },
      cellWidth: cellWidth,
      legend: "A 1/\(scene.task.timeUnit)")
  }

  private func drawPlane(_ scene: Scene, in rect: Rect, on canvas: inout Canvas) {
    guard let spectrum = scene.spectrum else {
      canvas.inside(rect) { $0.draw(Paragraph("eigenvalues are being computed", style: Ink.quiet)) }
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
    let (real, imaginary) = (scene.scales.real, scene.scales.imaginary)
    let labels = PlotLabels(
      top: "+\(Scene.number(imaginary.high, digits: 2))i", bottom: "\(Scene.number(imaginary.low, digits: 2))i",
      left: Scene.number(real.low), right: Scene.number(real.high))
    canvas.inside(rect) { canvas in
      canvas.text(0, 0, "λ  ● of A  ○ of ∂f/∂x  (asinh axes)", Ink.quiet, maxWidth: canvas.width)
      canvas.draw(
        Scatter(
          points(spectrum.jacobian, "○", Ink.quiet) + points(spectrum.a, "●", Ink.prediction),
          x: bent(real), y: bent(imaginary), labels: labels),
        in: Rect(x: 0, y: 1, width: canvas.width, height: canvas.height - 1))
    }
  }

  private func drawIdentity(_ scene: Scene, _ reading: Reading, y: Int, on canvas: inout Canvas) {
    let size = reading.coefficients?.derivative.reduce(0.0) { max($0, abs($1)) } ?? 0
    let holds = reading.residual <= 1e-12 * (1 + size)
    let sign = holds ? "✓" : "!"
    let sum = scene.form == .feature ? "A·x + B·u + c" : "A·x + c"
    canvas.text(
      0, y,
      "\(sign) ‖\(sum) − f‖ = \(Scene.number(reading.residual, digits: 1))   \(scene.form.rawValue) form (c: other)",
      holds ? Ink.good : Ink.error, maxWidth: canvas.width)
  }

  func selection(_ scene: Scene, atX x: Int, y: Int, width: Int, height: Int) -> Selection? {
    guard let coefficients = scene.reading?.coefficients else { return nil }
    let n = scene.neurons
    let cell = width >= 3 * n + 40 ? 3 : width >= 2 * n + 26 ? 2 : 1
    let mapWidth = min(cell * n + 11, width * 3 / 4)
    let map = map(scene, coefficients, cellWidth: cell)
    guard x < mapWidth, let entry = map.entry(atX: x, y: y, width: mapWidth, height: height - 1) else { return nil }
    let synapse = Synapse(pre: entry.column, post: entry.row)
    return Selection(post: entry.row, pre: scene.model.wiring.has(synapse) ? entry.column : nil)
  }
}
