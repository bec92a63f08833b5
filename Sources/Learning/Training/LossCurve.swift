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

  /// Keeps at most `capacity` points a curve, ≥ 2.
  public init(capacity: Int = 1024) { self.capacity = max(capacity & ~1, 2) }

  public mutating func append(step: Int, training loss: Double) {
    sum += loss
    count += 1
    guard count == bucket else { return }
    training.append(Point(step: step, value: sum / Double(count)))
    (sum, count) = (0, 0)
    guard training.count == capacity else { return }
    training = stride(from: 0, to: capacity, by: 2).map {
      Point(step: training[$0 + 1].step, value: (training[$0].value + training[$0 + 1].value) / 2)
    }
    bucket *= 2
  }

  public mutating func append(step: Int, heldOut loss: Double) {
    heldOut.append(Point(step: step, value: loss))
    guard heldOut.count == capacity else { return }
    heldOut = stride(from: 1, to: capacity, by: 2).map { heldOut[$0] }
  }
}
