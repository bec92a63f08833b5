import Circuits
import Formats
import Foundation
import Learning
import Samples
import Tasks
import Testing

/// `Fixtures/ncps-autoncp-16.*`: a model trained and saved by ncps 1.0.1 and what it answers.
private struct ReferenceAnswers: Decodable {
  /// [T][M], [T][O], [T][N].
  var input, output, state: Nested

  static var path: String {
    Bundle.module.url(forResource: "Fixtures/ncps-autoncp-16", withExtension: "safetensors")!.path
  }

  static func load() throws -> ReferenceAnswers {
    let url = Bundle.module.url(forResource: "Fixtures/ncps-autoncp-16", withExtension: "json")!
    return try JSONDecoder().decode(ReferenceAnswers.self, from: Data(contentsOf: url))
  }
}

@Suite("Model files") struct ModelFileTests {
  /// Single precision on both sides: 1e-5 is some tens of roundings at magnitude 1.
  @Test func answersOfTheReferenceLibrary() throws {
    let file = try ModelFile(path: ReferenceAnswers.path)
    let reference = try ReferenceAnswers.load()
    #expect(file.model.neurons == 16 && file.model.inputs == 2 && file.model.outputs == 1)
    #expect(file.model.specification.positivity == .softplus)
    #expect(file.model.wiring.layers.count { $0 == .command } == 6)
    let steps = reference.input.flat.count / 2
    let workspace = Workspace(file.model, rows: 1, steps: steps, forTraining: false)
    for (i, value) in reference.input.flat.enumerated() { workspace.inputs[i] = Float(value) }
    let prepared = Buffer<Float>(file.model.cell.preparedSize)
    file.effectiveValues.withUnsafeBufferPointer { values in
      file.state.connections.withUnsafeBufferPointer { connections in
        let (values, connections) = (values.baseAddress!, connections.baseAddress!)
        file.model.cell.prepare(parameters: values, connections: connections, into: prepared.pointer)
        file.model.forward(
          workspace, parameters: values, connections: connections, prepared: prepared.pointer, keepsTape: false)
      }
    }
    func worst(_ values: some Sequence<Float>, _ expected: [Double]) -> Double {
      zip(values, expected).reduce(0) { max($0, abs(Double($1.0) - $1.1)) }
    }
    let outputError = worst(workspace.outputs.array, reference.output.flat)
    let stateError = worst(workspace.states.array.dropFirst(16), reference.state.flat)
    #expect(outputError <= 1e-5 && stateError <= 1e-5, "outputs \(outputError), states \(stateError)")
  }

