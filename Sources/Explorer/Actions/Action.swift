import Experiments
import Learning
import Terminal

/// Something a person can do: one entry of the table that feeds keys, footer, help, palette and tests.
public struct Action: Sendable {
  /// The chapters of the help.
  public enum Group: String, Sendable, CaseIterable {
    case train = "Training"
    case operate = "Operating on the network"
    case open = "Another network, another task"
    case history = "Looking back"
    case compare = "Comparing models"
    case spikes = "Spiking networks"
    case probe = "The probe"
    case looking = "Looking around"
    case program = "The program"
  }

  /// What the palette takes: "prune".
  public var name: String
  public var group: Group
  /// One sentence.
  public var sentence: String
  /// The first is shown in hints; empty for palette only.
  public var keys: [Key]
  /// The view that its keys belong to; `nil` where they hold everywhere. There they mean this and nothing else.
  public var view: String?
  /// What the palette shows for the argument it takes, `nil` where it takes none.
  public var argument: String?
  /// What the argument can be, for completion; empty where it is free.
  public var values: @Sendable (Scene) -> [String]
  /// One line about a value of the argument; `nil` where the action's sentence says all there is.
  public var summary: @Sendable (String) -> String?
  /// The word beside the key in the footer, `nil` where it is not hinted at (now, or ever).
  public var hint: @Sendable (Scene) -> String?
  public var isAvailable: @Sendable (Scene) -> Bool
  public var run: @Sendable (inout Scene, String?) -> [Effect]

  public init(
    _ name: String, _ group: Group, _ sentence: String, keys: [String] = [], in view: String? = nil,
    argument: String? = nil,
    values: @escaping @Sendable (Scene) -> [String] = { _ in [] },
    summary: @escaping @Sendable (String) -> String? = { _ in nil },
    hint: @escaping @Sendable (Scene) -> String? = { _ in nil },
    when isAvailable: @escaping @Sendable (Scene) -> Bool = { _ in true },
    run: @escaping @Sendable (inout Scene, String?) -> [Effect]
  ) {
    self.name = name
    self.group = group
    self.sentence = sentence
    self.keys = keys.compactMap { Key($0) }
    self.view = view
    self.argument = argument
    self.values = values
    self.summary = summary
    self.hint = hint
    self.isAvailable = isAvailable
    self.run = run
  }
}

extension Action {
  /// Whether it can do nothing without an argument: those in brackets can be left out, and keys have none to give.
  var needsArgument: Bool { argument.map { !$0.hasPrefix("[") } ?? false && keys.isEmpty }
}

/// What an action wants done outside the scene.
public enum Effect: Sendable, Equatable {
  case send(Command)
  /// One probe step.
  case probeStep
  /// The probe goes to that step of its sequence, or of another.
  case probeJump(step: Int, series: Int?)
  /// Writes the best model to a file.
  case save(String)
  /// Writes the newest state to a file, in the form that its name asks for.
  case export(String)
  /// As the two above, also where there is such a file already.
  case overwrite(String, newest: Bool)
  /// Opens the present set-up with something changed; the present one is kept.
  case change(RecipeChange)
  /// Training that goes on from a moment of the past, in a set-up of its own, with these commands first.
  case fork(WeightHistory.State, [Command])
  /// Opens the present set-up as it was before its first step.
  case restart
  /// To an earlier (−1) or later (1) set-up, as it was left.
  case switchSetup(by: Int)
  /// Makes an activity, and begins it when it is there.
  case begin(ActivityMaker)
  /// Lets an activity go on, rest, or end, by the number that the scene knows it by.
  case start(Int)
  case pause(Int)
  case cancel(Int)
  /// Asks an activity for something in its own terms.
  case perform(Int, ActivityOrder)
  /// Opens a network that an activity has trained, by its name there.
  case openNetwork(of: Int, name: String, title: String)
  case redraw
  /// Moves the borders between panes of this size of screen.
  case layout(column: Double, row: Double?)
  /// Measures what drawing costs training.
  case measureDrawingCost(seconds: Double)
  case quit
}

