import Learning

/// Measures what the screen costs training: seconds with and without drawing take turns.
struct Calibration {
  /// Seconds of a turn.
  static let turn = 0.75
  /// Turns in all, drawing first.
  static let turns = 6

  private var number = 0
  private var since: Double
  private var steps: Int
  private var rates: (drawing: [Double], resting: [Double]) = ([], [])

  init(time: Double, steps: Int) { (since, self.steps) = (time, steps) }

  /// Whether the present turn is one without drawing.
  var rests: Bool { number % 2 == 1 }
  var end: Double { since + Self.turn }

  /// Ends the turn if its time is over; true when the last one ended.
  mutating func advance(time: Double, steps: Int) -> Bool {
    guard time >= end else { return false }
    let rate = Double(steps - self.steps) / (time - since)
    if rests { rates.resting.append(rate) } else { rates.drawing.append(rate) }
    number += 1
    (since, self.steps) = (time, steps)
    return number == Self.turns
  }

  /// Steps a second while drawing and while not, in all turns.
  var result: (drawing: Double, resting: Double) {
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(values.count, 1)) }
    return (mean(rates.drawing), mean(rates.resting))
  }
}

extension ExplorerProgram {
  /// Begins to measure; the picture stands for half of the time.
  func calibrate() {
    guard calibration == nil else { return }
    calibration = Calibration(time: now(), steps: current.trainer.stepsMade)
    scene.say("Measuring what drawing costs for \(Scene.number(Calibration.turn * Double(Calibration.turns))) s …")
  }

  /// Ends turns in time; tells the result after the last.
  func advanceCalibration(time: Double) {
    guard calibration?.advance(time: time, steps: current.trainer.stepsMade) == true, let done = calibration?.result
    else { return }
    calibration = nil
    guard scene.isTraining, done.resting > 0 else {
      scene.say("Training was paused meanwhile, so that there is nothing to compare.", isError: true)
      return
    }
    if scene.stats == nil { scene.stats = Scene.Stats() }
    scene.stats?.rates = .init(drawing: done.drawing, resting: done.resting)
    let share = (1 - done.drawing / done.resting) * 100
    scene.say(
      "Training makes \(Scene.number(done.drawing)) steps/s while drawing and \(Scene.number(done.resting)) without: "
        + (share >= 0.5 ? "the screen costs \(Scene.number(share, digits: 2)) %." : "no cost can be told from chance."))
  }
}
