import CKernels
import Circuits
import Dispatch
import Tasks

/// Training without a queue or a screen: one batch in, one update made.
///
/// The batch is cut into slices of ``sliceRows`` rows, whatever the number of threads; each slice has its own workspace
/// and gradient, and gradients are added in the order of the slices. So the same seed gives the same bits on one core and
/// on many. Not Sendable: it belongs to one queue.
public final class Learner<Scalar: CircuitScalar> {
  /// Rows of a batch that are worked on together.
  public static var sliceRows: Int { 8 }

  public let model: Model<Scalar>
  public let loss: Loss
  public let optimizer: any Optimizer
  public private(set) var state: ParameterState<Scalar>
  public var learningRate: Double
  /// The largest norm a gradient may have before it is scaled down; 0 for no limit.
  public var clip: Double
  public let threads: Int
  /// ∂L/∂p of the last batch, masked, before clipping.
  public private(set) var gradient: [Scalar]

  private var slices: [Workspace<Scalar>] = []
  private var targets: [Buffer<Scalar>] = []
  private var weights: [Buffer<Scalar>] = []
  private let prepared: Buffer<Scalar>
  private var moves: [Bool] = []
  private var masksChanged = true
  private var lastGood: [Scalar]
  private var lastGoodSlots: [Scalar]
  private var clipped: [Scalar]
  /// Σ gradient²; infinite where that is beyond the precision, though no entry is.
  private var square: Scalar = 0
  /// What the circuit uses, where that is not what is stored.
  private var effective: [Scalar] = []
  /// Of the kernels, or `nil` where there is none for this precision.
  private let level: Int32? = Kernels.level(for: Scalar.self)
  private var partial: Buffer<Scalar> = Buffer(0)

  public init(
    model: Model<Scalar>, kind: TargetKind, optimizer: any Optimizer, learningRate: Double, clip: Double, threads: Int,
    values: [Scalar]
  ) {
    self.model = model
    loss = Loss(kind)
    self.optimizer = optimizer
    self.learningRate = learningRate
    self.clip = clip
    self.threads = max(threads, 1)
    state = ParameterState(model, values: values, slots: optimizer.slots.count)
    gradient = [Scalar](repeating: 0, count: values.count)
    lastGood = values
    lastGoodSlots = state.slots
    clipped = values
    prepared = Buffer(model.cell.preparedSize)
  }

  /// Changes values, slots or masks from outside, between two steps.
  public func edit<Result>(_ change: (inout ParameterState<Scalar>) throws -> Result) rethrows -> Result {
    defer { masksChanged = true }
    return try change(&state)
  }

  /// What one update did, or why it was not made.
  public struct Report: Sendable, Equatable, Codable {
    /// Before the update.
    public var loss: Double
    /// Before clipping; frozen and pruned parameters count 0.
    public var gradientNorm: Double

    private enum CodingKeys: String, CodingKey {
      case loss = "loss"
      case gradientNorm = "gradientNorm"
    }
  }