/// What an activity is asked for: whatever its commands are, two can be told apart.
public struct ActivityOrder: Sendable, Equatable {
  public var command: any ActivityCommand
  public init(_ command: any ActivityCommand) { self.command = command }

  public static func == (one: Self, other: Self) -> Bool { equals(one.command, other.command) }

  private static func equals<Command: ActivityCommand>(_ one: Command, _ other: any ActivityCommand) -> Bool {
    other as? Command == one
  }
}

/// The table of everything that can be done.
public enum Actions {
  public static let all: [Action] =
    operating + training + opening + lookingBack + ranking + looking + appearance + probing + comparing + spiking
    + activities + program

  public static func named(_ name: String) -> Action? { byName[name] }

  private static let byName = Dictionary(all.map { ($0.name, $0) }) { first, _ in first }

  private static let byKey: [Key: [Action]] = all.reduce(into: [:]) { table, action in
    for key in action.keys { table[key, default: []].append(action) }
  }

  /// The action of a key in normal mode: the view's own, or the one that holds everywhere.
  public static func bound(to key: Key, in view: String? = nil) -> Action? {
    let own = byKey[key] ?? []
    return own.first { $0.view != nil && $0.view == view } ?? own.first { $0.view == nil }
  }

  /// What the footer hints at: actions that can be done now with a key that means them here, the view's own
  /// first, then in the table's order.
  public static func hinted(_ scene: Scene) -> [(action: Action, hint: String)] {
    let touchesNetwork = Views.named(scene.look.focus)?.showsNetwork ?? true
    return (hintable[scene.look.focus] ?? hintable(in: scene.look.focus)).compactMap { action in
      guard touchesNetwork || ![.operate, .probe].contains(action.group), action.isAvailable(scene),
        let hint = action.hint(scene)
      else { return nil }
      return (action, hint)
    }
  }

  /// Those with a key that means them in a view, its own first.
  private static func hintable(in view: String) -> [Action] {
    (all.filter { $0.view == view } + all.filter { $0.view == nil }).filter { action in
      action.keys.first.map { bound(to: $0, in: view)?.name == action.name } ?? false
    }
  }

  private static let hintable = Dictionary(uniqueKeysWithValues: Views.all.map { ($0.name, hintable(in: $0.name)) })

  /// Runs a line of the palette: a name and, after a blank, its argument.
  public static func run(line: String, on scene: inout Scene) -> [Effect] {
    let parts = line.split(separator: " ", maxSplits: 1).map(String.init)
    guard let name = parts.first else { return [] }
    guard let action = resolve(name, in: scene.look.focus) else {
      scene.say("There is no command '\(name)'; ? lists them all.", isError: true)
      return []
    }
    return run(action, argument: parts.count > 1 ? parts[1] : nil, on: &scene)
  }

  /// Runs an action if it can be run now, and says why not otherwise.
  public static func run(_ action: Action, argument: String? = nil, on scene: inout Scene) -> [Effect] {
    guard action.isAvailable(scene) else {
      var free = scene
      free.session.readOnly = false
      scene.say(
        scene.session.readOnly && action.isAvailable(free)
          ? "This is read-only: nothing can be changed." : "\(action.name) cannot be done now: \(action.sentence)",
        isError: true)
      return []
    }
    return action.run(&scene, argument)
  }

  /// Actions whose name has the letters of the line's first word in their order, best first; behind them those whose
  /// sentence has a longer word: "cancel" finds what ends something.
  public static func candidates(for line: String) -> [Action] {
    let word = line.split(separator: " ", omittingEmptySubsequences: false).first.map(String.init) ?? ""
    guard !word.isEmpty else { return all }
    let named = Fuzzy.sort(all, by: word, \.name)
    guard word.count > 2 else { return named }
    let names = Set(named.map(\.name))
    return named + all.filter { !names.contains($0.name) && $0.sentence.lowercased().contains(word.lowercased()) }
  }
}

extension Key {
  /// As hints show it.
  var label: String {
    switch self {
    case .up: "↑"
    case .down: "↓"
    case .left: "←"
    case .right: "→"
    default: description
    }
  }
}
