import Circuits
import Tasks

/// Something that is told what a training session does, as it does it: after every step, every measurement, every command,
/// and at the end.
///
/// The loss curve, the best state, the record of commands and autosave are observers; whatever else wants to follow a run (a
/// history of the weights, a recording) is one more. A session calls its observers one after the other in the order in which
/// they were added, on the thread that trains, between two steps. A step allocates nothing for them: what they take, they
/// pay for. An observer keeps training waiting while it runs, so costly work belongs on another queue.
public protocol TrainingObserver: AnyObject {
  /// - Parameters:
  ///   - session: as it stands after the event; for the length of the call.
  ///   - event: what happened.
  func training(_ session: ObservedSession, did event: TrainingEvent)
}

/// What a session tells its observers.
public enum TrainingEvent: Sendable {
  /// One update was made.
  case stepped(Learner<Float>.Report)
  /// The held-out error was measured.
  case measured(Evaluator<Float>.Result)
  /// A command changed the network; the sentence says how.
  case applied(CommandLog.Entry, sentence: String)
  /// A step could not be made; parameters are those from before.
  case failed(NotFinite)
  /// No step will follow.
  case ended
}

/// A session as an observer may see it: everything to read, nothing to change.
///
/// Reading a number costs nothing. ``withState(_:)`` and ``withValues(_:)`` look at what is there without a copy;
/// ``state`` may be kept, and then costs the next update one copy of it, O(P).
public struct ObservedSession {
  private let session: TrainingSession

  public init(_ session: TrainingSession) { self.session = session }

  public var model: Model<Float> { session.model }
  public var task: TaskData { session.task }
  public var options: TrainingOptions { session.options }
  /// Steps made.
  public var step: Int { session.step }
  public var epoch: Int { session.epoch }
  public var learningRate: Double { session.learner.learningRate }
  public var report: Learner<Float>.Report? { session.report }
  public var heldOut: Evaluator<Float>.Result? { session.heldOut }
  public var best: TrainingSession.Best? { session.best }

  /// P, what `rewind` goes back to.
  public var initialValues: [Float] { session.edits.initialValues }
  /// Values, moments and masks.
  public var state: ParameterState<Float> { session.learner.state }
  /// Everything that another session needs to go on from here.
  public var progress: TrainingProgress { session.progress }
  /// What files are written from; may be kept, and then costs the next update one copy of the state, O(P).
  public var capture: TrainingCapture { session.capture }

  /// Calls `body` with values, moments and masks where they are.
  public func withState<Result>(_ body: (borrowing ParameterState<Float>) throws -> Result) rethrows -> Result {
    try body(session.learner.state)
  }

  /// Calls `body` with the P stored values where they are; the pointer is valid for the call.
  public func withValues<Result>(_ body: (UnsafeBufferPointer<Float>) throws -> Result) rethrows -> Result {
    try session.learner.state.values.withUnsafeBufferPointer(body)
  }
}
