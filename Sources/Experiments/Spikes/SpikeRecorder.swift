import Spiking

/// The recent past of a network, kept in rings while it runs: who fired when, some membranes, how weights are spread.
struct SpikeRecorder {
  /// The most groups of neurons that are told apart in the raster.
  static let groups = 256
  /// Bins that are kept.
  static let capacity = 2_048
  /// Classes of the weights' histogram, ms between two of them, and how many are kept.
  static let weightBins = 24
  static let weightInterval = 100.0
  static let weightCapacity = 400
  /// The most synapses that a histogram counts; of more every so manieth.
  static let countedWeights = 20_000
  /// The most membranes that synchrony is measured over, and the samples of a measurement.
  static let synchronyNeurons = 512
  static let synchronySamples = 250

  private(set) var raster: SpikesPicture.Raster
  private(set) var traces: [Int: SpikesPicture.Trace] = [:]
  private(set) var weights: SpikesPicture.Weights
  private(set) var synchrony: Double?
  /// Spikes of each neuron in the last whole second, and in the present one.
  private(set) var lastSecond: [UInt16]?
  private var thisSecond: [UInt16]
  /// Steps to a bin, to a second, to a histogram of weights; samples of membranes to a bin.
  let binSteps, secondSteps, weightSteps, samplesPerBin: Int
  private let groupOf: [UInt16]
  private let learning: [Int]
  private let maximum: Float
  private let followed: [Int]
  /// Σ v and Σ v² of each followed membrane, and of their mean.
  private var sums, squares: [Double]
  private var (meanSum, meanSquare, samples) = (0.0, 0.0, 0)

  init(_ network: SpikingNetwork, excitatory: Int, maximum: Float) {
    let n = network.neurons
    binSteps = max(Int((1 / network.step).rounded()), 1)
    samplesPerBin = binSteps >= 2 ? 2 : 1
    secondSteps = max(Int((1_000 / network.step).rounded()), 1)
    weightSteps = max(Int((Self.weightInterval / network.step).rounded()), 1)
    // Neither kind of neuron loses its rows to the other.
    let total = min(n, Self.groups)
    let share = excitatory == n ? total : excitatory == 0 ? 0 : min(max(total * excitatory / n, 1), total - 1)
    var firsts = (0..<share).map { $0 * excitatory / share }
    firsts += (0..<total - share).map { excitatory + $0 * (n - excitatory) / (total - share) }
    firsts.append(n)
    var groupOf = [UInt16](repeating: 0, count: n)
    for group in 0..<total { for neuron in firsts[group]..<firsts[group + 1] { groupOf[neuron] = UInt16(group) } }
    self.groupOf = groupOf
    raster = SpikesPicture.Raster(
      groups: total, excitatoryGroups: share, sizes: (0..<total).map { firsts[$0 + 1] - firsts[$0] }, newest: 0,
      capacity: Self.capacity, width: Double(binSteps) * network.step,
      counts: [UInt16](repeating: 0, count: total * Self.capacity), totals: [Int32](repeating: 0, count: Self.capacity),
      firsts: firsts)
    thisSecond = [UInt16](repeating: 0, count: n)
    // Those that can learn, from neurons and inputs.
    let connectivity = network.connectivity
    let all = (0..<connectivity.sources).filter { !connectivity.inhibitory[$0] }.flatMap { connectivity.outgoing($0) }
    let stride = max((all.count + Self.countedWeights - 1) / Self.countedWeights, 1)
    learning = Swift.stride(from: 0, to: all.count, by: stride).map { all[$0] }
    self.maximum = maximum
    weights = SpikesPicture.Weights(
      history: [], means: [], selected: [], total: 0, interval: Double(weightSteps) * network.step,
      counted: learning.count)
    let every = max((n + Self.synchronyNeurons - 1) / Self.synchronyNeurons, 1)
    followed = Swift.stride(from: 0, to: n, by: every).map { $0 }
    sums = [Double](repeating: 0, count: followed.count)
    squares = sums
    count(network, selected: nil)
  }

  /// Keeps traces of these neurons, and forgets all others.
  mutating func follow(_ neurons: Set<Int>) {
    for neuron in traces.keys where !neurons.contains(neuron) { traces[neuron] = nil }
    for neuron in neurons where traces[neuron] == nil {
      traces[neuron] = SpikesPicture.Trace(neuron: neuron, samples: [], total: 0)
    }
  }

