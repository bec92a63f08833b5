extension Scene {
  /// How far this set-up has come, and whether there are others.
  public struct Session: Sendable, Equatable {
    /// Nothing can be changed.
    public var readOnly = false
    /// Whether training was last told to go on or to pause, until that is answered: a key that comes meanwhile means the
    /// opposite of that.
    public var askedToTrain: Bool?
    /// What training waits for, as it needs the cores: "comparing 42 %".
    public var waitsFor: String?
    /// Who trained it before: "gru with 4 neurons after 300 steps"; `nil` where nobody did that is in no file.
    public var trainedBefore: String?
    /// Seconds spent training, and how many of them when last saved.
    public var trainedSeconds = 0.0
    public var savedSeconds = 0.0
    /// Of set-ups that were left and can be returned to.
    public var otherUnsavedSeconds = 0.0
    /// Whether there is a set-up to return to, or to go on to.
    public var hasEarlier = false
    public var hasLater = false
  }
}
