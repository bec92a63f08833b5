import Experiments
import Foundation
import Spiking
import Testing

/// What runs beside the screen, stepped by hand: nothing depends on how fast a machine is.
@Suite("A spiking network that is operated on while it runs") struct SpikeEngineTests {
  static func run(
    neurons: Int = 40, plastic: Bool = true, spread: Bool = false, current: Double = 1.3, seed: UInt64 = 1
  ) -> SpikeRun {
    let spreads: [Spread] =
      spread
      ? [.gamma(shape: 2, mean: 0.01), .gamma(shape: 2, mean: 0.0105), .gamma(shape: 2, mean: 20), .equal(20)]
      : [.equal(0.01), .equal(0.0105), .equal(20), .equal(20)]
    return SpikeRun(
      topology: Topology(
        neurons: neurons, connections: 8, excitatoryWeight: .gamma(shape: 4, mean: 0.3),
        inhibitoryWeight: .gamma(shape: 4, mean: 0.8), delay: .uniform(shape: 3, mean: 2)),
      model: NeuronModel(timeConstant: .gamma(shape: 2, mean: 20)),
      plasticity: plastic
        ? PlasticityRule(
          potentiation: spreads[0], depression: spreads[1], potentiationTime: spreads[2], depressionTime: spreads[3],
          maximum: 0.9) : nil,
      drive: .current(current), step: 0.5, seed: seed)
  }

  private func advance(_ engine: SpikeEngine, _ steps: Int) { for _ in 0..<steps { engine.advance() } }

  @Test("the picture holds the spikes that there were, in their bins, and membranes")
  func picture() throws {
    let engine = try SpikeEngine(Self.run())
    engine.perform(.follow(3, true))
    let network = try Self.run().network()
    network.setCurrent(1.3)
    var record = SpikeRecord()
    for _ in 0..<1_000 {
      network.advance()
      record.append(network)
      engine.advance()
    }
    #expect(record.count > 100)
    let picture = engine.picture(.running)
    var counts = [Int: Int]()
    for (step, neuron) in zip(record.steps, record.neurons) {
      counts[Int(step) / 2 * 40 + Int(neuron), default: 0] += 1
    }
    #expect(picture.raster.groups == 40 && picture.raster.newest == 499 && picture.raster.width == 1)
    for bin in 0..<500 {
      for neuron in 0..<40 {
        let expected: Int = counts[bin * 40 + neuron] ?? 0
        #expect(picture.raster.count(bin, neuron) == expected)
      }
    }
    let all: Int = (0..<500).reduce(0) { $0 + picture.raster.total($1) }
    #expect(all == record.count)
    #expect(picture.traces.map(\.neuron) == [0, 3] && picture.traces.allSatisfy { $0.total == 1_000 })
    #expect(picture.traces[1].samples.last == Float(network.potential(of: 3)) || network.spikes.contains(3))
    let fired = picture.traces[1].samples.count { $0 == SpikesPicture.Trace.spike }
    #expect(fired == record.neurons.count { $0 == 3 } && fired > 0)
    let rate: Double = Double(record.count) / 20
    #expect(abs(picture.rate - rate) < 1e-9)
  }

