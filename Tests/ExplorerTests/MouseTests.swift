import Analysis
import Circuits
import Explorer
import Learning
import Tasks
import Terminal
import Testing

// Borders, titles, the wheel; stats; and steps that are too long for the circuit.

@Suite("Mouse, stats, stiffness", .serialized)
struct MouseTests {
  private func mouse(_ kind: MouseEvent.Kind, _ x: Int, _ y: Int) -> TerminalEvent {
    .mouse(MouseEvent(kind: kind, x: x, y: y))
  }

  @Test("borders are dragged, kept for that size of screen, and set back")
  func borders() throws {
    func widths(_ scene: Scene, _ width: Int = 120, _ height: Int = 40) -> [Int] {
      Frame.panes(scene, width: width, height: height).map(\.rect.width)
    }
    func heights(_ scene: Scene) -> [Int] { Frame.panes(scene, width: 120, height: 40).map(\.rect.height) }
    _ = try play { screen in
      screen.check { scene, _ in
        #expect(widths(scene) == [60, 60, 60, 60] && heights(scene) == [18, 18, 18, 18])
        #expect(Frame.border(scene, x: 59, y: 5, width: 120, height: 40) == .column)
        #expect(Frame.border(scene, x: 60, y: 30, width: 120, height: 40) == .column)
        #expect(Frame.border(scene, x: 10, y: 20, width: 120, height: 40) == .row)
        #expect(Frame.border(scene, x: 10, y: 10, width: 120, height: 40) == nil)
        #expect(Frame.border(scene, x: 0, y: 10, width: 120, height: 40) == nil)
      }
      screen.send(mouse(.press(.left), 60, 8), mouse(.drag, 75, 9), mouse(.drag, 80, 9), mouse(.release, 80, 9))
      screen.check { scene, _ in #expect(widths(scene) == [80, 40, 80, 40] && heights(scene) == [18, 18, 18, 18]) }
      // The button is up: nothing moves any more.
      screen.send(mouse(.drag, 30, 9))
      screen.send(mouse(.press(.left), 10, 20), mouse(.drag, 10, 2), mouse(.release, 10, 2))
      screen.check { scene, _ in
        #expect(widths(scene) == [80, 40, 80, 40] && heights(scene) == [6, 6, 30, 30])
        #expect(widths(scene, 160, 48) == [80, 80, 80, 80])
      }
      screen.send(mouse(.press(.left), 80, 4), mouse(.drag, 500, 4), mouse(.drag, -9, -9), mouse(.release, 0, 0))
      screen.check { scene, _ in #expect(widths(scene) == [20, 100, 20, 100]) }
      screen.press("=")
      screen.check { scene, _ in #expect(widths(scene) == [60, 60, 60, 60] && scene.look.splits.isEmpty) }
      screen.press(":")
      screen.type("layout 75 25 %")
      screen.press("enter")
      screen.check { scene, _ in #expect(widths(scene) == [90, 30, 90, 30] && heights(scene)[0] == 9) }
      screen.resize(to: 80, 24)
      screen.check { scene, _ in #expect(widths(scene, 80, 24) == [40, 40, 80]) }
      screen.press("q")
    }
  }

  @Test("a click on a frame only gives its pane the keys; a double click zooms; the wheel goes through lists")
  func clicks() throws {
    _ = try play { screen in
      screen.press("right")
      var selection = Selection(post: 0)
      screen.check { scene, _ in selection = scene.selection }
      for (x, y, name) in [(70, 2, "synapses"), (5, 20, "coefficients"), (118, 20, "learning"), (3, 2, "states")] {
        screen.send(mouse(.press(.left), x, y), mouse(.release, x, y))
        screen.check { scene, _ in #expect(scene.look.focus == name && scene.selection == selection, "\(name)") }
      }
      screen.send(mouse(.doubleClick, 90, 30))
      screen.check { scene, _ in #expect(scene.look.zoomed && scene.look.focus == "learning") }
      screen.send(mouse(.doubleClick, 90, 30))
      screen.check { scene, _ in #expect(!scene.look.zoomed && scene.selection == selection) }
      screen.send(mouse(.scrollDown, 5, 8))
      screen.check { scene, _ in #expect(scene.look.focus == "states" && scene.selection.post != selection.post) }
      screen.press("?")
      screen.send(mouse(.scrollDown, 5, 8), mouse(.scrollDown, 5, 8), mouse(.scrollUp, 5, 8))
      screen.check { scene, _ in #expect(scene.mode == .help(filter: "", selected: 1)) }
      screen.press("esc", "q")
    }
  }

  @Test("stats count every snapshot that was made: drawn, dropped or late; and what drawing costs can be measured")
  func stats() throws {
    let (_, program, _) = try play(paused: false, change: { $0.stats = true }) { screen in
      screen.wait("frames") { ($0.stats?.frames ?? 0) > 5 && $0.isTraining }
      screen.wait(forText: "dropped")
      screen.press(":")
      screen.type("measure-cost")
      screen.press("enter")
      screen.wait(forText: "Measuring")
      screen.wait("the rates") { $0.stats?.rates != nil }
      screen.wait(forText: "steps/s while drawing")
      screen.press("q")
    }
    let rates = try #require(program.scene.stats?.rates)
    #expect(rates.drawing > 0 && rates.resting > 0 && rates.resting < 1e6)
    let stats = try #require(program.scene.stats)
    #expect(stats.dropped + stats.late <= program.scene.snapshot.version + stats.frames)
  }

  @Test("a solver whose steps are too long is told of, with steps that are not, before and after it fails")
  func stiffness() throws {
    // τ = C/g = 0.02 steps: faster than any sub-step of explicit Euler.
    let task = TaskData.sine
    let model = try Model<Float>(
      ModelSpecification(
        cell: "ltc", neurons: 6, wiring: "all", seed: 1, solver: "euler", unfolds: 2,
        inputNames: task.inputs.map(\.name), outputNames: task.outputNames, timeUnit: task.timeUnit))
    let session = try TrainingSession(model: model, task: task, options: TrainingOptions(task, seed: 1, threads: 1))
    for (name, value) in [("gleak", 25), ("cm", 0.5)] {
      for index in try #require(model.layout[name]).range {
        _ = try session.apply(.edit(parameter: try #require(model.layout.name(of: index)), value: value))
      }
    }
    let start = session.learner.state
    let stiff = Setup(
      recipe: Recipe(), source: DataSource(task: "sine", seed: 1), task: task, model: model,
      options: TrainingOptions(task, seed: 1, threads: 1), start: start)
    _ = try play(change: { $0.setup = stiff }) { screen in
      screen.wait("the finding") { $0.network.stiffness?.isStable == false }
      screen.wait(forText: "is too long for explicit Euler here")
      screen.wait(forText: ":unfolds")
      screen.check { scene, picture in
        #expect(picture.line(1).contains("too long, stable to"))
        var stopped = scene
        stopped.snapshot.status = .stopped("Training stopped: the loss became nan in step 3.")
        let text = Frame.draw(stopped, width: 160, height: 48).text
        #expect(text.contains("the loss became nan") && text.contains("is too long for explicit Euler"))
      }
      screen.press("q")
    }
    var scene = SceneState.training.scene
    scene.message = nil
    let point = scene.snapshot
    let found = try #require(
      NetworkPoint(
        model: scene.precise, values: point.values, connections: point.connections,
        state: [Float](repeating: 0, count: scene.neurons), input: [Float](repeating: 0, count: scene.model.inputs)
      ).stiffness())
    scene.notice(found)
    #expect(scene.message == nil && scene.network.stiffness?.isStable == true)
  }
}
