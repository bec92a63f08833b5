import Experiments

/// How a spiking network is looked at. Its selection is the Spikes view's own, shared by all of its pictures: this network's
/// neurons are not those of the network that the other views show.
public struct SpikesViewState: ViewState {
  public static var belongsToNetwork: Bool { false }
  /// A neuron, or one of its incoming synapses.
  public var selection = Selection(post: 0)
  /// Neurons whose membranes are kept beside the selected one's.
  public var kept: [Int] = []
  /// ms of a column.
  public var width = 5
  /// Of the search, whose slice is shown.
  public var dimension = 0
  /// The speed before slow motion.
  public var speedBefore: Double?

  public init() {}

  /// What a column can stand for.
  static let widths = [1, 2, 5, 10, 20]
}

extension Scene {
  /// The spiking network that the Spikes view shows.
  public var spikes: SpikesPicture? { picture(shownBy: SpikesPicture.view) }
  public var spikeCapacity: CapacityMeasurement.Picture? {
    picture(shownBy: SpikesPicture.view, part: CapacityMeasurement.Picture.part)
  }
  public var spikeSearch: MemorySearch.Picture? {
    picture(shownBy: SpikesPicture.view, part: MemorySearch.Picture.part)
  }

  /// How it is looked at.
  public var spikesView: SpikesViewState {
    get { self[SpikesView.self] }
    set { self[SpikesView.self] = newValue }
  }

  /// The selection where the network has such a neuron.
  var spikeSelection: Selection? {
    let selection = self[SpikesView.self].selection
    return spikes.flatMap { selection.post < $0.network.neurons ? selection : nil }
  }

  /// Everything about the selected neuron, once it has been told of this one.
  var spikeDetail: SpikesPicture.Detail? {
    spikes.flatMap { $0.detail.neuron == spikeSelection?.post ? $0.detail : nil }
  }

  /// The selected synapse.
  var spikeSynapse: SpikesPicture.Synapse? {
    guard let pre = spikeSelection?.pre else { return nil }
    return spikeDetail?.synapses.first { $0.source == pre }
  }
}