  @Test func theTensorsAreThoseOfTheReferenceLibrary() throws {
    let reference = try Safetensors(path: ReferenceAnswers.path)
    let ours = try ModelFile(path: ReferenceAnswers.path).encoded()
    func keys(_ file: Safetensors) -> [String: [Int]] {
      Dictionary(uniqueKeysWithValues: file.tensors.map { ($0.name, $0.shape) })
    }
    #expect(keys(ours) == keys(reference))
    for tensor in reference.tensors { #expect(ours[tensor.name]?.values == tensor.values, "\(tensor.name)") }
    #expect(ours.metadata["implicit_param_constraints"] == "true" && ours.metadata["ode_unfolds"] == "6")
  }

  @Test(arguments: ["ncp", "all", "random:0.4"]) func savedLoadedAndSavedAgain(_ wiring: String) throws {
    let task = Sample.task()
    let model = try Sample.model(task, wiring: wiring)
    let session = try TrainingSession(model: model, task: task, options: Sample.options(task))
    _ = try session.apply(.pruneFraction(0.3))
    _ = try session.apply(.freeze("sigma"))
    _ = try session.apply(.freeze("neuron:motor 0"))
    _ = try session.losses(2)
    let origin = ModelOrigin(
      task, recipe: .sample(session), heldOut: .init(step: 2, loss: 0.1 + 0.2, metrics: ["nmse": 1 / 3.0]))
    let state = session.learner.state
    let path = temporaryPath("model.safetensors")
    defer { unlink(path) }
    try ModelFile(model: model, state: state, origin: origin).write(to: path)
    let loaded = try ModelFile(path: path)
    #expect(loaded.model.specification == model.specification)
    #expect(loaded.model.wiring == model.wiring)
    #expect(loaded.state.values.map(\.bitPattern) == state.values.map(\.bitPattern))
    #expect(loaded.state.connections == state.connections && loaded.state.frozen == state.frozen)
    #expect(loaded.origin == origin)
    #expect(loaded.pruned.count == Int((Double(model.wiring.synapses.count) * 0.3).rounded()))
    let (again, bytes) = (try loaded.encoded().encoded(), try FileBytes.read(path))
    #expect(again == bytes)
  }

  /// A wiring that no seed gives keeps its names, layers and signs.
  @Test func aWiringMadeByHand() throws {
    let task = Sample.task()
    var wiring = Wiring(
      name: "by hand", inputNames: ["wave", "noise"], neuronNames: ["AVA", "AVB", "PVC"],
      layers: [.motor, .command, .inter], motors: 1)
    wiring.connect(Synapse(pre: 1, post: 0), polarity: -1)
    wiring.connect(Synapse(pre: 2, post: 1), polarity: 1)
    wiring.connect(Synapse(pre: 3, post: 2), polarity: -1)
    let model = try Model<Float>(
      ModelSpecification(
        neurons: 3, wiring: "by hand", inputNames: wiring.inputNames, outputNames: task.outputNames), wiring: wiring)
    let state = ParameterState(model, values: model.firstStoredParameters(), slots: 0)
    let contents = try ModelFile(model: model, state: state, origin: nil).encoded()
    #expect(try ModelFile(contents, file: "m").model.wiring == wiring)
  }

  /// A bare `LTCCell`: no prefix, positive parameters as they are, possibly 0.
  @Test func aBareCellIsReadAsItIs() throws {
    var contents = try Safetensors(path: ReferenceAnswers.path)
    for index in contents.tensors.indices {
      contents.tensors[index].name = String(contents.tensors[index].name.dropFirst("rnn_cell.".count))
      let name = contents.tensors[index].name
      if ["w", "sensory_w", "gleak", "cm"].contains(name) {
        contents.tensors[index].values = contents.tensors[index].values.map { max($0, 0) }
      }
    }
    contents.metadata = [:]
    let file = try ModelFile(contents, file: "cell")
    #expect(file.model.specification.positivity == .clamp && file.model.specification.unfolds == 6)
    #expect(file.effectiveValues == file.state.values)
    let w = try #require(contents.tensors.firstIndex { $0.name == "w" })
    contents.tensors[w].values[2] = -0.5
    #expect(
      throws: FormatError(
        file: "cell", problem: "tensor 'w' holds -0.5 at entry 2, but a maximal conductance cannot be negative")
    ) { try ModelFile(contents, file: "cell") }
  }

  @Test func whatIsWrongIsSaidWithFileAndTensor() throws {
    let good = try ModelFile(path: ReferenceAnswers.path).encoded()
    func message(_ change: (inout Safetensors) -> Void) -> String {
      var contents = good
      change(&contents)
      do {
        _ = try ModelFile(contents, file: "m.safetensors")
        return ""
      } catch { return "\(error)" }
    }
    let mu = good.tensors.firstIndex { $0.name == "rnn_cell.mu" }!
    #expect(
      message { $0.tensors.remove(at: mu) }
        == "m.safetensors: there is no tensor 'rnn_cell.mu', which the model needs; this may be a model of another kind."
    )
    #expect(
      message { $0.tensors[mu].shape = [8, 32] }
        == "m.safetensors: tensor 'rnn_cell.mu' has shape [8, 32] where the model needs [16, 16].")
    #expect(message { $0.tensors[mu].values[3] = .nan }.contains("tensor 'rnn_cell.mu' holds nan at entry 3"))
    #expect(
      message { $0.tensors.append(NamedTensor(name: "lstm.bias", shape: [1], values: [0])) }
        .contains("tensor 'lstm.bias' is no part of this model"))
    let mask = good.tensors.firstIndex { $0.name == "rnn_cell.sparsity_mask" }!
    #expect(message { $0.tensors[mask].values[0] = 0.5 }.contains("holds 0.5, but a mask has only 0 and 1"))
    #expect(message { $0.metadata["ganglion"] = "9" }.contains("version 9, but only 1 and 2 can be read; use a newer"))
    #expect(message { $0.metadata["specification"] = "{" }.contains("'specification' in the header"))
    #expect(message { $0.metadata["pruned"] = "[[99,0]]" }.contains("[99, 0]"))
  }
}
