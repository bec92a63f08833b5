import Analysis
import Circuits
import LinearAlgebra
import Terminal

/// The state-dependent coefficients: A (on the whole screen also B and c), the eigenvalues with their trail, the modes,
/// what each term contributes to the selected neuron's change, and the identity that says that the form is exact.
struct CoefficientsView: View {
  static let name = "coefficients"
  var name: String { Self.name }
  let slot: DashboardSlot? = DashboardSlot(.lowerLeft, importance: 1)
  let actions = ["form", "show", "pin", "difference", "fit", "left", "right"]
  let summary = "A, B, c of the form A·x + B·u + c, eigenvalues and modes, what each term contributes, the proof"

  func title(_ scene: Scene) -> String {
    let form =
      "Coefficients  \(scene.rate) = " + (scene.look.form == .feature ? "A(x,u)·x + B(x,u)·u + c" : "−(G/C)·x + drive")
    return form + (scene.look.showsDifference ? "  minus the pinned" : "")
  }

  func pictures(_ scene: Scene) -> [String] {
    scene.hasCoefficients ? ["eigenvalues", "contributions", "modes"] : []
  }

  struct State: ViewState {
    /// Levels of the cells of A, and of those of B and c, as last drawn, and of what they were.
    var a = Quantiser()
    var inputs = Quantiser()
    var form = CoefficientForm.feature
    var isDifference = false
  }

  func needs(_ scene: Scene) -> ViewNeeds { [.coefficients, .spectrum] }

  func settle(_ scene: inout Scene) {
    let (form, isDifference) = (scene.look.form, scene.look.showsDifference)
    if scene[Self.self].form != form || scene[Self.self].isDifference != isDifference {
      scene[Self.self] = State(form: form, isDifference: isDifference)
    }
    guard let shown = scene.shownCoefficients else { return }
    let (scale, palette) = (scene.network.scales.coefficients, scene.look.diverging)
    _ = scene[Self.self].a.quantise(shown.a.elements, scale: scale, palette: palette, levels: MapLevels.count)
    _ = scene[Self.self].inputs.quantise(
      shown.inputsAndConstant, scale: scale, palette: palette, levels: MapLevels.count)
  }

  func draw(_ scene: Scene, on canvas: inout Canvas) {
    guard let reading = scene.reading, let coefficients = scene.shownCoefficients else {
      let text =
        scene.reading == nil
        ? "Nothing has been measured yet: the probe makes its first step."
        : "The \(scene.model.kind.title) is no differential equation: it has no A, B, c, no time constants and no "
          + "eigenvalues. Continuous models have them: ltc, ctrnn, node, stc, lrc."
      canvas.draw(Paragraph(text, style: Ink.quiet))
      return
    }
    let body = Rect(x: 0, y: 0, width: canvas.width, height: max(canvas.height - 1, 0))
    let areas = areas(scene, body)
    canvas.draw(matrix(scene, coefficients, width: areas.matrix.width), in: areas.matrix)
    if let inputs = areas.inputs {
      canvas.inside(inputs) { drawInputs(scene, coefficients, beside: areas.matrix, on: &$0) }
    }
    for (panel, area) in areas.panels { canvas.inside(area) { draw(panel, scene, on: &$0) } }
    drawIdentity(scene, reading, y: canvas.height - 1, on: &canvas)
  }

  // MARK: Room

  private struct Areas {
    var matrix: Rect
    /// B and c.
    var inputs: Rect?
    var panels: [(String, Rect)] = []
  }

  private func areas(_ scene: Scene, _ body: Rect) -> Areas {
    let n = scene.neurons
    let chosen = picture(scene)
    let all = pictures(scene)
    guard scene.look.zoomed, body.height >= 26, body.width >= 76 else {
      let cell = body.width >= 3 * n + 40 ? 3 : body.width >= 2 * n + 26 ? 2 : 1
      let width = min(cell * n + 11, body.width * 3 / 4)
      // Bars and lists need more room than a plane.
      let wanted = chosen == "eigenvalues" ? width : min(width, max(body.width - 36, body.width / 3))
      guard body.width - wanted >= 14 && body.height >= 5 else { return Areas(matrix: body) }
      let parts = body.columns([.cells(wanted), .cells(1), .weight(1)])
      return Areas(matrix: parts[0], panels: [(chosen, parts[2])])
    }
    // The whole screen: the matrices above, all panels below, the chosen one first and widest.
    let rows = body.rows([.cells(min(n + 2, body.height * 3 / 5)), .weight(1)])
    let inputs = min(max(3 * (scene.model.inputs + 2) + 1, 12), body.width / 3)
    let upper = rows[0].columns([.cells(min(3 * n + 11, body.width - inputs - 2)), .cells(2), .weight(1)])
    let order = [chosen] + all.filter { $0 != chosen }
    let lower = rows[1].columns([.weight(1.5), .cells(2), .weight(1), .cells(2), .weight(1)])
    return Areas(
      matrix: upper[0], inputs: upper[2], panels: Array(zip(order, [lower[0], lower[2], lower[4]])))
  }

  private func draw(_ panel: String, _ scene: Scene, on canvas: inout Canvas) {
    switch panel {
    case "contributions": canvas.draw(ContributionBars(scene))
    case "modes": canvas.draw(ModeList(scene))
    default: canvas.draw(EigenvaluePlane(scene))
    }
  }

  // MARK: Matrices

  private func cellWidth(_ scene: Scene, _ width: Int) -> Int {
    width >= 3 * scene.neurons + 11 ? 3 : width >= 2 * scene.neurons + 11 ? 2 : 1
  }

