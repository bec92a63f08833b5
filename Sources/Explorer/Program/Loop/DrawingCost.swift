import Experiments

/// Measures what the screen costs training: stretches with and without drawing alternate.
struct DrawingCost {
  /// Seconds of a stretch.
  static let stretch = 0.75
  /// Seconds in all, unless told.
  static let usual = 6 * stretch

  /// Stretches in all, drawing first.
  let stretches: Int
  private var number = 0
  private var since: Double
  private var steps: Int
  private var rates: [Double] = []

  init(time: Double, steps: Int, seconds: Double) {
    (since, self.steps) = (time, steps)
    stretches = 2 * max(Int(seconds / Self.stretch / 2), 1)
  }

  /// Whether the present stretch is one without drawing.
  var rests: Bool { number % 2 == 1 }
  var end: Double { since + Self.stretch }
  var seconds: Double { Double(stretches) * Self.stretch }

  /// Ends the stretch if its time is over; true when the last one ended.
  mutating func advance(time: Double, steps: Int) -> Bool {
    guard time >= end else { return false }
    rates.append(Double(steps - self.steps) / (time - since))
    number += 1
    (since, self.steps) = (time, steps)
    return number == stretches
  }

  /// Steps a second while drawing and while not, and the share of them that drawing takes: medians over neighbouring
  /// stretches, for a machine's speed changes with time.
  var result: (drawing: Double, resting: Double, share: Double) {
    let pairs = stride(from: 0, to: rates.count - 1, by: 2).map { (rates[$0], rates[$0 + 1]) }
    func median(_ values: [Double]) -> Double { Statistics.median(values) ?? 0 }
    return (median(pairs.map(\.0)), median(pairs.map(\.1)), 1 - median(pairs.map { $0.1 > 0 ? $0.0 / $0.1 : 1 }))
  }
}

extension ExplorerProgram {
  /// Begins to measure; the picture stands for half of the time.
  func measureDrawingCost(_ seconds: Double) {
    guard drawingCost == nil else { return }
    let drawingCost = DrawingCost(time: now(), steps: sessions.current.trainer.stepsMade, seconds: seconds)
    self.drawingCost = drawingCost
    scene.say("Measuring what drawing costs for \(Scene.number(drawingCost.seconds)) s …")
  }

  /// Ends stretches in time; tells the result after the last.
  func advanceDrawingCost(time: Double) {
    guard drawingCost?.advance(time: time, steps: sessions.current.trainer.stepsMade) == true,
      let done = drawingCost?.result
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
