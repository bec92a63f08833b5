import Circuits
import Explorer
import Foundation
import Learning
import Synchronization
import Terminal
import Testing

// The past of the weights: gone to by keys, mouse and number, compared, played, and forked from.

@Suite("Looking back", .serialized) struct HistoryTests {
  private var scene: Scene {
    var scene = SceneState.lookingBack.scene
    (scene.look.focus, scene.look.zoomed) = ("history", true)
    return scene
  }

  private func press(_ keys: String..., on scene: inout Scene) -> [Effect] {
    keys.flatMap { Keyboard.press(Key($0)!, on: &scene) }
  }

  @Test("what is shown is the recorded moment to the bit, everywhere, and now goes on behind it")
  func values() throws {
    var scene = scene
    let then = try #require(scene.past.history?.state(at: 9))
    #expect(scene.isLookingBack && scene.snapshot.step == 9 && scene.newest.step == 24)
    #expect(scene.snapshot.values == scene.model.effective(then.values))
    #expect(scene.snapshot.connections == then.connections && scene.snapshot.frozen == then.frozen)
    #expect(scene.snapshot.learningRate == 0.01 && scene.snapshot.gradient.allSatisfy(\.isNaN))
    // The cut of step 12 has not been made then.
    #expect(scene.masks.present == scene.connectivity.synapses.count)
    var later = scene.newest
    (later.step, later.status) = (400, .paused)
    later.values[0] += 1
    scene.take(later)
    #expect(scene.snapshot.step == 9 && scene.snapshot.values == scene.model.effective(then.values))
    #expect(scene.newest.values == later.values && scene.snapshot.status == .paused)
    #expect(
      Frame.draw(scene, width: 80, height: 24).line(1).contains("step 9 of 400: looking back; esc returns to now"))
    scene.lookAtNow()
    #expect(!scene.isLookingBack && scene.snapshot.values == later.values)
    #expect(scene.masks.present == scene.connectivity.synapses.count - 1)
  }

  @Test("keys go from moment to moment, to the ends, to interventions, and by number")
  func keys() {
    let pressed: [([String], Past.Goal)] = [
      (["left"], .step(8)), (["right"], .step(10)), (["("], .step(8)), ([")"], .step(10)), (["home"], .step(0)),
      (["end"], .now), (["esc"], .now), (["}"], .step(12)), (["page-up"], .step(7)), (["left", "left"], .step(7)),
    ]
    for (keys, goal) in pressed {
      var scene = self.scene
      for key in keys { #expect(press(key, on: &scene).isEmpty) }
      #expect(scene.past.sought == goal, "\(keys)")
    }
    let typed: [(String, Past.Goal)] = [
      ("history 15", .step(15)), ("history first", .step(0)), ("history now", .now), ("history +3", .step(12)),
      ("history -2", .step(7)), ("history +100", .now),
    ]
    for (line, goal) in typed {
      var scene = self.scene
      _ = Actions.run(line: line, on: &scene)
      #expect(scene.past.sought == goal, "\(line)")
    }
    var scene = self.scene
    _ = Actions.run(line: "history yesterday", on: &scene)
    #expect(scene.message?.isError == true && scene.past.sought == nil)
    // From now, one back is the moment before the newest.
    scene.lookAtNow()
    _ = press("left", on: &scene)
    #expect(scene.past.sought == .step(23))
  }

  @Test("a click on the curve goes to its step, wherever the window ends", arguments: [(78, 18), (158, 42), (30, 5)])
  func click(_ width: Int, _ height: Int) {
    let view = Views.named("history")!
    var last = -1
    for x in 0..<width {
      var scene = scene
      view.click(&scene, atX: x, y: 3, width: width, height: height)
      let step: Int
      switch scene.past.sought {
      case .step(let found)?: step = found
      case .now?: step = 24
      case nil: continue
      }
      #expect((0...24).contains(step) && step >= last, "\(x)")
      last = step
    }
    #expect(last == 24)
    for (x, y) in [(-3, 2), (width, height), (5, height - 1), (2, -1)] {
      var scene = scene
      view.click(&scene, atX: x, y: y, width: width, height: height)
    }
  }

  @Test("what would change the network of now asks for a fork instead, and undo is refused")
  func changing() throws {
    var scene = scene
    scene.look.focus = "synapses"
    let synapse = scene.model.wiring.synapses[0]
    scene.selection = Selection(post: synapse.post, pre: synapse.pre)
    #expect(press("p", on: &scene).isEmpty)
    guard case .confirm(let question, let effects) = scene.mode else {
      Issue.record("No question")
      return
    }
    #expect(question.contains("looks back") || question.contains("look back at step 9"))
    let shown = try #require(scene.past.shown)
    #expect(effects == [.fork(shown, [.prune([synapse])])])
    #expect(press("esc", on: &scene).isEmpty && scene.mode == .normal && scene.isLookingBack)
    for keys in [["f"], ["e", "1", "enter"], ["R"], ["+"], [">"]] {
      var scene = scene
      for key in keys { #expect(press(key, on: &scene).isEmpty, "\(key)") }
      guard case .confirm = scene.mode else {
        Issue.record("\(keys) did not ask")
        continue
      }
    }
    scene.snapshot.undoTitle = "prune"
    #expect(press("u", on: &scene).isEmpty && scene.mode == .normal && scene.message?.isError == true)
    // Training goes on and rests as ever.
    #expect(press("space", on: &scene) == [.send(.pause)])
  }

  @Test("what learning changed between two moments: a pin, a walk, and a list")
  func changes() throws {
    var scene = scene
    _ = press("m", on: &scene)
    let pin = try #require(scene.network.pin)
    #expect(pin.step == 9 && pin.values == scene.snapshot.values && pin.connections == scene.snapshot.connections)
    let later = try #require(scene.past.history?.state(at: 20))
    scene.lookBack(at: later)
    scene.past.reference = Past.Reference(
      step: pin.step, isPin: true, values: pin.values, connections: pin.connections)
    let text = Frame.draw(scene, width: 160, height: 48).text
    #expect(text.contains("what changed from pinned step 9 to step 20"))
    // The largest change stands first in the list.
    let (before, after) = (pin.values, scene.snapshot.values)
    let synaptic = scene.model.layout.tensors.filter { [.synapse, .sensorySynapse].contains($0.declaration.owner) }
      .flatMap { Array($0.range) }.filter { index in
        scene.model.synapse(ofParameter: index).map(scene.model.wiring.has) ?? false
      }
    let most = try #require(synaptic.max { abs(after[$0] - before[$0]) < abs(after[$1] - before[$1]) })
    let name = scene.model.wiring.name(of: try #require(scene.model.synapse(ofParameter: most)))
    let lines = text.split(separator: "\n")
    let head = try #require(lines.firstIndex { $0.contains("moved most") })
    #expect(lines[head + 1].contains(name.prefix(12)), "\(name)\n\(text)")
  }

  @Test("the program goes there while it trains, plays forward, returns, and forks beside its trunk")
  func live() throws {
    let trunk = Mutex<(values: [Float], step: Int)>(([], 0))
    let (end, program, _) = try play(paused: false) { screen in
      screen.wait("some steps") { $0.snapshot.step > 60 }
      screen.press(":")
      screen.type("history 32")
      screen.press("enter")
      screen.wait("the past") { $0.isLookingBack && $0.snapshot.step == 32 }
      screen.wait(forText: "step 32 of")
      screen.check { scene, grid in
        let then = scene.past.history!.state(at: 32)!
        #expect(scene.snapshot.values == scene.model.effective(then.values))
        #expect(scene.past.reference?.isPin == false && scene.past.reference?.moments.count == scene.moments.count)
        #expect(scene.past.reference?.moments.last?.step == scene.moments.last?.step)
        trunk.withLock { $0 = (then.values, scene.newest.step) }
      }
      screen.wait("training behind it") { $0.newest.step > 100 && $0.snapshot.step == 32 }
      // Other views show that moment too.
      screen.press("4")
      screen.wait(forText: "looking back; esc returns to now")
      screen.press("8", "t")
      screen.wait("the past to move") { $0.isLookingBack && $0.snapshot.step > 32 }
      screen.press("t")
      screen.wait("the past to rest") { !$0.past.playback.isRunning }
      screen.press("esc")
      screen.wait("now") { !$0.isLookingBack }
      screen.press(":")
      screen.type("history 32")
      screen.press("enter")
      screen.wait("the past again") { $0.isLookingBack }
      screen.press("space")
      screen.wait("rest") { !$0.isTraining }
      // Step 32 itself, or the recorded moment next to it where that was thinned out.
      screen.check { scene, _ in trunk.withLock { $0 = (scene.snapshot.values, scene.snapshot.step) } }
      screen.press("y")
      screen.wait("the fork") { $0.past.relatives.first?.name == "trunk" }
      screen.check { scene, _ in
        let (values, step) = trunk.withLock { $0 }
        #expect(scene.snapshot.step == step && scene.past.relatives[0].step == step)
        #expect(scene.snapshot.values == values)
        #expect(scene.past.relatives[0].snapshot.step > 100)
      }
      screen.press("space")
      screen.wait("the fork to train") { $0.snapshot.step > 110 && $0.snapshot.heldOut != nil }
      screen.press("8")
      screen.wait(forText: "trunk")
      screen.press("b")
      screen.wait("the trunk") { $0.past.relatives.first?.name.hasPrefix("fork") == true }
      screen.check { scene, _ in #expect(scene.newest.step > 100 && scene.session.hasLater) }
      screen.press("q")
    }
    #expect(end == .quit)
    #expect(program.records.count == 2)
    #expect(program.records[1].setup.recipe.start == .fork("step \(trunk.withLock { $0.step }) of LTC learning sine"))
  }

  @Test("an edit in the past is done in the fork, and only there")
  func editInTheFork() throws {
    let (_, program, _) = try play { screen in
      screen.press(":")
      screen.type("step 12")
      screen.press("enter")
      screen.wait("twelve steps") { $0.snapshot.step == 12 }
      screen.press(":")
      screen.type("history 5")
      screen.press("enter")
      screen.wait("the past") { $0.isLookingBack }
      screen.press(":")
      screen.type("prune weakest 50 %")
      screen.press("enter")
      screen.wait(forText: "Tried on the held-out data")
      screen.press("enter")
      screen.wait("the question") { if case .confirm = $0.mode { true } else { false } }
      screen.press("enter")
      screen.wait("the fork, pruned") {
        $0.past.relatives.first?.name == "trunk" && $0.masks.present < $0.connectivity.synapses.count
      }
      screen.check { scene, _ in #expect(scene.snapshot.step == 5) }
      screen.press("q")
    }
    #expect(program.records.map(\.steps) == [12, 5])
    #expect(program.records[0].applied.isEmpty && program.records[1].applied.count == 1)
  }
}
