import Circuits
import Explorer
import Learning
import Testing

// Views that know one kind of cell only would be blank, or worse, for the others.

@Suite("Every model")
struct EveryModelTests {
  @Test("it is drawn in every view, and what the keys do to it is a command it takes", arguments: Cells.all.map(\.name))
  func everywhere(_ cell: String) throws {
    let laboratory = try Laboratory(neurons: 8, wiring: "all", cell: cell)
    var scene = try laboratory.scene(steps: 3, moments: 9, status: .paused)
    for view in Views.all {
      (scene.look.focus, scene.look.zoomed) = (view.name, true)
      for (width, height) in [(60, 16), (80, 24), (160, 48)] {
        let grid = Frame.draw(scene, width: width, height: height)
        let inside = (3..<height - 3).map { grid.line($0).filter { !"│┃ ".contains($0) } }.joined()
        #expect(!inside.isEmpty, "\(view.name) of \(cell) is blank at \(width)×\(height)")
      }
    }
    scene.look.zoomed = false
    for synapse in [Synapse?.none] + laboratory.model.wiring.synapses.prefix(3).map(Optional.some) {
      scene.selection = Selection(post: synapse?.post ?? 0, pre: synapse?.pre)
      for name in ["prune", "freeze", "edit", "prune-neuron", "freeze-neuron", "rewind", "undo", "redo"] {
        for argument in [nil, "0.5"] where argument == nil || name == "edit" {
          for case .send(let command) in Actions.run(Actions.named(name)!, argument: argument, on: &scene) {
            do { _ = try laboratory.session.apply(command) } catch {
              #expect("\(error)".isSentence, "\(name): \(error)")
            }
          }
        }
        scene.snapshot = laboratory.session.snapshot(version: 2, status: .paused, stepsPerSecond: 0)
        scene.measure(2)
        _ = Frame.draw(scene, width: 120, height: 40)
      }
    }
    try laboratory.session.advance()
  }
}
