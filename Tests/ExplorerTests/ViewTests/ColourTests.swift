import Circuits
import Explorer
import Learning
import Terminal
import Testing

// Colours have meanings, the same everywhere; the pictures in Fixtures show them in place.

@Suite("Colours")
struct ColourTests {
  private static let excites = Color.orange
  private static let inhibits = Color(75)

  private func draw(_ state: SceneState, _ view: String, selecting selection: Selection? = nil) -> Grid {
    var scene = state.scene
    (scene.look.focus, scene.look.zoomed) = (view, true)
    if let selection { scene.selection = selection }
    return Frame.draw(scene, width: 160, height: 48)
  }

  /// Styles of every cell with that character.
  private func styles(of character: Character, in grid: Grid) -> [Style] {
    (0..<grid.height).flatMap { y in (0..<grid.width).map { grid[$0, y] } }
      .filter { $0.character == character }.map(\.style)
  }

  @Test(
    "the list beside the circuit is orange where a synapse excites, blue where it inhibits, grey where it is pruned")
  func signs() throws {
    let scene = SceneState.operated.scene
    let grid = draw(.operated, "circuit")
    let legend = (0..<grid.width).map { grid[$0, 44] }
    #expect(legend.first { $0.character == "▲" }?.style.foreground == Self.excites)
    #expect(legend.first { $0.character == "▼" }?.style.foreground == Self.inhibits)
    let pruned = try #require(scene.selection.synapse)
    #expect(scene.isPruned(pruned))
    #expect(styles(of: "×", in: grid).contains { $0.foreground == .gray })
  }

  @Test(
    "pruned and frozen are told apart from each other in the matrix, and a frozen neuron is marked among the states")
  func marks() {
    let matrix = draw(.operated, "synapses")
    let (pruned, frozen) = (Set(styles(of: "×", in: matrix)), Set(styles(of: "❄", in: matrix)))
    #expect(!pruned.isEmpty && !frozen.isEmpty && pruned != frozen)
    #expect(styles(of: "❄", in: draw(.operated, "states")).contains { $0.foreground == Self.inhibits })
  }

  @Test("the selected neuron is reversed, and no other")
  func selection() {
    let grid = draw(.training, "states", selecting: Selection(post: 2))
    let name = SceneState.training.scene.model.wiring.neuronNames[2]
    let reversed = (3..<grid.height - 3).filter { grid[1, $0].style.attributes.contains(.reverse) }
    #expect(reversed.count == 1 && grid.text.split(separator: "\n")[reversed.first ?? 0].contains(name))
  }

  @Test("a failure is red, and the sentence of an error too")
  func failure() {
    let stopped = draw(.stopped, "learning")
    #expect((1..<20).allSatisfy { stopped[$0, 1].character == " " || stopped[$0, 1].style.foreground == .red })
    var scene = SceneState.paused.scene
    scene.say("This is wrong.", isError: true)
    let grid = Frame.draw(scene, width: 80, height: 24)
    #expect(grid.text.contains("! This is wrong.") && grid[3, 21].style.foreground == .red)
    scene.say("This is right.")
    #expect(Frame.draw(scene, width: 80, height: 24)[3, 21].style.foreground == .green)
  }

  @Test("without colours no cell has one, and with sixteen none has another", arguments: Views.all.map(\.name))
  func tiers(_ view: String) {
    for state in [SceneState.operated, .stopped, .comparing] {
      let grid = draw(state, view)
      for (tier, most) in [(ColorTier.none, -1), (.sixteen, 15)] {
        let filtered = grid.filtered(colors: tier, glyphs: .braille)
        let indices = (0..<grid.height).flatMap { y in
          (0..<grid.width).flatMap { x in
            [filtered[x, y].style.foreground, filtered[x, y].style.background].compactMap { $0.map { Int($0.index) } }
          }
        }
        #expect(indices.allSatisfy { $0 <= most }, "\(view), \(state)")
      }
    }
  }
}