  /// Takes in the step that the network has just made.
  mutating func add(_ network: SpikingNetwork, selected: Int?) {
    let step = network.now - 1
    let bin = step / binSteps
    if bin > raster.newest {
      raster.newest = bin
      let slot = bin % raster.capacity
      raster.totals[slot] = 0
      for group in 0..<raster.groups { raster.counts[slot * raster.groups + group] = 0 }
    }
    let slot = bin % raster.capacity
    raster.totals[slot] += Int32(network.spikes.count)
    for neuron in network.spikes {
      raster.counts[slot * raster.groups + Int(groupOf[Int(neuron)])] &+= 1
      thisSecond[Int(neuron)] &+= 1
    }
    sample(network, step)
    if network.now % secondSteps == 0 {
      lastSecond = thisSecond
      for index in thisSecond.indices { thisSecond[index] = 0 }
    }
    if network.now % binSteps == 0 { measureSynchrony(network) }
    if network.now % weightSteps == 0 { count(network, selected: selected) }
  }

  private mutating func sample(_ network: SpikingNetwork, _ step: Int) {
    let (number, before) = ((step + 1) * samplesPerBin / binSteps, step * samplesPerBin / binSteps)
    for neuron in traces.keys {
      let fired = network.spikes.contains(Int32(neuron))
      // In the sample that is under way a spike is seen at once.
      if fired { firedSinceSample.insert(neuron) }
      guard number > before else { continue }
      let value =
        firedSinceSample.remove(neuron) == nil ? Float(network.potential(of: neuron)) : SpikesPicture.Trace.spike
      traces[neuron]!.samples.append(value)
      traces[neuron]!.total = number
      let limit = Self.capacity * samplesPerBin
      if traces[neuron]!.samples.count >= 2 * limit { traces[neuron]!.samples.removeFirst(limit) }
    }
  }
  private var firedSinceSample: Set<Int> = []

  /// χ² = Var(mean of v)/mean of Var(v) over time (Golomb & Rinzel 1994, DOI 10.1016/0167-2789(94)90214-3).
  private mutating func measureSynchrony(_ network: SpikingNetwork) {
    var mean = 0.0
    for (index, neuron) in followed.enumerated() {
      let v = network.potential(of: neuron)
      sums[index] += v
      squares[index] += v * v
      mean += v
    }
    mean /= Double(followed.count)
    meanSum += mean
    meanSquare += mean * mean
    samples += 1
    guard samples == Self.synchronySamples else { return }
    let t = Double(samples)
    let own = followed.indices.reduce(0) { $0 + max(squares[$1] / t - sums[$1] / t * (sums[$1] / t), 0) }
    let common = max(meanSquare / t - meanSum / t * (meanSum / t), 0)
    synchrony = own > 0 ? min((common / (own / Double(followed.count))).squareRoot(), 1) : nil
    for index in sums.indices { (sums[index], squares[index]) = (0, 0) }
    (meanSum, meanSquare, samples) = (0, 0, 0)
  }

  /// Adds a histogram of the weights.
  private mutating func count(_ network: SpikingNetwork, selected: Int?) {
    var shares = [Float](repeating: 0, count: Self.weightBins)
    var sum: Float = 0
    for synapse in learning {
      let unit = network.weight(of: synapse) / maximum
      sum += unit
      shares[min(max(Int(unit * Float(Self.weightBins)), 0), Self.weightBins - 1)] += 1
    }
    let all = Float(max(learning.count, 1))
    weights.history.append(shares.map { $0 / all })
    weights.means.append(sum / all)
    weights.selected.append(selected.map { network.weight(of: $0) / maximum } ?? .nan)
    weights.total += 1
    guard weights.history.count > Self.weightCapacity else { return }
    weights.history.removeFirst()
    weights.means.removeFirst()
    weights.selected.removeFirst()
  }

  /// What was followed of another synapse's weight says nothing about this one's.
  mutating func forgetSelected() { for index in weights.selected.indices { weights.selected[index] = .nan } }

  /// Spikes per second of a neuron: in the last whole second, or since the start where none has passed.
  func rate(of neuron: Int, _ network: SpikingNetwork) -> Double {
    if let lastSecond { return Double(lastSecond[neuron]) }
    return network.now > 0 ? Double(thisSecond[neuron]) * 1_000 / network.time : 0
  }

  var silentShare: Double? { lastSecond.map { counts in Double(counts.count { $0 == 0 }) / Double(counts.count) } }

  /// Spikes per second and neuron over the last half second.
  func meanRate(_ network: SpikingNetwork) -> Double {
    let bins = min(Int(500 / raster.width), raster.newest + 1)
    let spikes = (0..<max(bins, 1)).reduce(0) { $0 + raster.total(raster.newest - $1) }
    return Double(spikes) / Double(network.neurons) / (Double(max(bins, 1)) * raster.width / 1_000)
  }
}
