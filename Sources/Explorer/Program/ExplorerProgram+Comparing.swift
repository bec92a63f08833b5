import Dispatch
import Experiments
import Learning
import Synchronization
import Terminal

// A comparison beside what is looked at: it trains on queues of its own, and the scene gets its table.

/// A comparison in the making, on a queue of its own; `nil` until it is there.
final class ComparisonOpening: Sendable {
  private let result = Mutex<Result<Comparison, any Error>?>(nil)

  func make(_ make: () throws -> Comparison, waker: Waker) {
    let made = Result { try make() }
    result.withLock { $0 = made }
    waker.wake()
  }

  /// What came of it, once.
  func take() -> Result<Comparison, any Error>? {
    result.withLock { result in
      defer { result = nil }
      return result
    }
  }
}

extension ExplorerProgram {
  /// The table is looked at so often, s.
  static let comparisonInterval = 0.25

  /// Makes a comparison from a line of options, on the present task where they name none.
  func compare(_ line: String) {
    guard let make = options.compare else {
      scene.say("Nothing can be compared here: use ganglion compare.", isError: true)
      return
    }
    guard comparisonOpening == nil else {
      scene.say("A comparison is being prepared; wait until it is there.", isError: true)
      return
    }
    let opening = ComparisonOpening()
    comparisonOpening = opening
    let (source, waker) = (current.setup.source, backend.waker)
    let words = line.split(separator: " ").map(String.init)
    scene.say("The comparison is being prepared.")
    DispatchQueue.global(qos: .userInitiated).async { opening.make({ try make(words, source) }, waker: waker) }
  }

  /// Takes the place of an earlier comparison, which ends.
  func begin(_ comparison: Comparison) {
    self.comparison?.cancel()
    self.comparison = comparison
    // Both would share the cores, and the comparison's times would be too long.
    if scene.isTraining { send(.pause) }
    comparison.start()
    scene.comparison = ComparisonViewState(comparison.table())
    (scene.focus, scene.zoomed) = ("compare", true)
    needsFrame = true
  }

  /// Brings the scene's table up to the present, some times a second.
  func followComparison(_ time: Double) {
    if let result = comparisonOpening?.take() {
      comparisonOpening = nil
      needsFrame = true
      switch result {
      case .success(let comparison): begin(comparison)
      case .failure(let error): scene.say(options.describe(error), isError: true)
      }
    }
    guard let comparison, scene.comparison?.isUnderWay == true, time - lastComparison >= Self.comparisonInterval else {
      return
    }
    showComparison(comparison, time)
  }

  private func showComparison(_ comparison: Comparison, _ time: Double) {
    lastComparison = time
    scene.comparison?.table = comparison.table()
    if let problem = comparison.problem { scene.say(problem, isError: true) }
    needsFrame = true
  }

  func pauseComparison() {
    guard let comparison else { return }
    if scene.comparison?.isUnderWay == true { comparison.pause() } else { comparison.start() }
    showComparison(comparison, now())
    scene.say(
      scene.comparison?.isUnderWay == true ? "The comparison goes on." : "The comparison is paused: space goes on.")
  }

  /// Opens the model of a row with its best seed's values.
  func open(_ candidate: Candidate) {
    guard let comparison else { return }
    let threads = current.setup.training.threads
    begin(
      SetupMaker("\(candidate.model) with \(candidate.neurons) neurons") {
        let trained = try comparison.trained(candidate)
        var training = trained.options
        training.threads = threads
        return ExplorerSetup(
          model: trained.model, task: trained.task, source: trained.source, training: training, start: trained.state)
      })
    (scene.focus, scene.zoomed) = ("states", false)
  }
}
