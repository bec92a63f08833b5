import Circuits
import Explorer
import Foundation
import Tasks
import Terminal
import Testing

// Whole frames as text, in Fixtures. After a change that is meant, make them anew and look at what differs:
//
//     GANGLION_RECORD_PICTURES=1 swift test --filter PictureTests; git diff Tests/ExplorerTests/Fixtures

@Suite("Pictures of frames")
struct PictureTests {
  /// What is left of the styles without colours: B bold, D dim, R reverse, U underlined, a line below the picture's.
  private static func attributes(_ grid: Grid) -> String {
    (0..<grid.height).map { y in
      String(
        (0..<grid.width).map { x -> Character in
          let attributes = grid[x, y].style.attributes
          if attributes.contains(.reverse) { return "R" }
          if attributes.contains(.bold) { return "B" }
          return attributes.contains(.underline) ? "U" : attributes.contains(.dim) ? "D" : "."
        }) + "\n"
    }.joined()
  }

  /// Foregrounds by their meaning, a line of letters below the picture's: + excites, − inhibits (and what has the keys),
  /// s states, q quiet, f frames, g good, w warning, e error, b bright; cells of maps as > where they
  /// are rather red, < where rather blue, # between; other colours as ?. Where a cell
  /// is selected, frozen or dim is in the lines below that.
  private static func colours(_ grid: Grid) -> String {
    let letters: [UInt8: Character] = [
      208: "+", 75: "−", 80: "s", 244: "q", 240: "f", 71: "g", 178: "w", 203: "e", 231: "b", 250: "t",
    ]
    return (0..<grid.height).map { y in
      String(
        (0..<grid.width).map { x -> Character in
          let style = grid[x, y].style
          if style.isSwatch, let color = style.foreground?.rgb {
            return color.red > color.blue ? ">" : color.blue > color.red ? "<" : "#"
          }
          guard let color = style.foreground else { return grid[x, y].character == " " ? " " : "." }
          return letters[color.index] ?? "?"
        }) + "\n"
    }.joined()
  }

  private static let records = ProcessInfo.processInfo.environment["GANGLION_RECORD_PICTURES"] != nil

  private static let sizes = [(80, 24), (120, 40), (160, 48)]

  /// A trained network with its first synapse selected.
  private func scene(_ state: SceneState = .training) -> Scene {
    var scene = state.scene
    scene.selection = Selection(post: 0, pre: scene.model.wiring.synapses.first { $0.post == 0 }?.pre)
    return scene
  }

  @Test("the dashboard", arguments: sizes)
  func dashboard(_ width: Int, _ height: Int) throws {
    try compare(scene(), width, height, "dashboard-\(width)x\(height)")
  }

  @Test("every view on the whole screen", arguments: Views.all.map(\.name), sizes)
  func view(_ name: String, _ size: (width: Int, height: Int)) throws {
    var scene = scene()
    (scene.look.focus, scene.look.zoomed) = (name, true)
    try compare(scene, size.width, size.height, "\(name)-\(size.width)x\(size.height)")
  }

  @Test("models that are being compared", arguments: sizes)
  func comparing(_ width: Int, _ height: Int) throws {
    var scene = SceneState.comparing.scene
    scene.look.zoomed = true
    scene.comparison?.move(by: 4)
    try compare(scene, width, height, "comparing-\(width)x\(height)")
    if width == 80 {
      try compare(scene, width, height, "comparing-ascii-80x24", glyphs: .ascii)
      scene.views.pictures["compare"] = "parameters"
      try compare(scene, width, height, "comparing-parameters-80x24")
    }
  }

