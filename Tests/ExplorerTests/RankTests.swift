import Analysis
import Circuits
import Experiments
import Explorer
import Foundation
import Learning
import Tasks
import Terminal
import Testing

@Suite("The Rank view", .serialized) struct RankViewTests {
  @Test("requests are read, and refused in sentences")
  func requests() throws {
    let request = try RankRequest("mu --ranks 2:4 --restarts 7 --seed 3")
    #expect(request.tensor == "mu" && request.ranks == 2...4 && request.restarts == 7 && request.seed == 3)
    #expect(try RankRequest("").ranks == 1...6)
    for text in ["w mu", "--ranks", "--ranks 0:3", "--ranks 5:2", "--restarts 1", "--colour red", "--ranks 1:99"] {
      #expect(throws: ActivityError.self, "\(text)") { try RankRequest(text) }
    }
  }

  /// Weights that move along one outer product.
  private func planted() throws -> (Model<Float>, WeightHistory, Snapshot) {
    let laboratory = try Laboratory(neurons: 8, wiring: "all")
    let model = laboratory.model
    let history = WeightHistory(model)
    let start = model.initialParameters(seed: 1)
    let (w, n) = (model.layout["w"]!, model.neurons)
    for step in 0...40 {
      var values = start
      for pre in 0..<n {
        for post in 0..<n {
          values[w.offset + pre * n + post] += 0.01 * Float(step) * Float(pre + 1) * (post < 2 ? 1 : 0.01)
        }
      }
      history.record(step: step, values: values, connections: model.wiring.connections())
    }
    return (model, history, laboratory.session.snapshot(version: 1, status: .paused, stepsPerSecond: 0))
  }

  private func finished(_ activity: RankActivity) -> ActivityReport {
    activity.start()
    let deadline = Date().addingTimeInterval(20)
    while !activity.report().status.isOver, Date() < deadline { Thread.sleep(forTimeInterval: 0.002) }
    return activity.report()
  }

  @Test("a path along one outer product has rank one, and its neurons are named")
  func plantedRank() throws {
    let (model, history, snapshot) = try planted()
    let activity = try RankActivity(
      RankRequest("w --ranks 1:2 --restarts 3"), history: history, model: model, snapshot: snapshot)
    #expect(!activity.needsCores)
    let report = finished(activity)
    #expect(report.status == .finished && report.progress == "done, steps 0 to 40")
    let picture = try #require(report.picture?.value as? RankPicture)
    #expect(picture.suggested == 1 && picture.fits.map(\.rank) == [1, 2])
    #expect(picture.fits[0].explained > 0.999 && (picture.fits[0].similarity ?? 0) > 0.99)
    #expect(picture.matrix[0] > 0.999 && picture.matrixRank95.max() == 1)
    #expect(picture.control[1]! < 0.9 && picture.raw[1] != nil)
    #expect(picture.eigenvalues.count == 24 && picture.eigenvalues.allSatisfy { $0.values.count == 8 })
    // The first two post neurons are moved, by pre neurons the more the larger their number.
    let model1 = picture.fits[0].best.model
    let (a, b) = (model1.factors[0].column(0), model1.factors[1].column(0))
    #expect(abs(a[0]) > 0.6 && abs(a[1]) > 0.6 && a.dropFirst(2).allSatisfy { abs($0) < 0.05 })
    #expect(zip(b, b.dropFirst()).allSatisfy { abs($0) < abs($1) })
  }

  @Test("it is paused, goes on, and ends early with what it has")
  func steering() throws {
    let (model, history, snapshot) = try planted()
    let request = try RankRequest("w --ranks 1:20 --restarts 50")
    let activity = try RankActivity(request, history: history, model: model, snapshot: snapshot)
    activity.start()
    activity.pause()
    #expect(activity.report().status == .paused)
    activity.start()
    #expect(activity.report().status == .running)
    activity.cancel()
    #expect(activity.report().status == .cancelled)
    #expect(throws: ActivityError.self) {
      try RankActivity(RankRequest("gleak"), history: history, model: model, snapshot: snapshot)
    }
    #expect(throws: ActivityError.self) {
      try RankActivity(RankRequest(), history: WeightHistory(model), model: model, snapshot: snapshot)
    }
  }

  @Test("components and fits are chosen by keys; what is outside is cut or frozen after a question")
  func operating() throws {
    var scene = SceneState.lookingBack.scene
    scene.lookAtNow()
    (scene.look.focus, scene.look.zoomed) = ("rank", true)
    func press(_ key: String) -> [Effect] { Keyboard.press(Key(key)!, on: &scene) }
    _ = press("home")
    for _ in 0..<4 { _ = press("right") }
    let text = Frame.draw(scene, width: 160, height: 48).text
    #expect(text.contains("component 1 of 3"))
    _ = press("down")
    #expect(Frame.draw(scene, width: 160, height: 48).text.contains("component 2 of 3"))
    #expect(press("p").isEmpty)
    guard case .preview(let preview) = scene.mode else {
      Issue.record("No preview")
      return
    }
    #expect(!preview.synapses.isEmpty && preview.synapses.allSatisfy { $0.pre < scene.neurons })
    #expect(preview.sentence.contains("outside component 2 of 3 of w"))
    #expect(press("enter") == [.send(.prune(preview.synapses))])
    #expect(press("f").isEmpty)
    guard case .confirm(_, let effects) = scene.mode, case .send(.freeze(let pattern))? = effects.first else {
      Issue.record("No question")
      return
    }
    let frozen = try ParameterSelector.resolve(pattern, in: scene.model)
    #expect(Set(frozen.compactMap(scene.model.synapse(ofParameter:))) == Set(preview.synapses))
    _ = press("esc")
    _ = Actions.run(line: "rank-prune 2", on: &scene)
    #expect(scene.message?.isError == true && scene.mode == .normal)
  }

  @Test("the program fits while it trains, and the result stays with its steps")
  func live() throws {
    let (_, program, _) = try play(paused: false) { screen in
      screen.wait("some steps") { $0.snapshot.step > 40 }
      screen.press("9", "r")
      screen.wait("the fit") { $0.activity(shownBy: "rank")?.report.status == .finished }
      screen.check { scene, _ in #expect(scene.isTraining && scene.look.focus == "rank") }
      screen.wait(forText: "r fits again")
      screen.press("q")
    }
    let picture: RankPicture? = program.scene.picture(shownBy: "rank")
    #expect((picture?.steps.last ?? .max) < program.scene.newest.step)
  }
}
