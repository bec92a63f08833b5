import Circuits
import Learning

extension Recipe {
  /// What the options of a command ask for.
  ///
  /// - Throws: ``CircuitError`` for a backbone that cannot be.
  init(_ task: TaskOptions, _ model: ModelOptions, _ fit: FitOptions, _ machine: MachineOptions) throws {
    let seed = machine.seed ?? 1
    self.init(
      data: task.isGiven ? task.source(seed: seed) : nil,
      network: .init(
        cell: model.model, neurons: model.neurons, wiring: model.wiring, solver: model.solver, unfolds: model.unfolds,
        readout: model.readout, backbone: try model.backbone.map { try Backbone($0) }),
      start: model.load.map { .file($0) } ?? .drawn, training: fit.training, commands: fit.commands, seed: seed)
  }
}

extension FitOptions {
  var training: Recipe.Training {
    .init(
      sequence: sequence, batch: batch, optimizer: optimizer, learningRate: learningRate, schedule: schedule,
      noise: noise, clip: clip)
  }

  var commands: [Learning.Command] {
    (learn.map { [.learn($0)] } ?? []) + freeze.map { .freeze($0) } + (prune.map { [.pruneFraction($0)] } ?? [])
  }
}
