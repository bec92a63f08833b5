/// Says when the next frame is due: on a steady beat while something moves, at once (or nearly) where a key is to be
/// answered, and not at all where nothing has changed.
struct FramePacer {
  /// What moves.
  struct Motion {
    var isTraining: Bool
    /// Probe steps a second; 0 where it is held.
    var probeSpeed: Double
  }

  /// The share of a core that moving frames may take while training wants all of them; large screens and networks then
  /// have fewer frames, down to a fifth.
  static let drawingShare = 0.02
  /// Frames a second that answer keys, at most: they do not wait for the next moving one.
  static let answerRate = 30.0

  /// Frames a second at most.
  let rate: Double
  /// Something changed that the screen does not show yet.
  var needsFrame = true
  /// Something was pressed, or what was pressed has been carried out, and the screen does not show it yet.
  var owesAnswer = false
  /// Seconds of processor time that were spent on computing what the next frame shows.
  var refreshCost = 0.0
  private(set) var framesShown = 0
  /// When the next frame is due, as things move.
  private var nextFrame = 0.0
  /// Seconds of processor time that a frame takes with what is computed for it, as lately measured.
  private var frameCost = 0.0
  private var lastAnswer = -1.0

  init(rate: Double) { self.rate = rate }

  /// Seconds until the next frame; 0 or less where it is due.
  func dueIn(_ time: Double) -> Double {
    (owesAnswer ? min(nextFrame, lastAnswer + 1 / Self.answerRate) : nextFrame) - time
  }

  /// Seconds from one moving frame to the next.
  func period(_ motion: Motion) -> Double {
    // At least half as often as can be, for what training changes.
    let wanted = 1 / min(max(motion.probeSpeed, rate / 2), rate)
    guard motion.isTraining else { return wanted }
    let affordable = frameCost / (Self.drawingShare * rate / ExplorerProgram.frameRate)
    return max(wanted, min(affordable, 5 / rate))
  }

  /// A frame was drawn, in `seconds` of processor time.
  mutating func drew(in seconds: Double) {
    framesShown += 1
    frameCost += (seconds + refreshCost - frameCost) / 8
  }

  /// A frame is on the screen.
  mutating func shown(at time: Double, _ motion: Motion) {
    if owesAnswer { (owesAnswer, lastAnswer) = (false, time) }
    // On the beat, that is not put off by frames which are late, nor by answers in between.
    if time >= nextFrame {
      let period = period(motion)
      nextFrame = max(nextFrame + period, time + period / 2)
    }
    needsFrame = false
  }
}
