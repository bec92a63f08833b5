/// Says when training that nobody saved is to be saved in case of need, and what to tell about that.
struct Autosaver {
  /// Seconds from one time to the next, also after one that failed.
  static let interval = 60.0
  /// Seconds of training that are worth it.
  static let least = 30.0

  let path: String
  /// When each set-up was last saved, or tried to be, by its number.
  private var tried: [Int: Double] = [:]
  private var underway: Set<Int> = []
  private var isFailing = false

  init(path: String) { self.path = path }

  /// Where the set-up is to be saved now; `nil` where it is not the time.
  mutating func due(_ session: ExplorerSession, time: Double) -> String? {
    let number = session.number
    guard session.scene.unsavedSeconds > Self.least, time - tried[number, default: 0] > Self.interval,
      underway.insert(number).inserted
    else { return nil }
    tried[number] = time
    return path.numbered(number)
  }

  /// What to say of a time that is over: that it failed, and that it works again after that.
  mutating func told(_ number: Int, _ result: Result<Void, any Error>) -> (sentence: String, isError: Bool)? {
    underway.remove(number)
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
