import Learning
import Tasks
import Terminal

/// The held-out metrics, each with what simple methods reach.
struct ScorePanel: Widget {
  private let rows: [Table.Row]

  init(_ scene: Scene) {
    guard let heldOut = scene.snapshot.heldOut else {
      rows = [Table.Row(["not measured yet", "", ""], style: Ink.quiet)]
      return
    }
    var rows: [Table.Row] = []
    // The plain names first, then those of single outputs.
    let names = heldOut.metrics.keys.sorted { ($0.contains(" ") ? 1 : 0, $0) < ($1.contains(" ") ? 1 : 0, $1) }
    let baselines = Dictionary(grouping: scene.task.baselines, by: \.metric)
    for name in names {
      let value = heldOut.metrics[name] ?? .nan
      rows.append(Table.Row([Self.readable(name), Self.text(value, name), ""]))
      for baseline in baselines[name] ?? [] {
        let beaten = Self.isError(name) ? value < baseline.value : value > baseline.value
        rows.append(
          Table.Row(
            ["  \(baseline.name)", Self.text(baseline.value, name), beaten ? "✓ beaten" : "✗ to beat"],
            style: Ink.quiet, cellStyles: [2: beaten ? Ink.good : Ink.warning]))
      }
    }
    if scene.task.warning(about: heldOut.metrics) != nil {
      rows.append(Table.Row(["! no better than the last value", "", ""], style: Ink.warning))
    }
    self.rows = rows
  }

  var height: Int { rows.count + 1 }

  func draw(on canvas: inout Canvas) {
    // Where names would be cut, the sign alone says whether a score is beaten.
    let isNarrow = canvas.width < 42
    let shown = isNarrow ? rows.map { $0.replacing(2, by: String($0.cells[2].prefix(1))) } : rows
    canvas.draw(
      Table(
        [Table.Column("held-out data"), Table.Column("", .right, width: 7), Table.Column("", width: isNarrow ? 1 : 9)],
        rows: shown, gap: 1))
  }

  private static func isError(_ name: String) -> Bool { name.hasPrefix("mse") || name.hasPrefix("nmse") }

  private static func text(_ value: Double, _ name: String) -> String {
    isError(name) ? Scene.number(value) : Scene.number(value * 100) + " %"
  }

  /// Scores of single outputs stand below the score of all, by the output's name.
  private static func readable(_ name: String) -> String {
    guard name.hasPrefix("balancedAccuracy") else { return name }
    let output = name.dropFirst("balancedAccuracy".count)
    return output.isEmpty ? "balanced accuracy" : "·" + output
  }
}

extension Table.Row {
  fileprivate func replacing(_ column: Int, by text: String) -> Table.Row {
    var row = self
    row.cells[column] = text
    return row
  }
}

/// How large the last batch's gradient is in each tensor.
struct GradientPanel: Widget {
  private let bars: [BarChart.Bar]
  /// Learning rate and norm of the gradient, in wordings of several lengths.
  private let rate: [String]

  init(_ scene: Scene) {
    let norm = scene.snapshot.gradientNorm.map { "  ‖∂L/∂θ‖ \(Scene.number($0))" } ?? ""
    let lr = Scene.number(scene.snapshot.learningRate)
    rate = ["learning rate \(lr)\(norm)", "lr \(lr)\(norm)", "lr \(lr)"]
    let gradient = scene.snapshot.gradient
    bars =
      scene.snapshot.step == 0
      ? []
      : scene.model.layout.tensors.filter { $0.range.upperBound <= gradient.count && !$0.range.isEmpty }.map { tensor in
        let sum = gradient[tensor.range].reduce(0.0) { $0 + Double($1) * Double($1) }
        return BarChart.Bar(tensor.name, sum.squareRoot(), style: Ink.state)
      }
  }

  var height: Int { bars.isEmpty ? 3 : bars.count + 2 }

  func draw(on canvas: inout Canvas) {
    canvas.text(0, 0, oneOf: rate)
    canvas.text(0, 1, "gradient ‖∂L/∂·‖ by tensor", .plain.bold(), maxWidth: canvas.width)
    let area = canvas.area.inset(top: 2)
    if bars.isEmpty {
      canvas.draw(Paragraph("none before the first step", style: Ink.quiet), in: area)
      return
    }
    // Where not all fit, the largest.
    let shown =
      bars.count <= area.height
      ? bars : Array(bars.sorted { $0.value > $1.value || $0.value.isNaN }.prefix(area.height))
    canvas.draw(BarChart(shown), in: area)
  }
}

/// What was done to the network, the newest first.
struct InterventionList: Widget {
  private let marks: [Mark]
  init(_ scene: Scene) { marks = scene.snapshot.marks }

  func draw(on canvas: inout Canvas) {
    canvas.text(0, 0, "interventions", .plain.bold(), maxWidth: canvas.width)
    guard !marks.isEmpty else {
      canvas.draw(
        Paragraph("none yet: p prunes, f freezes, e edits the selected synapse", style: Ink.quiet),
        in: canvas.area.inset(top: 1))
      return
    }
    for (y, mark) in marks.reversed().prefix(max(canvas.height - 1, 0)).enumerated() {
      let step = NumberText.grouped(mark.step)
      canvas.text(0, y + 1, "\(mark.kind.sign)", Ink.warning)
      canvas.text(2, y + 1, step, Ink.quiet, maxWidth: 9)
      canvas.text(3 + step.count, y + 1, mark.label, .plain, maxWidth: max(canvas.width - step.count - 3, 0))
    }
  }
}
