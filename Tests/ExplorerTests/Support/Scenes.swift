import Analysis
import Circuits
import Explorer
import Experiments
import Learning
import Synchronization
import Tasks
import Terminal

/// Scenes that are the same on every machine and every day: a task, a seed, a fixed number of steps, a clock that stands.
enum SceneState: String, CaseIterable, Sendable {
  /// Nothing has been trained and nothing measured.
  case fresh
  case training, paused
  /// Training met a value that is not finite.
  case stopped
  case readOnly
  case oneNeuron
  /// 300 of them (fewer where nothing is optimised), one in ten possible synapses.
  case manyNeurons
  /// A network without a single synapse.
  case noSynapses
  /// Pruned, frozen and edited.
  case operated
  /// States, weights, losses and eigenvalues that are NaN or infinite.
  case notFinite
  /// As large as numbers get.
  case huge
  /// Three yes/no labels, some of them unknown.
  case labels
  /// One of several classes.
  case classes
  /// Models are being compared; one run met a value that is not finite.
  case comparing
  /// A spiking network runs, was measured, and is searched for a better one.
  case spiking
  /// A moment of the past is looked at beside now, and the rank of what was learned is known.
  case lookingBack

  /// Made once each, when first asked for.
  var scene: Scene {
    Self.made.withLock { made in
      if let scene = made[self] { return scene }
      let scene = try! make()
      made[self] = scene
      return scene
    }
  }

  #if DEBUG
    private static let many = 70
  #else
    private static let many = 300
  #endif

  private static let made = Mutex<[SceneState: Scene]>([:])

  private func make() throws -> Scene {
    switch self {
    case .fresh: return try Laboratory(neurons: 16).scene(steps: 0, moments: 0, status: .paused)
    case .training: return try Laboratory(neurons: 16).scene(steps: 24, moments: 96, status: .training)
    case .paused: return try Laboratory(neurons: 16).scene(steps: 24, moments: 96, status: .paused)
    case .stopped:
      let sentence =
        "Training stopped: the gradient at sigma[3, 7] became nan in step 25. The last good parameters are kept. "
        + "Try a smaller learning rate, gradient clipping (--clip 1), or undo the last change."
      return try Laboratory(neurons: 16).scene(steps: 24, moments: 96, status: .stopped(sentence))
    case .readOnly:
      var scene = try Laboratory(neurons: 16).scene(steps: 3, moments: 9, status: .paused)
      scene.session.readOnly = true
      return scene
    case .oneNeuron: return try Laboratory(neurons: 1, wiring: "all").scene(steps: 3, moments: 9, status: .training)
    case .manyNeurons:
      return try Laboratory(neurons: Self.many, wiring: "random:0.1").scene(steps: 1, moments: 4, status: .training)
    case .noSynapses:
      return try Laboratory(neurons: 5, wiring: "random:0").scene(steps: 3, moments: 9, status: .paused)
    case .operated: return try Laboratory(neurons: 16).operated()
    case .notFinite: return try Laboratory(neurons: 16).broken(by: [.nan, .infinity, -.infinity])
    case .huge:
      return try Laboratory(neurons: 16).broken(by: [
        .greatestFiniteMagnitude, -.greatestFiniteMagnitude, .leastNonzeroMagnitude,
      ])
    case .labels: return try Laboratory(task: .labels, neurons: 12).scene(steps: 6, moments: 40, status: .training)
    case .classes: return try Laboratory(task: .classes, neurons: 12).scene(steps: 6, moments: 40, status: .paused)
    case .lookingBack: return try Laboratory(neurons: 16).lookingBack()
    case .comparing:
      var scene = try Laboratory(neurons: 16).scene(steps: 3, moments: 9, status: .paused)
      scene.activities = [try .test(ComparisonTable.test())]
      scene.look.focus = "compare"
      return scene
    case .spiking:
      var scene = try Laboratory(neurons: 16).scene(steps: 3, moments: 9, status: .paused)
      let engine = try SpikeEngine(.test())
      let effects: [SpikeCommand] = [.follow(7, true), .follow(110, true), .select(neuron: 12, synapse: nil)]
      for command in effects { engine.perform(command) }
      for _ in 0..<2_600 { engine.advance() }
      let fanIn = engine.picture(.running).detail.synapses
      engine.perform(.freeze([fanIn[1].index], true))
      engine.perform(.prune([fanIn[2].index]))
      engine.perform(.select(neuron: 12, synapse: fanIn[0].index))
      for _ in 0..<600 { engine.advance() }
      scene.show(engine)
      scene.activities += [.test(CapacityMeasurement.Picture.test), .test(MemorySearch.Picture.test)]
      scene.look.focus = "spikes"
      scene.spikesView.selection = Selection(post: 12, pre: fanIn[0].source)
      scene.spikesView.kept = [7, 110]
      return scene
    }
  }
}

/// A model, its task, and a session that is driven by hand.
struct Laboratory {
  let model: Model<Float>
  let task: TaskData
  let options: TrainingOptions
  let session: TrainingSession

  init(task: TaskData = .sine, neurons: Int, wiring: String = "ncp", cell: String = "ltc") throws {
    self.task = task
    model = try .test(task, neurons: neurons, wiring: wiring, cell: cell)
    var options = TrainingOptions(task, seed: 1, threads: 1)
    options.evaluateEvery = 6
    self.options = options
    session = try TrainingSession(model: model, task: task, options: options)
  }

  /// After `steps` steps of training and `moments` of the probe.
  func scene(steps: Int, moments: Int, status: Snapshot.Status) throws -> Scene {
    for _ in 0..<steps { try session.advance() }
    var snapshot = session.snapshot(version: 1, status: status, stepsPerSecond: status == .training ? 1318 : 0)
    snapshot.values = snapshot.values.map(Self.rounded)
    snapshot.gradient = snapshot.gradient.map(Self.rounded)
    var scene = try Scene(
      model: model, precise: Model<Double>(model.specification, wiring: model.wiring), task: task, options: options,
      snapshot: snapshot)
    scene.time = 12
    scene.measure(moments)
    return scene
  }

  /// Processors differ in the last bits of a sum, and pictures should not.
  static func rounded(_ value: Float) -> Float { (value * 4096).rounded() / 4096 }
}

extension Scene {
  /// Lets a probe run over the scene's weights and fills in what follows from it.
  mutating func measure(_ count: Int) {
    var probe = Probe(model: model, task: task)
    for _ in 0..<count { probe.advance(values: snapshot.values, connections: snapshot.connections) }
    moments = probe.past
    network.momentTotal = probe.total
    read()
  }

  /// Coefficients, conductances and eigenvalues of the last moment, and ranges that fit.
  mutating func read() {
    guard let moment = moments.last else { return }
    let point = NetworkPoint(precise, snapshot, moment)
    reading = Reading(at: point, form: look.form)
    // Rounding alone, and so another number on every processor.
    if reading?.residual.isFinite == true { reading?.residual = 3e-16 }
    if let found = try? Spectrum(at: point, form: look.form) { network.spectrum = found }
    _ = Actions.run(Actions.named("fit")!, on: &self)
    message = nil
  }
}

extension Model where Scalar == Float {
  static func test(_ task: TaskData, neurons: Int, wiring: String = "ncp", cell: String = "ltc") throws -> Model {
    try Model(
      ModelSpecification(
        cell: cell, neurons: neurons, wiring: wiring, seed: 1, inputNames: task.inputs.map(\.name),
        outputNames: task.outputNames, timeUnit: task.timeUnit))
  }
}
