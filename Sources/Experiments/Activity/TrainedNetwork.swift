import Circuits
import Learning
import Tasks

/// A network that an activity has trained, with what it was trained for: enough to look at it and to train on.
public struct TrainedNetwork: Sendable {
  public var model: Model<Float>
  public var state: ParameterState<Float>
  public var task: TaskData
  public var source: DataSource
  public var options: TrainingOptions

  public init(
    model: Model<Float>, state: ParameterState<Float>, task: TaskData, source: DataSource, options: TrainingOptions
  ) {
    (self.model, self.state, self.task) = (model, state, task)
    (self.source, self.options) = (source, options)
  }
}
