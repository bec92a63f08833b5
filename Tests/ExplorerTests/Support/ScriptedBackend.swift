import Circuits
import Explorer
import Foundation
import Learning
import Tasks
import Terminal
import Testing

/// A screen in memory whose person looks before pressing: every step of the script waits until what it wants to see is
/// there, and so nothing depends on how fast the machine is.
final class ScriptedBackend: ScreenBackend {
  private enum Act {
    case send([TerminalEvent])
    case resize(Int, Int)
    case check((Scene, Grid) -> Void)
  }
  private struct Step {
    var what: String
    var condition: (Scene, Grid) -> Bool
    var act: Act
  }

  let screen: MemoryBackend
  /// The program's scene, as it is now.
  var scene: () -> Scene? = { nil }
  private var script: [Step] = []
  private var since = ContinuousClock.now
  private(set) var isOverdue = false
  /// The most that a step may be waited for.
  private static let patience = Duration.seconds(20)

  /// Where time passes by this alone: a frame's worth with every wait, so that what is drawn comes to the screen.
  private let clock: HandClock?

  init(width: Int = 120, height: Int = 40, clock: HandClock? = nil) {
    screen = MemoryBackend(width: width, height: height)
    self.clock = clock
  }

  // MARK: Writing the script

  /// Waits for a state of the scene.
  func wait(_ what: String, until condition: @escaping (Scene) -> Bool) {
    script.append(Step(what: what, condition: { scene, _ in condition(scene) }, act: .send([])))
  }

  /// Waits for words on the screen.
  func wait(forText text: String) {
    script.append(Step(what: "'\(text)' on the screen", condition: { $1.text.contains(text) }, act: .send([])))
  }

  /// Waits until words are gone.
  func wait(forNoText text: String) {
    script.append(Step(what: "'\(text)' to go", condition: { !$1.text.contains(text) }, act: .send([])))
  }

  /// Keys by their names, one a wait.
  func press(_ names: String...) { for name in names { send(.key(Key(name)!)) } }

  /// Every character a key.
  func type(_ text: String) { for character in text { send(.key(.character(character))) } }

  func send(_ events: TerminalEvent...) {
    script.append(Step(what: "", condition: { _, _ in true }, act: .send(events)))
  }

  func resize(to width: Int, _ height: Int) {
    script.append(Step(what: "", condition: { _, _ in true }, act: .resize(width, height)))
    script.append(
      Step(
        what: "a frame of \(width)×\(height)", condition: { $1.width == width && $1.height == height }, act: .send([])))
  }

  /// Lets time pass on the clock of the test.
  func pass(_ seconds: Double) { check { [clock] _, _ in clock?.pass(seconds) } }

  /// Looks at the scene and the screen as they are.
  func check(_ body: @escaping (Scene, Grid) -> Void) {
    script.append(Step(what: "", condition: { _, _ in true }, act: .check(body)))
  }

  // MARK: The screen

  var size: (width: Int, height: Int) { screen.size }
  var colors: ColorTier { screen.colors }
  var supportsUnicode: Bool { screen.supportsUnicode }
  var waker: Waker { screen.waker }
  @discardableResult func present(_ grid: Grid) -> FrameCost { screen.present(grid) }
  func redraw() { screen.redraw() }
  func ring() { screen.ring() }
  func close() { screen.close() }

  func waitForEvents(timeoutMilliseconds: Int?) -> [TerminalEvent] {
    clock?.pass(1 / ExplorerProgram.frameRate)
    while let step = script.first, let scene = self.scene(), let picture = screen.presented,
      step.condition(scene, picture)
    {
      script.removeFirst()
      since = .now
      switch step.act {
      case .send(let events): if !events.isEmpty { return events }
      case .check(let body): body(scene, picture)
      case .resize(let width, let height):
        screen.resize(to: width, height)
        return screen.waitForEvents(timeoutMilliseconds: 0)
      }
    }
    guard let step = script.first else { return screen.waitForEvents(timeoutMilliseconds: timeoutMilliseconds) }
    if .now - since > Self.patience {
      Issue.record(
        "Waited in vain for \(step.what.isEmpty ? "the first frame" : step.what).\n\(screen.presented?.text ?? "")")
      isOverdue = true
      return [.hangup]
    }
    // Looks again soon, also where the program would sleep.
    return screen.waitForEvents(timeoutMilliseconds: min(timeoutMilliseconds ?? 5, 5))
  }
}

/// Runs the real program with a script.
func play(
  neurons: Int = 8, paused: Bool = true, readOnly: Bool = false, size: (Int, Int) = (120, 40),
  clock: HandClock? = nil, change: (inout ExplorerOptions) -> Void = { _ in }, _ write: (ScriptedBackend) -> Void
) throws -> (end: ExplorerEnd, program: ExplorerProgram, backend: ScriptedBackend) {
  let backend = ScriptedBackend(width: size.0, height: size.1, clock: clock)
  var options = ExplorerOptions(setup: try .sine(neurons: neurons), write: { _, _ in })
  options.paused = paused
  if let clock { options.time = clock.source }
  options.readOnly = readOnly
  change(&options)
  let program = try ExplorerProgram(options, backend: backend)
  backend.scene = { [unowned program] in program.scene }
  write(backend)
  let end = program.run()
  #expect(backend.screen.isClosed)
  return (end, program, backend)
}

extension Setup {
  /// A small network that learns the sine, as the command line would make it.
  static func sine(neurons: Int, seed: UInt64 = 1) throws -> Setup {
    try Recipe(
      data: DataSource(task: "sine", seed: 1), network: .init(neurons: neurons, wiring: "ncp"), seed: seed
    ).make(threads: 1)
  }
}
