import Circuits
import Explorer
import Randomness
import Terminal
import Testing

@Suite("The selection")
struct SelectionTests {
  @Test(
    "however it is moved, it is a neuron or a synapse that exists",
    arguments: [(1, "all"), (16, "ncp"), (7, "all"), (20, "random:0.05"), (5, "random:0"), (40, "random:0.5")])
  func walk(_ neurons: Int, _ wiring: String) throws {
    var scene = try Laboratory(neurons: neurons, wiring: wiring).scene(steps: 0, moments: 1, status: .paused)
    var generator = SeededGenerator(seed: 7)
    let keys = ["up", "down", "left", "right", "k", "j", "h", "l", "esc"].map { Key($0)! }
    for _ in 0..<3000 {
      let key = keys[generator.index(below: keys.count)]
      #expect(Keyboard.press(key, on: &scene).isEmpty)
      #expect(scene.hasSelection, "\(scene.selection) after \(key)")
    }
  }

  @Test("right visits every synapse of a neuron, and left goes back to the neuron itself")
  func everySynapse() throws {
    var scene = SceneState.paused.scene
    let wiring = scene.model.wiring
    for neuron in 0..<wiring.neurons {
      scene.selection = Selection(post: neuron)
      let sources = (0..<wiring.neurons + wiring.inputs).filter { wiring.has(Synapse(pre: $0, post: neuron)) }
      for source in sources {
        _ = Keyboard.press(.right, on: &scene)
        #expect(scene.selection == Selection(post: neuron, pre: source))
      }
      _ = Keyboard.press(.right, on: &scene)
      #expect(scene.selection.pre == sources.last)
      for _ in sources { _ = Keyboard.press(.left, on: &scene) }
      #expect(scene.selection == Selection(post: neuron))
      _ = Keyboard.press(.left, on: &scene)
      #expect(scene.selection == Selection(post: neuron))
    }
  }

  @Test("wherever a view is clicked, what is selected then exists", arguments: SceneState.allCases)
  func clicks(_ state: SceneState) {
    var scene = state.scene
    let (rows, columns) = state == .manyNeurons ? (17, 41) : (5, 7)
    for view in Views.all {
      for (width, height) in [(0, 0), (1, 1), (38, 9), (78, 20), (158, 44)] {
        for y in stride(from: -1, through: height, by: rows) {
          for x in stride(from: -1, through: width, by: columns) {
            guard let selection = view.selection(scene, atX: x, y: y, width: width, height: height) else { continue }
            scene.selection = selection
            #expect(scene.hasSelection, "\(view.name), \(width)×\(height) at \(x), \(y): \(selection)")
          }
        }
      }
    }
  }

  @Test("names find neurons and synapses")
  func find() {
    var scene = SceneState.paused.scene
    let wiring = scene.model.wiring
    for (index, name) in wiring.neuronNames.enumerated() {
      #expect(Actions.run(line: "find \(name)", on: &scene).isEmpty)
      #expect(scene.selection == Selection(post: index))
      _ = Actions.run(line: "find \(name.uppercased())", on: &scene)
      #expect(scene.selection == Selection(post: index))
    }
    for synapse in wiring.synapses {
      _ = Actions.run(line: "find \(wiring.sourceName(synapse.pre))>\(wiring.neuronNames[synapse.post])", on: &scene)
      #expect(scene.selection.synapse == synapse)
    }
    let before = scene.selection
    for wrong in ["nobody", "nobody>motor 0", ">", "motor 0>motor 0>motor 0"] {
      scene.message = nil
      _ = Actions.run(line: "find \(wrong)", on: &scene)
      #expect(scene.selection == before)
      #expect(
        scene.message?.isError == true && scene.message?.text.isSentence == true, "\(scene.message?.text ?? wrong)")
    }
  }
}
