import Circuits
import Explorer
import Learning
import Terminal
import Testing

// The numbers behind the pictures.

@Suite("What views measure")
struct MeasureTests {
  @Test(
    "masks say of every synapse and neuron what the snapshot says of its parameters", arguments: SceneState.allCases)
  func masks(_ state: SceneState) {
    let scene = state.scene
    let (model, snapshot) = (scene.model, scene.snapshot)
    var present = 0
    for synapse in model.wiring.synapses {
      let index = synapse.index(neurons: scene.neurons)
      if snapshot.connections[index] != 0 { present += 1 }
      guard state != .manyNeurons || index % 17 == 0 else { continue }
      #expect(scene.isFrozen(synapse) == model.parameters(of: synapse).allSatisfy { snapshot.frozen[$0.index] })
    }
    #expect(scene.masks.present == present)
    #expect(scene.masks.fanIn.reduce(0, +) == present && scene.masks.fanOut.reduce(0, +) == present)
    for neuron in 0..<scene.neurons {
      #expect(
        scene.isFrozen(neuron: neuron) == model.parameters(ofNeuron: neuron).allSatisfy { snapshot.frozen[$0.index] })
    }
  }

  @Test("every quantity is read from where the model keeps it")
  func quantities() throws {
    let scene = SceneState.operated.scene
    #expect(scene.quantities == SynapseQuantity.allCases)
    let names: [SynapseQuantity: String] = [
      .weight: "w", .halfActivation: "mu", .slope: "sigma", .reversal: "erev",
    ]
    let readings = try #require(scene.reading?.synapses)
    for synapse in scene.model.wiring.synapses {
      let index = synapse.index(neurons: scene.neurons)
      let own = scene.model.parameters(of: synapse)
      for (quantity, name) in names {
        let flat = try #require(own.first { $0.name.hasSuffix(name) }?.index)
        #expect(SynapseValues(quantity, scene)?[index] == Double(scene.snapshot.values[flat]))
      }
      let (w, gradient) = (Double(scene.snapshot.values[own[0].index]), Double(scene.snapshot.gradient[own[0].index]))
      #expect(SynapseValues(.gradient, scene)?[index] == gradient)
      #expect(SynapseValues(.sensitivity, scene)?[index] == gradient * w)
      let reversal = try #require(SynapseValues(.reversal, scene)?[index])
      #expect(SynapseValues(.conductance, scene)?[index] == (reversal < 0 ? -1 : 1) * readings.conductance[index])
    }
  }

  @Test("the difference to a moment that was just pinned is nothing, and to a later one something")
  func pin() throws {
    var scene = SceneState.training.scene
    _ = Keyboard.press(.character("m"), on: &scene)
    #expect(scene.look.showsDifference)
    #expect(scene.synapseMatrix()?.allSatisfy { $0 == 0 } == true)
    #expect(scene.shownCoefficients?.a.elements.allSatisfy { $0 == 0 } == true)
    scene.measure(40)
    #expect(scene.synapseMatrix()?.contains { $0 != 0 } == true)
    _ = Keyboard.press(.character("d"), on: &scene)
    #expect(!scene.look.showsDifference && scene.network.pin != nil)
    _ = Keyboard.press(.character("m"), on: &scene)
    #expect(scene.network.pin == nil)
  }

  @Test("cells keep their levels where values hardly change, and the view shows them")
  func levels() throws {
    var scene = SceneState.training.scene
    scene.settle()
    let before = scene.views
    scene.settle()
    #expect(scene.views == before)
    scene.views.pictures["synapses"] = "slope"
    scene.settle()
    var other = before
    other.pictures = scene.views.pictures
    #expect(scene.views != other)
  }
}

@Suite("A matrix made small")
struct OverviewTests {
  @Test("blocks cover the matrix and fit, and the whole is shown where not all rows can be")
  func blocks() {
    for count in [1, 2, 7, 299] {
      for room in [1, 3, 30, 400] {
        let block = HeatMap.block(of: count, in: room)
        #expect(block * room >= count && (block - 1) * room < count)
      }
    }
    var scene = SceneState.manyNeurons.scene
    (scene.look.focus, scene.look.zoomed) = ("synapses", true)
    #expect(Frame.draw(scene, width: 160, height: 48).text.contains("strongest of"))
    scene = SceneState.training.scene
    (scene.look.focus, scene.look.zoomed) = ("synapses", true)
    #expect(!Frame.draw(scene, width: 160, height: 48).text.contains("strongest of"))
  }
}
