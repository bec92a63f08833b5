import Circuits
import Explorer
import Terminal
import Testing

// Every picture of every view, at sizes at which layouts change, in every state.

@Suite("Every picture of every view")
struct EveryPictureTests {
  private static let sizes = [
    (0, 0), (1, 1), (9, 3), (30, 9), (58, 12), (71, 15), (78, 18), (100, 17), (104, 30), (118, 34), (158, 42),
    (218, 64),
  ]

  @Test("is drawn inside its place, without a trap, and in ASCII where it must be", arguments: SceneState.allCases)
  func staysInside(_ state: SceneState) {
    for view in Views.all {
      for picture in view.pictures(state.scene) + [""] {
        for zoomed in [false, true] {
          var scene = state.scene
          (scene.look.focus, scene.look.zoomed, scene.views.pictures[view.name]) = (view.name, zoomed, picture)
          if let synapse = scene.model.wiring.synapses.last {
            scene.selection = Selection(post: synapse.post, pre: synapse.pre)
          }
          scene.settle()
          for (width, height) in Self.sizes where state != .manyNeurons || width == 78 || width == 158 {
            let outer = Grid(width: width + 2, height: height + 2, filledWith: GridCell("x"))
            var canvas = Canvas(outer, glyphs: width % 4 == 2 ? .ascii : .braille)
            canvas.inside(Rect(x: 1, y: 1, width: width, height: height)) {
              $0.clear()
              view.draw(scene, on: &$0)
            }
            let what = "\(view.name) \(picture) \(state) \(width)×\(height)"
            if canvas.glyphs == .ascii { #expect(canvas.grid.isASCII, "\(what)\n\(canvas.grid.text)") }
            #expect(canvas.grid.hasBorder(of: "x"), "\(what)")
            for (x, y) in [(-1, 0), (0, 0), (width / 2, height / 2), (width, height)] {
              let selection = view.selection(scene, atX: x, y: y, width: width, height: height)
              if let selection { #expect(selection.post < scene.neurons, "\(what)") }
            }
          }
        }
      }
    }
  }

  @Test("is drawn for every model there is, with every quantity it has", arguments: Cells.all.map(\.name))
  func models(_ cell: String) throws {
    var scene = try Laboratory(neurons: 10, cell: cell).scene(steps: 2, moments: 30, status: .paused)
    if let synapse = scene.model.wiring.synapses.last {
      scene.selection = Selection(post: synapse.post, pre: synapse.pre)
    }
    scene.look.zoomed = true
    #expect(
      scene.quantities.contains(.weight) == scene.model.layout.tensors.contains { $0.declaration.owner == .synapse })
    for view in Views.all {
      scene.look.focus = view.name
      for picture in view.pictures(scene) + [""] {
        scene.views.pictures[view.name] = picture
        scene.settle()
        for (width, height) in [(80, 24), (160, 48)] {
          #expect(Frame.draw(scene, width: width, height: height, glyphs: .ascii).isASCII, "\(view.name) \(picture)")
        }
      }
      scene.views.pictures[view.name] = nil
    }
    for line in ["form", "prune-neuron", "pin"] { _ = Actions.run(line: line, on: &scene) }
    _ = Frame.draw(scene, width: 120, height: 40)
  }

  @Test("has a name of its own, is reached by v, and comes back after the last")
  func turns() {
    var names: Set<String> = []
    for view in Views.all {
      var scene = SceneState.training.scene
      scene.look.focus = view.name
      let pictures = view.pictures(scene)
      for picture in pictures { #expect(names.insert(picture).inserted, "\(picture)") }
      guard pictures.count > 1 else { continue }
      for picture in pictures.dropFirst() + pictures.prefix(1) {
        #expect(Keyboard.press(.character("v"), on: &scene).isEmpty)
        #expect(view.picture(scene) == picture)
        #expect(scene.message?.isError == false)
      }
      _ = Keyboard.press(.character("V"), on: &scene)
      #expect(view.picture(scene) == pictures.last)
    }
  }

  @Test("show takes the name of any picture or view, and says which there are")
  func show() {
    var scene = SceneState.training.scene
    _ = Actions.run(line: "show activation", on: &scene)
    #expect(scene.quantity == .activation && scene.look.focus == "synapses")
    _ = Actions.run(line: "show port", on: &scene)
    #expect(scene.views.pictures["states"] == "portrait" && scene.look.focus == "states")
    _ = Actions.run(line: "show learning", on: &scene)
    #expect(scene.look.focus == "learning")
    _ = Actions.run(line: "show nonsense", on: &scene)
    #expect(scene.message?.isError == true && scene.message?.text.contains("half-activation") == true)
  }

  @Test("number keys follow the order of the views")
  func numbers() {
    var scene = SceneState.training.scene
    for (view, key) in zip(Views.all, ["2", "3", "4", "5", "6", "7", "8", "9", "0"]) {
      _ = Keyboard.press(Key(key)!, on: &scene)
      #expect(scene.look.focus == view.name && scene.look.zoomed)
    }
    _ = Keyboard.press(.character("1"), on: &scene)
    #expect(!scene.look.zoomed)
    // What has no pane of its own has the first one while it has the focus.
    #expect(Frame.panes(scene, width: 160, height: 48).first?.view.name == scene.look.focus)
    scene.look.focus = "learning"
    let shown = Frame.panes(scene, width: 160, height: 48).map(\.view.name)
    #expect(shown == ["states", "synapses", "coefficients", "learning"])
    scene.look.focus = "circuit"
    #expect(Frame.panes(scene, width: 160, height: 48).first?.view.name == "circuit")
  }

  @Test("glyphs and colours are switched live, and never to more than the terminal can show")
  func looks() {
    var scene = SceneState.training.scene
    _ = Keyboard.press(.character("g"), on: &scene)
    #expect(scene.look.glyphs == .blocks)
    _ = Keyboard.press(.character("g"), on: &scene)
    #expect(scene.look.glyphs == .ascii && Frame.draw(scene, width: 120, height: 40).isASCII)
    _ = Keyboard.press(.character("g"), on: &scene)
    #expect(scene.look.glyphs == .braille)
    (scene.look.richestGlyphs, scene.look.glyphs) = (.ascii, .ascii)
    _ = Keyboard.press(.character("g"), on: &scene)
    #expect(scene.look.glyphs == .ascii)
    var seen: Set<String> = []
    for _ in 0..<4 {
      _ = Keyboard.press(.character("C"), on: &scene)
      seen.insert(scene.look.diverging.name + scene.look.sequential.name)
    }
    #expect(seen.count == 4)
  }
}

extension Grid {
  func hasBorder(of character: Character) -> Bool {
    (0..<width).allSatisfy { self[$0, 0].character == character && self[$0, height - 1].character == character }
      && (0..<height).allSatisfy { self[0, $0].character == character && self[width - 1, $0].character == character }
  }
}
