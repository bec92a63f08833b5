import Circuits
import Learning
import Tasks
import Terminal

/// Everything a frame is drawn from: a value. Views are pure functions of it, actions turn one into the next.
public struct Scene: Sendable {
  // What is looked at.
  public var model: Model<Float>
  /// The same model in double precision, for what must be exact.
  public var precise: Model<Double>
  public var task: TaskData
  public var options: TrainingOptions
  public var snapshot: Snapshot
  /// The probe's recent past, oldest first.
  public var moments: [Probe.Moment] = []
  /// Moments since the probe began.
  public var momentTotal = 0
  public var reading: Reading?
  public var spectrum: Spectrum?

  // How it is looked at.
  public var selection = Selection(post: 0)
  /// The pane the keys speak to, by its view's name.
  public var focus = "states"
  public var zoomed = false
  public var form = CoefficientForm.feature
  /// The output whose prediction is drawn.
  public var output = 0
  public var scales = Scales()
  public var diverging = Palette.blueOrange
  public var sequential = Palette.viridis
  public var probePaused = false
  /// Probe steps a second.
  public var probeSpeed = 10.0
  public var mode = Mode.normal
  public var message: Message?
  public var readOnly = false
  public var stats: Stats?
  /// Seconds since the start, of the program's clock.
  public var time = 0.0
  /// Seconds spent training, and how many of them when last saved.
  public var trainedSeconds = 0.0
  public var savedSeconds = 0.0

  public init(
    model: Model<Float>, precise: Model<Double>, task: TaskData, options: TrainingOptions, snapshot: Snapshot
  ) {
    self.model = model
    self.precise = precise
    self.task = task
    self.options = options
    self.snapshot = snapshot
    scales.fit(to: self)
  }

  /// What the keys do at the moment.
  public enum Mode: Sendable, Equatable {
    case normal
    /// The list of keys; `filter` as typed, `selected` counts the shown ones.
    case help(filter: String, selected: Int)
    /// The command line.
    case palette(String)
    /// Looking for a neuron or synapse by name.
    case find(String)
    /// Typing a new value for the selected parameter.
    case edit(parameter: Int, text: String)
    /// A question that `enter` or the same key answers with yes.
    case confirm(question: String)
  }

  /// A sentence in the footer.
  public struct Message: Sendable, Equatable {
    public var text: String
    public var isError: Bool
    /// `Scene.time` at which it goes.
    public var until: Double
  }

  /// What drawing costs.
  public struct Stats: Sendable, Equatable {
    public var bytes = 0
    public var microseconds = 0.0
    public var composeMicroseconds = 0.0
    public var frames = 0
    public init() {}
  }

  public mutating func say(_ text: String, isError: Bool = false) {
    message = Message(text: text, isError: isError, until: time + (isError ? 8 : 4))
  }

  public var isTraining: Bool { snapshot.status == .training }
  public var neurons: Int { model.neurons }

  public func isPruned(_ synapse: Synapse) -> Bool {
    model.wiring.has(synapse) && snapshot.connections[synapse.index(neurons: neurons)] == 0
  }

  /// Whether every parameter of the synapse is frozen.
  public func isFrozen(_ synapse: Synapse) -> Bool {
    let own = model.parameters(of: synapse)
    return !own.isEmpty && own.allSatisfy { snapshot.frozen[$0.index] }
  }

  public func isFrozen(neuron: Int) -> Bool {
    let own = model.parameters(ofNeuron: neuron)
    return !own.isEmpty && own.allSatisfy { snapshot.frozen[$0.index] }
  }

  /// The value the inspector edits: the synapse's first tensor (its maximal weight), or the neuron's first.
  public var selectedParameter: Int? {
    if let synapse = selection.synapse { return model.parameters(of: synapse).first?.index }
    return model.parameters(ofNeuron: selection.post).first?.index
  }
}

/// Ranges of colours and axes: fixed while playing, so that nothing flickers; re-fitted by a key.
public struct Scales: Sendable, Equatable {
  public var states = Scale(-1, 1)
  /// The range of each neuron's own state, for traces that are one row high.
  public var neurons: [Scale] = []
  public var conductances = Scale(-1, 1)
  public var coefficients = Scale(-10, 10)
  /// Re and Im of eigenvalues.
  public var real = Scale(-20, 2)
  public var imaginary = Scale(-5, 5)

