import Circuits
import Foundation

/// How the learning rate changes while training goes on.
///
///     constant           as it was set
///     cosine[:STEPS]     rate·½(1 + cos(π·step/STEPS)), down to a hundredth; Loshchilov & Hutter 2017, arXiv 1608.03983
///     plateau[:PATIENCE] halved, to a hundredth at least, where the held-out loss has not become smaller by a thousandth
///                        in PATIENCE measurements, and then counted anew
///
/// The rate itself is moved, step by step, so that what is shown is what is used, and a rate set by hand goes on from there.
public enum Schedule: Sendable, Hashable {
  case constant
  case cosine(steps: Int)
  case plateau(patience: Int)

  public static let names = ["constant", "cosine", "plateau"]
  static let (defaultSteps, defaultPatience) = (1000, 4)
  /// The smallest part of the first rate.
  static let floor = 0.01

  /// As `--schedule` takes it; `steps` is the length of a cosine that names none.
  ///
  /// - Throws: ``CircuitError`` that says what there is.
  public init(_ text: String, steps: Int? = nil) throws {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard Self.names.contains(parts[0]) else { throw CircuitError.unknown("schedule", parts[0], among: Self.names) }
    let number = parts.count > 1 ? Int(parts[1]) : nil
    guard parts.count == 1 || (parts[0] != "constant" && (1...1_000_000_000).contains(number ?? 0)) else {
      throw CircuitError(
        "'\(text)' is no schedule: write constant, cosine:STEPS or plateau:PATIENCE, numbers of 1 or more.")
    }
    switch parts[0] {
    case "cosine": self = .cosine(steps: max(number ?? steps ?? Self.defaultSteps, 1))
    case "plateau": self = .plateau(patience: number ?? Self.defaultPatience)
    default: self = .constant
    }
  }

  /// What the rate is multiplied by after `step` steps.
  func factor(after step: Int) -> Double {
    guard case .cosine(let steps) = self else { return 1 }
    func part(_ step: Int) -> Double {
      max((1 + cos(.pi * min(Double(step) / Double(steps), 1))) / 2, Self.floor)
    }
    return part(step) / part(step - 1)
  }
}

/// As ``Schedule/init(_:steps:)`` takes it.
extension Schedule: CustomStringConvertible {
  public var description: String {
    switch self {
    case .constant: "constant"
    case .cosine(let steps): "cosine:\(steps)"
    case .plateau(let patience): "plateau:\(patience)"
    }
  }
}

/// What a plateau schedule has seen.
public struct Plateau: Sendable, Equatable, Codable {
  /// The smallest held-out loss.
  public var least = Double.infinity
  /// Measurements since it was found, or since the rate was halved.
  public var waited = 0
  /// How often the rate was halved.
  public var halved = 0

  private enum CodingKeys: String, CodingKey {
    case least = "least"
    case waited = "waited"
    case halved = "halved"
  }

  public init() {}

  /// What no schedule can have seen, for one that was read; `nil` where all is well.
  var problem: String? {
    waited >= 0 && halved >= 0 && !least.isNaN ? nil : "a learning rate that was halved \(halved) times cannot be"
  }

  /// What the rate is multiplied by after a measurement.
  mutating func factor(patience: Int, heldOut loss: Double) -> Double {
    if loss < least * (1 - 1e-3) {
      (least, waited) = (loss, 0)
      return 1
    }
    waited += 1
    guard waited >= patience, pow(0.5, Double(halved + 1)) >= Schedule.floor else { return 1 }
    (waited, halved) = (0, halved + 1)
    return 0.5
  }
}
