/// The losses since the start, in bounded memory.
///
/// Training losses are kept as means over *buckets* of equal numbers of steps; when there are too many buckets, pairs are
/// merged and a bucket stands for twice as many steps. Old points move only at such a moment, so that the drawn curve does
/// not shimmer. Held-out losses are kept where they were measured.
public struct LossCurve: Sendable, Equatable, Codable {
  public struct Point: Sendable, Equatable, Codable {
    public var step: Int
    public var value: Double

    private enum CodingKeys: String, CodingKey {
      case step = "step"
      case value = "value"
    }
  }

  /// Means of finished buckets, at their last step.
  public private(set) var training: [Point] = []
  public private(set) var heldOut: [Point] = []
  /// Steps a bucket stands for.
  public private(set) var bucket = 1
  private var sum = 0.0
  private var count = 0
  private let capacity: Int

  private enum CodingKeys: String, CodingKey {
    case training = "training"
    case heldOut = "heldOut"
    case bucket = "bucket"
    case sum = "sum"
    case count = "count"
    case capacity = "capacity"
  }

  /// What no curve can be, for one that was read; `nil` where all is well.
  var problem: String? {
    let sizes = [training.count, heldOut.count]
    guard capacity >= 2, capacity % 2 == 0, bucket >= 1, (0..<bucket).contains(count),
      sizes.allSatisfy({ $0 < capacity })
    else { return "a loss curve of \(sizes[0]) and \(sizes[1]) points, \(bucket) steps each, cannot be" }
    return nil
  }

  /// Keeps at most `capacity` points a curve, ≥ 2.
  public init(capacity: Int = 1024) {
    self.capacity = max(capacity & ~1, 2)
    // So that a step of training does not have to make room.
    training.reserveCapacity(self.capacity)
  }

  public mutating func append(step: Int, training loss: Double) {
    sum += loss
    count += 1
    guard count == bucket else { return }
    training.append(Point(step: step, value: sum / Double(count)))
    (sum, count) = (0, 0)
    guard training.count == capacity else { return }
    for pair in 0..<capacity / 2 {
      let (first, second) = (training[2 * pair], training[2 * pair + 1])
      training[pair] = Point(step: second.step, value: (first.value + second.value) / 2)
    }
    training.removeLast(capacity / 2)
    bucket *= 2
  }

  public mutating func append(step: Int, heldOut loss: Double) {
    heldOut.append(Point(step: step, value: loss))
    guard heldOut.count == capacity else { return }
    heldOut = stride(from: 1, to: capacity, by: 2).map { heldOut[$0] }
  }

  /// Forgets what came after `step`.
  mutating func cut(after step: Int) {
    let whole = training.last?.step ?? 0
    training.removeAll { $0.step > step }
    heldOut.removeAll { $0.step > step }
    if whole > step || count > 0 { (sum, count) = (0, 0) }
  }
}