  public init() {}

  /// Fits them to what the scene shows now.
  mutating func fit(to scene: Scene) {
    let model = scene.model
    if let reversal = model.layout["erev"]?.range {
      let potentials = reversal.map { Double(scene.snapshot.values[$0]) }
      states = Scale(min(-1, potentials.min() ?? -1), max(1, potentials.max() ?? 1))
    }
    if let shown = Scale.range(scene.moments.flatMap { $0.state.prefix(model.neurons) }) {
      states = Scale(min(-0.5, shown.low * 1.05), max(0.5, shown.high * 1.05))
    }
    neurons = (0..<model.neurons).map { neuron in
      let past = scene.moments.suffix(240).map { $0.state[neuron] }
      return Scale.range(past).map { Self.padded($0.low, $0.high) } ?? states
    }
    if let weights = model.layout.tensors.first(where: { $0.declaration.owner == .synapse })?.range {
      let largest = weights.map { abs(Double(scene.snapshot.values[$0])) }.max() ?? 1
      conductances = Scale(-max(largest, 1e-6), max(largest, 1e-6))
    }
    // The diagonal of A is much larger than the rest, which is what one wants to see: the 95th percentile is the end.
    if let a = scene.reading?.coefficients?.a.elements.map(abs).filter({ $0 > 0 && $0.isFinite }).sorted(), !a.isEmpty {
      let end = a[Int(Double(a.count - 1) * 0.95)]
      coefficients = Scale(-end, end)
    }
    if let spectrum = scene.spectrum {
      let all = spectrum.a + spectrum.jacobian
      if let span = Scale.range(all.map(\.real)) {
        real = Scale(span.low * (span.low < 0 ? 1.5 : 0.5) - 0.1, max(span.high * 1.5, 0.5))
      }
      let height = all.map { abs($0.imaginary) }.max() ?? 0
      imaginary = Scale(-max(1.2 * height, 1), max(1.2 * height, 1))
    }
  }
}

extension Scales {
  func neuron(_ index: Int) -> Scale { index < neurons.count ? neurons[index] : states }

  /// A little wider than what was seen, and never so narrow that rounding would be drawn.
  private static func padded(_ low: Double, _ high: Double) -> Scale {
    let margin = max((high - low) * 0.1, 0.01)
    return Scale(low - margin, high + margin)
  }

  /// Widens the states' range, never narrows it, where a state left it: by a quarter, so that it happens seldom.
  mutating func expandStates(to values: some Sequence<Float>) {
    for (neuron, value) in values.enumerated() where neuron < neurons.count && value.isFinite {
      let (own, value) = (neurons[neuron], Double(value))
      if value < own.low || value > own.high {
        neurons[neuron] = Self.padded(min(own.low, value), max(own.high, value))
      }
    }
    guard let shown = Scale.range(Array(values)), shown.low < states.low || shown.high > states.high else { return }
    states = Scale(
      shown.low < states.low ? shown.low * 1.25 : states.low, shown.high > states.high ? shown.high * 1.25 : states.high
    )
  }
}

extension Scales {
  /// Widens the plane of the eigenvalues, never narrows it, where one left it.
  mutating func expandPlane(to spectrum: Spectrum) {
    let all = spectrum.a + spectrum.jacobian
    guard let span = Scale.range(all.map(\.real)), let height = Scale.range(all.map { abs($0.imaginary) }) else {
      return
    }
    if span.low < real.low || span.high > real.high {
      real = Scale(span.low < real.low ? span.low * 2 : real.low, span.high > real.high ? span.high * 2 : real.high)
    }
    if height.high > imaginary.high { imaginary = Scale(-2 * height.high, 2 * height.high) }
  }
}

extension Model where Scalar == Float {
  /// The same model in double precision.
  public func precise() throws -> Model<Double> { try Model<Double>(specification, wiring: wiring) }
}

extension Scale {
  /// The least and greatest finite value, `nil` where there is none.
  static func range(_ values: [some BinaryFloatingPoint]) -> (low: Double, high: Double)? {
    let finite = values.map { Double($0) }.filter(\.isFinite)
    guard let low = finite.min(), let high = finite.max() else { return nil }
    return (low, high)
  }
}

extension Scene {
  /// Seconds of training since the start or the last save.
  public var unsavedSeconds: Double { trainedSeconds - savedSeconds }
}
