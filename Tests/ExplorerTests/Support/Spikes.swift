import Explorer
@testable import Experiments
@testable import Spiking

extension SpikeRun {
  /// Small, with constants that are spread.
  static func test(neurons: Int = 120, weights: Double = 0.2, current: Double = 1.15, tau: Spread? = nil) -> SpikeRun {
    SpikeRun(
      topology: Topology(
        neurons: neurons, connections: min(12, neurons - 1), excitatoryWeight: .gamma(shape: 4, mean: weights),
        inhibitoryWeight: .gamma(shape: 4, mean: 3 * weights), delay: .uniform(shape: 3, mean: 2)),
      model: NeuronModel(timeConstant: tau ?? .gamma(shape: 2, mean: 20)),
      plasticity: PlasticityRule(
        potentiation: .gamma(shape: 4, mean: 0.02), depression: .gamma(shape: 4, mean: 0.021),
        potentiationTime: .gamma(shape: 4, mean: 20), depressionTime: .gamma(shape: 4, mean: 20),
        maximum: Float(max(3 * weights, 0.1))),
      homeostasis: Homeostasis(goal: 15, rate: 0.1), drive: .current(current), step: 0.5, seed: 1)
  }
}

extension ActivityState {
  static func test(_ picture: SpikesPicture, id: Int = 5) -> ActivityState {
    ActivityState(
      id: id,
      report: ActivityReport(
        title: "spikes", status: picture.status, picture: ActivityPicture(view: SpikesPicture.view, picture)))
  }

  /// Finished at once, for pictures.
  static func test(_ capacity: CapacityMeasurement.Picture, id: Int = 6) -> ActivityState {
    ActivityState(
      id: id,
      report: ActivityReport(
        title: "capacity", status: .finished, share: 1,
        picture: ActivityPicture(view: SpikesPicture.view, part: CapacityMeasurement.Picture.part, capacity)))
  }

  static func test(_ search: MemorySearch.Picture, id: Int = 7) -> ActivityState {
    ActivityState(
      id: id,
      report: ActivityReport(
        title: "search", status: .running, share: 0.2, progress: "8 of 40 networks tried",
        picture: ActivityPicture(view: SpikesPicture.view, part: MemorySearch.Picture.part, search)))
  }
}

extension MemoryExperiment.Outcome {
  /// Numbers that are the same on every machine.
  static func test(_ scale: Double) -> MemoryExperiment.Outcome {
    let curve = (1...40).map { d -> Double in
      let value = scale * Double(12 - d) / 12
      return d < 12 ? max(value, 0) : 0
    }
    return MemoryExperiment.Outcome(
      memory: MemoryCapacity(perDelay: curve, uncorrected: curve, bias: 0.01, largestControl: 0.03), processing: nil,
      activity: 0.06 / scale, rate: 3 / scale, silentShare: 0.1)
  }
}

extension Scene {
  /// Shows a network that was stepped by hand.
  mutating func show(_ engine: SpikeEngine, _ status: ActivityStatus = .running, measured: Bool = true) {
    var picture = engine.picture(status)
    picture.speed = 0.2
    if measured {
      picture.measured = [
        .init(time: 100, outcome: .test(0.5)), .init(time: 220, outcome: .test(0.75)),
      ]
    }
    activities.removeAll { $0.report.picture?.view == SpikesPicture.view && $0.report.picture?.part == "" }
    activities.append(.test(picture))
  }

  /// Carries out what the view asks of the network, and looks again.
  mutating func carryOut(_ effects: [Effect], on engine: SpikeEngine) {
    for case .perform(5, let order) in effects {
      guard let command = order.command as? SpikeCommand else { continue }
      if case .step(let count) = command { for _ in 0..<count { engine.advance() } } else { engine.perform(command) }
    }
    show(engine, spikes?.status ?? .running)
  }
}

extension CapacityMeasurement.Picture {
  static let test = CapacityMeasurement.Picture(
    time: 220, inputs: 2_000, wanted: 2_000, readers: 120, outcome: .test(0.75), measured: 2_000)
}

extension MemorySearch.Picture {
  static let test: MemorySearch.Picture = {
    let trials = (0..<8).map { number -> MemorySearch.Trial in
      let (capacity, activity) = (0.8 + 0.1 * Double(number * 5 % 7), 0.05 + 0.01 * Double(number * 3 % 5))
      let efficiency = capacity / activity
      return MemorySearch.Trial(
        point: [8 + 5 * Double(number), 1.5 + 2 * Double(number), 0.9 + 0.1 * Double(number), 2 + Double(number)],
        capacity: capacity, activity: activity, efficiency: efficiency, score: efficiency * min(1, capacity))
    }
    let grid = (0...40).map { Double($0) }
    let means: [Double] = grid.map { 15 + 8 * $0 * (40 - $0) / 400 }
    let deviations: [Double] = grid.map { 1 + $0 / 20 }
    let slices = MemorySearch.dimensions.map { axis -> MemorySearch.Slice in
      MemorySearch.Slice(values: grid.map { axis.value($0 / 40) }, means: means, deviations: deviations)
    }
    return MemorySearch.Picture(
      dimensions: MemorySearch.dimensions,
      first: .init(point: [], capacity: 1, activity: 0.09, efficiency: 11.1, score: 11.1), trials: trials, wanted: 40,
      best: trials.indices.max { trials[$0].score < trials[$1].score }, slices: slices)
  }()
}
