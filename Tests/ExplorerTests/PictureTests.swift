import Explorer
import Foundation
import Terminal
import Testing

// Whole frames as text, in Fixtures. After a change that is meant, make them anew and look at what differs:
//
//     GANGLION_RECORD_PICTURES=1 swift test --filter PictureTests; git diff Tests/ExplorerTests/Fixtures

@Suite("Pictures of frames")
struct PictureTests {
  private static let records = ProcessInfo.processInfo.environment["GANGLION_RECORD_PICTURES"] != nil

  @Test("the dashboard", arguments: [(80, 24), (120, 40), (160, 48)])
  func dashboard(_ width: Int, _ height: Int) throws {
    var scene = SceneState.training.scene
    scene.selection = Selection(post: 0, pre: scene.model.wiring.synapses.first { $0.post == 0 }?.pre)
    try compare(scene, width, height, "dashboard-\(width)x\(height)")
  }

  @Test("help that is being searched")
  func help() throws {
    var scene = SceneState.paused.scene
    scene.mode = .help(filter: "probe", selected: 1)
    try compare(scene, 80, 24, "help-80x24")
  }

  @Test("the palette that is being typed in")
  func palette() throws {
    var scene = SceneState.operated.scene
    scene.mode = .palette("pr")
    try compare(scene, 80, 24, "palette-80x24")
  }

  private func compare(_ scene: Scene, _ width: Int, _ height: Int, _ name: String) throws {
    let drawn = Frame.draw(scene, width: width, height: height).text + "\n"
    if Self.records {
      let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")
      try drawn.write(to: folder.appending(path: name + ".txt"), atomically: true, encoding: .utf8)
      return
    }
    let file = Bundle.module.bundleURL.appending(path: "Fixtures/\(name).txt")
    let expected = try String(contentsOf: file, encoding: .utf8)
    let lines = zip(
      drawn.split(separator: "\n", omittingEmptySubsequences: false),
      expected.split(separator: "\n", omittingEmptySubsequences: false))
    let first = lines.enumerated().first { $0.element.0 != $0.element.1 }
    #expect(
      drawn == expected,
      """
      \(name).txt differs first in line \((first?.offset ?? 0) + 1):
        now    \(first?.element.0 ?? "")
        before \(first?.element.1 ?? "")
      The whole is now:
      \(drawn)
      """)
  }
}
