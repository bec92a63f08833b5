import ArgumentParser
import Spiking

extension NeuronModel.Reset: ExpressibleByArgument {}
extension PlasticityRule.Bounds: ExpressibleByArgument {}

/// A spiking network in words, the same for `ganglion spikes` and for the explorer's Spikes view. Times are in ms.
struct SpikingOptions: ParsableArguments {
  @Option(help: "How many neurons.") var neurons = 300
  @Option(help: "The share 0…1 of them that inhibit.") var inhibitory = 0.2
  @Option(help: "Synapses from other neurons onto each neuron (30, or as many as there are, unless told).")
  var connections: Int?
  @Option(
    help: ArgumentHelp(
      "Neighbours on a ring, each replaced by any neuron with this probability (all at random unless told).",
      valueName: "probability"))
  var smallWorld: Double?
  @Option(
    help: ArgumentHelp(
      "Membrane time constants: one for all, or drawn: gamma:SHAPE:MEAN, normal:SHAPE:MEAN, uniform:SHAPE:MEAN.",
      valueName: "ms"), transform: { try Spread(parsing: $0) })
  var tau = Spread.equal(10)
  @Option(help: "The potential above which a neuron fires.") var threshold = 1.0
  @Option(help: "What a spike does to the potential: rest (sets it to 0), subtract (takes the threshold off).")
  var reset = NeuronModel.Reset.rest
  @Option(help: ArgumentHelp("How long a neuron is held after a spike.", valueName: "ms")) var refractory = 2.0
  @Option(help: "What a spike that arrives is: a current, or a conductance (towards 4 and −1 times the threshold).")
  var synapses = SynapseForm.current
  @Option(
    help: ArgumentHelp(
      "Excitatory synapses learn by spike timing: A+,A-,T+,T-, each a number or a spread as of --tau (A in shares of the "
        + "largest weight, T in ms); for example 0.01,0.0105,20,20.", valueName: "A+,A-,T+,T-"))
  var stdp: String?
  @Option(help: "How --stdp keeps weights within 0 and three times the mean: hard or soft.")
  var bounds = PlasticityRule.Bounds.hard
  @Option(
    help: ArgumentHelp(
      "Thresholds (with scaling: in front, weights) follow the rates: the share of the error that is corrected every 500 "
        + "ms, and the rate aimed at.", valueName: "share:hz"))
  var homeostasis: String?
  @Option(help: ArgumentHelp("The length of a step.", valueName: "ms")) var step = 0.1
  @Option(help: "Draws the network and what is random about its input.") var seed: UInt64 = 1

  enum SynapseForm: String, ExpressibleByArgument { case current, conductance }

  /// The largest network that is built: 28 to 44 bytes a synapse.
  static let (mostNeurons, mostSynapses) = (1_000_000, 20_000_000)

  /// What needs no other option is refused here; the rest in sentences where it is made.
  func validate() throws {
    guard (1...Self.mostNeurons).contains(neurons) else {
      throw ValidationError("--neurons \(neurons) cannot be: use a number from 1 to \(Self.mostNeurons).")
    }
    guard (0..<neurons).contains(fanIn) else {
      throw ValidationError(
        "--connections \(fanIn) cannot be: a neuron receives from others only, of which there are \(neurons - 1).")
    }
    guard fanIn <= Self.mostSynapses / neurons else {
      throw ValidationError(
        "\(neurons) neurons with \(fanIn) synapses each are more than \(Self.mostSynapses) synapses: use fewer.")
    }
  }

  /// Synapses onto each neuron.
  var fanIn: Int { connections ?? min(30, max(neurons - 1, 0)) }

  /// Weights are such that each neuron's excitatory input is as large with few synapses as with 30.
  ///
  /// - Parameter inputs: channels on which an encoder's spikes arrive.
  func topology(inputs: Int = 0) -> Topology {
    let scale = 30 / Double(max(fanIn, 1))
    return Topology(
      neurons: neurons, inhibitoryShare: inhibitory, connections: fanIn,
      recurrence: smallWorld.map { .smallWorld(rewiring: $0) } ?? .random,
      excitatoryWeight: .gamma(shape: 4, mean: 0.1 * scale), inhibitoryWeight: .gamma(shape: 4, mean: 0.4 * scale),
      delay: .uniform(shape: 3, mean: 2), inputs: inputs, inputConnections: min(inputs, 4),
      inputWeight: .gamma(shape: 4, mean: 1))
  }

  func model() -> NeuronModel {
    NeuronModel(
      timeConstant: tau, threshold: threshold, reset: reset, refractory: refractory,
      synapses: synapses == .current
        ? .current(excitatory: 5, inhibitory: 5)
        : .conductance(
          excitatory: 5, inhibitory: 5, excitatoryReversal: 4 * threshold, inhibitoryReversal: -threshold))
  }

  /// The rule that ``stdp`` names; `nil` for weights that stay as they are.
  func plasticity() throws -> PlasticityRule? {
    guard let stdp else { return nil }
    let words = stdp.split(separator: ",", omittingEmptySubsequences: false).map { $0.filter { $0 != " " } }
    guard words.count == 4 else {
      throw ValidationError("--stdp '\(stdp)' cannot be: write A+,A-,T+,T-, for example 0.01,0.0105,20,20.")
    }
    let spreads = try words.map { try Spread(parsing: $0, positive: false) }
    let rule = PlasticityRule(
      potentiation: spreads[0], depression: spreads[1], potentiationTime: spreads[2], depressionTime: spreads[3],
      bounds: bounds, maximum: Self.largestWeight(topology()))
    try rule.validate()
    return rule
  }

  /// w_max: three times the mean of the excitatory weights.
  static func largestWeight(_ topology: Topology) -> Float { Float(max(3 * topology.excitatoryWeight.mean, 1e-6)) }

  func homeostasisRule() throws -> Homeostasis? {
    guard let homeostasis else { return nil }
    let words = homeostasis.split(separator: ":", omittingEmptySubsequences: false)
    let means = words.first.flatMap { Homeostasis.Means(rawValue: String($0)) }
    let numbers = words.dropFirst(means == nil ? 0 : 1).map { Double($0) }
    guard (1...2).contains(numbers.count), let rate = numbers[0], let goal = numbers.count > 1 ? numbers[1] : 10 else {
      throw ValidationError(
        "--homeostasis '\(homeostasis)' cannot be: write SHARE or SHARE:HZ, for example 0.1:10 or scaling:0.1:10.")
    }
    let rule = Homeostasis(means: means ?? .threshold, goal: goal, rate: rate)
    try rule.validate()
    return rule
  }

  /// The run that they describe, driven by `drive` for `seconds`; a series enters as spikes where there is an encoder.
  func run(_ drive: SpikeRun.Drive, encoder: Encoder? = nil, seconds: Double) throws -> SpikeRun {
    let run = SpikeRun(
      topology: topology(inputs: encoder?.channels ?? 0), model: model(), plasticity: try plasticity(),
      homeostasis: try homeostasisRule(), drive: drive, encoder: encoder, seconds: seconds, step: step, seed: seed)
    try run.topology.validate()
    try run.model.validate()
    try run.validate()
    return run
  }
}
