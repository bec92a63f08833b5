import Learning

/// Measures what the screen costs training: seconds with and without drawing take turns.
struct DrawingCost {
  /// Seconds of a turn.
  static let turn = 0.75
  /// Seconds in all, unless told.
  static let usual = 6 * turn

  /// Turns in all, drawing first.
  let turns: Int
  private var number = 0
  private var since: Double
  private var steps: Int
  private var rates: [Double] = []

  init(time: Double, steps: Int, seconds: Double) {
    (since, self.steps) = (time, steps)
    turns = 2 * max(Int(seconds / Self.turn / 2), 1)
  }

  /// Whether the present turn is one without drawing.
  var rests: Bool { number % 2 == 1 }
  var end: Double { since + Self.turn }
  var seconds: Double { Double(turns) * Self.turn }

  /// Ends the turn if its time is over; true when the last one ended.
  mutating func advance(time: Double, steps: Int) -> Bool {
    guard time >= end else { return false }
    rates.append(Double(steps - self.steps) / (time - since))
    number += 1
    (since, self.steps) = (time, steps)
    return number == turns
  }

  /// Steps a second while drawing and while not, and the share of them that drawing takes: medians over neighbouring
  /// turns, for a machine's speed changes with time.
  var result: (drawing: Double, resting: Double, share: Double) {
    let pairs = stride(from: 0, to: rates.count - 1, by: 2).map { (rates[$0], rates[$0 + 1]) }
    func median(_ values: [Double]) -> Double {
      let sorted = values.sorted()
      return sorted.isEmpty ? 0 : (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }
    return (median(pairs.map(\.0)), median(pairs.map(\.1)), 1 - median(pairs.map { $0.1 > 0 ? $0.0 / $0.1 : 1 }))
  }
}

extension ExplorerProgram {
  /// Begins to measure; the picture stands for half of the time.
  func measureDrawingCost(_ seconds: Double) {
    guard drawingCost == nil else { return }
    let drawingCost = DrawingCost(time: now(), steps: current.trainer.stepsMade, seconds: seconds)
    self.drawingCost = drawingCost
    scene.say("Measuring what drawing costs for \(Scene.number(drawingCost.seconds)) s …")
  }

  /// Ends turns in time; tells the result after the last.
  func advanceDrawingCost(time: Double) {
    guard drawingCost?.advance(time: time, steps: current.trainer.stepsMade) == true, let done = drawingCost?.result
    else { return }
    drawingCost = nil
    guard scene.isTraining, done.resting > 0 else {
      scene.say("Training was paused meanwhile, so that there is nothing to compare.", isError: true)
      return
    }
    if scene.stats == nil { scene.stats = Scene.Stats() }
    scene.stats?.rates = .init(drawing: done.drawing, resting: done.resting)
    let share = done.share * 100
    scene.say(
      "Training makes \(Scene.number(done.drawing)) steps/s while drawing and \(Scene.number(done.resting)) without: "
        + (share >= 0.5 ? "the screen costs \(Scene.number(share, digits: 2)) %." : "no cost can be told from chance."))
  }
}
