import Circuits

/// What the arrow keys move and every pane shares: a neuron, or one of its incoming synapses.
public struct Selection: Sendable, Equatable {
  /// The neuron; the synapse's post-synaptic one.
  public var post: Int
  /// The presynaptic neuron or input (from N on) of the selected synapse; `nil` selects the neuron itself.
  public var pre: Int?

  public init(post: Int, pre: Int? = nil) {
    self.post = post
    self.pre = pre
  }

  public var synapse: Synapse? { pre.map { Synapse(pre: $0, post: post) } }

  /// Presynaptic sources of `post`, ascending.
  static func sources(of post: Int, in wiring: Wiring) -> [Int] {
    (0..<wiring.neurons + wiring.inputs).filter { wiring.has(Synapse(pre: $0, post: post)) }
  }

  /// The neuron `offset` rows further, with the nearest synapse it has where one was selected.
  func movedDown(by offset: Int, in wiring: Wiring) -> Selection {
    guard wiring.neurons > 0 else { return self }
    let target = min(max(post + offset, 0), wiring.neurons - 1)
    guard let pre else { return Selection(post: target) }
    let nearest = Self.sources(of: target, in: wiring).min { abs($0 - pre) < abs($1 - pre) }
    return Selection(post: target, pre: nearest)
  }

  /// The next synapse of the same neuron; stepping left from the first selects the neuron itself.
  func movedRight(by offset: Int, in wiring: Wiring) -> Selection {
    let sources = Self.sources(of: post, in: wiring)
    guard !sources.isEmpty else { return Selection(post: post) }
    let index = pre.flatMap { sources.firstIndex(of: $0) } ?? -1
    let target = min(index + offset, sources.count - 1)
    return Selection(post: post, pre: target < 0 ? nil : sources[target])
  }
}
