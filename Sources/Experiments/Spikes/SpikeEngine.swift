import Spiking

/// A spiking network with its input, what is recorded of it, and what was done to it. Confined to one queue at a time.
package final class SpikeEngine {
  /// All that one edit changed, so that it can be taken back.
  private enum Change {
    case synapses([SpikingNetwork.SynapseState])
    case silenced(Int, Bool)
    case learning(Bool)
    case homeostasis(Homeostasis?)
  }
  private struct Edit {
    var title: String
    var before, after: Change
  }

  /// Where an encoded input is: what is random about it, and the channels that fire in each step of the present frame.
  private struct Feed {
    var state: Encoder.State
    var spikes: [[Int32]] = []
  }

  /// Simulated for a preview, ms, and steps of neurons at most.
  static let previewTime = 500.0
  static let previewCost = 4_000_000
  /// The most neurons whose membranes are kept at once.
  static let traces = 8

  package let run: SpikeRun
  package let network: SpikingNetwork
  private(set) var recorder: SpikeRecorder
  private(set) var preview: SpikesPicture.PruneEffect?
  private let description: SpikesPicture.Network
  private let sources: [Int32]
  private let delays: [UInt16]
  private let directions: [[Double]]
  private let frameSteps: Int
  private var feed: Feed
  private var selected = (neuron: 0, synapse: Int?.none)
  private var followed: [Int] = []
  private var fanIn: [Int] = []
  /// States of synapses before they were pruned.
  private var beforePruning: [Int: SpikingNetwork.SynapseState] = [:]
  private var silenced: Set<Int> = []
  private var frozen: Set<Int> = []
  private var done: [Edit] = []
  private var undone: [Edit] = []
  package private(set) var listening: Int?
  /// Spikes of ``listening`` so far.
  package private(set) var heard = 0

  /// Weights of a run without a rule stay as they are until plasticity is turned on, which then follows the usual rule.
  package init(_ run: SpikeRun) throws {
    var run = run
    let learns = run.plasticity != nil
    let rule = run.plasticity ?? PlasticityRule(maximum: Float(max(3 * run.topology.excitatoryWeight.mean, 1e-6)))
    run.plasticity = rule
    self.run = run
    network = try run.network()
    network.isLearning = learns
    recorder = SpikeRecorder(network, excitatory: run.topology.excitatory, maximum: rule.maximum)
    sources = network.connectivity.sourceOfEverySynapse()
    delays = network.connectivity.delayOfEverySynapse().map { UInt16($0) }
    feed = Feed(state: Encoder.State(seed: run.seed))
    switch run.drive {
    case .current(let value):
      network.setCurrent(value)
      (directions, frameSteps) = ([], 1)
    case .series(let frames, let hold, let bias, _):
      network.setCurrent(bias)
      directions = run.encoder == nil ? run.directions(channels: frames[0].count) : []
      frameSteps = max(Int((hold / run.step).rounded()), 1)
    }
    description = Self.describe(run, network, rule)
    select(0, nil)
  }

  private static func describe(_ run: SpikeRun, _ network: SpikingNetwork, _ rule: PlasticityRule)
    -> SpikesPicture.Network
  {
    let (taus, excitatory) = (network.timeConstants, run.topology.excitatory)
    var (first, last) = (taus.min() ?? 0, taus.max() ?? 1)
    if first == last { (first, last) = (first / 2, last * 2) }
    let bins = 48
    var counts = [[Int]](repeating: [Int](repeating: 0, count: bins), count: 2)
    for (neuron, tau) in taus.enumerated() {
      counts[neuron < excitatory ? 0 : 1][min(Int((tau - first) / (last - first) * Double(bins)), bins - 1)] += 1
    }
    return SpikesPicture.Network(
      neurons: network.neurons, excitatory: excitatory, synapses: network.connectivity.synapses, step: run.step,
      threshold: run.model.threshold, maximum: Double(rule.maximum), rule: rule, timeConstant: run.model.timeConstant,
      firstTimeConstant: first, lastTimeConstant: last, excitatoryCounts: counts[0], inhibitoryCounts: counts[1])
  }

  /// One step of the network and of what is recorded.
  package func advance() {
    network.advance(inputSpikes: drive(network, &feed))
    recorder.add(network, selected: selected.synapse)
    if let listening, network.spikes.contains(Int32(listening)) { heard += 1 }
  }

  /// Sets the currents of a frame that begins; the input channels that fire in the next step.
  private func drive(_ network: SpikingNetwork, _ feed: inout Feed) -> [Int32] {
    guard case .series(let frames, _, let bias, let gain) = run.drive else { return [] }
    let within = network.now % frameSteps
    guard within == 0 else { return within < feed.spikes.count ? feed.spikes[within] : [] }
    let values = frames[network.now / frameSteps % frames.count]
    if let encoder = run.encoder {
      feed.spikes = encoder.encode(values, steps: frameSteps, step: run.step, state: &feed.state)
      return feed.spikes.first ?? []
    }
    network.currents = directions.map { row in
      var sum = 0.0
      for channel in row.indices { sum += row[channel] * values[channel] }
      return bias + gain * sum
    }
    return []
  }

  // MARK: What a person does

  /// Indices that the network does not have are left out.
  package func perform(_ command: SpikeCommand) {
    func valid(_ synapses: [Int]) -> [Int] { synapses.filter { sources.indices.contains($0) } }
    func valid(_ neuron: Int) -> Bool { neuron >= 0 && neuron < network.neurons }
    switch command {
    case .select(let neuron, let synapse):
      if valid(neuron) { select(neuron, synapse.flatMap { sources.indices.contains($0) ? $0 : nil }) }
    case .follow(let neuron, let isFollowed):
      followed.removeAll { $0 == neuron }
      if isFollowed, valid(neuron) { followed.append(neuron) }
      // The oldest goes where there are too many.
      if followed.count >= Self.traces { followed.removeFirst() }
      followTraces()
    case .prune(let synapses):
      let chosen = valid(synapses).filter { !network.pruned.contains($0) }
      edit(chosen, "prune \(name(chosen))") { network.prune($0) }
    case .restore(let synapses):
      let chosen = valid(synapses).filter { network.pruned.contains($0) }
      edit(chosen, "restore \(name(chosen))") { network.apply($0.compactMap { beforePruning[$0] }) }
    case .freeze(let synapses, let isFrozen):
      let states = network.states(of: valid(synapses)).filter { $0.isFrozen != isFrozen && !$0.isPruned }
      let chosen = states.map(\.synapse)
      edit(chosen, "\(isFrozen ? "freeze" : "thaw") \(name(chosen))") { network.freeze($0, isFrozen) }
    case .silence(let neuron, let isSilenced):
      guard valid(neuron), network.isSilenced(neuron) != isSilenced else { return }
      add(
        "\(isSilenced ? "silence" : "wake") neuron \(neuron)", .silenced(neuron, !isSilenced),
        .silenced(neuron, isSilenced))
    case .learn(let isOn):
      guard network.isLearning != isOn else { return }
      add("plasticity \(isOn ? "on" : "off")", .learning(!isOn), .learning(isOn))
    case .homeostasis(let settings):
      guard network.homeostasis != settings, (try? settings?.validate()) != nil || settings == nil else { return }
      add("homeostasis \(settings == nil ? "off" : "on")", .homeostasis(network.homeostasis), .homeostasis(settings))
    case .undo:
      guard let last = done.popLast() else { return }
      make(last.before)
      undone.append(last)
    case .redo:
      guard let last = undone.popLast() else { return }
      make(last.after)
      done.append(last)
    case .listen(let neuron): listening = neuron.flatMap { valid($0) ? $0 : nil }
    case .preview(let synapses): preview = try? measurePruning(valid(synapses))
    case .step, .speed: break
    }
  }

  private func name(_ synapses: [Int]) -> String {
    guard synapses.count == 1 else { return "\(synapses.count) synapses" }
    return "\(sources[synapses[0]])→\(network.connectivity.targets[synapses[0]])"
  }

  private func edit(_ synapses: [Int], _ title: String, _ body: ([Int]) -> Void) {
    guard !synapses.isEmpty else { return }
    let before = network.states(of: synapses)
    body(synapses)
    let after = network.states(of: synapses)
    add(title, .synapses(before), .synapses(after))
  }

  private func add(_ title: String, _ before: Change, _ after: Change) {
    done.append(Edit(title: title, before: before, after: after))
    undone = []
    // What is made again is as it is.
    if case .synapses(let states) = before {
      for state in states where !state.isPruned { beforePruning[state.synapse] = state }
    }
    make(after)
  }

  private func make(_ change: Change) {
    switch change {
    case .synapses(let states):
      network.apply(states)
      for state in states {
        if state.isFrozen && !state.isPruned { frozen.insert(state.synapse) } else { frozen.remove(state.synapse) }
      }
    case .silenced(let neuron, let isSilenced):
      network.silence(neuron, isSilenced)
      if isSilenced { silenced.insert(neuron) } else { silenced.remove(neuron) }
    case .learning(let isOn): network.isLearning = isOn
    // It was validated when it was asked for.
    case .homeostasis(let settings): try? network.setHomeostasis(settings)
    }
  }

  private func select(_ neuron: Int, _ synapse: Int?) {
    if neuron != selected.neuron || fanIn.isEmpty {
      fanIn = network.incoming(to: neuron).sorted { sources[$0] < sources[$1] }
    }
    if synapse != selected.synapse { recorder.forgetSelected() }
    selected = (neuron, synapse)
    followTraces()
  }

  private func followTraces() { recorder.follow(Set(followed + [selected.neuron])) }

  /// Two copies run from rest on the same input, one without these synapses; nothing learns in either.
  private func measurePruning(_ synapses: [Int]) throws -> SpikesPicture.PruneEffect? {
    guard let first = synapses.first else { return nil }
    let neuron = Int(network.connectivity.targets[first])
    let steps = max(min(Int(Self.previewTime / run.step), Self.previewCost / network.neurons), 1)
    let rates = try [false, true].map { isCut -> (Double, Double) in
      let copy = try network.fixedCopy()
      if isCut { copy.prune(synapses) }
      var own = 0
      var feed = Feed(state: Encoder.State(seed: run.seed))
      for _ in 0..<steps {
        copy.advance(inputSpikes: drive(copy, &feed))
        if copy.spikes.contains(Int32(neuron)) { own += 1 }
      }
      let seconds = copy.time / 1_000
      return (Double(copy.spikeCount) / Double(copy.neurons) / seconds, Double(own) / seconds)
    }
    return SpikesPicture.PruneEffect(
      synapses: synapses, duration: Double(steps) * run.step, before: rates[0].0, after: rates[1].0,
      neuronBefore: rates[0].1, neuronAfter: rates[1].1)
  }

  // MARK: What is shown

  package func picture(_ status: ActivityStatus) -> SpikesPicture {
    var picture = SpikesPicture(
      network: description, status: status, raster: recorder.raster, weights: recorder.weights, detail: detail)
    picture.time = network.time
    // The selected one first, then the kept ones in their order.
    let shown = [selected.neuron] + followed.filter { $0 != selected.neuron }
    picture.traces = shown.compactMap { neuron in
      recorder.traces[neuron].map {
        let newest = $0.samples.suffix(SpikeRecorder.capacity * recorder.samplesPerBin)
        return SpikesPicture.Trace(neuron: neuron, samples: Array(newest), total: $0.total)
      }
    }
    picture.rate = recorder.meanRate(network)
    picture.synchrony = recorder.synchrony
    picture.silentShare = recorder.silentShare
    picture.isLearning = network.isLearning
    picture.homeostasis = network.homeostasis
    picture.pruned = network.pruned.count
    picture.frozen = frozen.count
    picture.silenced = silenced.sorted()
    (picture.undoTitle, picture.redoTitle) = (done.last?.title, undone.last?.title)
    (picture.listening, picture.preview) = (listening, preview)
    return picture
  }

  private var detail: SpikesPicture.Detail {
    let neuron = selected.neuron
    let synapses = fanIn.map { synapse -> SpikesPicture.Synapse in
      let source = Int(sources[synapse])
      let own = network.plasticity?.parameters(of: synapse, step: run.step)
      return SpikesPicture.Synapse(
        index: synapse, source: source, weight: Double(network.weight(of: synapse)),
        isInhibitory: network.connectivity.inhibitory[source], isPruned: network.pruned.contains(synapse),
        isFrozen: network.plasticity?.isFrozen(synapse) ?? false, delay: Double(delays[synapse]) * run.step,
        potentiation: own?.potentiation ?? 0, depression: own?.depression ?? 0,
        potentiationTime: own?.potentiationTime ?? 1, depressionTime: own?.depressionTime ?? 1)
    }
    return SpikesPicture.Detail(
      neuron: neuron, timeConstant: network.timeConstants[neuron], threshold: network.threshold(of: neuron),
      rate: recorder.rate(of: neuron, network), isInhibitory: network.connectivity.inhibitory[neuron],
      isSilenced: network.isSilenced(neuron), outgoing: network.connectivity.outgoing(neuron).count, synapses: synapses)
  }
}
