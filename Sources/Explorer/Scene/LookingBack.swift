import Analysis
import Circuits
import Learning
import LinearAlgebra

/// What there is to be looked at beside the network of now: moments of its past, another network to compare with, and
/// networks that share its past.
public struct Past: Sendable {
  /// Where the weights are recorded; `nil` where they are not. Read between frames, never while drawing.
  public var history: WeightHistory?
  /// The moments there are, as of the last frame that showed them, steps ascending.
  public var moments: [WeightHistory.Moment] = []
  /// The moment that is looked at instead of now.
  public var shown: WeightHistory.State?
  /// The trainer's newest snapshot while a moment of the past is looked at.
  public var newest: Snapshot?
  /// Where a key or the mouse wants to go, until the program has gone there.
  public var sought: Goal?
  public var playback = Playback()
  /// What is compared with, run along the same stretch of data; `nil` where nothing is.
  public var reference: Reference?
  /// The trunk that this network was forked from, and its own forks.
  public var relatives: [Relative] = []

  public init() {}

  public enum Goal: Sendable, Equatable {
    /// The newest moment recorded at or before that step.
    case step(Int)
    case now
  }

  /// Walking from moment to moment by itself.
  public struct Playback: Sendable, Equatable {
    public var isRunning = false
    /// Moments a second.
    public var speed = 8.0
    /// Moments that time has brought and that were not gone yet, some of one.
    var owed = 0.0
    public init() {}
  }

  /// Another state of the same network, on the same data.
  public struct Reference: Sendable {
    public var step: Int
    /// Whether it is the pinned moment; otherwise it is now.
    public var isPin: Bool
    /// P, effective.
    public var values: [Float]
    public var connections: [Float]
    public var moments: [Probe.Moment] = []
    public var reading: Reading?
    public var spectrum: Spectrum?

    public init(step: Int, isPin: Bool, values: [Float], connections: [Float]) {
      (self.step, self.isPin, self.values, self.connections) = (step, isPin, values, connections)
    }
  }

  /// A network with which this one has its first steps in common.
  public struct Relative: Sendable {
    /// "trunk", or "fork 2".
    public var name: String
    /// Where the two part.
    public var step: Int
    public var snapshot: Snapshot
  }
}

extension Snapshot {
  /// Tells of `newest` whatever is not the network itself: whether it trains, what was answered, the curve.
  fileprivate func following(_ newest: Snapshot) -> Snapshot {
    var shown = newest
    (shown.step, shown.values, shown.connections, shown.frozen) = (step, values, connections, frozen)
    (shown.gradient, shown.learningRate, shown.gradientNorm) = (gradient, learningRate, nil)
    shown.trainLoss = newest.curve.training.last { $0.step <= step }?.value
    shown.heldOut = newest.heldOut(at: step)
    return shown
  }

  /// The newest held-out loss measured by `step`; its metrics only where it is the newest of all.
  func heldOut(at step: Int) -> Evaluator<Float>.Result? {
    guard let last = curve.heldOut.last(where: { $0.step <= step }) else { return nil }
    if last == curve.heldOut.last { return heldOut }
    return Evaluator<Float>.Result(loss: last.value, metrics: [:], steps: heldOut?.steps ?? 0)
  }
}

extension Scene {
  public var past: Past {
    _read { yield network.past }
    _modify { yield &network.past }
  }

  /// Whether what is shown is a moment of the past.
  public var isLookingBack: Bool { network.past.shown != nil }

  /// The trainer's newest snapshot, whatever is shown.
  public var newest: Snapshot { network.past.newest ?? network.snapshot }

  /// Takes what the trainer said last: what is shown changes by it only where now is shown.
  public mutating func take(_ latest: Snapshot) {
    guard isLookingBack else {
      network.snapshot = latest
      return
    }
    network.past.newest = latest
    network.snapshot = network.snapshot.following(latest)
  }

  /// Shows a recorded moment instead of now, everywhere; gradients of then were not recorded and count as unknown.
  public mutating func lookBack(at state: WeightHistory.State) {
    let latest = newest
    network.past.newest = latest
    network.past.shown = state
    var shown = network.snapshot
    shown.step = state.moment.step
    shown.values = model.effective(state.values)
    (shown.connections, shown.frozen) = (state.connections, state.frozen)
    shown.gradient = [Float](repeating: .nan, count: state.values.count)
    shown.learningRate = state.moment.learningRate ?? latest.learningRate
    network.snapshot = shown.following(latest)
    network.spectra = []
  }

  /// Shows the newest network again.
  public mutating func lookAtNow() {
    guard let latest = network.past.newest else { return }
    (network.past.shown, network.past.newest) = (nil, nil)
    network.past.playback.isRunning = false
    network.snapshot = latest
    network.spectra = []
  }

  /// What then is compared with: the pinned moment where there is one, otherwise now. Nothing where both are the same.
  var wantedReference: (step: Int, isPin: Bool, values: [Float], connections: [Float])? {
    if let pin = network.pin {
      return pin.step == snapshot.step ? nil : (pin.step, true, pin.values, pin.connections)
    }
    return network.past.newest.map { ($0.step, false, $0.values, $0.connections) }
  }
}
