import Circuits
import Explorer
import Foundation
import Experiments
import Learning
import Tasks
import Terminal
import Testing

@Suite("The Compare view") struct CompareTests {
  private var scene: Scene {
    var scene = SceneState.comparing.scene
    scene.look.zoomed = true
    return scene
  }

  private func press(_ keys: String..., on scene: inout Scene) -> [Effect] {
    keys.flatMap { Keyboard.press(Key($0)!, on: &scene) }
  }

  @Test("rows are sorted by every column, those without a value last, and the selected one stays selected")
  func sorting() {
    var scene = scene
    _ = press("down", "down", "down", on: &scene)
    let chosen = scene.comparison!.row!
    func column(_ order: ComparisonViewState.Order, _ row: ComparisonTable.Row) -> Double {
      switch order {
      case .plan, .model: 0
      case .error: row.mean ?? .infinity
      case .parameters: Double(row.parameters)
      case .neurons: Double(row.candidate.neurons)
      case .synapses: Double(row.synapses)
      case .rate: row.learningRate ?? .infinity
      case .seconds: row.seconds ?? .infinity
      }
    }
    for order in ComparisonViewState.Order.allCases.dropFirst() + [.plan] {
      _ = press("s", on: &scene)
      let comparison = scene.comparison!
      #expect(comparison.order == order && comparison.rows.count == 8 && comparison.row == chosen)
      let values = comparison.rows.map { column(order, $0) }
      #expect(values == values.sorted(), "\(order)")
      if order == .model { #expect(comparison.rows.map(\.title) == comparison.rows.map(\.title).sorted()) }
    }
    _ = Actions.run(line: "compare-sort seconds", on: &scene)
    #expect(scene.comparison!.order == .seconds)
    _ = Actions.run(line: "compare-sort beauty", on: &scene)
    #expect(scene.message?.isError == true && scene.comparison!.order == .seconds)
  }

  @Test("a filter leaves what contains it, f shows all again")
  func filtering() {
    var scene = scene
    _ = press("f", on: &scene)
    #expect(scene.mode == .palette("compare-filter "))
    for letter in "ltc" { _ = Keyboard.press(.character(letter), on: &scene) }
    _ = press("enter", on: &scene)
    #expect(scene.comparison!.rows.map(\.candidate.model) == ["ltc", "ltc-neural", "ltc", "ltc-neural"])
    _ = press("down", "down", "down", "down", "down", on: &scene)
    #expect(scene.comparison!.row == scene.comparison!.rows.last)
    _ = press("f", on: &scene)
    #expect(scene.comparison!.rows.count == 8 && scene.comparison!.row?.candidate.model == "ltc-neural")
    _ = Actions.run(line: "compare-filter zebra", on: &scene)
    #expect(scene.comparison!.rows.isEmpty && scene.comparison!.row == nil)
    let picture = Frame.draw(scene, width: 80, height: 24).text
    #expect(picture.contains("only 'zebra'"))
  }

  @Test("its keys mean the comparison here and the network elsewhere")
  func keys() {
    var scene = scene
    #expect(press("space", on: &scene) == [.pause(3)])
    #expect(scene.message?.text == "The comparison is paused: space goes on.")
    let row = scene.comparison!.rows[0]
    #expect(
      press("enter", on: &scene) == [.openNetwork(of: 3, name: row.candidate.name, title: "ltc with 4 neurons")])
    let selection = scene.selection
    _ = press("down", on: &scene)
    #expect(scene.selection == selection && scene.comparison!.selected == 1)
    scene.look.focus = "states"
    #expect(press("space", on: &scene) == [.send(.resume)])
    scene.look.focus = "compare"
    scene.comparison!.select(7)
    #expect(press("enter", on: &scene).isEmpty && scene.message!.text.contains("wait for one"))
    let hints = Frame.draw(scene, width: 160, height: 30).line(29)
    #expect(hints.contains("space pause") && hints.contains("s sort") && !hints.contains("prune"))
  }

  @Test("a click selects the row it meets, and none where there is none", arguments: [(78, 18), (158, 42)])
  func click(_ width: Int, _ height: Int) {
    let view = Views.named("compare")!
    func drawn(_ scene: Scene) -> Grid {
      var canvas = Canvas(width: width, height: height)
      view.draw(scene, on: &canvas)
      return canvas.grid
    }
    for y in -1...height {
      var scene = scene
      scene.comparison!.select(7)
      let before = drawn(scene)
      view.click(&scene, atX: 3, y: y, width: width, height: height)
      guard scene.comparison!.selected != 7 else { continue }
      // The row that was met is the one that is lit now, wherever the table scrolled to.
      let lit = (0..<height).first { drawn(scene)[3, $0].style.attributes.contains(.reverse) }
      // Columns may be wider now: the words of model and sizes are compared.
      func words(_ grid: Grid, _ y: Int) -> [Substring] { Array(grid.line(y).split(separator: " ").prefix(5)) }
      #expect(lit.map { words(drawn(scene), $0) } == words(before, y), "\(y)")
    }
    var scene = scene
    view.click(&scene, atX: 3, y: 3, width: 158, height: 42)
    #expect(scene.comparison!.selected == 1)
  }

