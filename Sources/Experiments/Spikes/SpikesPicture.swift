import Spiking

/// A spiking network at one moment and what it did just before: all that is drawn of it. Its size does not depend on how
/// many neurons and synapses there are, the selected neuron's fan-in excepted.
public struct SpikesPicture: Sendable {
  /// The view that draws it.
  public static let view = "spikes"

  /// What does not change.
  public struct Network: Sendable, Equatable {
    public var neurons, excitatory, synapses: Int
    /// ms.
    public var step: Double
    public var threshold: Double
    /// w_max.
    public var maximum: Double
    public var rule: PlasticityRule
    public var timeConstant: Spread
    /// How many neurons of each kind have a τ_m in each of equal bins from the first to the last, ms.
    public var timeConstants: (first: Double, last: Double) { (firstTimeConstant, lastTimeConstant) }
    var firstTimeConstant, lastTimeConstant: Double
    public var excitatoryCounts, inhibitoryCounts: [Int]

    /// A synapse's source: a neuron's number, or "in 3" for an input channel.
    public func name(source: Int) -> String { source < neurons ? "\(source)" : "in \(source - neurons)" }

    public func isInhibitory(_ neuron: Int) -> Bool { neuron >= excitatory }
  }

  /// Spikes of the recent past: in bins of 1 ms (a step, where that is longer), by groups of neighbouring neurons.
  public struct Raster: Sendable, Equatable {
    /// Groups of excitatory neurons come first; none has neurons of both kinds.
    public var groups, excitatoryGroups: Int
    /// Of every group.
    public var sizes: [Int]
    /// The bin that is being filled; bins count from the start.
    public var newest: Int
    /// How many bins back are kept.
    public var capacity: Int
    /// ms.
    public var width: Double
    /// Slot by slot (bin mod capacity), a count per group.
    var counts: [UInt16]
    /// Spikes of all in a slot.
    var totals: [Int32]
    /// First neuron of each group, and N behind.
    public var firsts: [Int]

    /// Spikes of a group in a bin; 0 outside what is kept.
    @inlinable public func count(_ bin: Int, _ group: Int) -> Int {
      Int(slot(bin).map { counts(at: $0 * groups + group) } ?? 0)
    }
    /// Spikes of all neurons in a bin.
    public func total(_ bin: Int) -> Int { slot(bin).map { Int(totals[$0]) } ?? 0 }

    @usableFromInline func slot(_ bin: Int) -> Int? {
      bin >= 0 && bin <= newest && bin > newest - capacity ? bin % capacity : nil
    }
    @usableFromInline func counts(at index: Int) -> UInt16 { counts[index] }

    public func group(of neuron: Int) -> Int {
      var (low, high) = (0, groups - 1)
      while low < high {
        let middle = (low + high + 1) / 2
        if firsts[middle] <= neuron { low = middle } else { high = middle - 1 }
      }
      return low
    }
  }

  /// A neuron's membrane potential, the newest sample last.
  public struct Trace: Sendable, Equatable {
    public var neuron: Int
    /// ``spike`` where it fired since the sample before.
    public var samples: [Float]
    /// Samples since the start of the network.
    public var total: Int
    public static let spike = Float.greatestFiniteMagnitude
  }

  /// How the excitatory weights are distributed, now and before.
  public struct Weights: Sendable, Equatable {
    /// Share of the weights in equal bins of 0…w_max: oldest first, one entry per ``interval``.
    public var history: [[Float]]
    /// Mean of each entry ÷ w_max.
    public var means: [Float]
    /// Of the selected synapse, ÷ w_max; nan where it was not followed.
    public var selected: [Float]
    /// Entries since the start.
    public var total: Int
    /// ms.
    public var interval: Double
    /// How many synapses each entry was counted over.
    public var counted: Int
  }

  public struct Synapse: Sendable, Equatable {
    public var index, source: Int
    public var weight: Double
    public var isInhibitory, isPruned, isFrozen: Bool
    /// ms.
    public var delay: Double
    /// A± in shares of w_max, τ± in ms.
    public var potentiation, depression, potentiationTime, depressionTime: Double

    /// Change of the weight, in shares of w_max, by one pair; Δt = t_post − t_pre, ms.
    public func window(_ interval: Double) -> Double {
      PlasticityRule(
        potentiation: .equal(potentiation), depression: .equal(depression), potentiationTime: .equal(potentiationTime),
        depressionTime: .equal(depressionTime), maximum: 1
      ).window(interval)
    }
  }

  /// Everything about the selected neuron.
  public struct Detail: Sendable, Equatable {
    public var neuron: Int
    /// ms.
    public var timeConstant: Double
    public var threshold: Double
    /// Spikes in the last whole second.
    public var rate: Double
    public var isInhibitory, isSilenced: Bool
    public var outgoing: Int
    /// Onto it, by source.
    public var synapses: [Synapse]

    public init(
      neuron: Int, timeConstant: Double, threshold: Double, rate: Double, isInhibitory: Bool, isSilenced: Bool,
      outgoing: Int, synapses: [Synapse]
    ) {
      (self.neuron, self.timeConstant, self.threshold, self.rate) = (neuron, timeConstant, threshold, rate)
      (self.isInhibitory, self.isSilenced) = (isInhibitory, isSilenced)
      (self.outgoing, self.synapses) = (outgoing, synapses)
    }
  }

  /// What pruning did in a trial on copies that run side by side.
  public struct PruneEffect: Sendable, Equatable {
    public var synapses: [Int]
    /// Simulated, ms.
    public var duration: Double
    /// Spikes per second and neuron, without and with the cut; and those of the neuron that the first synapse reaches.
    public var before, after, neuronBefore, neuronAfter: Double
  }

  /// C, S and 𝓔 as they were measured at some time.
  public struct Measured: Sendable, Equatable {
    /// Of the network, ms.
    public var time: Double
    public var outcome: MemoryExperiment.Outcome
  }

  public var network: Network
  public var status: ActivityStatus
  /// Simulated, ms.
  public var time = 0.0
  /// Seconds simulated in a second: wanted, and reached lately.
  public var speed = 0.0
  public var reached = 0.0
  public var raster: Raster
  public var traces: [Trace] = []
  public var weights: Weights
  public var detail: Detail
  /// Spikes per second and neuron, lately.
  public var rate = 0.0
  /// χ of the membranes in the last 250 ms: 1 where all move as one, near 0 where each goes its own way.
  public var synchrony: Double?
  /// Share of neurons without a spike in the last whole second.
  public var silentShare: Double?
  public var isLearning = false
  public var homeostasis: Homeostasis?
  /// How many synapses and neurons are.
  public var pruned = 0
  public var frozen = 0
  public var silenced: [Int] = []
  public var undoTitle: String?
  public var redoTitle: String?
  public var listening: Int?
  public var preview: PruneEffect?
  /// Oldest first.
  public var measured: [Measured] = []
}
