import Circuits
import Synchronization

/// The weights a network had while it learned, in bounded memory: what can be walked back into.
///
/// All storage is there from the start, in slots of P single-precision numbers, a byte for each of their masks and one per
/// possible synapse.
/// Recording a step copies into a free slot: nothing is allocated, and nobody waits longer than for one such copy. When
/// no slot is free, every second of the regular moments is forgotten and from then on only every second step is
/// recorded. The first moment, the latest and those of interventions stay; only where interventions alone fill the
/// memory every second of them goes too.
///
/// Written by the queue that trains, read by any other.
public final class WeightHistory: Sendable {
  /// Why a moment was kept.
  public enum Kind: String, Sendable, Codable {
    case first
    case regular
    /// After a command changed the network.
    case intervention
    /// The newest when training stopped or someone asked; goes when a newer one comes.
    case latest
  }

  public struct Moment: Sendable, Equatable, Codable {
    /// Steps made by then.
    public var step: Int
    public var kind: Kind
    /// Of the next step then; `nil` where that was not told.
    public var learningRate: Double?

    public init(step: Int, kind: Kind, learningRate: Double? = nil) {
      self.step = step
      self.kind = kind
      self.learningRate = learningRate
    }

    private enum CodingKeys: String, CodingKey {
      case step = "step"
      case kind = "kind"
      case learningRate = "learningRate"
    }
  }

  /// What the network was at a moment.
  public struct State: Sendable, Equatable {
    public var moment: Moment
    /// P, stored values.
    public var values: [Float]
    /// (N + M)×N; 1 where a synapse was present.
    public var connections: [Float]
    /// P; what did not move then.
    public var frozen: [Bool]
  }

  /// P, and (N + M)·N.
  public let parameters: Int
  public let synapses: Int
  /// How many moments fit.
  public let capacity: Int
  private let store: Mutex<Store>

  /// The largest number of moments kept, however small the network: more than a screen or a fit can tell apart, and few
  /// enough that recording soon takes every second step, every fourth …: fast steps pay least.
  public static let mostMoments = 2_048
  /// And the least, however small the memory.
  public static let fewestMoments = 4

  /// Bytes a moment takes.
  public static func size(parameters: Int, synapses: Int) -> Int {
    parameters * (MemoryLayout<Float>.stride + MemoryLayout<Bool>.stride) + synapses
  }

  /// - Parameter megabytes: how much memory the moments may take together, 10⁶ bytes each; at least ``fewestMoments`` are
  ///   kept whatever they take.
  public convenience init(parameters: Int, synapses: Int, megabytes: Double = 32) {
    let size = Double(max(Self.size(parameters: parameters, synapses: synapses), 1))
    let fitting = max(megabytes, 0) * 1e6 / size
    self.init(
      parameters: parameters, synapses: synapses,
      capacity: fitting < Double(Self.mostMoments) ? max(Int(fitting), Self.fewestMoments) : Self.mostMoments)
  }

  private init(parameters: Int, synapses: Int, capacity: Int) {
    (self.parameters, self.synapses, self.capacity) = (parameters, synapses, capacity)
    store = Mutex(Store(parameters: parameters, synapses: synapses, capacity: capacity))
  }

  /// A history of its own with the moments of this one up to `step`: what another future begins with.
  public func copy(through step: Int) -> WeightHistory {
    let copy = WeightHistory(parameters: parameters, synapses: synapses, capacity: capacity)
    copy.restore(states(through: step), interval: interval)
    return copy
  }

  public convenience init<Scalar>(_ model: Model<Scalar>, megabytes: Double = 32) {
    self.init(
      parameters: model.layout.count, synapses: model.wiring.connections(as: Float.self).count, megabytes: megabytes)
  }

  /// Every so many steps one is recorded.
  public var interval: Int { store.withLock { $0.interval } }

  /// The moments kept, steps ascending.
  public var moments: [Moment] {
    store.withLock { store in store.entries.map(\.moment) }
  }

