import Learning
import Terminal

// Which picture a pane shows, what it is compared with, and in which colours and characters.

extension Actions {
  static let appearance: [Action] = [
    Action(
      "pin", .looking, "Keeps the present moment to compare with, or lets go of it.", keys: ["m"],
      hint: { $0.network.pin == nil ? nil : "unpin" }, when: { $0.network.pin != nil || $0.reading != nil }
    ) { scene, _ in
      scene.togglePin()
      return []
    },
    Action(
      "difference", .looking, "Shows matrices as the difference to the pinned moment, or as they are.", keys: ["d"],
      hint: { $0.look.showsDifference ? "values" : "difference" }, when: { $0.network.pin != nil }
    ) { scene, _ in
      scene.look.showsDifference.toggle()
      scene.say(
        scene.look.showsDifference
          ? "Matrices show the difference to the pinned moment." : "Matrices show the values of now.")
      return []
    },
    Action(
      "companion", .looking, "Puts the selected neuron on the horizontal axis of the phase portrait.", keys: ["x"],
      hint: { $0.focusUses("companion") && StatesView().picture($0) == "portrait" ? "as x axis" : nil },
      when: { $0.neurons > 1 }
    ) { scene, _ in
      scene[StatesView.self].companion = scene.selection.post
      let name = scene.model.wiring.neuronNames[scene.selection.post]
      scene.say("\(name) is on the horizontal axis; ↑ and ↓ choose the vertical one.")
      return []
    },
    Action("colours", .looking, "Changes the colours of maps and matrices; the next of four.", keys: ["C"]) {
      scene, _ in
      changeColours(&scene)
    },
    Action(
      "glyphs", .looking, "Draws with the next kind of characters: braille dots, quarter blocks, ASCII letters.",
      keys: ["g"]
    ) { scene, _ in
      let usable = GlyphTier.allCases.filter { scene.look.richestGlyphs != .ascii || $0 == .ascii }
      let index = usable.firstIndex(of: scene.look.glyphs) ?? -1
      scene.look.glyphs = usable[(index + 1) % usable.count]
      scene.say(
        usable.count == 1
          ? "This terminal's locale has no UTF-8, so that only ASCII letters can be shown."
          : "Curves are drawn with \(words[scene.look.glyphs] ?? "").")
      return []
    },
  ]

  private static let words: [GlyphTier: String] = [
    .braille: "braille dots", .blocks: "quarter blocks", .ascii: "ASCII letters",
  ]

  private static func changeColours(_ scene: inout Scene) -> [Effect] {
    let pairs: [(diverging: Palette, sequential: Palette)] = [
      (.blueOrange, .viridis), (.purpleGreen, .viridis), (.blueOrange, .cividis), (.purpleGreen, .cividis),
    ]
    let index =
      pairs.firstIndex { $0.diverging == scene.look.diverging && $0.sequential == scene.look.sequential } ?? -1
    (scene.look.diverging, scene.look.sequential) = pairs[(index + 1) % pairs.count]
    scene.say("Colours: \(scene.look.diverging.name) around zero, \(scene.look.sequential.name) from none to much.")
    return []
  }

  /// The picture that comes after the one the focused view shows, `nil` where it has but one.
  static func next(_ scene: Scene, by offset: Int) -> String? {
    guard let view = Views.named(scene.look.focus) else { return nil }
    let pictures = view.pictures(scene)
    guard pictures.count > 1, let index = pictures.firstIndex(of: view.picture(scene)) else { return nil }
    return pictures[(index + offset + pictures.count) % pictures.count]
  }

  /// Shows the picture of that name in the view that has it, or the focused view's next.
  static func show(_ scene: inout Scene, _ argument: String?) -> [Effect] {
    guard let wanted = (argument ?? next(scene, by: 1))?.lowercased(), !wanted.isEmpty else {
      scene.say("This pane has but one picture.", isError: true)
      return []
    }
    let focused = Views.all.filter { $0.name == scene.look.focus }
    for matches in [{ $0 == wanted }, { $0.hasPrefix(wanted) }] as [(String) -> Bool] {
      for view in focused + Views.all {
        if let picture = view.pictures(scene).first(where: matches) {
          scene.views.pictures[view.name] = picture
          scene.look.focus = view.name
          scene.say("The \(view.name) show \(picture).")
          return []
        }
        if matches(view.name) {
          scene.look.focus = view.name
          scene.say("The keys speak to \(view.name) now.")
          return []
        }
      }
    }
    let all = Views.all.map { "\($0.name): \($0.pictures(scene).joined(separator: ", "))" }
    scene.say("Nothing is called '\(wanted)'. There are \(all.joined(separator: "; ")).", isError: true)
    return []
  }
}
