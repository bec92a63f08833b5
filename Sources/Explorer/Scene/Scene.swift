import Circuits
import Learning
import Tasks
import Terminal

/// Everything a frame is drawn from: a value. Views are pure functions of it, actions turn one into the next.
public struct Scene: Sendable {
  /// What is looked at.
  public var network: Network
  /// How it is looked at.
  public var look = Look()
  /// What single views remember.
  public var views = ViewStates()
  /// How far this set-up has come, and whether there are others.
  public var session = Session()
  /// What runs beside the screen, or has run, oldest first.
  public var activities: [ActivityState] = []
  /// What the keys do at the moment.
  public var mode = Mode.normal
  public var message: Message?
  /// What drawing costs, where that is shown.
  public var stats: Stats?
  /// Seconds since the start, of the program's clock.
  public var time = 0.0

  public init(
    model: Model<Float>, precise: Model<Double>, task: TaskData, options: TrainingOptions, snapshot: Snapshot
  ) {
    network = Network(model: model, precise: precise, task: task, options: options, snapshot: snapshot)
    if let first = forms.first, !forms.contains(look.form) { look.form = first }
    network.scales.fit(to: self)
  }

  /// What one view remembers; its first state where nothing was changed.
  subscript<V: View>(_ view: V.Type) -> V.State {
    _read { yield views[V.State.self] }
    _modify { yield &views[V.State.self] }
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
    /// A question that `enter`, `y` or `q` answers with yes, and what happens then.
    case confirm(question: String, then: [Effect])
    /// What a pruning would do, before it is done.
    case preview(PrunePreview)
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
    /// Snapshots that the trainer made and that no frame showed.
    public var dropped = 0
    /// Frames drawn while training without a newer snapshot than the frame before: it was asked for and not yet there.
    public var late = 0
    /// Steps a second with and without drawing, once measured.
    public var rates: Rates?
    public init() {}

    public struct Rates: Sendable, Equatable {
      public var drawing: Double
      public var resting: Double
    }
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
    let index = synapse.index(neurons: neurons)
    return masks.frozen.indices.contains(index) && masks.frozen[index]
  }

  public func isFrozen(neuron: Int) -> Bool {
    masks.frozenNeurons.indices.contains(neuron) && masks.frozenNeurons[neuron]
  }

  /// The value the inspector edits: the synapse's weight, or the neuron's first.
  public var selectedParameter: Int? {
    if let synapse = selection.synapse { return model.weight(of: synapse) }
    return model.parameters(ofNeuron: selection.post).first?.index
  }
}

extension Model where Scalar == Float {
  /// The same model in double precision.
  public func precise() throws -> Model<Double> { try Model<Double>(specification, wiring: wiring) }
}

extension Scene {
  /// Seconds of training since the start or the last save.
  public var unsavedSeconds: Double { session.trainedSeconds - session.savedSeconds }
}