  /// Counts up with every moment taken in: cheap to ask whether there is something new.
  public var version: Int { store.withLock { $0.version } }

  public var isEmpty: Bool { store.withLock { $0.entries.isEmpty } }

  /// Takes in the network after `step` steps. A `regular` step that is not due is left out, the very first is always
  /// kept. A moment of the same step is replaced; moments of later steps are forgotten, for then training has gone back
  /// and its future is another.
  ///
  /// Without allocating; O(P + synapses), and now and then O(capacity). Arrays of another size than this network's are
  /// programming errors; nothing is frozen where `frozen` is empty.
  public func record(
    step: Int, values: [Float], connections: [Float], frozen: [Bool] = [], learningRate: Double? = nil,
    kind: Kind = .regular
  ) {
    precondition(
      values.count == parameters && connections.count == synapses && (frozen.isEmpty || frozen.count == parameters),
      "the state of another network")
    store.withLock {
      $0.record(
        Moment(step: step, kind: kind, learningRate: learningRate), values: values, connections: connections,
        frozen: frozen)
    }
  }

  /// The state of the newest moment at or before `step`, or else the first; nil where nothing was recorded.
  public func state(at step: Int) -> State? {
    var state = State(
      moment: Moment(step: 0, kind: .first), values: [Float](repeating: 0, count: parameters),
      connections: [Float](repeating: 0, count: synapses), frozen: [Bool](repeating: false, count: parameters))
    return copy(step, into: &state) ? state : nil
  }

  /// As ``state(at:)``, into storage that is there.
  @discardableResult
  public func copy(_ step: Int, into state: inout State) -> Bool {
    precondition(fits(state), "the state of another network")
    return store.withLock { store in
      guard let index = store.index(of: step) else { return false }
      store.copy(index, into: &state)
      return true
    }
  }

  /// Takes over what a file kept, every moment of it, as far as it fits.
  package func restore(_ states: some Sequence<State>, interval: Int) {
    store.withLock { $0.interval = max(interval, 1) }
    for state in states {
      precondition(fits(state), "the state of another network")
      store.withLock {
        $0.record(
          state.moment, values: state.values, connections: state.connections, frozen: state.frozen, always: true)
      }
    }
  }

  private func fits(_ state: State) -> Bool {
    state.values.count == parameters && state.connections.count == synapses && state.frozen.count == parameters
  }

  /// Every moment that is there up to `step`, one after the other; those that are thinned out meanwhile are left out.
  func states(through step: Int = .max) -> some Sequence<State> {
    var last = Int.min
    return moments.lazy.filter { $0.step <= step }.compactMap { [self] moment -> State? in
      guard let state = state(at: moment.step), state.moment.step > last else { return nil }
      last = state.moment.step
      return state
    }
  }
}

/// The slots and which of them hold what. Belongs to whoever holds the lock.
private struct Store: ~Copyable {
  struct Entry {
    var moment: WeightHistory.Moment
    var slot: Int
    var step: Int { moment.step }
    var kind: WeightHistory.Kind { moment.kind }
  }

  /// Steps ascending.
  var entries: [Entry] = []
  var interval = 1
  private(set) var version = 0
  private var free: [Int]
  private let parameters: Int
  private let synapses: Int
  private let values: UnsafeMutablePointer<Float>
  private let present: UnsafeMutablePointer<UInt8>
  private let frozen: UnsafeMutablePointer<Bool>

  init(parameters: Int, synapses: Int, capacity: Int) {
    self.parameters = parameters
    self.synapses = synapses
    // Not touched before it is used: memory that is never needed is never taken.
    values = .allocate(capacity: max(parameters * capacity, 1))
    present = .allocate(capacity: max(synapses * capacity, 1))
    frozen = .allocate(capacity: max(parameters * capacity, 1))
    free = Array((0..<capacity).reversed())
    entries.reserveCapacity(capacity)
  }

