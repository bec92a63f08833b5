import Terminal
import Testing

/// What a person does and sees, as data: played on a screen in memory and on a real terminal alike.
struct Scenario: Sendable, CustomTestStringConvertible {
  enum Act: Sendable {
    /// By their names, one after the other.
    case keys([String])
    /// Every character a key.
    case type(String)
    /// Words that come onto the screen.
    case see(String)
    /// Words that go from it.
    case gone(String)
    case resize(Int, Int)
  }

  var name: String
  var readOnly = false
  var neurons = 8
  var size = (width: 120, height: 40)
  var acts: [Act]

  init(_ name: String, readOnly: Bool = false, neurons: Int = 8, size: (Int, Int) = (120, 40), _ acts: Act...) {
    self.name = name
    self.readOnly = readOnly
    self.neurons = neurons
    self.size = size
    self.acts = acts
  }

  var testDescription: String { name }

  /// For the program's command line; the task is the sine.
  var arguments: String {
    "explore --task sine --seed 1 --threads 1 --neurons \(neurons)" + (readOnly ? " --read-only" : "")
  }
}

extension Scenario.Act {
  /// The keys of an act, `nil` where it is none of keys.
  var typed: [Key]? {
    switch self {
    case .keys(let names): names.compactMap { Key($0) }
    case .type(let text): text.map { .character($0) }
    default: nil
    }
  }

  static func press(_ keys: String...) -> Scenario.Act { .keys(keys) }
}
