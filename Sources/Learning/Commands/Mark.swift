/// Where an intervention happened, for the loss curve and the log.
public struct Mark: Sendable, Equatable, Codable {
  /// Which sign stands on the curve; the names are those of files.
  public enum Kind: String, Sendable, Codable {
    case prune = "prune"
    case freeze = "freeze"
    case edit = "edit"
    case rate = "rate"
    case rewind = "rewind"
    case undo = "undo"
  }
  public var step: Int
  public var kind: Kind
  public var label: String

  private enum CodingKeys: String, CodingKey {
    case step = "step"
    case kind = "kind"
    case label = "label"
  }
}
