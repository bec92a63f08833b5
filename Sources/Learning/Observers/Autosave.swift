import Synchronization

/// Has a long run saved now and then: after a measurement, once the interval since the last time has passed.
///
/// After measurements, for then the state that is saved is one whose error is known. A save that fails does not end training:
/// ``problem`` says why, and the next one is tried when its time has come. It may be told and asked from any thread, and
/// holds no lock while it saves.
public final class Autosave: TrainingObserver, Sendable {
  /// Called once, from any thread, when a save has come to its end.
  public typealias Completion = @Sendable (Result<Void, any Error>) -> Void

  private struct State {
    var lastSaved: Double
    var problem: (any Error)?
    var isWanted = true
    var isSaving = false
  }

  private let state: Mutex<State>
  private let interval: Double
  private let clock: @Sendable () -> Double
  private let begin: @Sendable (ObservedSession, @escaping Completion) -> Void

  /// - Parameters:
  ///   - interval: least time between two saves, s.
  ///   - clock: the present time, s, from any beginning.
  ///   - begin: called on the thread that trains; takes what is to be saved and may write it elsewhere. No other save is
  ///     begun before it has called its completion.
  public init(
    every interval: Double, clock: @escaping @Sendable () -> Double,
    begin: @escaping @Sendable (ObservedSession, @escaping Completion) -> Void
  ) {
    (self.interval, self.clock, self.begin) = (interval, clock, begin)
    state = Mutex(State(lastSaved: clock()))
  }

  /// - Parameter save: called on the thread that trains, which waits for it.
  public convenience init(
    every interval: Double, clock: @escaping @Sendable () -> Double,
    save: @escaping @Sendable (ObservedSession) throws -> Void
  ) {
    self.init(every: interval, clock: clock, begin: { session, done in done(Result { try save(session) }) })
  }

  /// Why the newest save failed; `nil` where it did not.
  public var problem: (any Error)? { state.withLock { $0.problem } }

  /// When it was last saved, by the clock, whoever did it; set it where something else saved.
  public var lastSaved: Double {
    get { state.withLock { $0.lastSaved } }
    set { state.withLock { $0.lastSaved = newValue } }
  }

  /// Whether there is something worth being saved; where not, the next measurement is waited for.
  public var isWanted: Bool {
    get { state.withLock { $0.isWanted } }
    set { state.withLock { $0.isWanted = newValue } }
  }

  public func training(_ session: ObservedSession, did event: TrainingEvent) {
    guard case .measured = event else { return }
    let now = clock()
    let isDue = state.withLock { state in
      guard state.isWanted, !state.isSaving, now - state.lastSaved > interval else { return false }
      (state.lastSaved, state.isSaving) = (now, true)
      return true
    }
    guard isDue else { return }
    begin(session) { result in
      self.state.withLock { state in
        state.isSaving = false
        state.problem =
          switch result {
          case .success: nil
          case .failure(let error): error
          }
      }
    }
  }
}
