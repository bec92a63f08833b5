import Explorer
import Experiments
import Foundation
import Spiking
import Terminal
import Testing

@Suite("The Spikes view") struct SpikesTests {
  /// A scene and the network that it shows, which a test steps by hand.
  private struct Bench {
    var scene: Scene
    let engine: SpikeEngine

    init(_ run: SpikeRun = .test(), steps: Int = 1_200) throws {
      scene = SceneState.paused.scene
      engine = try SpikeEngine(run)
      for _ in 0..<steps { engine.advance() }
      (scene.look.focus, scene.look.zoomed) = ("spikes", true)
      scene.show(engine, measured: false)
    }

    mutating func press(_ keys: String...) {
      for key in keys { scene.carryOut(Keyboard.press(Key(key)!, on: &scene), on: engine) }
    }

    mutating func type(_ line: String) {
      scene.carryOut(Actions.run(line: line, on: &scene), on: engine)
    }

    func draw(_ width: Int = 160, _ height: Int = 48, glyphs: GlyphTier = .braille) -> Grid {
      Frame.draw(scene, width: width, height: height, glyphs: glyphs)
    }
  }

  @Test("the selection moves over neurons and their synapses and is told of with units, in every picture")
  func selection() throws {
    var bench = try Bench()
    let network = bench.scene.selection
    bench.press("down", "down", "page-down")
    #expect(bench.scene.spikesView.selection == Selection(post: 8) && bench.scene.selection == network)
    let detail = bench.engine.picture(.running).detail
    #expect(detail.neuron == 8)
    for picture in Views.named("spikes")!.pictures(bench.scene) {
      bench.scene.views.pictures["spikes"] = picture
      let line = bench.draw().line(46)
      #expect(line.contains("neuron 8 excitatory") && line.contains(" ms  rate ") && line.contains("threshold "))
      #expect(line.contains("homeostasis 0.1 a 500 ms"))
    }
    bench.press("right")
    let synapse = detail.synapses[0]
    #expect(bench.scene.spikesView.selection == Selection(post: 8, pre: synapse.source))
    #expect(bench.draw().line(46).contains("synapse \(synapse.source)→8"))
    bench.press("left")
    #expect(bench.scene.spikesView.selection.pre == nil)
    for _ in 0..<30 { bench.press("right") }
    #expect(bench.scene.spikesView.selection.pre == detail.synapses.last!.source)
    bench.type("find 3>119")
    #expect(bench.scene.spikesView.selection == Selection(post: 119, pre: 3))
    bench.type("find 120")
    #expect(bench.scene.message?.isError == true && bench.scene.spikesView.selection.post == 119)
    bench.press("down")
    #expect(bench.scene.spikesView.selection == Selection(post: 119))
  }

