import Learning
import Terminal

/// Training and held-out loss since the start, with what was done to the network.
struct LossPanel: Widget {
  let scene: Scene
  let isLog: Bool

  func draw(on canvas: inout Canvas) {
    let curve = scene.snapshot.curve
    guard !curve.training.isEmpty else {
      let words =
        scene.session.trainedBefore.map { "A comparison has trained this \($0). Space trains it further." }
        ?? "No step has been made yet: space starts training."
      canvas.draw(Paragraph(words, style: Ink.quiet))
      return
    }
    let train = Self.smoothed(curve.training, points: max(canvas.width, 1))
    let heldOut = curve.heldOut.map { (Double($0.step), $0.value) }
    let values = Self.afterTheFirstDrop(train + heldOut, steps: scene.newest.step)
      .filter { $0.isFinite && (!isLog || $0 > 0) }
    let y = isLog ? Scale.decades(values) : Scale.fromZero(values)
    let x = Scale(0, Double(max(scene.newest.step, 2)))
    var markers = scene.snapshot.marks.map { mark in
      Marker(x: Double(mark.step), character: mark.kind.sign, style: Ink.warning)
    }
    if scene.isLookingBack {
      markers.append(Marker(x: Double(scene.snapshot.step), character: "▼", style: Ink.bright))
    }
    let labels = PlotLabels(
      top: Scene.number(y.high), bottom: Scene.number(y.low), left: "0",
      right: "\(NumberText.grouped(scene.newest.step)) steps")
    canvas.text(0, 0, "─ train ", Ink.training)
    canvas.text(9, 0, "∘ held-out ", Ink.heldOut, maxWidth: max(canvas.width - 9, 0))
    if let last = scene.snapshot.marks.last, canvas.width >= 50 {
      canvas.textRight(
        canvas.width, 0,
        "\(last.kind.sign) \(last.label) @\(NumberText.grouped(last.step))".fitted(to: canvas.width - 24),
        Ink.warning)
    }
    canvas.draw(
      LineGraph(
        [
          LineGraph.Series(train, style: Ink.training, name: "train"),
          LineGraph.Series(heldOut, style: Ink.heldOut, name: "held-out", mark: "∘"),
        ], x: x, y: y, markers: markers, labels: labels),
      in: Rect(x: 0, y: 1, width: canvas.width, height: canvas.height - 1))
  }

  /// The losses that the range is fitted to: not those of the first twentieth, in which they fall from anywhere; what is
  /// higher than the range is drawn at its edge.
  static func afterTheFirstDrop(_ curve: [(Double, Double)], steps: Int) -> [Double] {
    let later = steps < 100 ? curve : curve.filter { $0.0 > Double(steps) / 20 }
    return (later.isEmpty ? curve : later).map(\.1)
  }

  /// Means over equal stretches, at most `points` of them: single batches are too noisy to be followed by eye.
  static func smoothed(_ curve: [LossCurve.Point], points: Int) -> [(Double, Double)] {
    let group = max((curve.count + points - 1) / points, min(curve.count / 8, 8), 1)
    return stride(from: 0, to: curve.count, by: group).map { start in
      let part = curve[start..<min(start + group, curve.count)]
      return (Double(part.last!.step), part.reduce(0) { $0 + $1.value } / Double(part.count))
    }
  }
}

extension Mark.Kind {
  /// What stands on the loss curve and before the mark's label.
  var sign: Character {
    switch self {
    case .prune: "▲"
    case .freeze: "❄"
    case .edit: "◆"
    case .rate: "≈"
    case .rewind: "↺"
    case .undo: "↶"
    }
  }
}

extension Scale {
  /// A logarithmic scale that ends at one, two or five times a power of ten, so that the curve is not rescaled with every
  /// step.
  static func decades(_ values: [Double]) -> Scale {
    guard let low = values.min(), let high = values.max() else { return Scale(0.01, 1, .log10) }
    func unit(_ value: Double) -> Double { Double.pow(10, Double.log10(value).rounded(.down)) }
    let bottom = ([5, 2].first { $0 * unit(low) <= low } ?? 1) * unit(low)
    let top = ([1, 2, 5].first { $0 * unit(high) >= high } ?? 10) * unit(high)
    return Scale(bottom, top > bottom ? top : 2 * bottom, .log10)
  }

  /// From zero to the greatest, in steps of a half, one, two and five, for the same reason.
  static func fromZero(_ values: [Double]) -> Scale {
    guard let high = values.max(), high > 0 else { return Scale(0, 1) }
    let unit = Double.pow(10, Double.log10(high).rounded(.down))
    return Scale(0, ([1, 2, 5, 10].first { $0 * unit >= high } ?? 10) * unit)
  }
}
