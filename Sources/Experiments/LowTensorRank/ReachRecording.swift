import Analysis
import Circuits
import Formats
import Foundation
import Learning
import Tasks

/// What the reach network's neurons did while it adapted: a recording like an experimenter's, of which the weights are
/// known.
package struct ReachRecording: Sendable {
  /// Of each of the experiment's 250 trials one reach, targets in turn: trials × neurons × every second time step.
  package let activity: Tensor3
  /// Post × pre × trials: the weights in each trial.
  package let weights: Tensor3
  package let condition: [Int]
  package let epoch: [String]

  /// Trains the network of ``RankStudy`` and records it.
  package init(seed: UInt64) throws {
    var recipe = Recipe(data: DataSource(task: "reach", seed: seed), seed: seed)
    recipe.network = .init(cell: "rnn", wiring: "all", readout: .dense)
    recipe.training.evaluateEvery = Int.max
    let (practice, trials, targets) = (600, 250, 8)
    let setup = try recipe.make(steps: practice + trials, threads: 1)
    let session = try setup.session()
    let (model, task) = (session.model, session.task)
    let steps = task.training[0].steps
    let workspace = Workspace(model, rows: 1, steps: steps, forTraining: false)
    let prepared = Buffer<Float>(model.cell.preparedSize)
    let history = WeightHistory(model, megabytes: 256)
    let size = model.cell.stateSize
    let kept = Array(stride(from: 0, to: steps, by: 2))
    var values: [Double] = []
    for _ in 0..<practice { try session.advance() }
    for trial in 0..<trials {
      let state = session.learner.state
      history.record(step: trial, values: state.values, connections: state.connections)
      let series = task.training[(practice + trial) * targets + trial % targets]
      for (at, value) in series.inputs.enumerated() { workspace.inputs[at] = Float(value) }
      for t in 0..<steps { workspace.elapsed[t] = Float(series.elapsed[t]) }
      state.values.withUnsafeBufferPointer { parameters in
        state.connections.withUnsafeBufferPointer { connections in
          let (parameters, connections) = (parameters.baseAddress!, connections.baseAddress!)
          model.cell.prepare(parameters: parameters, connections: connections, into: prepared.pointer)
          model.forward(
            workspace, parameters: parameters, connections: connections, prepared: prepared.pointer, keepsTape: false)
        }
      }
      for neuron in 0..<model.neurons {
        for t in kept { values.append(Double(workspace.states[(t + 1) * size + neuron])) }
      }
      try session.advance()
    }
    session.end()
    activity = try Tensor3(shape: [trials, model.neurons, kept.count], elements: values)
    guard let quantity = SynapticTensor.all(in: model.layout).first,
      let path = try history.path(of: quantity, in: model)
    else { throw CircuitError("The reach network has no recurrent weights to record: use another model.") }
    weights = path.tensor
    condition = (0..<trials).map { $0 % targets }
    epoch = (0..<trials).map { $0 < 50 ? "baseline" : $0 < 150 ? "adaptation" : "washout" }
  }

  /// Writes activity.npy, weights.npy and trials.csv (condition, epoch).
  package func write(to folder: String) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for (name, tensor) in [("activity", activity), ("weights", weights)] {
      try NPY(shape: tensor.shape, values: tensor.elements, type: .f32).write(to: folder + "/\(name).npy")
    }
    let rows = zip(condition, epoch).map { "\($0),\($1)\n" }.joined()
    try FileBytes.write(Array(("condition,epoch\n" + rows).utf8), to: folder + "/trials.csv")
  }
}