  deinit {
    values.deallocate()
    present.deallocate()
    frozen.deallocate()
  }

  /// `always` records a regular step whether it is due or not.
  mutating func record(
    _ moment: WeightHistory.Moment, values: [Float], connections: [Float], frozen: [Bool], always: Bool = false
  ) {
    let (step, kind) = (moment.step, moment.kind)
    while let last = entries.last, last.step > step { drop() }
    if let last = entries.last, last.step == step {
      version += 1
      write(last.slot, values, connections, frozen)
      entries[entries.count - 1].moment.learningRate = moment.learningRate
      if last.kind != .first && last.kind != .intervention { entries[entries.count - 1].moment.kind = kind }
      return
    }
    let isOptional = kind == .regular && !always && !entries.isEmpty
    if isOptional, step % interval != 0 { return }
    if let last = entries.last, last.kind == .latest {
      if last.step % interval == 0 { entries[entries.count - 1].moment.kind = .regular } else { drop() }
    }
    if free.isEmpty { thin() }
    // Thinning has made steps rarer.
    if isOptional, step % interval != 0 { return }
    guard let slot = free.popLast() else { return }
    version += 1
    write(slot, values, connections, frozen)
    var entry = Entry(moment: moment, slot: slot)
    if entries.isEmpty { entry.moment.kind = .first }
    entries.append(entry)
  }

  private mutating func drop() { if let last = entries.popLast() { free.append(last.slot) } }

  /// Forgets every second regular moment, or where there is none every second intervention.
  private mutating func thin() {
    while free.isEmpty && interval < Int.max / 2 {
      guard entries.contains(where: { $0.kind == .regular }) else { break }
      interval *= 2
      let interval = interval
      keep { entry, _ in entry.kind != .regular || entry.step % interval == 0 }
    }
    if free.isEmpty {
      keep { entry, number in entry.kind == .first || number % 2 == 0 }
    }
  }

  /// In place: the array keeps its storage.
  private mutating func keep(_ isKept: (Entry, Int) -> Bool) {
    var kept = 0
    for number in entries.indices {
      if isKept(entries[number], number) {
        entries[kept] = entries[number]
        kept += 1
      } else {
        free.append(entries[number].slot)
      }
    }
    entries.removeLast(entries.count - kept)
  }

  private func write(_ slot: Int, _ source: [Float], _ connections: [Float], _ mask: [Bool]) {
    source.withUnsafeBufferPointer {
      if let base = $0.baseAddress { (values + slot * parameters).update(from: base, count: parameters) }
    }
    let masks = frozen + slot * parameters
    if mask.isEmpty { masks.update(repeating: false, count: parameters) }
    mask.withUnsafeBufferPointer { if let base = $0.baseAddress { masks.update(from: base, count: $0.count) } }
    let target = present + slot * synapses
    connections.withUnsafeBufferPointer { for synapse in 0..<synapses { target[synapse] = $0[synapse] == 0 ? 0 : 1 } }
  }

  /// Of the newest entry at or before `step`, or of the first: O(log n).
  func index(of step: Int) -> Int? {
    guard !entries.isEmpty else { return nil }
    var (low, high) = (0, entries.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if entries[middle].step <= step { low = middle } else { high = middle }
    }
    return low
  }

  func copy(_ index: Int, into state: inout WeightHistory.State) {
    let entry = entries[index]
    state.moment = entry.moment
    state.values.withUnsafeMutableBufferPointer {
      $0.baseAddress?.update(from: values + entry.slot * parameters, count: parameters)
    }
    state.frozen.withUnsafeMutableBufferPointer {
      $0.baseAddress?.update(from: frozen + entry.slot * parameters, count: parameters)
    }
    let source = present + entry.slot * synapses
    state.connections.withUnsafeMutableBufferPointer {
      for synapse in 0..<synapses { $0[synapse] = Float(source[synapse]) }
    }
  }
}
