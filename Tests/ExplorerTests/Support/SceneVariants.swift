import Analysis
import Circuits
import Explorer
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

  /// Every number of a trained scene in turn replaced by one of `values`.
  func broken(by values: [Float]) throws -> Scene {
    var scene = try self.scene(steps: 12, moments: 24, status: .training)
    func value(_ place: Int) -> Float { values[place % values.count] }
    func wide(_ place: Int) -> Double { value(place).isFinite ? Double(value(place)) * 1e200 : Double(value(place)) }
    for place in scene.snapshot.values.indices where place % 2 == 0 { scene.snapshot.values[place] = value(place / 2) }
    for place in scene.snapshot.gradient.indices { scene.snapshot.gradient[place] = value(place) }
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
    for place in scene.moments.indices {
      for i in scene.moments[place].state.indices { scene.moments[place].state[i] = value(place + i) }
      for i in scene.moments[place].output.indices { scene.moments[place].output[i] = value(place + i) }
      for i in scene.moments[place].target.indices { scene.moments[place].target[i] = value(place + i + 1) }
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