  @Test("groups have neurons of one kind, and a volley of all neurons is whole in every one of them")
  func folding() throws {
    var run = Self.run(neurons: 3_000, plastic: false)
    run.topology.excitatoryWeight = .equal(0)
    run.topology.inhibitoryWeight = .equal(0)
    run.model.timeConstant = .equal(20)
    // Every membrane alike: all fire in the same step.
    let engine = try SpikeEngine(run)
    advance(engine, 400)
    let raster = engine.picture(.running).raster
    #expect(raster.groups == 256 && raster.sizes.reduce(0, +) == 3_000)
    #expect(raster.firsts[raster.excitatoryGroups] == 2_400 && raster.group(of: 2_399) == raster.excitatoryGroups - 1)
    let volley = try #require((0...raster.newest).first { raster.total($0) > 0 })
    #expect(raster.total(volley) == 3_000)
    for group in 0..<256 { #expect(raster.count(volley, group) == raster.sizes[group]) }
    #expect(engine.picture(.running).synchrony == nil)
    advance(engine, 200)
    #expect(engine.picture(.running).synchrony! > 0.999)
  }

  @Test(
    "pruned synapses weigh 0 and come back as they were; undo and redo walk through every edit",
    arguments: [false, true])
  func undo(_ spread: Bool) throws {
    let engine = try SpikeEngine(Self.run(spread: spread))
    engine.perform(.select(neuron: 5, synapse: nil))
    advance(engine, 400)
    let start = engine.picture(.running)
    let fanIn = start.detail.synapses
    #expect(fanIn.count == 8 && start.detail.neuron == 5 && start.undoTitle == nil)
    let indices = fanIn.map(\.index)
    engine.perform(.prune(indices))
    let cut = engine.picture(.running)
    #expect(cut.detail.synapses.allSatisfy { $0.weight == 0 && $0.isPruned } && cut.pruned == 8)
    #expect(cut.undoTitle == "prune 8 synapses")
    engine.perform(.prune(indices))
    engine.perform(.silence(7, true))
    engine.perform(.learn(false))
    engine.perform(.undo)
    engine.perform(.undo)
    #expect(engine.picture(.running).undoTitle == "prune 8 synapses" && engine.picture(.running).silenced.isEmpty)
    advance(engine, 200)
    #expect(engine.picture(.running).detail.synapses.allSatisfy { $0.weight == 0 })
    engine.perform(.undo)
    let back = engine.picture(.running)
    #expect(back.detail.synapses == fanIn && back.pruned == 0 && back.redoTitle == "prune 8 synapses")
    for _ in 0..<3 { engine.perform(.redo) }
    let again = engine.picture(.running)
    #expect(again.pruned == 8 && again.silenced == [7] && !again.isLearning && again.redoTitle == nil)
    engine.perform(.restore(indices))
    #expect(engine.picture(.running).detail.synapses == fanIn)
    // What was undone before another edit is gone.
    engine.perform(.undo)
    engine.perform(.silence(7, false))
    #expect(engine.picture(.running).redoTitle == nil)
  }

  @Test("frozen synapses keep their weights to the bit while others learn")
  func freezing() throws {
    func synapses(_ engine: SpikeEngine) -> [SpikesPicture.Synapse] {
      engine.picture(.running).detail.synapses.filter { !$0.isInhibitory }
    }
    // A neuron that learns, two of its synapses at least.
    var found: (neuron: Int, moving: Int)?
    for neuron in 0..<32 where found == nil {
      let engine = try SpikeEngine(Self.run())
      engine.perform(.select(neuron: neuron, synapse: nil))
      let before = synapses(engine)
      advance(engine, 2_000)
      let moving = zip(synapses(engine), before).filter { $0.weight != $1.weight }.map(\.0.index)
      if moving.count > 1 { found = (neuron, moving[0]) }
    }
    let (neuron, frozen) = try #require(found)
    let engine = try SpikeEngine(Self.run())
    engine.perform(.select(neuron: neuron, synapse: nil))
    let before = synapses(engine)
    let weight = try #require(before.first { $0.index == frozen }).weight
    engine.perform(.freeze([frozen], true))
    advance(engine, 2_000)
    let after = synapses(engine)
    let held = try #require(after.first { $0.index == frozen })
    #expect(held.weight == weight && held.isFrozen && engine.picture(.running).frozen == 1)
    #expect(zip(after, before).contains { $0.weight != $1.weight })
    engine.perform(.undo)
    #expect(engine.picture(.running).frozen == 0)
    advance(engine, 2_000)
    #expect(synapses(engine).first { $0.index == frozen }?.weight != weight)
  }

  @Test("without plasticity weights stand still, a silenced neuron is silent, and thresholds follow homeostasis")
  func switches() throws {
    let engine = try SpikeEngine(Self.run(plastic: false))
    let before = engine.network.weights
    engine.perform(.silence(4, true))
    engine.perform(.select(neuron: 4, synapse: nil))
    advance(engine, 4_000)
    #expect(engine.network.weights == before && !engine.picture(.running).isLearning)
    #expect(engine.picture(.running).detail.rate == 0 && engine.picture(.running).detail.isSilenced)
    #expect(engine.picture(.running).silentShare! > 0)
    let thresholds = engine.network.thresholds
    engine.perform(.learn(true))
    engine.perform(.homeostasis(Homeostasis(goal: 5, rate: 0.5)))
    advance(engine, 2_000)
    #expect(engine.network.weights != before && engine.network.thresholds != thresholds)
    #expect(engine.picture(.running).homeostasis?.rate == 0.5)
    engine.perform(.undo)
    #expect(engine.picture(.running).homeostasis == nil)
    #expect(engine.picture(.running).weights.history.last!.reduce(0, +) > 0.999)
  }

  @Test("a preview tells what cutting does on copies, and leaves the network as it is")
  func preview() throws {
    let engine = try SpikeEngine(Self.run())
    engine.perform(.select(neuron: 1, synapse: nil))
    advance(engine, 100)
    let before = (engine.network.weights, engine.network.now, engine.network.potentials)
    let all = engine.network.connectivity.targets.indices.map { $0 }
    engine.perform(.preview(all))
    let effect = try #require(engine.picture(.running).preview)
    #expect(effect.synapses == all && effect.duration == 500 && effect.before != effect.after)
    // Alone, a neuron fires as the closed form says.
    let taus = engine.network.timeConstants
    let alone = taus.map { NeuronModel().rate(current: 1.3, timeConstant: $0) }.reduce(0, +) / 40
    #expect(abs(effect.after - alone) < 3)
    #expect(
      engine.network.weights == before.0 && engine.network.now == before.1 && engine.network.potentials == before.2)
  }

