/// For how long a network's state is carried on while it is measured.
///
/// Both run a series of any length with a network that was trained on windows of T steps from rest, and count every step
/// of the series once. They differ in how far a small error of the state can grow: a network whose states drift (a neural
/// ODE without a leak) looks many times worse carried than in windows, one that forgets looks alike. Figures say which.
public enum EvaluationProtocol: String, Sendable, Codable, CaseIterable {
  /// The state goes on through stretches of 8·T steps (at least 128), each after a lead-in of T steps: as a network is used
  /// on a stream.
  case carried
  /// Never longer than a training window: ⌈T/2⌉ steps are counted after a lead-in of ⌊T/2⌋, from rest.
  case windowed

  /// Steps counted of a stretch, and those of its lead-in; the first stretch of a series has none before it.
  func stretch(sequence: Int) -> (counted: Int, leadIn: Int) {
    switch self {
    case .carried: (max(8 * sequence, 128), sequence)
    case .windowed: (max(sequence - sequence / 2, 1), sequence / 2)
    }
  }

  public var other: Self { self == .carried ? .windowed : .carried }

  /// For tables and sentences.
  public var sentence: String {
    switch self {
    case .carried: "state carried through stretches of eight training windows"
    case .windowed: "from rest in windows as long as in training, the first half of each not counted"
    }
  }
}