  @Test("a moment of the past beside now and as a difference, and the rank of what was learned", arguments: sizes)
  func lookingBack(_ width: Int, _ height: Int) throws {
    var scene = scene(.lookingBack)
    try compare(scene, width, height, "dashboard-then-\(width)x\(height)")
    for view in ["history", "rank"] {
      (scene.look.focus, scene.look.zoomed) = (view, true)
      try compare(scene, width, height, "\(view)-then-\(width)x\(height)")
    }
    guard width == 80 else { return }
    scene.views.pictures["rank"] = "components"
    try compare(scene, width, height, "rank-components-80x24")
    scene.look.focus = "history"
    _ = Actions.run(line: "history-compare difference", on: &scene)
    scene.message = nil
    for picture in ["state-traces", "synapse-maps"] {
      scene.views.pictures["history"] = picture
      try compare(scene, width, height, "history-\(picture)-80x24")
    }
  }

  @Test("the dashboard in ASCII, in quarter blocks, and without colours", arguments: sizes.prefix(2))
  func tiers(_ width: Int, _ height: Int) throws {
    let size = "\(width)x\(height)"
    let scene = scene(.operated)
    try compare(scene, width, height, "dashboard-ascii-\(size)", glyphs: .ascii)
    try compare(scene, width, height, "dashboard-blocks-\(size)", glyphs: .blocks)
    try compare(scene, width, height, "dashboard-nocolour-\(size)", colors: ColorTier.none)
  }

  @Test(
    "colours: what excites and inhibits, what is frozen, pruned, selected or failed",
    arguments: [SceneState.operated, .stopped], ["circuit", "synapses", "learning"])
  func colours(_ state: SceneState, _ view: String) throws {
    var scene = scene(state)
    (scene.look.focus, scene.look.zoomed) = (view, true)
    try compare(scene, 80, 24, "\(view)-\(state)-colours-80x24", showsColours: true)
  }

  @Test("training that was stopped says why in full")
  func stopped() throws { try compare(scene(.stopped), 80, 24, "stopped-80x24") }

  @Test("a message, and the keys below it")
  func message() throws {
    var scene = scene()
    scene.say("Pruned command 1→motor 0. Held-out loss 0.63 before, 0.651 94 steps after (+0.021, predicted +0.018).")
    try compare(scene, 80, 24, "message-80x24")
  }

  @Test("a circuit with gap junctions and names of its own", arguments: [(80, 24), (160, 48)])
  func tapWithdrawal(_ width: Int, _ height: Int) throws {
    let laboratory = try Laboratory(
      task: TaskRegistry.named("tap-withdrawal").load(seed: 1), neurons: 18, wiring: "tap-withdrawal")
    var scene = try laboratory.scene(steps: 1, moments: 20, status: .paused)
    (scene.look.focus, scene.look.zoomed) = ("circuit", true)
    scene.selection = Selection(post: scene.model.wiring.neuronNames.firstIndex(of: "AVAL") ?? 2)
    try compare(scene, width, height, "tap-withdrawal-\(width)x\(height)")
  }

  @Test("models without conductances or coefficients say so", arguments: ["synapses", "coefficients", "circuit"])
  func gated(_ view: String) throws {
    var scene = try Laboratory(neurons: 8, wiring: "all", cell: "lstm").scene(steps: 2, moments: 20, status: .paused)
    (scene.look.focus, scene.look.zoomed) = (view, true)
    try compare(scene, 80, 24, "lstm-\(view)-80x24")
  }

  @Test("help opens with the view one is in")
  func focusedHelp() throws {
    var scene = scene()
    (scene.look.focus, scene.mode) = ("synapses", .help(filter: "", selected: 0))
    try compare(scene, 80, 24, "help-synapses-80x24")
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

  /// Without 256 colours the picture is the one that the filters leave.
  private func compare(
    _ scene: Scene, _ width: Int, _ height: Int, _ name: String, glyphs: GlyphTier = .braille,
    colors: ColorTier = .xterm256, showsColours: Bool = false
  ) throws {
    let grid = Frame.draw(scene, width: width, height: height, glyphs: glyphs)
    var drawn = grid.filtered(colors: colors, glyphs: glyphs).text + "\n"
    if showsColours { drawn += Self.colours(grid) + Self.attributes(grid) }
    if colors == .none { drawn += Self.attributes(grid.filtered(colors: colors, glyphs: glyphs)) }
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
