import Circuits
import Learning
import Tasks
import Terminal

/// The lines at the top: what is learning what, and how it goes.
enum Header {
  /// Two lines; more where training stopped and the sentence that says why needs them.
  static func height(_ scene: Scene, width: Int) -> Int {
    guard let sentence = scene.stopSentence else { return 2 }
    return 1 + min(max(Paragraph.wrap(sentence, columns: max(width - 2, 1)).count, 1), 4)
  }

  static func draw(_ scene: Scene, in rect: Rect, on canvas: inout Canvas) {
    canvas.inside(rect) { canvas in
      drawWho(scene, on: &canvas)
      if let sentence = scene.stopSentence {
        canvas.draw(Paragraph(sentence, style: Ink.error), in: canvas.area.inset(left: 1, top: 1, right: 1))
      } else if scene.isLookingBack {
        drawThen(scene, on: &canvas)
      } else {
        drawHow(scene, on: &canvas)
      }
    }
  }

  private static func drawWho(_ scene: Scene, on canvas: inout Canvas) {
    let (present, all) = (scene.masks.present, scene.connectivity.synapses.count)
    let synapses = present == all ? "\(all) synapses" : "\(present) of \(all) synapses"
    let speed = NumberText.grouped(Int(exactly: scene.snapshot.stepsPerSecond.rounded()) ?? 0)
    let status: (text: String, style: Style) =
      switch scene.snapshot.status {
      case .paused where scene.session.waitsFor != nil:
        ("■ training waits (\(scene.session.waitsFor ?? ""))", Ink.warning)
      case .paused where !scene.running.isEmpty: (beside(scene), Ink.good)
      case .paused where Views.named(scene.look.focus)?.showsNetwork == false: ("■ training paused", Ink.warning)
      case .paused where scene.snapshot.hasEnded: ("✓ finished: space goes on", Ink.good)
      case .training: ("▶ training \(speed) steps/s" + (scene.running.isEmpty ? "" : "  \(beside(scene))"), Ink.good)
      case .paused: (scene.session.readOnly ? "■ read-only" : "■ paused: space trains", Ink.warning)
      case .stopped: ("! stopped", Ink.error)
      }
    let cores = "\(scene.network.options.threads) core\(scene.network.options.threads == 1 ? "" : "s")"
    let right = canvas.width >= 100 ? "\(status.text)   \(cores) " : "\(status.text) "
    let end = canvas.width - right.terminalColumns
    // On small screens only where it is not the model's own way.
    let isUsual = scene.model.readout == scene.model.kind.readout
    let readout = canvas.width < 120 && isUsual ? "" : ", \(scene.model.readout.rawValue) readout"
    var x = canvas.text(1, 0, "ganglion", Ink.focus.bold())
    let parts = [
      "\(scene.model.kind.title) \(scene.neurons) neurons\(readout)", synapses,
      "\(scene.task.name)\(canvas.width >= 140 ? ": \(scene.task.summary)" : "")",
    ]
    x += 1
    for part in parts where x + 3 < end {
      x += canvas.text(x + 2, 0, part, .plain, maxWidth: max(end - x - 4, 0)) + 2
    }
    canvas.text(end, 0, right, status.style.bold())
  }

  /// What runs beside the screen: "▶ comparing 42 %".
  private static func beside(_ scene: Scene) -> String { "▶ " + scene.running.map(\.brief).joined(separator: ", ") }

  /// That what is shown is past, and how good it was then.
  private static func drawThen(_ scene: Scene, on canvas: inout Canvas) {
    let (then, now) = (scene.snapshot, scene.newest)
    let steps = "step \(NumberText.grouped(then.step)) of \(NumberText.grouped(now.step))"
    let text = " \(steps): looking back; esc returns to now "
    var x = 1 + canvas.text(1, 1, text, Ink.warning.bold().reverse(), maxWidth: canvas.width - 2) + 3
    var parts: [String] = []
    if let loss = then.heldOut?.loss {
      parts.append("held-out then \(Scene.number(loss))" + (now.heldOut.map { ", now \(Scene.number($0.loss))" } ?? ""))
    }
    parts.append("lr then \(Scene.number(then.learningRate))")
    for part in parts where x + part.terminalColumns < canvas.width - 1 {
      x += canvas.text(x, 1, part, Ink.quiet) + 3
    }
  }

  /// What fits of it, in this order; where not all does, what is told last in `importance` is left out.
  private static func drawHow(_ scene: Scene, on canvas: inout Canvas) {
    let snapshot = scene.snapshot
    var parts: [(text: String, importance: Int)] = [
      ("step \(NumberText.grouped(snapshot.step))", 0), ("epoch \(snapshot.epoch)", 5),
    ]
    if let train = snapshot.trainLoss { parts.append(("train \(Scene.number(train))", 2)) }
    if let heldOut = snapshot.heldOut {
      parts.append(("held-out \(Scene.number(heldOut.loss))", 1))
      if let best = snapshot.bestLoss, let step = snapshot.bestStep {
        parts.append(("best \(Scene.number(best)) at \(NumberText.grouped(step))", 6))
      }
      if let metric = headline(scene, heldOut.metrics) { parts.append((metric, 3)) }
    }
    if let learning = scene.masks.learning.sentence {
      parts.append(("❄ " + (canvas.width < 140 ? scene.masks.learning.brief : learning), 2))
    }
    parts.append(("lr \(Scene.number(snapshot.learningRate))", 4))
    func width(_ limit: Int) -> Int {
      parts.filter { $0.importance <= limit }.reduce(-3) { $0 + $1.text.terminalColumns + 3 }
    }
    let limit = (0...6).last { width($0) <= canvas.width - 2 } ?? 0
    var x = 1
    for part in parts where part.importance <= limit { x += canvas.text(x, 1, part.text, Ink.quiet) + 3 }
  }

  /// The metric people ask for first, with what to beat.
  private static func headline(_ scene: Scene, _ metrics: [String: Double]) -> String? {
    switch scene.task.kind {
    case .regression: return metrics["nmse"].map { "nmse \(Scene.number($0))" }
    case .labels:
      let name = scene.task.outputNames[min(scene[LearningView.self].output, scene.task.outputNames.count - 1)]
      return metrics["balancedAccuracy \(name)"].map { "\(name) \(Scene.number($0 * 100)) % balanced" }
    case .classes: return metrics["accuracy"].map { "accuracy \(Scene.number($0 * 100)) %" }
    }
  }
}
