/// A line of the palette that what is typed can become.
struct Completion: Equatable {
  /// The whole line.
  var line: String
  /// What it does.
  var sentence: String
}

/// What the person typed into the palette before, newest last, for up and down.
public struct TypedLines: Sendable, Equatable {
  public private(set) var lines: [String] = []
  /// Which of them stands on the line; `nil` where it is being typed.
  private var recalled: Int?
  /// What was being typed before the first look back.
  private var draft = ""

  public init() {}

  /// Remembers a line that was run; the same again only once.
  mutating func add(_ line: String) {
    recalled = nil
    guard !line.allSatisfy(\.isWhitespace) else { return }
    lines.removeAll { $0 == line }
    lines.append(line)
    if lines.count > 200 { lines.removeFirst() }
  }

  mutating func stopRecalling() { recalled = nil }

  /// The line before the one shown; `nil` where there is none.
  mutating func earlier(than shown: String) -> String? {
    if recalled == nil { draft = shown }
    let target = (recalled ?? lines.count) - 1
    guard lines.indices.contains(target) else { return nil }
    recalled = target
    return lines[target]
  }

  mutating func later() -> String? {
    guard let now = recalled else { return nil }
    guard lines.indices.contains(now + 1) else {
      recalled = nil
      return draft
    }
    recalled = now + 1
    return lines[now + 1]
  }
}

/// How well letters match a name: 0 the same, 1 its beginning, 2 a part of it, 3 its letters in their order.
enum Fuzzy {
  static func rank(_ word: String, _ name: String) -> Int? {
    if name == word { return 0 }
    if name.hasPrefix(word) { return 1 }
    if name.contains(word) { return 2 }
    var rest = Substring(word)
    for character in name where character == rest.first { rest = rest.dropFirst() }
    return rest.isEmpty ? 3 : nil
  }

  /// Those that match, best first; in their own order where they match alike.
  static func sort<Item>(_ items: [Item], by word: String, _ name: (Item) -> String) -> [Item] {
    let word = word.lowercased()
    let ranked = items.compactMap { item in rank(word, name(item).lowercased()).map { (item, $0) } }
    return (0...3).flatMap { level in ranked.filter { $0.1 == level }.map(\.0) }
  }
}

extension Actions {
  /// The command that a word names: by its whole name, or by the beginning of exactly one name. In a view that does not
  /// show the network, "prune" is the view's own "spikes-prune" where there is one.
  static func resolve(_ word: String, in view: String? = nil) -> Action? {
    if let view, Views.named(view)?.showsNetwork == false, let own = named("\(view)-\(word)") { return own }
    if let exact = named(word) { return exact }
    let begun = all.filter { $0.name.hasPrefix(word) }
    return begun.count == 1 && !word.isEmpty ? begun[0] : nil
  }

  /// What `line` can become, best first: commands, and after a command's name the values that its argument can have.
  static func completions(of line: String, _ scene: Scene) -> [Completion] {
    let parts = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, let action = resolve(parts[0], in: scene.look.focus) else {
      return candidates(for: line).map {
        Completion(line: $0.name + ($0.argument == nil ? "" : " "), sentence: $0.sentence)
      }
    }
    let typed = parts[1].trimmed
    let values = Fuzzy.sort(action.values(scene), by: typed) { $0 }
    return values.map { Completion(line: "\(action.name) \($0)", sentence: action.summary($0) ?? action.sentence) }
  }

  /// What tab makes of a line: the best completion, or the one after it where the line is that already.
  static func complete(_ line: String, _ scene: Scene) -> String? {
    let found = completions(of: line, scene)
    guard let best = found.first else { return nil }
    guard best.line == line else { return best.line }
    let parts = line.split(separator: " ", maxSplits: 1).map(String.init)
    guard parts.count == 2, let action = resolve(parts[0], in: scene.look.focus) else { return best.line }
    let all = action.values(scene)
    guard let index = all.firstIndex(of: parts[1]) else { return best.line }
    return "\(action.name) \(all[(index + 1) % all.count])"
  }
}
