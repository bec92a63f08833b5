/// A key as a user names it. Its ``description`` ("ctrl-r", "space", "up") is read back by ``init(_:)``.
public enum Key: Sendable, Hashable {
  case character(Character)
  case up, down, left, right
  case pageUp, pageDown, home, end
  case tab, backTab, enter, escape, backspace, delete, insert
  /// F1 is 1.
  case function(Int)
  /// The letter in lower case.
  case control(Character)
  case alt(Character)
}

extension Key: CustomStringConvertible {
  private static let names: [(name: String, key: Key)] = [
    ("up", .up), ("down", .down), ("left", .left), ("right", .right), ("page-up", .pageUp), ("page-down", .pageDown),
    ("home", .home), ("end", .end), ("tab", .tab), ("shift-tab", .backTab), ("enter", .enter), ("esc", .escape),
    ("backspace", .backspace), ("delete", .delete), ("insert", .insert), ("space", .character(" ")),
    // Other names people write; the first of a key is its description.
    ("escape", .escape), ("return", .enter), ("backtab", .backTab), ("pageup", .pageUp), ("pagedown", .pageDown),
    ("pgup", .pageUp), ("pgdn", .pageDown), ("del", .delete), ("ins", .insert),
  ]

  public var description: String {
    switch self {
    case .function(let number): return "f\(number)"
    case .control(let character): return "ctrl-" + Self.name(character)
    case .alt(let character): return "alt-" + Self.name(character)
    case .character(let character) where character != " ": return String(character)
    default: return Self.names.first { $0.key == self }?.name ?? ""
    }
  }

  private static func name(_ character: Character) -> String { character == " " ? "space" : String(character) }

  /// Reads a name: "a", "P", "space", "ctrl-r", "alt-x", "f5", "shift-tab"; nil for anything else. Names of more than
  /// one letter may be written in any case.
  public init?(_ name: String) {
    if name.count == 1, let character = name.first {
      self = .character(character)
      return
    }
    let lowered = name.lowercased()
    if let known = Self.names.first(where: { $0.name == lowered }) {
      self = known.key
      return
    }
    for (prefix, isControl) in [("ctrl-", true), ("c-", true), ("alt-", false), ("m-", false)]
    where lowered.hasPrefix(prefix) {
      let rest = String(name.dropFirst(prefix.count))
      guard let character = rest.lowercased() == "space" ? " " : (rest.count == 1 ? rest.first : nil) else {
        return nil
      }
      self = isControl ? .control(Character(character.lowercased())) : .alt(character)
      return
    }
    if lowered.hasPrefix("f"), let number = Int(lowered.dropFirst()), (1...63).contains(number) {
      self = .function(number)
      return
    }
    return nil
  }
}

public enum MouseButton: Sendable, Equatable, Hashable { case left, middle, right }

/// Something the mouse did, at a cell counted from the upper left.
public struct MouseEvent: Sendable, Equatable {
  public enum Kind: Sendable, Equatable {
    case press(MouseButton)
    case release
    /// Moved with a button down.
    case drag
    case scrollUp
    case scrollDown
    /// Comes in place of the second press.
    case doubleClick
  }

  public var kind: Kind
  public var x: Int
  public var y: Int

  public init(kind: Kind, x: Int, y: Int) {
    self.kind = kind
    self.x = x
    self.y = y
  }
}

/// What a backend has to tell.
public enum TerminalEvent: Sendable, Equatable {
  case key(Key)
  case mouse(MouseEvent)
  /// ``ScreenBackend/size`` is new.
  case resize
  /// A ``Waker`` was used.
  case wake
  /// The terminal is gone: save and leave; nothing can be drawn any more.
  case hangup
  /// Ctrl-C, or SIGINT from outside.
  case interrupt
  /// SIGTERM and the like; the number is the signal's.
  case terminate(Int32)
}
