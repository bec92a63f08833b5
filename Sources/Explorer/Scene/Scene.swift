import Analysis
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
  public var snapshot: Snapshot {
    didSet {
      if snapshot.connections != oldValue.connections || snapshot.frozen != oldValue.frozen {
        masks = connectivity.masks(snapshot)
      }
    }
  }
  /// Who drives whom.
  public let connectivity: Connectivity
  /// What of it is frozen and how much is left, as the snapshot says.
  public private(set) var masks: Masks
  /// The probe's recent past, oldest first.
  public var moments: [Probe.Moment] = []
  /// Moments since the probe began.
  public var momentTotal = 0
  public var reading: Reading?
  public var spectrum: Spectrum?
  /// Spectra of the recent past, oldest first: the trail of the eigenvalues.
  public var spectra: [Spectrum] = []
  /// A moment that was kept to compare with.
  public var pin: Pin?
  /// Commands whose effect on the held-out loss is still to be measured.
  public var awaited: [Awaited] = []
  /// What the confirmed preview predicted, until its command is answered.
  var predictedChange: Double?

  // How it is looked at.
  public var selection = Selection(post: 0)
  /// The pane the keys speak to, by its view's name.
  public var focus = "states"
  public var zoomed = false
  public var form = CoefficientForm.feature
  /// Which of its pictures a view shows, by the view's name; the first where there is none.
  public var shown: [String: String] = [:]
  /// The neuron on the other axis of the phase portrait.
  public var companion: Int?
  /// Whether matrices show the difference to the pinned moment.
  public var showsDifference = false
  /// The output whose prediction is drawn.
  public var output = 0
  public var scales = Scales()
  public var diverging = Palette.blueOrange
  public var sequential = Palette.viridis
  /// Levels of the maps' cells as last drawn, so that they do not flicker.
  public var levels = MapLevels()
  public var glyphs = GlyphTier.braille
  /// What the terminal can show at most.
  public var richestGlyphs = GlyphTier.braille
  public var probePaused = false
  /// Probe steps a second.
  public var probeSpeed = 10.0
  /// What runs beside the screen, or has run, oldest first.
  public var activities: [ActivityState] = []
  /// How the comparison is looked at.
  var comparisonChoices = ComparisonViewState.Choices()
  public var mode = Mode.normal
  /// Whether the picture stands still while training goes on.
  public var standsStill = false
  public var typedLines = TypedLines()
  public var splits = Splits()
  /// Whether the solver's sub-steps suit the circuit; `nil` where every step does, or before it is known.
  public var stiffness: Stiffness?
  public var message: Message?
  public var readOnly = false
  /// Whether training was last told to go on or to pause, until that is answered: a key that comes meanwhile means the
  /// opposite of that.
  public var askedToTrain: Bool?
  public var stats: Stats?
  /// Seconds since the start, of the program's clock.
  public var time = 0.0
  /// Seconds spent training, and how many of them when last saved.
  public var trainedSeconds = 0.0
  public var savedSeconds = 0.0
  /// Of set-ups that were left and can be returned to.
  public var otherUnsavedSeconds = 0.0
  /// Whether there is a set-up to return to, or to go on to.
  public var hasEarlier = false
  public var hasLater = false

  public init(
    model: Model<Float>, precise: Model<Double>, task: TaskData, options: TrainingOptions, snapshot: Snapshot
  ) {
    self.model = model
    self.precise = precise
    self.task = task
    self.options = options
    self.snapshot = snapshot
    connectivity = Connectivity(model)
    masks = connectivity.masks(snapshot)
    if let first = forms.first, !forms.contains(form) { form = first }
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
  public var unsavedSeconds: Double { trainedSeconds - savedSeconds }
}
