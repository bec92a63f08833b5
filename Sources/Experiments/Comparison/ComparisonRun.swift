import Circuits
import Learning
import Foundation
import Tasks

/// One training run of a comparison, as the table, the log and a resumed comparison know it.
public struct ComparisonRun: Sendable, Equatable, Codable {
  /// What is trained, with which seed and learning rate, and what for.
  public struct Job: Sendable, Hashable, Codable {
    public var candidate: Candidate
    public var seed: UInt64
    /// Of the search; `nil` for a run that counts, whose rate the search has chosen.
    public var trialRate: Double?

    private enum CodingKeys: String, CodingKey {
      case candidate = "candidate"
      case seed = "seed"
      case trialRate = "trialRate"
    }
  }

  public var job: Job
  public var learningRate: Double
  /// Steps made.
  public var steps: Int
  /// By ``ErrorMeasure``, of the best state; `nil` where none was measured.
  public var error: Double?
  /// The best state's held-out metrics as the plan measures, and the other way (``EvaluationProtocol``).
  public var metrics: [String: Double] = [:]
  public var otherMetrics: [String: Double] = [:]
  /// The smallest held-out loss.
  public var loss: Double?
  public var bestStep: Int?
  /// Processor time of the run's own thread.
  public var seconds: Double
  /// Why it ended before its last step: a number that was not finite.
  public var failure: String?
  /// The best state's stored values, little-endian `Float`s, where the run counts.
  public var values: Data?
  /// The same of its connections where commands changed them.
  public var connections: Data?

  private enum CodingKeys: String, CodingKey {
    case job = "job"
    case learningRate = "learningRate"
    case steps = "steps"
    case error = "error"
    case metrics = "metrics"
    case otherMetrics = "otherMetrics"
    case loss = "loss"
    case bestStep = "bestStep"
    case seconds = "seconds"
    case failure = "failure"
    case values = "values"
    case connections = "connections"
  }
}

extension ComparisonRun {
  /// What it was and how good: "gru with 4 neurons, 300 steps with seed 2: squared error ÷ variance 0.031 at step 280".
  func words(_ task: TaskData) -> String {
    let error = error.map { ": \(ErrorMeasure(task.kind).name) " + String(format: "%.3g", $0) } ?? ""
    return "\(job.candidate.model) with \(job.candidate.neurons) neurons, \(steps) step\(steps == 1 ? "" : "s") "
      + "with seed \(job.seed)\(error)" + (bestStep.map { error.isEmpty ? "" : " at step \($0)" } ?? "")
  }

  /// Trains one run on the calling thread.
  ///
  /// - Parameter goesOn: asked before every step with the number of steps made; false ends the run without a result.
  static func perform(
    _ job: Job, rate: Double, plan: ComparisonPlan, task: TaskData, goesOn: (Int) -> Bool
  ) throws -> ComparisonRun? {
    let start = threadSeconds()
    let taskEntry = plan.taskEntries[job.candidate.taskEntry]
    let steps = job.trialRate == nil ? taskEntry.steps : taskEntry.searchSteps
    let session = try TrainingSession(
      model: Model(plan.specification(job.candidate, task, seed: job.seed)), task: task,
      options: plan.options(task, seed: job.seed, rate: rate, steps: taskEntry.steps))
    for command in plan.recipe.commands { _ = try session.apply(command) }
    var run = ComparisonRun(job: job, learningRate: rate, steps: 0, seconds: 0)
    do {
      while session.step < steps {
        guard goesOn(session.step) else { return nil }
        try session.advance()
      }
      if session.curve.heldOut.last?.step != session.step { session.measure() }
    } catch let problem as NotFinite {
      run.failure = problem.description
    }
    run.steps = session.step
    run.seconds = threadSeconds() - start
    if let best = session.best {
      run.error = ErrorMeasure(task.kind).error(best.result.metrics)
      run.metrics = best.result.metrics
      if job.trialRate == nil {
        let other = Evaluator(
          model: session.model, task: task, series: task.heldOut, sequence: session.options.sequence, threads: 1,
          protocol: plan.evaluation.other)
        run.otherMetrics = other.evaluate(best.state.values, connections: best.state.connections).metrics
      }
      (run.loss, run.bestStep) = (best.result.loss, best.step)
      if job.trialRate == nil {
        run.values = Self.data(best.state.values)
        if !plan.recipe.commands.isEmpty { run.connections = Self.data(best.state.connections) }
      }
    }
    if run.failure == nil, run.error == nil {
      run.failure = "The held-out error was never a finite number."
    }
    return run
  }

  /// The run's best state, for a model made from the same plan.
  public func state(_ model: Model<Float>) -> ParameterState<Float>? {
    guard let values = values.map(Self.floats), values.count == model.layout.count else { return nil }
    var state = ParameterState(model, values: values, slots: 0)
    if let connections = connections.map(Self.floats) {
      guard connections.count == state.connections.count else { return nil }
      state.connections = connections
    }
    return state
  }

  private static func data(_ values: [Float]) -> Data {
    Data(values.flatMap { value in withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) } })
  }

  private static func floats(_ data: Data) -> [Float] {
    let bytes = Array(data)
    return stride(from: 0, to: bytes.count - bytes.count % 4, by: 4).map { at in
      Float(bitPattern: (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[at + $1]) << (8 * UInt32($1)) })
    }
  }

  /// The calling thread's processor time, s: what a run costs, whatever else the machine does.
  static func threadSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
