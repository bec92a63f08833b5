import Randomness

/// B windows of T steps, time-major so that one time step of all rows is contiguous.
///
/// Shapes: inputs [T][B][M], targets [T][B][K] (K columns of targets), elapsed and weights [T][B].
public struct Batch<Scalar: BinaryFloatingPoint & Sendable>: Sendable {
  public var rows: Int
  public var steps: Int
  public var inputCount: Int
  public var targetCount: Int
  public var inputs: [Scalar]
  public var targets: [Scalar]
  public var elapsed: [Scalar]
  public var weights: [Scalar]

  /// A batch of zeros with Δt = 1 and weight 1.
  public init(rows: Int, steps: Int, inputCount: Int, targetCount: Int) {
    self.rows = rows
    self.steps = steps
    self.inputCount = inputCount
    self.targetCount = targetCount
    inputs = [Scalar](repeating: 0, count: steps * rows * inputCount)
    targets = [Scalar](repeating: 0, count: steps * rows * targetCount)
    elapsed = [Scalar](repeating: 1, count: steps * rows)
    weights = [Scalar](repeating: 1, count: steps * rows)
  }

  /// Copies steps `start ..< start + steps` of `series` into row `row`; where the series ends earlier, the rest of the
  /// row is zeros with Δt = 1 and weight 0.
  ///
  /// `warmUp` steps at the start get weight 0. Allocates nothing.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public mutating func fill(row: Int, from series: Series, start: Int, warmUp: Int = 0) {
    let (first, last) = (max(-start, 0), min(series.steps - start, steps))
    let slot = Slot(row: row, rows: rows, steps: steps, start: start)
    let (m, k) = (inputCount, targetCount)
    slot.copy(series.inputs, width: m, first..<max(first, last), into: &inputs, elsewhere: 0)
    slot.copy(series.targets, width: k, first..<max(first, last), into: &targets, elsewhere: 0)
    slot.copy(series.elapsed, width: 1, first..<max(first, last), into: &elapsed, elsewhere: 1)
    let counted = max(first, warmUp)
    slot.copy(series.weights, width: 1, counted..<max(counted, last), into: &weights, elsewhere: 0)
  }
}

/// Where a window of a series goes in a batch.
private struct Slot {
  let row, rows, steps, start: Int

  /// target[t][row] ← source[start + t] for the steps t of the window that are `covered`, `blank` for the others; entries
  /// of `width` numbers.
  @inline(__always)
  func copy<Scalar: BinaryFloatingPoint>(
    _ source: [Double], width: Int, _ covered: Range<Int>, into target: inout [Scalar], elsewhere blank: Scalar
  ) {
    precondition(
      row >= 0 && row < rows && target.count == rows * steps * width
        && (covered.isEmpty || (start + covered.upperBound) * width <= source.count))
    target.withUnsafeMutableBufferPointer { target in
      source.withUnsafeBufferPointer { source in
        guard var entry = target.baseAddress, width > 0 else { return }
        entry += row * width
        let stride = rows * width
        for t in 0..<steps {
          if t >= covered.lowerBound, t < covered.upperBound, let from = source.baseAddress {
            let recorded = from + (start &+ t) &* width
            for c in 0..<width { entry[c] = Scalar(recorded[c]) }
          } else {
            for c in 0..<width { entry[c] = blank }
          }
          entry += stride
        }
      }
    }
  }
}

/// Draws training windows: which series and where it starts, the same for the same seed.
///
/// Every epoch visits each window position class once in shuffled order: the series are cut into consecutive windows of
/// `sequence` steps at a random phase, and the order is shuffled. Series shorter than a window are taken whole. Trials of
/// an experiment stay in their order and begin at their beginning.
public struct WindowSampler: Sendable {
  public struct Window: Sendable, Equatable {
    public var series: Int
    public var start: Int
  }

  public let sequence: Int
  private let lengths: [Int]
  private let isOrdered: Bool
  private var generator: SeededGenerator
  private var queue: [Window] = []
  private var position = 0
  /// Whole passes over the training part that have begun, minus one.
  public private(set) var epoch = -1

  /// Whole passes that have ended: `epoch` counts one more only when the next window is drawn.
  public var completed: Int { position == queue.count ? epoch + 1 : epoch }

  /// `series` holds at least one step in all.
  public init(series: [Series], sequence: Int, seed: UInt64, isOrdered: Bool = false) {
    self.sequence = sequence
    self.isOrdered = isOrdered
    lengths = series.map(\.steps)
    generator = SeededGenerator(seed: seed)
  }

  public mutating func next() -> Window {
    if position == queue.count { refill() }
    defer { position += 1 }
    return queue[position]
  }

  private mutating func refill() {
    queue.removeAll(keepingCapacity: true)
    for (index, length) in lengths.enumerated() where length > 0 {
      guard length > sequence else {
        queue.append(Window(series: index, start: 0))
        continue
      }
      // A phase in 0 ..< sequence, kept small enough that at least one whole window fits.
      let phase = isOrdered ? 0 : generator.index(below: min(sequence, length - sequence + 1))
      for start in stride(from: phase, through: length - sequence, by: sequence) {
        queue.append(Window(series: index, start: start))
      }
    }
    if !isOrdered { generator.shuffle(&queue) }
    position = 0
    epoch += 1
  }
}
