import Explorer
import Foundation
import Terminal
import Testing

// Every view in every telling state at every size from 1×1 to 220×70: some 370 000 pictures, minutes of both cores. Run by
// Tests/every-size.sh; the suite's own sweep takes a net of the same sizes.

@Suite("Whole sweep", .enabled(if: ProcessInfo.processInfo.environment["GANGLION_EVERY_SIZE"] != nil))
struct WholeSweepTests {
  static let stripes = (1...22).map { width in stride(from: width, through: 220, by: 22).map { $0 } }

  @Test(
    "a view stays inside its canvas at every size",
    arguments: [SceneState.fresh, .notFinite, .oneNeuron, .manyNeurons], stripes)
  func draws(_ state: SceneState, _ widths: [Int]) {
    let scene = state.scene
    for view in Views.all {
      for width in widths {
        for height in 1...70 {
          var canvas = Canvas(Grid(width: width + 2, height: height + 2, filledWith: GridCell("x")), glyphs: .braille)
          canvas.inside(Rect(x: 1, y: 1, width: width, height: height)) {
            $0.clear()
            view.draw(scene, on: &$0)
          }
          let grid = canvas.grid
          #expect(grid.width == width + 2 && grid.height == height + 2)
          let border =
            (0..<width + 2).flatMap { [grid[$0, 0], grid[$0, height + 1]] }
            + (0..<height + 2).flatMap { [grid[0, $0], grid[width + 1, $0]] }
          #expect(
            border.allSatisfy { $0 == GridCell("x") }, "\(view.name), \(state), \(width)×\(height): drawn outside")
        }
      }
    }
  }
}
