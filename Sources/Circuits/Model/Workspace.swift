import CKernels

/// All storage one part of a batch (some of its rows) needs for a training step or an evaluation: allocated once, used again.
///
/// Not Sendable: one part, one core at a time.
public final class Workspace<Scalar: CircuitScalar> {
  public let rows: Int
  public let steps: Int
  /// [T][R][O], filled by ``Model/forward(_:parameters:connections:prepared:keepsTape:)``.
  public let outputs: Buffer<Scalar>
  /// [T][R][O], ∂L/∂outputs, to be filled before ``Model/backward(_:parameters:connections:prepared:)``.
  public let outputGradient: Buffer<Scalar>
  /// [T + 1][R][S]; index 0 is the initial state, zero unless set.
  public let states: Buffer<Scalar>
  /// P, overwritten by every backward pass.
  public let gradient: Buffer<Scalar>
  /// [T][R][M], what is recorded; fill before a forward pass.
  public let inputs: Buffer<Scalar>
  /// [T][R].
  public let elapsed: Buffer<Scalar>
  let mapped: Buffer<Scalar>
  let mappedGradient: Buffer<Scalar>
  let stateGradient: Buffer<Scalar>
  let tape: Buffer<Scalar>
  let scratch: Buffer<Scalar>

  /// Storage for `rows` rows of `steps` steps; without `forTraining` only what a forward pass needs.
  public init(_ model: Model<Scalar>, rows: Int, steps: Int, forTraining: Bool) {
    self.rows = rows
    self.steps = steps
    let slices = rows * steps
    let states = (steps + 1) * rows * model.cell.stateSize
    self.states = Buffer(states)
    inputs = Buffer(slices * model.inputs)
    mapped = Buffer(slices * model.inputs)
    elapsed = Buffer(slices, filledWith: 1)
    outputs = Buffer(slices * model.outputs)
    outputGradient = Buffer(forTraining ? slices * model.outputs : 0)
    gradient = Buffer(forTraining ? model.layout.count : 0)
    mappedGradient = Buffer(forTraining ? slices * model.inputs : 0)
    stateGradient = Buffer(forTraining ? states : 0)
    tape = Buffer(forTraining ? model.cell.tapeSize(rows: rows, steps: steps) : 1)
    scratch = Buffer(
      max(model.cell.scratchSize(rows: rows), model.readoutKernel.map(gk_readout_scratch_size) ?? 0))
  }
}

/// A fixed piece of memory aligned to 64 bytes, freed with its owner.
public final class Buffer<Element: CircuitScalar> {
  public let count: Int
  public let pointer: UnsafeMutablePointer<Element>
  private let raw: UnsafeMutableRawPointer

  public init(_ count: Int, filledWith value: Element = 0) {
    self.count = count
    raw = .allocate(byteCount: max(count, 1) * MemoryLayout<Element>.stride, alignment: 64)
    pointer = raw.bindMemory(to: Element.self, capacity: max(count, 1))
    pointer.initialize(repeating: value, count: max(count, 1))
  }

  deinit { raw.deallocate() }

  public subscript(index: Int) -> Element {
    get { pointer[index] }
    set { pointer[index] = newValue }
  }
  /// A copy of the contents.
  public var array: [Element] { Array(UnsafeBufferPointer(start: pointer, count: count)) }
  public func zero() { pointer.update(repeating: 0, count: count) }
}
