import Circuits
import Learning
import Terminal

/// Which parameters training may move.
public struct LearningShare: Sendable, Equatable {
  public private(set) var moving = 0
  public private(set) var all = 0
  /// By quantity, in the order of the layout.
  private(set) var quantities: [(quantity: ParameterQuantity, moving: Int, all: Int)] = []

  mutating func add(_ quantity: ParameterQuantity, moving: Int, of all: Int) {
    self.moving += moving
    self.all += all
    if let index = quantities.firstIndex(where: { $0.quantity == quantity }) {
      quantities[index].moving += moving
      quantities[index].all += all
    } else {
      quantities.append((quantity, moving, all))
    }
  }

  public static func == (one: LearningShare, other: LearningShare) -> Bool {
    one.moving == other.moving && one.all == other.all
      && one.quantities.elementsEqual(other.quantities) { $0.quantity == $1.quantity && $0.moving == $1.moving }
  }

  /// "60 of 1 204 learn".
  var brief: String { "\(NumberText.grouped(moving)) of \(NumberText.grouped(all)) learn" }

  /// "only μ, g_leak learn: 60 of 1 204 parameters", or "frozen E: 1 164 of 1 204 parameters learn", whichever names less;
  /// `nil` where everything learns.
  var sentence: String? {
    guard moving < all else { return nil }
    let share = "\(NumberText.grouped(moving)) of \(NumberText.grouped(all)) parameters"
    if moving == 0 { return "nothing learns: all \(NumberText.grouped(all)) parameters are frozen" }
    let (whole, none) = (quantities.filter { $0.moving == $0.all }, quantities.filter { $0.moving == 0 })
    func list(_ some: [(quantity: ParameterQuantity, moving: Int, all: Int)]) -> String {
      some.map(\.quantity.symbol).joined(separator: ", ")
    }
    guard whole.count + none.count == quantities.count else {
      return none.isEmpty ? "\(share) learn" : "frozen \(list(none)): \(share) learn"
    }
    return whole.count <= none.count ? "only \(list(whole)) learn: \(share)" : "frozen \(list(none)): \(share) learn"
  }
}

extension Connectivity {
  /// What learns, by what it is: of every tensor the entries whose synapse is there, and those of them that move.
  func learning(_ snapshot: Snapshot) -> LearningShare {
    var learning = LearningShare()
    for tensor in layout.tensors where tensor.range.upperBound <= snapshot.frozen.count {
      let first: Int? =
        switch tensor.declaration.owner {
        case .synapse: 0
        case .sensorySynapse: neurons * neurons
        default: nil
        }
      var (moving, all) = (0, 0)
      for (entry, index) in tensor.range.enumerated() {
        if let first {
          guard snapshot.connections[first + entry] != 0 else { continue }
        }
        all += 1
        if !snapshot.frozen[index] { moving += 1 }
      }
      learning.add(tensor.declaration.quantity, moving: moving, of: all)
    }
    return learning
  }
}
