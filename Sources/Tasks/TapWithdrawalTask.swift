import Randomness

/// What a worm does when it is touched: the published behaviour of C. elegans, played to its sensory neurons.
///
/// Touch at the tail (PLM) → forward; touch at the head (ALM, AVM) → reverse; a tap to the dish reaches all of them and
/// PVD, and the intact worm reverses. Chalfie et al. 1985, DOI 10.1523/JNEUROSCI.05-04-00956.1985; Wicks, Roehrig &
/// Rankin 1996, DOI 10.1523/JNEUROSCI.16-12-04017.1996. The movement outlasts the touch by five steps; currents, durations and
/// noise are invented. Nothing here is a recording.
struct TapWithdrawalTask: TaskDefinition {
  let name = "tap-withdrawal"
  let summary = "Touched at head or tail, or tapped: does the worm reverse or go forward?"

  enum Touch: String, CaseIterable {
    case tail, head, tap, nothing
    /// Currents into PLM, ALM, AVM, PVD.
    var currents: [Double] {
      switch self {
      case .tail: [1, 0, 0, 0]
      case .head: [0, 1, 1, 0]
      case .tap: [1, 1, 1, 1]
      case .nothing: [0, 0, 0, 0]
      }
    }
    /// Reverse, forward.
    var movement: [Double] {
      switch self {
      case .tail: [0, 1]
      case .head, .tap: [1, 0]
      case .nothing: [0, 0]
      }
    }
  }

  static let steps = 40
  static let aftermath = 5

  func load(seed: UInt64) throws -> TaskData {
    let root = SeededGenerator(seed: seed)
    func trials(_ count: Int, stream: UInt64) -> [Series] {
      var generator = root.stream(stream)
      return (0..<count).map { Self.trial(Touch.allCases[$0 % Touch.allCases.count], number: $0 + 1, &generator) }
    }
    let training = trials(200, stream: 4)
    let heldOut = trials(60, stream: 5)
    let targets = training.flatMap(\.targets)
    let weights = (0..<2).map { label in
      LabelBalance.positiveWeight(stride(from: label, to: targets.count, by: 2).map { targets[$0] })
    }
    let kind = TargetKind.labels(positiveWeights: weights)
    // What the currents of the same step say, without memory: they end before the movement does.
    let instant = heldOut.map { series in
      (0..<series.steps).flatMap { t -> [Double] in
        let head = series.inputs[t * 4 + 1] > 0.5
        return [head ? 1 : -1, series.inputs[t * 4] > 0.5 && !head ? 1 : -1]
      }
    }
    let names = ["reverse", "forward"]
    let metrics = Metrics.compute(kind: kind, names: names, outputs: instant, series: heldOut)
    return TaskData(
      name: name, summary: summary, inputs: ["PLM", "ALM", "AVM", "PVD"].map { Channel(name: $0) },
      targets: names.map { Channel(name: $0) }, kind: kind, timeUnit: "step", training: training, heldOut: heldOut,
      baselines: names.map {
        Baseline(
          name: "rule without memory", metric: "balancedAccuracy \($0)", value: metrics["balancedAccuracy \($0)"] ?? 0.5
        )
      },
      suggestion: .init(sequence: Self.steps, batch: 16, learningRate: 0.01, neurons: 16, wiring: "tap-withdrawal"),
      notes: ["Currents, durations and noise are invented; which touch leads to which movement is published."])
  }

  /// One touch of 3 to 7 steps at a random time, currents of random strength, and a little noise on every input.
  private static func trial(_ touch: Touch, number: Int, _ generator: inout SeededGenerator) -> Series {
    let onset = 5 + generator.index(below: 18)
    let duration = 3 + generator.index(below: 5)
    let strength = generator.uniform(0.8...1.2)
    var inputs: [Double] = []
    var targets: [Double] = []
    for t in 0..<steps {
      let touched = onset..<onset + duration ~= t
      for current in touch.currents {
        inputs.append((touched ? strength * current : 0) + generator.uniform(-0.1...0.1))
      }
      let moving = onset..<onset + duration + aftermath ~= t
      targets += moving ? touch.movement : [0, 0]
    }
    return Series(
      name: "\(number): \(touch.rawValue)", inputs: inputs, targets: targets,
      elapsed: [Double](repeating: 1, count: steps))
  }
}
