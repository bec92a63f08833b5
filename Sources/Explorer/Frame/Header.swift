import Circuits
import Learning
import Tasks
import Terminal

/// The two lines at the top: what is learning what, and how it goes.
enum Header {
  static func draw(_ scene: Scene, in rect: Rect, on canvas: inout Canvas) {
    canvas.inside(rect) { canvas in
      drawWho(scene, on: &canvas)
      drawHow(scene, on: &canvas)
    }
  }

  private static func drawWho(_ scene: Scene, on canvas: inout Canvas) {
    let (present, all) = (scene.masks.present, scene.anatomy.synapses.count)
    let synapses = present == all ? "\(all) synapses" : "\(present) of \(all) synapses"
    let speed = NumberText.grouped(Int(exactly: scene.snapshot.stepsPerSecond.rounded()) ?? 0)
    let status: (text: String, style: Style) =
      switch scene.snapshot.status {
      case .training: ("▶ training \(speed) steps/s", Ink.good)
      case .paused: (scene.readOnly ? "■ read-only" : "■ paused: space trains", Ink.warning)
      case .stopped: ("! stopped", Ink.error)
      }
    let cores = "\(scene.options.threads) core\(scene.options.threads == 1 ? "" : "s")"
    let right = canvas.width >= 100 ? "\(status.text)   \(cores) " : "\(status.text) "
    let end = canvas.width - right.terminalColumns
    var x = canvas.text(1, 0, "ganglion", Ink.focus.bold())
    let parts = [
      "\(scene.model.kind.title) \(scene.neurons) neurons", synapses,
      "\(scene.task.name)\(canvas.width >= 140 ? ": \(scene.task.summary)" : "")",
    ]
    x += 1
    for part in parts where x + 3 < end {
      x += canvas.text(x + 2, 0, part, .plain, maxWidth: max(end - x - 4, 0)) + 2
    }
    canvas.text(end, 0, right, status.style.bold())
  }

  private static func drawHow(_ scene: Scene, on canvas: inout Canvas) {
    let snapshot = scene.snapshot
    if case .stopped(let sentence) = snapshot.status {
      canvas.text(1, 1, sentence, Ink.error, maxWidth: canvas.width - 1)
      return
    }
    var parts = ["step \(NumberText.grouped(snapshot.step))", "epoch \(snapshot.epoch)"]
    if let train = snapshot.trainLoss { parts.append("train \(Scene.number(train))") }
    if let heldOut = snapshot.heldOut {
      var text = "held-out \(Scene.number(heldOut.loss))"
      if let best = snapshot.bestLoss, let step = snapshot.bestStep {
        text += " (best \(Scene.number(best)) at \(NumberText.grouped(step)))"
      }
      parts.append(text)
      if let metric = headline(scene, heldOut.metrics) { parts.append(metric) }
    }
    parts.append("lr \(Scene.number(snapshot.learningRate))")
    var x = 1
    for part in parts where x + part.terminalColumns <= canvas.width {
      x += canvas.text(x, 1, part, Ink.quiet) + 3
    }
  }

  /// The metric people ask for first, with what to beat.
  private static func headline(_ scene: Scene, _ metrics: [String: Double]) -> String? {
    switch scene.task.kind {
    case .regression: return metrics["nmse"].map { "nmse \(Scene.number($0))" }
    case .labels:
      let name = scene.task.outputNames[min(scene.output, scene.task.outputNames.count - 1)]
      return metrics["balancedAccuracy \(name)"].map { "\(name) \(Scene.number($0 * 100)) % balanced" }
    case .classes: return metrics["accuracy"].map { "accuracy \(Scene.number($0 * 100)) %" }
    }
  }
}
