import Analysis
import Benchmark
import Circuits
import Explorer
import Learning
import Tasks
import Terminal

/// Frames of the dashboard and of each view, drawn into memory, and what has to be computed for one.
let benchmarks: @Sendable () -> Void = {
  Benchmark.defaultConfiguration = .init(
    metrics: [.wallClock, .cpuTotal], warmupIterations: 3, scalingFactor: .one, maxDuration: .seconds(1))

  for neurons in [16, 128] {
    for (width, height) in [(80, 24), (160, 48), (200, 60)] {
      Benchmark("dashboard \(width)x\(height), \(neurons) neurons") { (benchmark, scene: Scene) in
        for _ in benchmark.scaledIterations { blackHole(Frame.draw(scene, width: width, height: height)) }
      } setup: {
        try lively(neurons: neurons)
      }
    }
    for view in Views.all {
      Benchmark("\(view.name) 160x48, \(neurons) neurons") { (benchmark, scene: Scene) in
        for _ in benchmark.scaledIterations { blackHole(Frame.draw(scene, width: 160, height: 48)) }
      } setup: {
        var scene = try lively(neurons: neurons)
        (scene.look.focus, scene.look.zoomed) = (view.name, true)
        return scene
      }
    }
    Benchmark("reading, \(neurons) neurons") { (benchmark, scene: Scene) in
      for _ in benchmark.scaledIterations {
        blackHole(
          Reading(at: NetworkPoint(scene.precise, scene.snapshot, scene.moments.last!), form: scene.look.form))
      }
    } setup: {
      try lively(neurons: neurons)
    }
  }
}

/// The default task's network after some training, with a probe that has run.
private func lively(neurons: Int) throws -> Scene {
  let task = try TaskRegistry.all[0].load(seed: 1)
  let model = try Model<Float>(
    ModelSpecification(
      neurons: neurons, inputNames: task.inputs.map(\.name), outputNames: task.outputNames, timeUnit: task.timeUnit))
  let options = TrainingOptions(task, seed: 1, threads: 1)
  let session = try TrainingSession(model: model, task: task, options: options)
  for _ in 0..<20 { try session.advance() }
  let snapshot = session.snapshot(version: 1, status: .training, stepsPerSecond: 1000)
  var scene = Scene(model: model, precise: try model.precise(), task: task, options: options, snapshot: snapshot)
  var probe = Probe(model: model, task: task)
  for _ in 0..<240 { probe.advance(values: snapshot.values, connections: snapshot.connections) }
  (scene.moments, scene.network.momentTotal) = (probe.past, probe.total)
  scene.reading = Reading(at: NetworkPoint(scene.precise, snapshot, probe.past.last!), form: scene.look.form)
  _ = Actions.run(line: "fit", on: &scene)
  return scene
}
