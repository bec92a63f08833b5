import Circuits
import Explorer
import Learning
import Terminal
import Testing

@Suite("What learns, on screen") struct LearningShareTests {
  @Test("learn asks first, and the header says what still learns at any width", arguments: [80, 120, 160])
  func learning(_ width: Int) throws {
    var scene = SceneState.training.scene
    let layout = scene.model.layout
    #expect(!Frame.draw(scene, width: width, height: 24).line(1).contains("learn"))
    let effects = Actions.run(line: "learn biases", on: &scene)
    #expect(effects.isEmpty)
    guard case .confirm(let question, let then) = scene.mode else {
      Issue.record("It did not ask.")
      return
    }
    #expect(question.contains("Learn biases only?") && then == [.send(.learn("biases"))])
    scene.mode = .normal
    let biases = Set(try ParameterSelector.resolve("biases", in: scene.model))
    var snapshot = scene.snapshot
    for index in 0..<layout.count { snapshot.frozen[index] = !biases.contains(index) }
    scene.snapshot = snapshot
    let learning = scene.masks.learning
    #expect(learning.all > learning.moving && learning.moving > 0)
    let line = Frame.draw(scene, width: width, height: 24).line(1)
    #expect(line.contains("\(learning.moving) of \(learning.all)") && line.contains("learn"), "\(line)")
    #expect(width < 140 || line.contains("only μ"))
  }
}