  @Test(
    "p cuts a synapse and brings it back, f freezes it, x silences a neuron, u and ctrl-r walk through what was done")
  func operating() throws {
    var bench = try Bench()
    bench.type("find 12")
    let index = bench.engine.picture(.running).detail.synapses.firstIndex { !$0.isInhibitory }!
    for _ in 0...index { bench.press("right") }
    let before = bench.engine.picture(.running).detail.synapses[index]
    func now() -> SpikesPicture.Synapse { bench.engine.picture(.running).detail.synapses[index] }
    bench.press("p")
    #expect(now().isPruned && now().weight == 0 && bench.draw().line(46).contains("× pruned"))
    bench.press("p")
    #expect(now() == before)
    bench.press("f")
    #expect(now().isFrozen && bench.draw().line(46).contains("❄ frozen") && bench.draw().text.contains("1 ❄"))
    bench.press("u")
    #expect(now() == before && bench.scene.message?.text == "Taken back: freeze \(before.source)→12.")
    bench.press("u", "u")
    #expect(now() == before && bench.scene.spikes?.undoTitle == nil)
    // Nothing is left to be taken back, and it says so.
    bench.press("u")
    #expect(bench.scene.message?.isError == true)
    bench.press("ctrl-r")
    #expect(now().isPruned)
    bench.press("u", "x")
    #expect(bench.scene.spikes?.silenced == [12] && bench.draw().text.contains("1 silenced"))
    bench.press("x")
    #expect(bench.scene.spikes?.silenced == [])
    bench.scene.session.readOnly = true
    bench.press("x")
    #expect(
      bench.scene.spikes?.silenced == [] && bench.scene.message?.text == "This is read-only: nothing can be changed.")
  }

  @Test("a neuron's fan-in is cut after a preview that tells what it does, and frozen whole")
  func fanIn() throws {
    var bench = try Bench()
    bench.type("find 12")
    bench.press("p")
    guard case .confirm(let question, let effects) = bench.scene.mode else { return #expect(Bool(false)) }
    #expect(question.contains("Cut the 12 synapses onto neuron 12, 100 % of the weight onto it") && effects.count == 1)
    bench.scene.settle()
    guard case .confirm(let measured, _) = bench.scene.mode else { return #expect(Bool(false)) }
    #expect(measured.hasPrefix("Tried on copies for 500 ms: the neuron fires at "))
    bench.scene.settle()
    #expect(bench.draw(80, 24).text.contains("Tried on copies"))
    bench.press("escape")
    #expect(bench.scene.mode == .normal && bench.scene.spikes?.pruned == 0)
    bench.press("P", "enter")
    #expect(bench.scene.spikes?.pruned == 12 && bench.draw().text.contains("12 ×"))
    bench.press("p")
    #expect(bench.scene.spikes?.pruned == 0)
    let learning = bench.engine.picture(.running).detail.synapses.count { !$0.isInhibitory }
    bench.press("f")
    #expect(bench.scene.spikes?.frozen == learning)
    bench.press("F")
    #expect(bench.scene.spikes?.frozen == 0)
    bench.press("u")
    #expect(bench.scene.spikes?.frozen == learning)
  }

  @Test("plasticity, homeostasis, speed and steps, by keys and by words")
  func running() throws {
    var bench = try Bench()
    bench.press("t")
    #expect(bench.scene.spikes?.isLearning == false && bench.draw().text.contains("plasticity off"))
    bench.type("plasticity on")
    #expect(bench.scene.spikes?.isLearning == true)
    bench.type("plasticity sometimes")
    #expect(bench.scene.message?.isError == true)
    bench.type("homeostasis 0.5:20")
    #expect(bench.scene.spikes?.homeostasis == Homeostasis(goal: 20, rate: 0.5))
    bench.type("homeostasis off")
    #expect(bench.scene.spikes?.homeostasis == nil)
    bench.type("homeostasis -1")
    #expect(bench.scene.message?.isError == true)
    #expect(Keyboard.press(.character("["), on: &bench.scene) == [.perform(5, ActivityOrder(SpikeCommand.speed(0.1)))])
    #expect(Keyboard.press(.character("s"), on: &bench.scene) == [.perform(5, ActivityOrder(SpikeCommand.speed(0.01)))])
    #expect(bench.scene.spikesView.speedBefore == 0.2)
    #expect(Actions.run(line: "slow 3", on: &bench.scene) == [.perform(5, ActivityOrder(SpikeCommand.speed(3)))])
    #expect(Actions.run(line: "slow 1e9", on: &bench.scene).isEmpty)
    #expect(Keyboard.press(.character(" "), on: &bench.scene) == [.pause(5)])
    // A running network makes no single steps.
    #expect(Keyboard.press(.character("."), on: &bench.scene).isEmpty)
    bench.scene.show(bench.engine, .paused)
    #expect(Keyboard.press(.character(" "), on: &bench.scene) == [.start(5)])
    let time = bench.scene.spikes!.time
    bench.press(".")
    #expect(bench.scene.spikes!.time == time + 1)
    bench.type("step 7")
    #expect(bench.scene.spikes!.time == time + 4.5)
    #expect(Actions.run(line: "step none", on: &bench.scene).isEmpty)
    // Elsewhere the same words mean the network that learns by gradients.
    bench.scene.look.focus = "states"
    #expect(Actions.run(line: "step 7", on: &bench.scene) == [.send(.step(7))])
  }

  @Test("without a network it says how to begin one; keys and palette begin networks, measurements and searches")
  func beginning() throws {
    var scene = SceneState.training.scene
    (scene.look.focus, scene.look.zoomed) = ("spikes", true)
    #expect(Frame.draw(scene, width: 80, height: 24).text.contains("n begins one"))
    #expect(Keyboard.press(.character("n"), on: &scene) == [.begin(ActivityMaker(command: "spikes"))])
    #expect(
      Actions.run(line: "spikes --neurons 50 --tau gamma:2:10", on: &scene)
        == [.begin(ActivityMaker(command: "spikes --neurons 50 --tau gamma:2:10"))])
    #expect(Keyboard.press(.character("c"), on: &scene).isEmpty)
    var bench = try Bench()
    #expect(Keyboard.press(.character("c"), on: &bench.scene).count == 1)
    #expect(Actions.run(line: "capacity 10", on: &bench.scene).isEmpty && bench.scene.message?.isError == true)
    #expect(Actions.run(line: "search 8", on: &bench.scene).count == 1)
    #expect(bench.scene.views.pictures["spikes"] == "search")
    bench.press("a")
    #expect(bench.scene.message?.text.contains("adopt") == true)
  }

  /// Colours' lightness as levels: the share that a cell of the raster stands for.
  private func shares(_ grid: Grid, rows: Range<Int>, columns: Range<Int>) -> [[Double]] {
    columns.map { x in
      rows.map { y in
        let style = grid[x, y].style
        guard style.isSwatch, let color = style.foreground else { return 0 }
        return Double(Palette.viridis.colors.firstIndex(of: color) ?? 0)
      }
    }
  }

  @Test("a synchronous volley of 3 000 neurons folded into 40 rows stands out of the noise in every row")
  func synchrony() throws {
    // Uncoupled, each with its own τ and thus its own rate near 40 Hz; then all are held to fire at once.
    let engine = try SpikeEngine(.test(neurons: 3_000, weights: 0, current: 1.3, tau: .gamma(shape: 3, mean: 20)))
    for _ in 0..<1_000 { engine.advance() }
    let before = engine.picture(.running).raster.newest
    engine.network.potentials = [Double](repeating: 2, count: 3_000)
    engine.network.thresholds = [Double](repeating: 1, count: 3_000)
    for _ in 0..<200 { engine.advance() }
    var scene = SceneState.paused.scene
    (scene.look.focus, scene.look.zoomed) = ("spikes", true)
    scene.views.pictures["spikes"] = "raster"
    scene.show(engine, measured: false)
    let grid = Frame.draw(scene, width: 120, height: 50)
    // Header, border, two lines of state, title; then the rows.
    let rows = 6..<6 + 38
    #expect(grid.line(5).contains("neurons a row") && grid.line(rows.lowerBound).contains("E0"))
    let columns = shares(grid, rows: rows, columns: 7..<119)
    let newest = engine.picture(.running).raster.newest / 5
    let volley = 112 - 1 - (newest - (before + 1) / 5)
    // All of a row, but for those that had just fired and were refractory.
    #expect(columns[volley].allSatisfy { $0 >= 11 }, "\(columns[volley])")
    // Noise stays two levels below it.
    for (column, shares) in columns.enumerated() where column != volley && column > 20 && column < volley {
      #expect(shares.allSatisfy { $0 <= 9 }, "\(column): \(shares)")
      #expect(shares.contains { $0 > 0 })
    }
    // So it does without colours, and in the strip of all.
    let plain = grid.filtered(colors: .none, glyphs: .braille)
    #expect(rows.allSatisfy { ["▓", "█"].contains(plain[7 + volley, $0].character) })
    #expect(grid[7 + volley, rows.upperBound].character == "█")
  }

  @Test("few neurons have a row of dots each, in their kind's colour")
  func dots() throws {
    var bench = try Bench(.test(neurons: 40), steps: 600)
    bench.scene.views.pictures["spikes"] = "raster"
    let grid = bench.draw(120, 40)
    #expect(grid.text.contains("a row of dots a neuron"))
    let cells = (6..<32).flatMap { y in (7..<118).map { grid[$0, y] } }
    let braille = cells.filter { ("\u{2801}"..."\u{28FF}").contains(String($0.character)) }
    #expect(
      braille.contains { $0.style.foreground == .orange } && braille.contains { $0.style.foreground == Color(75) })
  }

  @Test("a click on the raster selects a neuron of its row")
  func click() throws {
    var bench = try Bench(.test(neurons: 600), steps: 100)
    bench.scene.views.pictures["spikes"] = "raster"
    let view = Views.named("spikes")!
    view.click(&bench.scene, atX: 30, y: 3, width: 118, height: 40)
    #expect(bench.scene.spikesView.selection.post == 0)
    view.click(&bench.scene, atX: 30, y: 36, width: 118, height: 40)
    #expect(bench.scene.spikesView.selection.post > 480)
    bench.scene.show(bench.engine)
    #expect(bench.draw(120, 46).text.contains("▸I"))
  }

  @Test("the program runs a network, operates on it, and rings the bell")
  func live() throws {
    let live = try LiveSpikes(.test(neurons: 30, current: 1.5))
    let (_, program, backend) = try play(change: { $0.activities = [live] }) { screen in
      screen.wait("spikes") { $0.look.focus == "spikes" && ($0.spikes?.time ?? 0) > 10 }
      screen.wait(forText: "plasticity on")
      screen.press("down", "space")
      screen.wait("the pause") { $0.spikes?.status == .paused && $0.spikes?.detail.neuron == 1 }
      screen.press(":")
      screen.type("bell on")
      screen.press("enter")
      screen.wait("the bell to be on") { $0.spikes?.listening == 1 }
      screen.press("x")
      screen.wait("the silence") { $0.spikes?.undoTitle == "silence neuron 1" }
      screen.press("u")
      screen.wait("its end") { $0.spikes?.redoTitle == "silence neuron 1" }
      screen.press(":")
      screen.type("step 400")
      screen.press("enter")
      screen.wait("a bell") { $0.beside.first.map { $0.report.bells > 0 } ?? false }
      screen.press("P", "enter")
      screen.wait("the cut") { $0.spikes.map { $0.pruned == 12 } ?? false }
      screen.press("u")
      screen.wait("its undoing") { $0.spikes?.pruned == 0 }
      screen.press("c")
      screen.wait("an outcome") { $0.spikes?.measured.count == 1 || $0.spikeCapacity?.outcome != nil }
      screen.press("q")
    }
    #expect(program.scene.spikes?.pruned == 0 && backend.screen.rings > 0)
    #expect(live.report().status == .cancelled)
  }
}
