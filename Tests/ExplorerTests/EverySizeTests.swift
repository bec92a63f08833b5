import Explorer
import Terminal
import Testing

// A frame is drawn whatever the size of the window, the state of the network and what the person is about to do.

@Suite("Every size")
struct EverySizeTests {
  /// What the keys may be doing while the window changes.
  static let modes: [Scene.Mode] = [
    .normal, .help(filter: "", selected: 0), .help(filter: "pr", selected: 3), .help(filter: "no such", selected: 1),
    .help(filter: "", selected: 10_000), .palette(""), .palette("prune-w"), .palette("zzz 漢字 \u{301}"), .find(""),
    .find("inter 漢"), .edit(parameter: 0, text: ""), .edit(parameter: 0, text: "1e-3"),
    .confirm(question: "3 min of training are not saved (:save FILE). q leaves, esc stays.", then: [.quit]),
  ]

  /// Small ones all, then a net with the edges at which the layout changes.
  static let paneSizes: [(width: Int, height: Int)] = {
    var sizes: [(Int, Int)] = []
    for width in 0...12 { for height in 0...7 { sizes.append((width, height)) } }
    return sizes + [(29, 5), (30, 6), (43, 8), (44, 9), (78, 20), (90, 13), (1, 70), (220, 1), (218, 64)]
  }()

  @Test("every view draws itself at any size, also at none", arguments: SceneState.allCases)
  func views(_ state: SceneState) {
    let scene = state.scene
    // A matrix of 300 neurons takes its time; a few sizes show what there is to see.
    let sizes =
      state == .manyNeurons ? Self.paneSizes.enumerated().filter { $0.offset % 13 == 0 }.map(\.element) : Self.paneSizes
    for view in Views.all {
      #expect(!view.title(scene).isEmpty)
      for (width, height) in sizes {
        for glyphs in GlyphTier.allCases where glyphs != .blocks || width < 5 {
          var canvas = Canvas(Grid(width: width + 2, height: height + 2, filledWith: GridCell("x")), glyphs: glyphs)
          canvas.inside(Rect(x: 1, y: 1, width: width, height: height)) {
            $0.clear()
            view.draw(scene, on: &$0)
          }
          #expect(
            canvas.grid.isFramed(by: "x"),
            "\(view.name) leaves its pane, \(state), \(width)×\(height)\n\(canvas.grid.text)")
          guard glyphs == .ascii else { continue }
          #expect(canvas.grid.isASCII, "\(view.name), \(state), \(width)×\(height)\n\(canvas.grid.text)")
        }
      }
    }
  }

  @Test(
    "every frame has the window's size, says so where that is too small, and is ASCII where it must be",
    arguments: 0..<4)
  func frames(_ quarter: Int) {
    for (round, (width, height)) in frameSizes.enumerated() where round % 4 == quarter {
      // Whatever can be shown takes turns, so that everything meets many sizes.
      var state = SceneState.allCases[round % SceneState.allCases.count]
      if state == .manyNeurons && round % 7 != 0 { state = .training }
      var scene = state.scene
      scene.mode = Self.modes[round % Self.modes.count]
      let picture = round / 3 % (Views.all.count * 2)
      (scene.look.focus, scene.look.zoomed) = (Views.all[picture / 2].name, picture % 2 == 0)
      if round % 4 == 0 { scene.stats = Scene.Stats() }
      if round % 5 == 0 { scene.say("漢字 " + String(repeating: "a long sentence ", count: 20), isError: true) }
      if let synapse = scene.model.wiring.synapses.dropFirst(round % 40).first {
        scene.selection = Selection(post: synapse.post, pre: round % 2 == 0 ? synapse.pre : nil)
      }
      check(scene, width, height, "\(state) \(scene.look.focus) \(scene.mode)")
    }
  }

  @Test("every view zoomed, in every state and mode, at the sizes people have", arguments: SceneState.allCases)
  func zoomed(_ state: SceneState) {
    for view in Views.all {
      for mode in Self.modes {
        var scene = state.scene
        (scene.look.focus, scene.look.zoomed, scene.mode) = (view.name, true, mode)
        check(scene, 80, 24, "\(state) \(view.name) \(mode)")
        guard state != .manyNeurons else { break }
      }
      var scene = state.scene
      (scene.look.focus, scene.look.zoomed) = (view.name, true)
      for (width, height) in [(60, 16), (160, 48), (220, 70)] where state != .manyNeurons || height < 50 {
        check(scene, width, height, "\(state) \(view.name)")
      }
    }
  }

  private func check(_ scene: Scene, _ width: Int, _ height: Int, _ what: String) {
    let glyphs: GlyphTier = (width + height) % 2 == 0 ? .ascii : .braille
    let grid = Frame.draw(scene, width: width, height: height, glyphs: glyphs)
    #expect(grid.width == width && grid.height == height, "\(what) at \(width)×\(height)")
    if glyphs == .ascii { #expect(grid.isASCII, "\(what) at \(width)×\(height)\n\(grid.text)") }
    if width < Frame.minimum.width || height < Frame.minimum.height, width >= 20, height >= 3 {
      #expect(grid.text.contains("ganglion needs"), "\(what) at \(width)×\(height)")
    }
    if width >= Frame.minimum.width && height >= Frame.minimum.height {
      #expect(!grid.text.contains("ganglion needs"), "\(what) at \(width)×\(height)")
    }
  }

  /// In a release build all of them; otherwise the small ones and a net.
  private var frameSizes: [(width: Int, height: Int)] {
    var sizes: [(Int, Int)] = []
    #if DEBUG
      for width in 0...12 { for height in 0...12 { sizes.append((width, height)) } }
      for width in [13, 40, 59, 60, 61, 73, 89, 90, 99, 100, 109, 110, 139, 140, 171, 220] {
        for height in [1, 15, 16, 17, 23, 33, 34, 51, 70] { sizes.append((width, height)) }
      }
    #else
      for width in 0...220 { for height in 0...70 { sizes.append((width, height)) } }
    #endif
    return sizes
  }
}

extension Grid {
  /// Whether the outermost cells are all that character.
  func isFramed(by character: Character) -> Bool {
    (0..<width).allSatisfy { self[$0, 0].character == character && self[$0, height - 1].character == character }
      && (0..<height).allSatisfy { self[0, $0].character == character && self[width - 1, $0].character == character }
  }

  /// Whether nothing but printable ASCII is on it.
  var isASCII: Bool { text.utf8.allSatisfy { $0 == 0x0A || (0x20..<0x7F).contains($0) } }
}
