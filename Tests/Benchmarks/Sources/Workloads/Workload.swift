import Circuits
import Foundation
import Learning
import Tasks

/// What is timed: B rows of T steps with M inputs and one output, mean squared error, Adam. The same numbers for every
/// cell and every peer.
public struct Workload: Sendable, Equatable {
  public var cell: String
  /// N.
  public var neurons: Int
  public var threads = 1
  /// Every pair is a synapse, or a share of them: "random:0.1".
  public var wiring = "all"
  /// B.
  public var batch = 16
  /// T.
  public var steps = 32
  /// M.
  public var inputs = 8
  /// U.
  public var unfolds = 6

  public init(cell: String, neurons: Int, threads: Int = 1, wiring: String = "all") {
    self.cell = cell
    self.neurons = neurons
    self.threads = threads
    self.wiring = wiring
  }

  public func model() throws -> Model<Float> {
    try Model(
      ModelSpecification(
        cell: cell, neurons: neurons, wiring: wiring, unfolds: unfolds,
        inputNames: (0..<inputs).map { "input \($0)" }, outputNames: ["output"]))
  }

  /// Sines of different frequency and phase, the target their mean; irregular steps would cost the same.
  public func samples() -> Batch<Float> {
    var batch = Batch<Float>(rows: batch, steps: steps, inputCount: inputs, targetCount: 1)
    for t in 0..<steps {
      for row in 0..<self.batch {
        let sample = t * self.batch + row
        for k in 0..<inputs {
          let value = Float(sin(0.1 * Double(k + 1) * Double(t) + Double(row)))
          batch.inputs[sample * inputs + k] = value
          batch.targets[sample] += value / Float(inputs)
        }
      }
    }
    return batch
  }
}

/// Whole training steps: forward, backward, Adam.
public final class TrainingWorkload {
  public let learner: Learner<Float>
  private let batch: Batch<Float>

  public init(_ workload: Workload) throws {
    let model = try workload.model()
    learner = Learner(
      model: model, kind: .regression, optimizer: try Optimizers.named("adam"), learningRate: 1e-3, clip: 1,
      threads: workload.threads, values: model.firstStoredParameters())
    batch = workload.samples()
  }

  public func run(_ steps: Int) throws {
    for _ in 0..<steps { _ = try learner.step(batch) }
  }
}

/// Single steps of one sequence, as an explorer or a robot makes them: batch 1, the state carried on.
public final class InferenceWorkload {
  private let model: Model<Float>
  private let workspace: Workspace<Float>
  private let values: [Float]
  private let connections: [Float]
  private let prepared: Buffer<Float>

  public init(_ workload: Workload) throws {
    model = try workload.model()
    workspace = Workspace(model, rows: 1, steps: 1, forTraining: false)
    let state = ParameterState(model, values: model.firstStoredParameters(), slots: 0)
    values = model.effective(state.values)
    connections = state.connections
    prepared = Buffer(model.cell.preparedSize)
    for k in 0..<model.inputs { workspace.inputs[k] = Float(sin(Double(k))) }
    model.cell.prepare(parameters: values, connections: connections, into: prepared.pointer)
  }

  public func run(_ steps: Int) {
    let size = model.cell.stateSize
    values.withUnsafeBufferPointer { values in
      connections.withUnsafeBufferPointer { connections in
        for _ in 0..<steps {
          model.forward(
            workspace, parameters: values.baseAddress!, connections: connections.baseAddress!,
            prepared: prepared.pointer, keepsTape: false)
          workspace.states.pointer.update(from: workspace.states.pointer + size, count: size)
        }
      }
    }
  }
}