  /// One update from `batch`.
  ///
  /// With a limit on the gradient's norm only its direction counts: it may be so long that the sum of its squares is beyond
  /// the precision. Without one such a gradient is refused.
  ///
  /// - Throws: ``NotFinite`` where the loss, a gradient or a new value is not a finite number; parameters and moments are
  ///   then those from before the update.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func step(_ batch: Batch<Scalar>) throws -> Report {
    let total = batch.weights.reduce(0, +)
    guard total > 0 else { return Report(loss: 0, gradientNorm: 0) }
    let value = differentiate(batch, total: total)
    guard value.isFinite else { throw NotFinite.loss(in: self, value: Double(value)) }
    let norm = try norm()
    Self.copy(state.values, into: &lastGood)
    Self.copy(state.slots, into: &lastGoodSlots)
    if !update(norm), let index = state.values.firstIndex(where: { !$0.isFinite }) {
      let bad = state.values[index]
      (state.values, state.slots) = (lastGood, lastGoodSlots)
      state.updates -= 1
      throw NotFinite.value(in: self, index: index, value: Double(bad))
    }
    return Report(loss: Double(value), gradientNorm: norm.value)
  }

  /// √(Σ gᵢ²), as `scale`·`scaled`: with g = max |gᵢ| out of it where the sum of the squares is beyond the precision, and
  /// `scale` 1 everywhere else.
  private struct Norm {
    var scale: Scalar
    var scaled: Scalar
    var value: Double { Double(scale) * Double(scaled) }
  }

  /// - Throws: ``NotFinite`` where an entry is not finite, or the sum of the squares is not and nothing limits the norm.
  private func norm() throws -> Norm {
    if square.isFinite { return Norm(scale: 1, scaled: square.squareRoot()) }
    let largest = gradient.reduce(0) { max($0, abs($1)) }
    guard clip > 0, largest.isFinite, gradient.allSatisfy(\.isFinite) else { throw NotFinite.gradient(in: self) }
    let sum = gradient.reduce(0) { $0 + ($1 / largest) * ($1 / largest) }
    return Norm(scale: largest, scaled: sum.squareRoot())
  }

  /// Without allocating: `target` keeps its storage.
  private static func copy(_ source: [Scalar], into target: inout [Scalar]) {
    target.withUnsafeMutableBufferPointer { target in
      source.withUnsafeBufferPointer { source in
        if let base = source.baseAddress { target.baseAddress?.update(from: base, count: source.count) }
      }
    }
  }

  /// The loss of `batch` and, in ``gradient``, its gradient; changes no parameter.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  @discardableResult
  public func differentiate(_ batch: Batch<Scalar>, total: Scalar) -> Scalar {
    arrange(batch)
    if masksChanged { refreshMasks() }
    // The stored values themselves where they are what the circuit uses, else a copy in storage that is kept.
    let direct = model.specification.positivity == .clamp
    if !direct { model.effective(state.values, into: &effective) }
    (direct ? state.values : effective).withUnsafeBufferPointer { values in
      state.connections.withUnsafeBufferPointer { connections in
        let (values, connections) = (values.baseAddress!, connections.baseAddress!)
        model.cell.prepare(parameters: values, connections: connections, into: prepared.pointer)
        let workers = min(threads, slices.count)
        // Each worker touches its own slices' storage and their entries of `partial` alone, and all are done when
        // concurrentPerform returns.
        func work(_ worker: Int) {
          for slice in stride(from: worker, to: slices.count, by: workers) {
            partial[slice] = differentiate(slice, values, connections, batch: batch, total: total)
          }
        }
        if workers == 1 {
          work(0)
        } else {
          nonisolated(unsafe) let work = work
          DispatchQueue.concurrentPerform(iterations: workers) { work($0) }
        }
      }
    }
    reduce()
    if !direct {
      model.pullBack(&gradient, stored: state.values)
      square = 0
      for i in gradient.indices { square += gradient[i] * gradient[i] }
    }
    var sum: Scalar = 0
    for slice in slices.indices { sum += partial[slice] }
    return sum
  }

  private func differentiate(
    _ slice: Int, _ values: UnsafePointer<Scalar>, _ connections: UnsafePointer<Scalar>, batch: Batch<Scalar>,
    total: Scalar
  ) -> Scalar {
    let workspace = slices[slice]
    load(workspace, from: batch, firstRow: slice * Self.sliceRows, targets: targets[slice], weights: weights[slice])
    model.forward(
      workspace, parameters: values, connections: connections, prepared: prepared.pointer, keepsTape: true)
    let value = loss.accumulate(
      outputs: workspace.outputs.pointer, outputCount: model.outputs, targets: targets[slice].pointer,
      targetCount: batch.targetCount, weights: weights[slice].pointer, samples: workspace.rows * workspace.steps,
      total: total, gradient: workspace.outputGradient.pointer)
    model.backward(workspace, parameters: values, connections: connections, prepared: prepared.pointer)
    return value
  }

  /// Storage for the batch's shape; kept as long as the shape stays.
  private func arrange(_ batch: Batch<Scalar>) {
    let rows = slices.reduce(0) { $0 + $1.rows }
    if rows == batch.rows && slices.first?.steps == batch.steps { return }
    let starts = stride(from: 0, to: batch.rows, by: Self.sliceRows)
    slices = starts.map {
      Workspace(model, rows: min(Self.sliceRows, batch.rows - $0), steps: batch.steps, forTraining: true)
    }
    targets = slices.map { Buffer($0.rows * batch.steps * batch.targetCount) }
    weights = slices.map { Buffer($0.rows * batch.steps) }
    partial = Buffer(slices.count)
  }

  /// Copies rows `firstRow ..< firstRow + workspace.rows` of the batch: [T][B][·] to [T][R][·].
  private func load(
    _ workspace: Workspace<Scalar>, from batch: Batch<Scalar>, firstRow: Int, targets: Buffer<Scalar>,
    weights: Buffer<Scalar>
  ) {
    func copy(_ source: [Scalar], width: Int, to target: Buffer<Scalar>) {
      source.withUnsafeBufferPointer { source in
        for t in 0..<batch.steps where width > 0 {
          (target.pointer + t * workspace.rows * width).update(
            from: source.baseAddress! + (t * batch.rows + firstRow) * width, count: workspace.rows * width)
        }
      }
    }
    copy(batch.inputs, width: batch.inputCount, to: workspace.inputs)
    copy(batch.elapsed, width: 1, to: workspace.elapsed)
    copy(batch.targets, width: batch.targetCount, to: targets)
    copy(batch.weights, width: 1, to: weights)
  }

  /// Adds the slices' gradients in their order, and squares the sum: O(P·slices), the same for any number of threads.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  private func reduce() {
    gradient.withUnsafeMutableBufferPointer { sum in
      moves.withUnsafeBufferPointer { moves in
        guard let base = sum.baseAddress, let flags = UnsafeRawPointer(moves.baseAddress) else { return }
        for (number, slice) in slices.enumerated() {
          let part = slice.gradient.pointer
          if let level {
            square = Scalar(
              gk_merge(
                level, sum.count, part.float, flags.assumingMemoryBound(to: UInt8.self), base.float,
                number == 0 ? 1 : 0))
          } else {
            square = 0
            for i in sum.indices {
              base[i] = (number == 0 ? 0 : base[i]) + (moves[i] ? part[i] : 0)
              square += base[i] * base[i]
            }
          }
        }
      }
    }
  }

  private func refreshMasks() {
    moves = state.moves(model)
    masksChanged = false
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  private func update(_ norm: Norm) -> Bool {
    // As torch.nn.utils.clip_grad_norm_: the factor is clip/(norm + 1e-6), at most 1.
    let factor = clip > 0 ? min(1, Scalar(clip) / (norm.scaled + 1e-6)) : 1
    let scale = norm.scale
    clipped.withUnsafeMutableBufferPointer { clipped in
      gradient.withUnsafeBufferPointer { gradient in
        if scale == 1 {
          for i in gradient.indices { clipped[i] = gradient[i] * factor }
        } else {
          // Longer than any limit. Divided first: the factor for the whole would be too small for the precision.
          let factor = Scalar(clip) / norm.scaled
          for i in gradient.indices { clipped[i] = gradient[i] / scale * factor }
        }
      }
    }
    return state.advance(
      optimizer, gradient: clipped, moves: moves, rate: Scalar(learningRate), model: model)
  }
}
