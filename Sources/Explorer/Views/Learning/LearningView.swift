import Learning
import Tasks
import Terminal

/// How learning goes: the losses with what was done to the network, and the prediction beside its target; on the whole
/// screen also the scores with what to beat, the gradient by tensor, and the list of interventions.
struct LearningView: View {
  static let name = "learning"
  var name: String { Self.name }
  let slot: DashboardSlot? = DashboardSlot(.lowerRight, importance: 2)
  let actions = ["show", "output", "pause", "step", "faster-learning", "slower-learning", "rewind"]
  let summary = "losses with your interventions, scores with what to beat, gradients, and predictions on held-out data"

  func title(_ scene: Scene) -> String {
    let axis = picture(scene)
    switch scene.task.kind {
    case .regression: return "Learning  mean squared error (\(axis))"
    case .labels, .classes: return "Learning  cross-entropy (\(axis))"
    }
  }

  /// The axis of the losses.
  func pictures(_ scene: Scene) -> [String] { ["log", "linear"] }

  struct State: ViewState {
    /// The output whose prediction is drawn.
    var output = 0
  }

  func draw(_ scene: Scene, on canvas: inout Canvas) {
    let loss = LossPanel(scene: scene, isLog: picture(scene) == "log")
    let whole = scene.look.zoomed && canvas.width >= 70 && canvas.height >= 14
    let prediction = PredictionPanel(scene: scene, showsAll: whole)
    if whole {
      let side = min(max(canvas.width / 3, 30), 52)
      let columns = canvas.area.columns([.weight(1), .cells(2), .cells(side)])
      let rows = columns[0].rows([.weight(1), .weight(1)])
      canvas.draw(loss, in: rows[0])
      canvas.draw(prediction, in: rows[1])
      drawSide(scene, in: columns[2], on: &canvas)
    } else if canvas.width >= 90 && canvas.height < 14 {
      let halves = canvas.area.columns([.weight(1), .cells(1), .weight(1)])
      canvas.draw(loss, in: halves[0])
      canvas.draw(prediction, in: halves[2])
    } else if canvas.height >= 8 {
      let halves = canvas.area.rows([.weight(1), .weight(1)])
      canvas.draw(loss, in: halves[0])
      canvas.draw(prediction, in: halves[1])
    } else {
      canvas.draw(loss)
    }
  }

  /// Scores, confusion, gradients, interventions: each what it needs, in the order of what people ask first.
  private func drawSide(_ scene: Scene, in rect: Rect, on canvas: inout Canvas) {
    let score = ScorePanel(scene)
    let confusion = ConfusionPanel(scene)
    let gradient = GradientPanel(scene)
    let interventions = InterventionList(scene)
    var left = rect.height
    func take(_ wanted: Int, atMost share: Int) -> Int {
      let given = wanted == 0 ? 0 : min(wanted + 1, share, left)
      left -= given
      return given
    }
    let heights = [
      take(score.height, atMost: max(rect.height / 3, 5)), take(confusion.height, atMost: max(rect.height / 3, 4)),
      take(gradient.height, atMost: max(left * 2 / 3, 4)),
    ]
    let rows = rect.rows(heights.map { .cells($0) } + [.weight(1)])
    canvas.draw(score, in: rows[0].inset(bottom: heights[0] > score.height ? 1 : 0))
    canvas.draw(confusion, in: rows[1].inset(bottom: heights[1] > confusion.height ? 1 : 0))
    canvas.draw(gradient, in: rows[2].inset(bottom: heights[2] > gradient.height ? 1 : 0))
    canvas.draw(interventions, in: rows[3])
  }
}
