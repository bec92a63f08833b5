/// Has a long run saved now and then: after a measurement, once the interval since the last time has passed.
///
/// After measurements, for then the state that is saved is one whose error is known. A save that fails does not end training:
/// ``problem`` says why, and the next one is tried when its time has come.
public final class Autosave: TrainingObserver {
  /// Why the newest save failed; `nil` where it did not.
  public private(set) var problem: (any Error)?
  /// When it was last saved, by the clock, whoever did it; set it where something else saved.
  public var lastSaved: Double
  private let interval: Double
  private let clock: () -> Double
  private let save: (ObservedSession) throws -> Void

  /// - Parameters:
  ///   - interval: least time between two saves, s.
  ///   - clock: the present time, s, from any beginning.
  ///   - save: called on the thread that trains.
  public init(
    every interval: Double, clock: @escaping () -> Double, save: @escaping (ObservedSession) throws -> Void
  ) {
    self.interval = interval
    self.clock = clock
    self.save = save
    lastSaved = clock()
  }

  public func training(_ session: ObservedSession, did event: TrainingEvent) {
    guard case .measured = event else { return }
    let now = clock()
    guard now - lastSaved > interval else { return }
    lastSaved = now
    do {
      try save(session)
      problem = nil
    } catch { problem = error }
  }
}