  @Test("every spike of the neuron that is listened to is counted")
  func listening() throws {
    let engine = try SpikeEngine(Self.run())
    engine.perform(.listen(3))
    engine.perform(.listen(99))
    #expect(engine.listening == nil)
    engine.perform(.listen(3))
    var count = 0
    for _ in 0..<1_000 {
      engine.advance()
      if engine.network.spikes.contains(3) { count += 1 }
    }
    #expect(engine.heard == count && count > 0)
  }

  @Test("what no network has is left alone")
  func strays() throws {
    let engine = try SpikeEngine(Self.run(neurons: 3 + 9))
    for command: SpikeCommand in [
      .select(neuron: 99, synapse: 3), .select(neuron: -1, synapse: nil), .prune([-1, 100_000]), .freeze([7_000], true),
      .silence(-4, true), .follow(1_000, true), .restore([0]), .undo, .redo, .preview([-3]),
      .homeostasis(Homeostasis(goal: -1)),
    ] { engine.perform(command) }
    let picture = engine.picture(.running)
    #expect(picture.undoTitle == nil && picture.pruned == 0 && picture.detail.neuron == 0 && picture.preview == nil)
    #expect(picture.homeostasis == nil)
  }
}

@Suite("Spiking networks beside the screen") struct LiveSpikesTests {
  /// Waits for something that another queue does.
  private func wait(_ what: String, until isSo: () -> Bool) async throws {
    for _ in 0..<4_000 {
      if isSo() { return }
      try await Task.sleep(for: .milliseconds(5))
    }
    Issue.record("Waited in vain for \(what).")
  }

  private func picture(_ activity: any Activity) -> SpikesPicture { activity.report().picture!.value as! SpikesPicture }

  @Test("it runs, rests, makes single steps, and ends")
  func runs() async throws {
    let live = try LiveSpikes(SpikeEngineTests.run())
    #expect(live.report().status == .waiting && picture(live).time == 0)
    live.perform(SpikeCommand.step(3))
    try await wait("three steps") { picture(live).time == 1.5 }
    live.start()
    try await wait("time to pass") { picture(live).time > 20 }
    live.pause()
    live.perform(SpikeCommand.silence(2, true))
    try await wait("the command") { picture(live).silenced == [2] }
    let time = picture(live).time
    live.perform(SpikeCommand.step(10))
    try await wait("ten steps") { picture(live).time == time + 5 }
    live.perform(SpikeCommand.speed(0.01))
    #expect(picture(live).speed == 0.01)
    live.perform(SpikeCommand.speed(.nan))
    #expect(picture(live).speed == 0.01)
    live.cancel()
    live.start()
    #expect(live.report().status == .cancelled)
  }

  @Test("capacity is measured on a copy and told to the network, C, S and 𝓔 together")
  func capacity() async throws {
    let live = try LiveSpikes(SpikeEngineTests.run())
    live.perform(SpikeCommand.step(50))
    try await wait("steps") { picture(live).time == 25 }
    let measurement = try CapacityMeasurement(of: live, measured: 240)
    measurement.start()
    try await wait("the end") { measurement.report().status.isOver }
    #expect(measurement.report().status == .finished)
    let measured = try #require(picture(live).measured.first)
    #expect(measured.time == 25 && picture(live).time == 25)
    let outcome = measured.outcome
    #expect(outcome.memory.perDelay.count == 40 && outcome.activity > 0)
    #expect(outcome.efficiency == outcome.memory.total / outcome.activity)
    // The same copy by hand.
    var experiment = MemoryExperiment(live.run)
    experiment.measured = 240
    #expect(try experiment.measure(live.fixedCopy().network, seed: 1) == outcome)
    let other = try CapacityMeasurement(of: live, measured: 5_000)
    other.start()
    other.cancel()
    #expect(other.report().status == .cancelled)
  }

  @Test("a search begins from the network, keeps the best, and gives its constants to a run")
  func search() async throws {
    let search = try MemorySearch(from: SpikeEngineTests.run(), trials: 4) {
      ($0.learning, $0.washout, $0.measured, $0.delays) = (10, 10, 80, 10)
    }
    #expect(search.bestRun() == nil)
    search.start()
    try await wait("the end") { search.report().status.isOver }
    let picture = search.report().picture!.value as! MemorySearch.Picture
    #expect(picture.trials.count == 4 && picture.first != nil && picture.slices.count == 4)
    let best = try #require(picture.best)
    #expect(picture.trials.allSatisfy { $0.score <= picture.trials[best].score })
    let floor = picture.first!.capacity
    for trial in picture.trials where floor > 0 {
      let score: Double = trial.efficiency * pow(min(1, trial.capacity / floor), 4)
      #expect(abs(trial.score - score) < 1e-9)
    }
    let run = try #require(search.bestRun())
    let point = picture.trials[best].point
    #expect(run.model.timeConstant == .gamma(shape: point[1], mean: point[0]))
    #expect(run.plasticity?.depression == .gamma(shape: point[3], mean: 0.01 * point[2]))
    #expect(throws: SpikingError.self) { try MemorySearch(from: SpikeEngineTests.run(), trials: 0) }
  }
}
