import Analysis
import Circuits

extension Stiffness {
  /// Whether it needs shorter steps than `other`, or is the first that is known.
  func isWorse(than other: Stiffness?) -> Bool {
    guard let other else { return true }
    return !isStable && (largestStableStep ?? .infinity) < (other.largestStableStep ?? .infinity) || other.isStable
  }
}

extension Scene {
  /// Takes what was found about the sub-steps; says so when they turn out too long.
  public mutating func notice(_ found: Stiffness) {
    let wasStable = network.stiffness?.isStable ?? true
    network.stiffness = found
    if wasStable, let sentence = stiffnessSentence { say(sentence, isError: true) }
  }

  /// Why the steps are too long and what to do here; `nil` where they are not.
  var stiffnessSentence: String? {
    // The command line's options are the explorer's commands.
    network.stiffness?.sentence?.replacing("--", with: ":")
  }

  /// Why training stopped, with what the solver has to do with it.
  var stopSentence: String? {
    guard case .stopped(let sentence) = snapshot.status else { return nil }
    return [sentence, stiffnessSentence].compactMap { $0 }.joined(separator: " ")
  }
}
