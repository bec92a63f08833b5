import Circuits
import Foundation
import Testing

@Suite struct ConnectomeTests {
  func tap(_ inputs: [String] = ["PLM", "ALM"]) throws -> Wiring {
    try Wirings.make("tap-withdrawal", neurons: 16, inputNames: inputs, motors: 2, seed: 1)
  }

  func has(_ wiring: Wiring, _ pre: String, _ post: String) -> Bool {
    let names = wiring.neuronNames + wiring.inputNames
    return wiring.has(Synapse(pre: names.firstIndex(of: pre)!, post: names.firstIndex(of: post)!))
  }

  /// 71 chemical edges and 14 electrical pairs among 16 neurons; 6 and 4 more to the motor pools.
  @Test func tapWithdrawal() throws {
    let wiring = try tap()
    #expect(wiring.neurons == 18 && Array(wiring.neuronNames[..<2]) == ["reverse", "forward"])
    #expect(wiring.synapseCounts == (71 + 6, 2 + 2))
    #expect(wiring.gapJunctions.count == 14 + 4)
    #expect(wiring.layers.count { $0 == .sensory } == 7 && wiring.layers.count { $0 == .command } == 8)
    #expect(has(wiring, "AVM", "AVBL") && !has(wiring, "AVBL", "AVM"))
    #expect(has(wiring, "PLM", "PLML") && has(wiring, "PLM", "PLMR") && !has(wiring, "PLM", "ALML"))
    let avm = wiring.neuronNames.firstIndex(of: "AVM")!
    #expect(wiring.transmitters[avm] == "Glu")
    #expect(wiring.transmitters[wiring.neuronNames.firstIndex(of: "AVAL")!] == "ACh")
    // The hypothesis: glutamate inhibits.
    #expect(wiring.polarity[avm * 18 + wiring.neuronNames.firstIndex(of: "AVBL")!] == -1)
    #expect(try tap(["anterior", "posterior"]).synapseCounts.sensory == 3 + 4)
    #expect(try tap(["x"]).synapseCounts.sensory == 7)
  }

  @Test(arguments: ["ltc", "ltc-neural", "ctrnn", "lstm", "relu"]) func everyModelTakesTheWorm(_ cell: String) throws {
    let model = try Model<Float>(
      ModelSpecification(
        cell: cell, wiring: "tap-withdrawal", inputNames: ["PLM", "ALM"], outputNames: ["reverse", "forward"]))
    #expect((model.layout["gap"] != nil) == cell.hasPrefix("ltc"))
    #expect(model.specification.neurons == 18)
    #expect(try Model<Float>(model.specification).wiring == model.wiring)
    let run = Run(
      model, parameters: model.initialParameters(seed: 1), connections: model.wiring.connections(),
      input: [1, 0, 0, 1], elapsed: [1, 1], target: [0, 1, 1, 0],
      initialState: [Float](repeating: 0, count: model.cell.stateSize), rows: 1, steps: 2)
    #expect(run.loss.isFinite && run.outputs.count == 4)
  }

  @Test func wholeConnectome() throws {
    let wiring = try Wirings.make("celegans", neurons: 1, inputNames: ["touch"], motors: 2, seed: 1)
    // Counted in the file by itself: of 302 neurons CANL, CANR and VC6 have no edge to another neuron; 2 961 rows less
    // those that end on muscle or glia, and rows of one pair taken together.
    #expect(wiring.neurons == 299 && wiring.synapseCounts.recurrent == 2266 && wiring.gapJunctions.count == 563)
    #expect(Set(wiring.neuronNames).count == wiring.neurons)
    #expect(wiring.layers[0] == .motor && wiring.layers[1] == .motor)
    for layer in Wiring.Layer.allCases { #expect(wiring.layers.contains(layer)) }
    #expect(wiring.layers.count { $0 == .command } == 10)
    #expect(wiring.synapseCounts.sensory == wiring.layers.count { $0 == .sensory })
  }

  @Test func ownEdgeLists() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("edges-\(UUID()).csv").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    func make(_ text: String, motors: Int = 1) throws -> Wiring {
      try text.write(toFile: path, atomically: true, encoding: .utf8)
      return try Wirings.make(path, neurons: 3, inputNames: ["u"], motors: motors, seed: 1)
    }
    let plain = try make("pre,post\na,b\nb,c\nb,a\n")
    // c has no outgoing synapse, so it is the motor; no edge names u, and none of a, b is without an incoming one.
    #expect(plain.neuronNames == ["c", "a", "b"] && plain.layers[0] == .motor)
    #expect(plain.synapseCounts == (3, 3) && plain.gapJunctions.isEmpty)
    let rich = try make("pre,post,type,weight\nu,a,chemical,2\na,b,chemical,-3\nb,a,electrical,1\na,c,chemical,0\n")
    #expect(rich.neuronNames == ["b", "a"] && rich.gapJunctions == [GapJunction(a: 0, b: 1)])
    #expect(rich.synapses == [Synapse(pre: 1, post: 0), Synapse(pre: 2, post: 1)])
    #expect(rich.polarity[2] == -1 && rich.synapseCounts == (1, 1))
    for (text, ending) in [
      (
        "from,to\na,b\n",
        "has no columns 'pre' and 'post': an edge list begins with a line such as pre,post,type,weight."
      ),
      ("pre,post,type\na,b,psychic\n", "'psychic' is no type of synapse: write chemical or electrical."),
      ("pre,post,weight\na,b,many\n", "the weight 'many' is no number."),
      ("pre,post,weight\na,b,0\n", "has no neurons: its list of edges is empty."),
    ] {
      let error = #expect(throws: CircuitError.self) { _ = try make(text) }
      #expect(error?.description.hasSuffix(ending) == true, "\(error?.description ?? "")")
    }
  }

  @Test func tooManyOutputsIsASentence() throws {
    #expect(
      throws: CircuitError(
        "The wiring 'tap-withdrawal' has 2 motor neurons, and LTC reads each of 3 outputs from one of its own. Use "
          + "another --wiring, or read all neurons with --readout dense.")
    ) {
      try Model<Float>(
        ModelSpecification(wiring: "tap-withdrawal", inputNames: ["u"], outputNames: ["a", "b", "c"]))
    }
  }
}