  private func matrix(_ scene: Scene, _ coefficients: Coefficients<Double>, width: Int) -> HeatMap {
    let n = scene.neurons
    let cell = cellWidth(scene, width)
    let scale = scene.network.scales.coefficients
    return HeatMap(
      rows: n, columns: n, values: coefficients.a.elements, scale: scale, palette: scene.look.diverging,
      levels: MapLevels.count,
      quantised: scene[Self.self].a.levels(
        of: n * n, scale: scale, palette: scene.look.diverging, levels: MapLevels.count),
      selection: HeatMap.Selection(
        row: scene.selection.post, column: scene.selection.pre.flatMap { $0 < n ? $0 : nil } ?? scene.selection.post),
      rowLabels: scene.model.wiring.neuronNames,
      columnLabels: (0..<n).map { cell < 3 && n > 10 ? "\($0 % 10)" : "\($0)" }, cellWidth: cell,
      legend: "A 1/\(scene.task.timeUnit)")
  }

  /// B and c on the scale and the rows of A.
  private func drawInputs(
    _ scene: Scene, _ coefficients: Coefficients<Double>, beside matrix: Rect, on canvas: inout Canvas
  ) {
    let (n, m) = (scene.neurons, scene.model.inputs)
    let values = coefficients.inputsAndConstant
    let names = scene.model.wiring.inputNames.map { String($0.prefix(2)) }
    let selected = scene.selection.pre.flatMap { $0 >= n ? $0 - n : nil }
    let map = HeatMap(
      rows: n, columns: m + 1, values: values, scale: scene.network.scales.coefficients, palette: scene.look.diverging,
      levels: MapLevels.count,
      quantised: scene[Self.self].inputs.levels(
        of: values.count, scale: scene.network.scales.coefficients, palette: scene.look.diverging,
        levels: MapLevels.count),
      selection: HeatMap.Selection(row: scene.selection.post, column: selected), columnLabels: names + ["c"],
      cellWidth: 3)
    canvas.inside(Rect(x: 0, y: 0, width: 3 * (m + 1), height: canvas.height - 1)) { $0.draw(map) }
    let unit = scene.task.timeUnit
    canvas.text(
      0, canvas.height - 1, scene.look.form == .feature ? "B and c 1/\(unit)" : "B = 0, drive c 1/\(unit)", Ink.quiet,
      maxWidth: canvas.width)
    let list = canvas.area.inset(left: 3 * (m + 1) + 3, top: 1)
    guard list.width >= 24 else { return }
    drawSelected(scene, coefficients, in: list, on: &canvas)
  }

  /// The selected neuron's equation in numbers.
  private func drawSelected(
    _ scene: Scene, _ coefficients: Coefficients<Double>, in rect: Rect, on canvas: inout Canvas
  ) {
    let i = scene.selection.post
    guard i < scene.neurons, let now = scene.reading?.coefficients else { return }
    let unit = scene.task.timeUnit
    let lines = [
      "\(scene.model.wiring.neuronNames[i])", "A_ii  \(Scene.number(coefficients.a[i, i])) 1/\(unit)",
      "c     \(Scene.number(coefficients.c[i])) 1/\(unit)", "τ     \(scene.duration(now.timeConstants[i]))",
      "x∞    \(Scene.number(now.targets[i]))",
      "\(scene.rate.padded(to: 6))\(Scene.number(now.derivative[i])) 1/\(unit)",
    ]
    for (y, line) in lines.prefix(rect.height).enumerated() {
      canvas.text(rect.x, rect.y + y, line, y == 0 ? .plain.bold() : .plain, maxWidth: rect.width)
    }
    if let pin = scene.network.pin, rect.height > lines.count + 2 {
      canvas.draw(
        Paragraph(
          "pinned at step \(NumberText.grouped(pin.step)), moment \(pin.moment)", style: Ink.warning),
        in: rect.inset(top: lines.count + 1))
    }
  }

  private func drawIdentity(_ scene: Scene, _ reading: Reading, y: Int, on canvas: inout Canvas) {
    let size = reading.coefficients?.derivative.reduce(0.0) { max($0, abs($1)) } ?? 0
    let holds = reading.residual <= 1e-12 * (1 + size)
    let sign = holds ? "✓" : "!"
    let sum = scene.look.form == .feature ? "A·x + B·u + c" : "A·x + c"
    let identity = "\(sign) ‖\(sum) − f‖ = \(Scene.number(reading.residual, digits: 1))"
    let form =
      scene.forms.count > 1 ? "\(scene.look.form.rawValue) form, c: the other" : "\(scene.look.form.rawValue) form"
    canvas.text(
      0, y, oneOf: ["\(identity)   \(form)", "\(identity)  \(scene.look.form.rawValue)", identity],
      holds ? Ink.good : Ink.error)
  }

  func selection(_ scene: Scene, atX x: Int, y: Int, width: Int, height: Int) -> Selection? {
    guard let coefficients = scene.reading?.coefficients else { return nil }
    let area = areas(scene, Rect(x: 0, y: 0, width: width, height: max(height - 1, 0))).matrix
    guard area.contains(x: x, y: y) else { return nil }
    let map = matrix(scene, coefficients, width: area.width)
    guard let entry = map.entry(atX: x - area.x, y: y - area.y, width: area.width, height: area.height) else {
      return nil
    }
    let synapse = Synapse(pre: entry.column, post: entry.row)
    return Selection(post: entry.row, pre: scene.model.wiring.has(synapse) ? entry.column : nil)
  }
}
