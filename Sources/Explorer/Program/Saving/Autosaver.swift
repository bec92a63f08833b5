import Learning

/// Has training that nobody saved saved in case of need, and says what to tell about that. When it is time an ``Autosave``
/// knows that each set-up's training has as an observer.
struct Autosaver {
  /// Seconds from one time to the next, also after one that failed.
  static let interval = 60.0
  /// Seconds of training that are worth it.
  static let least = 30.0

  let path: String
  private var isFailing = false

  init(path: String) { self.path = path }

  /// Begins for a set-up that has its number. The state is taken on the training queue and written on the saver's.
  func follow(_ session: ExplorerSession, _ saver: Saver, _ time: TimeSource) {
    let setup = session.setup
    let request = Saver.Request(number: session.number, path: path.numbered(session.number), reason: .periodic)
    let autosave = Autosave(every: Self.interval, clock: time.now) { observed, done in
      let capture = observed.capture
      saver.save(request, of: setup, take: { (capture.state, capture.best, capture.step) }, then: done)
    }
    autosave.isWanted = false
    session.autosave = autosave
    session.trainer.add(autosave)
  }

  /// What to say of a time that is over: that it failed, and that it works again after that.
  mutating func told(_ result: Result<Void, any Error>) -> (sentence: String, isError: Bool)? {
    switch result {
    case .failure(let error):
      isFailing = true
      return (
        "Autosave failed: \(error) It is tried again in \(Int(Self.interval)) s; :save FILE saves elsewhere.", true
      )
    case .success:
      defer { isFailing = false }
      return isFailing ? ("Autosave works again.", false) : nil
    }
  }
}
