import Circuits
import Learning
import Samples
import Testing

@Suite("Patterns that name parameters") struct ParameterSelectorTests {
  let model: Model<Float>
  init() throws { model = try Sample.model(Sample.task()) }

  private func names(_ pattern: String) throws -> Set<String> {
    Set(try ParameterSelector.resolve(pattern, in: model).map { model.layout.locate($0)!.tensor.name })
  }

  private func message(_ pattern: String) -> String {
    do {
      _ = try ParameterSelector.resolve(pattern, in: model)
      return ""
    } catch { return "\(error)" }
  }

  @Test func presetsAndTensors() throws {
    #expect(try ParameterSelector.resolve("all", in: model) == Array(0..<model.layout.count))
    #expect(try ParameterSelector.resolve("mu", in: model) == Array(model.layout["mu"]!.range))
    #expect(try names("weights") == ["w", "sensory_w", "erev", "sensory_erev", "input_w", "output_w"])
    #expect(try names("biases") == ["mu", "sensory_mu", "vleak", "input_b", "output_b"])
    #expect(try names("readout") == ["output_w", "output_b"])
  }

  @Test func quantitiesInThePlural() throws {
    #expect(try names("output") == names("readout"))
    #expect(try names("time-constants") == ["gleak", "cm"])
    #expect(try names("reversal-potentials") == ["erev", "sensory_erev"])
    #expect(try names("reversal potentials") == ["erev", "sensory_erev"])
    #expect(try names("tensor:Reversal potentials") == ["erev", "sensory_erev"])
    #expect(try names("conductances") == ["w", "sensory_w", "gleak"])
    #expect(try names("leak conductances") == ["gleak"])
    #expect(try names("half-activations") == ["mu", "sensory_mu"])
    #expect(try names("slopes") == ["sigma", "sensory_sigma"])
    for word in ParameterSelector.words(in: model.layout) { #expect(try !names(word).isEmpty, "\(word)") }
  }

  /// What presets of training name is there, or is refused with what there is instead.
  @Test(arguments: Cells.all.map(\.name)) func presetsOfEveryModel(name: String) throws {
    let other = try Model<Float>(
      ModelSpecification(cell: name, neurons: 4, inputNames: ["u"], outputNames: ["y"]))
    for preset in [
      "biases", "weights", "output", "time-constants", "reversal-potentials", "conductances", "half-activations",
      "slopes",
    ] {
      let here = ParameterSelector.words(in: other.layout).contains(preset)
      do {
        #expect(try here == !ParameterSelector.resolve(preset, in: other).isEmpty, "\(preset)")
      } catch {
        #expect(!here && "\(error)".hasPrefix("There is no parameter '\(preset)'."), "\(preset): \(error)")
      }
    }
    #expect(try !ParameterSelector.resolve("weights", in: other).isEmpty)
    #expect(try !ParameterSelector.resolve("output", in: other).isEmpty)
  }

  @Test func neuronsAndSynapses() throws {
    #expect(try names("neuron:motor 0") == ["gleak", "vleak", "cm"])
    #expect(
      try ParameterSelector.resolve("neuron:0", in: model) == ParameterSelector.resolve("neuron:motor 0", in: model))
    let synapse = try #require(model.wiring.synapses.first { $0.post == 0 })
    let text = "\(model.wiring.sourceName(synapse.pre))>motor 0"
    #expect(try names("synapse:" + text) == ["w", "mu", "sigma", "erev"])
    let fanIn = model.wiring.synapses.count { $0.post == 0 }
    #expect(try ParameterSelector.resolve("fan-in:motor 0", in: model).count == 4 * fanIn)
    #expect(try names("fan-out:wave") == ["sensory_w", "sensory_mu", "sensory_sigma", "sensory_erev"])
  }

  @Test func complementsCoverTheRest() throws {
    for pattern in ["mu", "weights", "neuron:motor 0", "all-but:biases", "all"] {
      let (own, rest) = (
        try ParameterSelector.resolve(pattern, in: model),
        try ParameterSelector.resolve("all-but:" + pattern, in: model)
      )
      #expect((own + rest).sorted() == Array(0..<model.layout.count))
      #expect(own == own.sorted() && rest == rest.sorted())
    }
  }

  @Test func messagesSayWhatThereIs() {
    #expect(message("sigm").hasPrefix("There is no parameter 'sigm'. Did you mean 'sigma'? There are: w, "))
    #expect(message("neuron:motr 0").hasPrefix("There is no neuron 'motr 0'. Did you mean 'motor 0'?"))
    #expect(
      message("synapse:motor 0") == "'motor 0' does not name a synapse: write PRE>POST, for example 'inter 3>motor 0'.")
    #expect(message("synapse:motor 0>motor 0") == "There is no synapse motor 0→motor 0 in this wiring.")
    #expect(message("layer:motor").hasPrefix("There is no kind of pattern 'layer'."))
    #expect(message("all-but:nothing").hasPrefix("There is no parameter 'nothing'."))
    #expect(message("").hasPrefix("There is no parameter ''."))
  }
}
