import Circuits
import Terminal

/// Turns keys into actions, in every mode.
public enum Keyboard {
  /// What `key` does to the scene; effects are for the program to carry out.
  public static func press(_ key: Key, on scene: inout Scene) -> [Effect] {
    let effects = take(key, on: &scene)
    return scene.isLookingBack ? Actions.askingForFork(effects, &scene) : effects
  }

  private static func take(_ key: Key, on scene: inout Scene) -> [Effect] {
    switch scene.mode {
    case .normal: return normal(key, on: &scene)
    case .help(let filter, let selected): return help(key, filter: filter, selected: selected, on: &scene)
    case .palette(let text):
      return palette(key, text, on: &scene)
    case .find(let text):
      if key == .tab {
        if let best = SearchHit.matches(text, in: scene).first { scene.mode = .find(best.name) }
        return []
      }
      return line(key, text, on: &scene, make: { .find($0) }) { Actions.find(&$1, $0) }
    case .edit(let parameter, let text):
      return line(key, text, on: &scene, make: { .edit(parameter: parameter, text: $0) }) { text, scene in
        guard let value = Double(text) else {
          if !text.isEmpty { scene.say("'\(text)' is no number: write for example 0.5.", isError: true) }
          return []
        }
        return scene.edit(parameter, to: value)
      }
    case .confirm(_, let effects):
      let isYes = [.character("y"), .enter].contains(key) || key == .character("q") && effects == [.quit]
      // Any other key leaves the question open: what is typed next would run as commands.
      if isYes || [.escape, .character("n")].contains(key) { scene.mode = .normal }
      return isYes ? effects : []
    case .preview(let preview):
      // As with a question: any other key leaves it open.
      if [.character("y"), .enter].contains(key) {
        scene.mode = .normal
        scene.network.predictedChange = preview.effect.map { $0.after - $0.before } ?? preview.predicted
        return [.send(preview.command)]
      }
      if [.escape, .character("n"), .character("q")].contains(key) {
        scene.mode = .normal
        scene.say(preview.restores ? "Nothing was restored." : "Nothing was cut.")
      }
      return []
    }
  }

  private static func normal(_ key: Key, on scene: inout Scene) -> [Effect] {
    if key == .escape {
      if scene.isLookingBack {
        scene.past.sought = .now
      } else if scene.look.zoomed {
        scene.look.zoomed = false
      } else {
        scene.selection.pre = nil
      }
      return []
    }
    guard let action = Actions.bound(to: key, in: scene.look.focus) else {
      scene.say("The key \(key) does nothing here; ? lists those that do.")
      return []
    }
    if scene.message?.until != .infinity { scene.message = nil }
    return Actions.run(action, on: &scene)
  }

  private static func help(_ key: Key, filter: String, selected: Int, on scene: inout Scene) -> [Effect] {
    let shown = Overlays.helpEntries(filter)
    switch key {
    case .escape, .character("?"): scene.mode = .normal
    case .up: scene.mode = .help(filter: filter, selected: max(selected - 1, 0))
    case .down: scene.mode = .help(filter: filter, selected: min(selected + 1, max(shown.count - 1, 0)))
    case .pageUp: scene.mode = .help(filter: filter, selected: max(selected - 10, 0))
    case .pageDown: scene.mode = .help(filter: filter, selected: min(selected + 10, max(shown.count - 1, 0)))
    case .backspace: scene.mode = .help(filter: String(filter.dropLast()), selected: 0)
    case .character(let character): scene.mode = .help(filter: filter + String(character), selected: 0)
    case .enter:
      scene.mode = .normal
      guard shown.indices.contains(selected) else { return [] }
      let action = shown[selected]
      if action.needsArgument {
        scene.mode = .palette(action.name + " ")
        return []
      }
      return Actions.run(action, on: &scene)
    default: break
    }
    return []
  }

  /// The command line: enter runs what is named, and completes what is only begun, so that nothing else is run by it.
  private static func palette(_ key: Key, _ text: String, on scene: inout Scene) -> [Effect] {
    switch key {
    case .tab:
      if let completed = Actions.complete(text, scene) { scene.mode = .palette(completed) }
      return []
    case .up:
      if let earlier = scene.look.typedLines.earlier(than: text) { scene.mode = .palette(earlier) }
      return []
    case .down:
      if let later = scene.look.typedLines.later() { scene.mode = .palette(later) }
      return []
    case .enter:
      let word = text.split(separator: " ", maxSplits: 1).first.map(String.init) ?? ""
      if text.split(separator: " ").count == 1, text.last != " ",
        let action = Actions.resolve(word, in: scene.look.focus),
        action.needsArgument
      {
        scene.mode = .palette(action.name + " ")
        return []
      }
      if !word.isEmpty, Actions.resolve(word, in: scene.look.focus) == nil,
        let best = Actions.candidates(for: word).first
      {
        let rest = text.trimmed.dropFirst(word.count)
        scene.mode = .palette(best.name + (rest.isEmpty ? (best.argument == nil ? "" : " ") : rest))
        return []
      }
      scene.look.typedLines.add(text)
    default: scene.look.typedLines.stopRecalling()
    }
    return line(key, text, on: &scene, make: { .palette($0) }) { Actions.run(line: $0, on: &$1) }
  }

  /// One line of typing: characters, backspace, enter runs, esc leaves.
  private static func line(
    _ key: Key, _ text: String, on scene: inout Scene, make: (String) -> Scene.Mode,
    run: (String, inout Scene) -> [Effect]
  ) -> [Effect] {
    switch key {
    case .escape: scene.mode = .normal
    case .backspace: scene.mode = text.isEmpty ? .normal : make(String(text.dropLast()))
    case .control("u"): scene.mode = make("")
    case .character(let character): scene.mode = make(text + String(character))
    case .enter:
      scene.mode = .normal
      return run(text, &scene)
    default: break
    }
    return []
  }
}
