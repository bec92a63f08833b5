import Explorer
import Foundation
import Terminal
import Testing

extension Scenario {
  /// On a screen in memory, at two hundred frames a second.
  func playInMemory() throws {
    var program: (() -> ExplorerProgram?) = { nil }
    var keys = 0
    let (end, _, _) = try play(
      neurons: neurons, paused: false, readOnly: readOnly, size: size,
      change: { options in
        options.frameRate = 200
        options.onFrame = { shown in program = { [weak shown] in shown } }
      },
      { screen in
        for act in acts {
          switch act {
          case .keys, .type:
            for key in act.typed ?? [] { screen.send(.key(key)) }
            keys += act.typed?.count ?? 0
            let wanted = keys
            screen.wait("\(act) has its effect") { _ in
              program().map { $0.keysTaken == wanted && $0.isSettled } ?? false
            }
          case .see(let text): screen.wait(forText: text)
          case .gone(let text): screen.wait(forNoText: text)
          case .resize(let width, let height): screen.resize(to: width, height)
          }
        }
        screen.press("q")
      })
    #expect(end == .quit)
  }

  /// On a terminal of tmux: keys are pressed together and waited for until the program says that they had their effect.
  func playOnTerminal() throws {
    let settled = "settled"
    let robot = try Robot(size.width, size.height, arguments, settled: settled)
    let terminal = robot.terminal
    try terminal.wait("the first frame") { !$0.isEmpty && $0.contains("ganglion") }
    var keys = 0
    for act in acts {
      switch act {
      case .keys, .type:
        let typed = act.typed ?? []
        // An escape and a key in one breath would be the key with alt.
        for part in typed.split(after: .escape) {
          try terminal.press(part)
          keys += part.count
          try robot.waitUntilSettled(keys: keys)
        }
      case .see(let text): try terminal.wait("'\(text)' in '\(name)'") { $0.contains(text) }
      case .gone(let text): try terminal.wait("that '\(text)' goes in '\(name)'") { !$0.contains(text) }
      case .resize(let width, let height): try terminal.resize(width, height)
      }
    }
    try terminal.press("q")
    let end = try robot.ending()
    #expect(end.status == 0, "\(name): \(end.screen)")
    #expect(try terminal.isGivenBack)
  }
}

extension Array where Element == Key {
  /// Parts that end after every such key.
  fileprivate func split(after key: Key) -> [[Key]] {
    var parts: [[Key]] = [[]]
    for one in self {
      parts[parts.count - 1].append(one)
      if one == key { parts.append([]) }
    }
    return parts.filter { !$0.isEmpty }
  }
}

extension Key {
  /// What tmux calls it.
  var tmuxName: String {
    switch self {
    case .up: "Up"
    case .down: "Down"
    case .left: "Left"
    case .right: "Right"
    case .enter: "Enter"
    case .escape: "Escape"
    case .tab: "Tab"
    case .backTab: "BTab"
    case .backspace: "BSpace"
    case .home: "Home"
    case .end: "End"
    case .pageUp: "PageUp"
    case .pageDown: "PageDown"
    case .character(" "): "Space"
    case .character(";"): "\\;"
    case .character(let character): String(character)
    case .control(let character): "C-\(character)"
    default: description
    }
  }
}