  @Test("without a comparison it says how to begin one, and the palette begins it")
  func invitation() {
    var scene = SceneState.training.scene
    (scene.look.focus, scene.look.zoomed) = ("compare", true)
    #expect(Frame.draw(scene, width: 80, height: 24).text.contains(":compare --models"))
    #expect(
      Actions.run(line: "compare --models ltc,gru", on: &scene)
        == [.begin(ActivityMaker(command: "compare --models ltc,gru"))])
    #expect(Actions.run(line: "compare", on: &scene).isEmpty && scene.message != nil)
  }

  @Test("the program trains them, pauses and goes on, and opens the best model of a row")
  func live() throws {
    let comparison = try Comparison.test(models: ["ltc", "gru"], neurons: [4], steps: 3, seeds: 2)
    let (_, program, _) = try play(change: { $0.activities = [comparison] }) { screen in
      screen.wait("the end of the comparison") { $0.comparison?.table.status == .finished }
      screen.wait(forText: "2 of 2 rows complete")
      screen.check { scene, _ in
        #expect(scene.look.focus == "compare" && scene.look.zoomed)
        #expect(scene.comparison!.table.rows.allSatisfy { $0.mean != nil })
      }
      screen.press("s", "up", "enter")
      screen.wait("the model") { $0.look.focus == "states" && $0.neurons == 4 }
      screen.check { scene, _ in
        let words = scene.session.trainedBefore ?? ""
        #expect(words.contains("with 4 neurons, 3 steps with seed ") && words.contains(": squared error ÷ variance "))
      }
      screen.wait(forText: "A comparison has trained this")
      screen.wait(forText: "dense readout")
      screen.press("q")
    }
    let best = try #require(comparison.table().rows.min { $0.mean! < $1.mean! })
    #expect(program.scene.model.kind.name == best.candidate.model)
    let trained = try comparison.trained(best.candidate)
    #expect(program.scene.snapshot.values == trained.model.effective(try #require(trained.start).values))
  }

  @Test("what ends a comparison is found by its other names, and its key stands below the table")
  func ending() throws {
    for word in ["stop", "end", "cancel"] {
      #expect(Actions.candidates(for: word).contains { $0.name == "activity-end" }, "\(word)")
    }
    let comparison = try Comparison.test(models: ["gru"], neurons: [4], steps: 1_000_000, seeds: 1)
    let (_, program, _) = try play(change: { $0.activities = [comparison] }) { screen in
      screen.wait("some steps") { $0.comparison.map { $0.isUnderWay && $0.table.share > 0 } ?? false }
      screen.wait(forText: "X end")
      for word in ["stop", "cancel"] {
        screen.press("?")
        screen.type(word)
        screen.wait(forText: "activity-end [NUMBER]")
        screen.press("esc")
      }
      screen.press("X")
      screen.wait("its end") { $0.comparison?.table.status == .cancelled }
      screen.wait(forNoText: "X end")
      screen.press("q")
    }
    comparison.wait()
    #expect(comparison.table().share > 0, "what was done stays done")
    #expect(program.scene.comparison?.table.status == .cancelled)
  }

  @Test("rows of a study have letters of their own, sizes of one model share theirs")
  func letters() throws {
    var plan = SynapseStudy.plan(tasks: [DataSource(task: "sine", seed: 1)], models: ["ltc", "gru"], neurons: 4)
    (plan.seeds, plan.rates, plan.budget) = ([1], [0.01], .steps(2))
    plan.settle()
    let study = ComparisonViewState(try Comparison(plan, tasks: [.sine], threads: 1).table())
    let letters = study.rows.map(study.letter)
    #expect(letters.count >= 4 && Set(letters).count == letters.count, "\(letters)")
    let sizes = ComparisonViewState(
      try Comparison.test(models: ["ltc", "gru"], neurons: [4, 8], steps: 2, seeds: 1).table())
    #expect(sizes.rows.map { "\($0.candidate.model) \(sizes.letter($0))" } == ["ltc a", "gru b", "ltc a", "gru b"])
  }

  @Test("a comparison that cannot be made is a sentence, and one that is asked for begins")
  func asked() throws {
    struct Problem: Error {}
    let make: @Sendable ([String], DataSource) throws -> any Activity = { words, source in
      #expect(words.first == "compare" && source.task == "sine")
      guard words.last == "good" else { throw CircuitError("There is no model 'bad'.") }
      return try Comparison.test(models: ["gru"], neurons: [4], steps: 2, seeds: 1)
    }
    let (_, program, _) = try play(paused: false, change: { $0.activity = make }) { screen in
      for (line, what) in [("compare bad", "the refusal"), ("compare good", "the end of the comparison")] {
        screen.press(":")
        screen.type(line)
        screen.press("enter")
        screen.wait(what) { scene in
          line == "compare bad"
            ? scene.message?.text == "There is no model 'bad'." : scene.comparison?.table.status == .finished
        }
      }
      // It has rested, if the comparison took long enough for that, and goes on.
      screen.wait("the network's own training to go on") { $0.isTraining }
      screen.press("q")
    }
    #expect(program.scene.comparison?.table.rows.count == 1)
  }
}
