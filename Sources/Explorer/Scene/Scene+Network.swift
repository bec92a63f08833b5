import Analysis
import Circuits
import Learning
import Tasks

extension Scene {
  /// The network that is looked at: what it is, what the trainer last said of it, and what it does at the probe's present
  /// moment.
  public struct Network: Sendable {
    public let model: Model<Float>
    /// The same model in double precision, for what must be exact.
    public let precise: Model<Double>
    public let task: TaskData
    public let options: TrainingOptions
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
    /// What the newest weights do at the last moment, as far as something on the screen shows it.
    public var reading: Reading?
    public var spectrum: Spectrum?
    /// Spectra of the recent past, oldest first: the trail of the eigenvalues.
    public var spectra: [Spectrum] = []
    /// Whether the solver's sub-steps suit the circuit; `nil` where every step does, or before it is known.
    public var stiffness: Stiffness?
    /// A moment that was kept to compare with.
    public var pin: Pin?
    /// Commands whose effect on the held-out loss is still to be measured.
    public var awaited: [Awaited] = []
    /// What the confirmed preview predicted, until its command is answered.
    var predictedChange: Double?
    /// What was before now.
    public var past = Past()
    /// Ranges of colours and axes.
    public var scales = Scales()

    init(model: Model<Float>, precise: Model<Double>, task: TaskData, options: TrainingOptions, snapshot: Snapshot) {
      (self.model, self.precise, self.task, self.options) = (model, precise, task, options)
      self.snapshot = snapshot
      connectivity = Connectivity(model)
      masks = connectivity.masks(snapshot)
    }
  }

  // What nearly every view asks for, by a shorter way; nothing is copied.

  public var model: Model<Float> { _read { yield network.model } }
  public var precise: Model<Double> { _read { yield network.precise } }
  public var task: TaskData { _read { yield network.task } }
  public var connectivity: Connectivity { _read { yield network.connectivity } }
  public var masks: Masks { _read { yield network.masks } }
  public var snapshot: Snapshot {
    _read { yield network.snapshot }
    _modify { yield &network.snapshot }
  }
  public var moments: [Probe.Moment] {
    _read { yield network.moments }
    _modify { yield &network.moments }
  }
  public var reading: Reading? {
    _read { yield network.reading }
    _modify { yield &network.reading }
  }
  public var selection: Selection {
    _read { yield look.selection }
    _modify { yield &look.selection }
  }

  /// Whether there are gates to look at: the model has them and the probe has made a step.
  var hasGates: Bool { network.reading != nil && network.model.hasGates }
  /// Whether there are A, B and c to look at.
  var hasCoefficients: Bool { network.reading != nil && !forms.isEmpty }
}
