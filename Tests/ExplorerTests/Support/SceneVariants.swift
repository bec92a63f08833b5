import Analysis
import Circuits
import Explorer
import Foundation
import Learning
import LinearAlgebra
import Tasks

// Networks that someone operated on, networks whose numbers went wrong, and tasks of every kind.

extension Laboratory {
  /// Some synapses pruned, a tensor, a neuron and a synapse frozen, a value edited, something undone.
  func operated() throws -> Scene {
    for _ in 0..<12 { try session.advance() }
    let synapses = model.wiring.synapses
    for synapse in stride(from: 0, to: synapses.count, by: 5).map({ synapses[$0] }) {
      _ = try session.apply(.prune([synapse]))
    }
    for pattern in ["mu", "neuron:motor 0", "synapse:\(model.wiring.name(of: synapses[1]).replacing("→", with: ">"))"] {
      _ = try session.apply(.freeze(pattern))
    }
    _ = try session.apply(.edit(parameter: ParameterName(tensor: "w", coordinates: [0, 0]), value: 0.5))
    _ = try session.apply(.undo)
    var scene = try self.scene(steps: 12, moments: 96, status: .paused)
    scene.selection = Selection(post: synapses[0].post, pre: synapses[0].pre)
    return scene
  }

  /// 24 steps with a synapse cut after twelve of them, looked at as it was after nine, beside now.
  func lookingBack() throws -> Scene {
    let history = WeightHistory(model)
    func record(_ kind: WeightHistory.Kind = .regular) {
      let state = session.learner.state
      history.record(
        step: session.step, values: state.values.map(Self.rounded), connections: state.connections,
        frozen: state.frozen, learningRate: 0.01, kind: kind)
    }
    record()
    for step in 1...23 {
      try session.advance()
      if step == 12 { _ = try session.apply(.prune([model.wiring.synapses[3]])) }
      record(step == 12 ? .intervention : .regular)
    }
    var scene = try self.scene(steps: 1, moments: 0, status: .training)
    record()
    scene.past.history = history
    scene.past.moments = history.moments
    let rank = try RankActivity(
      RankRequest("w --ranks 1:3 --restarts 3"), history: history, model: model, snapshot: scene.snapshot)
    rank.start()
    while !rank.report().status.isOver { Thread.sleep(forTimeInterval: 0.002) }
    scene.activities = [ActivityState(id: 1, report: rank.report())]
    scene.lookBack(at: history.state(at: 9)!)
    let now = scene.newest
    scene.past.reference = Past.Reference(
      step: now.step, isPin: false, values: now.values, connections: now.connections)
    scene.measure(96)
    var probe = Probe(model: model, task: task)
    for _ in 0..<96 { probe.advance(values: now.values, connections: now.connections) }
    scene.past.reference?.moments = probe.past
    let last = probe.past.last!
    let point = NetworkPoint(
      model: scene.precise, values: now.values, connections: now.connections, state: last.before, input: last.input)
    let form = scene.look.form
    scene.past.reference?.reading = Reading(at: point, form: form)
    scene.past.reference?.spectrum = try Spectrum(at: point, form: form)
    return scene
  }

  /// Every number of a trained scene in turn replaced by one of `values`.
  func broken(by values: [Float]) throws -> Scene {
    var scene = try self.scene(steps: 12, moments: 24, status: .training)
    func value(_ index: Int) -> Float { values[index % values.count] }
    func wide(_ index: Int) -> Double { value(index).isFinite ? Double(value(index)) * 1e200 : Double(value(index)) }
    for index in scene.snapshot.values.indices where index % 2 == 0 { scene.snapshot.values[index] = value(index / 2) }
    for index in scene.snapshot.gradient.indices { scene.snapshot.gradient[index] = value(index) }
    for step in 13..<60 {
      scene.snapshot.curve.append(step: step, training: wide(step))
      scene.snapshot.curve.append(step: step, heldOut: wide(step + 1))
    }
    scene.snapshot.trainLoss = wide(0)
    scene.snapshot.bestLoss = wide(1)
    scene.snapshot.learningRate = wide(0)
    scene.snapshot.gradientNorm = wide(1)
    scene.snapshot.stepsPerSecond = wide(0)
    for name in scene.snapshot.heldOut?.metrics.keys.sorted() ?? [] {
      scene.snapshot.heldOut?.metrics[name] = wide(2)
    }
    scene.snapshot.heldOut?.loss = wide(1)
    scene.measure(8)
    for index in scene.moments.indices {
      for i in scene.moments[index].state.indices { scene.moments[index].state[i] = value(index + i) }
      for i in scene.moments[index].output.indices { scene.moments[index].output[i] = value(index + i) }
      for i in scene.moments[index].target.indices { scene.moments[index].target[i] = value(index + i + 1) }
    }
    scene.read()
    scene.reading?.residual = wide(0)
    if scene.network.spectrum == nil {
      let all = (0..<16).map { Eigenvalue(real: wide($0), imaginary: wide($0 + 1)) }
      scene.network.spectrum = Spectrum(a: all, jacobian: all.reversed())
    }
    _ = Actions.run(Actions.named("fit")!, on: &scene)
    scene.message = nil
    return scene
  }
}

extension TaskData {
  static let sine = try! TaskRegistry.named("sine").load(seed: 1)

  /// Three labels of the sine's sequence, the third never known.
  static let labels: TaskData = {
    var task = sine
    task.name = "labels"
    task.targets = [Channel(name: "rising"), Channel(name: "large"), Channel(name: "ein sehr langer Name")]
    task.kind = .labels(positiveWeights: [1, 2, 1])
    return task.replacingTargets(weight: { $0 % 7 == 0 ? 0 : 1 }) { [$0 > 0 ? 1 : 0, abs($0) > 0.8 ? 1 : 0, 0] }
  }()

  static let classes: TaskData = {
    var task = sine
    task.name = "classes"
    task.targets = [Channel(name: "third")]
    task.kind = .classes(names: ["low", "middle", "high"])
    return task.replacingTargets(weight: { _ in 1 }) { [$0 < -0.3 ? 0 : $0 > 0.3 ? 2 : 1] }
  }()

  private func replacingTargets(weight: (Int) -> Double, _ targets: (Double) -> [Double]) -> TaskData {
    var task = self
    let series = training.map {
      Series(
        name: $0.name, inputs: $0.inputs, targets: $0.targets.flatMap(targets), elapsed: $0.elapsed,
        weights: (0..<$0.steps).map(weight))
    }
    (task.training, task.heldOut) = (series, series)
    return task
  }
}
