import Analysis
import Circuits
import Learning
import Terminal

/// The weights through training: the loss curve that is also the scrubber, and below it what the network was then, alone,
/// beside what it is now (or at the pinned moment), or as the difference of the two.
struct HistoryView: View {
  static let name = "history"
  var name: String { Self.name }
  let summary = "the past of the weights: go to any moment, see it, compare it with now or a pinned one, fork from it"
  let actions = [
    "history-back", "history-ahead", "history-first", "now", "intervention-before", "intervention-after", "play",
    "play-slower", "play-faster", "history-compare", "pin", "fork", "show",
  ]
  var followsDrag: Bool { true }

  /// How then is shown.
  enum Comparison: String, Sendable, Equatable, CaseIterable {
    case beside, difference, alone

    var next: Comparison {
      let all = Self.allCases
      return all[((all.firstIndex(of: self) ?? 0) + 1) % all.count]
    }
    var hint: String { self == .beside ? "side by side" : rawValue }
    var sentence: String {
      switch self {
      case .alone: "The moment is shown alone."
      case .beside: "The moment is shown beside now, or beside the pinned moment."
      case .difference: "Maps and traces show the moment less now, or less the pinned moment."
      }
    }
  }

  struct State: ViewState {
    var comparison = Comparison.beside
  }

  func title(_ scene: Scene) -> String {
    let step = NumberText.grouped(scene.snapshot.step)
    guard scene.isLookingBack else { return "History  now, step \(step): ← looks back" }
    guard let reference = scene.past.reference, scene[Self.self].comparison != .alone else {
      return "History  step \(step)"
    }
    let other = "\(reference.isPin ? "the pinned step" : "now, step") \(NumberText.grouped(reference.step))"
    return "History  step \(step) \(scene[Self.self].comparison == .beside ? "beside" : "less") \(other)"
  }

  func pictures(_ scene: Scene) -> [String] {
    var all = ["changes", "state-traces", "predictions"]
    if !scene.quantities.isEmpty { all.insert("synapse-maps", at: 2) }
    if scene.hasCoefficients { all += ["coefficient-maps", "eigenvalues-then"] }
    return all
  }

  func needs(_ scene: Scene) -> ViewNeeds {
    let own: ViewNeeds = scene.hasCoefficients ? [.gates, .coefficients, .spectrum] : .gates
    return scene[Self.self].comparison == .alone ? own : own.union(.reference)
  }

  func settle(_ scene: inout Scene) {
    if let history = scene.past.history { scene.past.moments = history.moments }
  }

  func inspector(_ scene: Scene) -> [String]? {
    let moments = scene.past.moments
    guard let first = moments.first, let last = moments.last else {
      return ["nothing recorded yet", "space trains; every step is a moment, thinned as memory asks"]
    }
    let index = moments.lastIndex { $0.step <= scene.snapshot.step } ?? 0
    var parts = [
      "moment \(index + 1) of \(moments.count)",
      "recorded from step \(NumberText.grouped(first.step)) to \(NumberText.grouped(last.step))",
    ]
    if scene.isLookingBack, let shown = scene.past.shown?.moment {
      if shown.kind == .intervention { parts.insert("▲ after an intervention", at: 1) }
      let pruned = scene.connectivity.synapses.count - scene.masks.present
      let frozen = scene.snapshot.frozen.count { $0 }
      parts.append("then \(pruned) pruned, \(frozen) values frozen")
    }
    if scene.past.playback.isRunning { parts.append("▶ \(Scene.number(scene.past.playback.speed)) moments/s") }
    if let pin = scene.network.pin { parts.append("pinned step \(NumberText.grouped(pin.step))") }
    return parts
  }

  // MARK: Room

  private func areas(width: Int, height: Int) -> (axis: Rect, panels: [Rect]) {
    let area = Rect(x: 0, y: 0, width: width, height: height)
    guard height >= 9 else { return (area, []) }
    let axis = min(max(height * 2 / 5, 6), 16)
    let parts = area.rows([.cells(axis), .weight(1)])
    let body = parts[1]
    if width >= 130, body.height >= 20 {
      return (
        parts[0],
        body.rows([.weight(1), .cells(1), .weight(1)]).enumerated().filter { $0.offset != 1 }.flatMap { _, row in
          Self.columns(row, 3)
        }
      )
    }
    if width >= 100 { return (parts[0], Self.columns(body, body.width >= 130 ? 3 : 2)) }
    return (parts[0], [body])
  }

  private static func columns(_ rect: Rect, _ count: Int) -> [Rect] {
    let shares = (0..<count).flatMap { $0 == 0 ? [Rect.Share.weight(1)] : [.cells(2), .weight(1)] }
    return rect.columns(shares).enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
  }

  func draw(_ scene: Scene, on canvas: inout Canvas) {
    let areas = areas(width: canvas.width, height: canvas.height)
    canvas.draw(HistoryAxis(scene), in: areas.axis)
    let all = pictures(scene)
    let chosen = all.firstIndex(of: picture(scene)) ?? 0
    let ordered = all[chosen...] + all[..<chosen]
    for (panel, area) in zip(ordered, areas.panels) {
      canvas.inside(area) { draw(panel, scene, on: &$0) }
    }
  }

  private func draw(_ panel: String, _ scene: Scene, on canvas: inout Canvas) {
    switch panel {
    case "changes": canvas.draw(ChangePanel(scene))
    case "state-traces": canvas.draw(ThenTraces(scene))
    case "synapse-maps": canvas.draw(ThenMaps(synapses: scene))
    case "coefficient-maps": canvas.draw(ThenMaps(coefficients: scene))
    case "eigenvalues-then": canvas.draw(ThenSpectrum(scene))
    default: canvas.draw(ThenPredictions(scene))
    }
  }

  /// On the curve a click goes to that moment.
  func click(_ scene: inout Scene, atX x: Int, y: Int, width: Int, height: Int) {
    let axis = areas(width: width, height: height).axis
    guard axis.contains(x: x, y: y) || y < axis.bottom && y >= 0, let first = scene.past.moments.first,
      let step = HistoryAxis(scene).step(atX: x, width: axis.width, height: axis.height)
    else { return }
    scene.past.playback.isRunning = false
    scene.past.sought = step >= scene.newest.step ? .now : .step(max(step, first.step))
  }
}

extension Scene {
  /// How the History view compares, where there is something to compare with.
  var historyComparison: HistoryView.Comparison {
    past.reference == nil ? .alone : self[HistoryView.self].comparison
  }

  /// "then", or "now" where now is shown; and what it is compared with.
  var thenWords: (shown: String, other: String) {
    let shown = isLookingBack ? "step \(NumberText.grouped(snapshot.step))" : "now"
    guard let reference = past.reference else { return (shown, "") }
    return (shown, reference.isPin ? "pinned step \(NumberText.grouped(reference.step))" : "now")
  }
}
