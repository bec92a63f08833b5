import Experiments
import Learning
import Tasks

/// Commands of the command line that can also run beside the explorer's screen: a line each.
enum ActivityCommands {
  private static let all: [String: @Sendable ([String], DataSource) throws -> any Activity] = [
    "compare": { words, source in try CompareCommand.parse(words).comparison(on: source) },
    "spikes": { words, _ in try SpikesCommand.live(words) },
    "study": { words, _ in try StudyCommand.activity(words) },
  ]

  /// The activity that such a command asks for, not yet begun.
  ///
  /// - Throws: an error that says which word is wrong.
  static func activity(_ words: [String], on source: DataSource) throws -> any Activity {
    guard let name = words.first, let make = all[name] else {
      throw ActivityError(
        "'\(words.first ?? "")' cannot run beside the screen; these can: \(all.keys.sorted().joined(separator: ", ")).")
    }
    return try make(Array(words.dropFirst()), source)
  }
}
