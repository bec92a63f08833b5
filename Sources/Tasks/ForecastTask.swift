import Randomness

/// The next sample of a generated trajectory from the current one.
///
/// Two ways to hold something out. Systems that settle or repeat are started from several points, and the published start
/// is held out with two others. Chaotic ones run once, long, and the last quarter is held out.
struct ForecastTask: TaskDefinition {
  let name: String
  let summary: String
  let variables: [String]
  /// Time between samples, in the units of the equations; Δt = 1 stands for it.
  let interval: Double
  let suggestion: TaskData.Suggestion
  /// Trajectories as rows of variables, named.
  private let generate: @Sendable (UInt64) -> (training: [Run], heldOut: [Run])

  struct Run: Sendable {
    var name: String
    var rows: [[Double]]
  }

  /// `starts` trajectories from points up to `spread` from the published start in each variable.
  init(
    _ system: DynamicalSystem, starts: Int = 12, spread: Double, interval: Double, duration: Double, sequence: Int
  ) {
    self.init(system.name, system.summary, system.variables, interval, sequence) { seed in
      let samples = Int((duration / interval).rounded()) + 1
      func run(from start: [Double]) -> Run {
        let rows = Trajectory.sample(
          system.derivative, from: start, interval: interval, substeps: 20, samples: samples)
        let coordinates = start.map { String((($0 * 100).rounded() / 100)) }.joined(separator: ", ")
        return Run(name: "from (\(coordinates))", rows: rows)
      }
      func runs(_ count: Int, _ generator: inout SeededGenerator) -> [Run] {
        (0..<count).map { _ in run(from: system.start.map { $0 + generator.uniform(-spread...spread) }) }
      }
      var training = SeededGenerator(seed: seed).stream(1)
      var heldOut = SeededGenerator(seed: seed).stream(2)
      return (runs(starts, &training), [run(from: system.start)] + runs(2, &heldOut))
    }
  }

  /// One long trajectory without its beginning, in the order of time: three quarters train, one is held out.
  init(
    long name: String, summary: String, variables: [String], interval: Double, sequence: Int, neurons: Int,
    _ rows: @escaping @Sendable () -> [[Double]]
  ) {
    self.init(name, summary, variables, interval, sequence, neurons: neurons) { _ in
      let rows = rows()
      let split = rows.count * 3 / 4
      return (
        [Run(name: "first 75 %", rows: Array(rows[..<split]))], [Run(name: "last 25 %", rows: Array(rows[split...]))]
      )
    }
  }

  private init(
    _ name: String, _ summary: String, _ variables: [String], _ interval: Double, _ sequence: Int, neurons: Int = 16,
    _ generate: @escaping @Sendable (UInt64) -> ([Run], [Run])
  ) {
    self.name = name
    self.summary = "The next sample of \(summary)"
    self.variables = variables
    self.interval = interval
    self.generate = generate
    suggestion = .init(sequence: sequence, batch: 16, learningRate: 0.01, neurons: neurons, warmUp: 4)
  }

  func load(seed: UInt64) throws -> TaskData {
    let (training, heldOut) = generate(seed)
    let channels = variables.enumerated().map { index, variable in
      Channel.standardising(training.flatMap(\.rows).map { $0[index] }, name: variable)
    }
    func series(_ run: Run) -> Series {
      let rows = run.rows.map { row in zip(channels, row).map { $0.normalise($1) } }
      return Series(
        name: run.name, inputs: rows.dropLast().flatMap(\.self), targets: rows.dropFirst().flatMap(\.self),
        elapsed: [Double](repeating: 1, count: rows.count - 1))
    }
    var data = TaskData(
      name: name, summary: summary, inputs: channels, targets: channels, kind: .regression, timeUnit: "step",
      training: training.map(series), heldOut: heldOut.map(series), suggestion: suggestion,
      notes: ["A step is \(interval) of the equations' time."])
    // The inputs are the targets of one step before, so answering with them is persistence.
    let persistence = Metrics.compute(
      kind: .regression, names: variables, outputs: data.heldOut.map(\.inputs), series: data.heldOut)
    if let nmse = persistence["nmse"] {
      data.baselines = [Baseline(name: "persistence", metric: "nmse", value: nmse)]
    }
    return data
  }
}

extension ForecastTask {
  static let sinusoid = ForecastTask(.sinusoid, spread: 0.8, interval: 0.2, duration: 10, sequence: 25)
  static let spiral = ForecastTask(.spiral, spread: 0.4, interval: 0.1, duration: 25, sequence: 32)
  static let cubicSpiral = ForecastTask(.cubicSpiral, spread: 0.4, interval: 0.1, duration: 25, sequence: 32)
  static let duffing = ForecastTask(.duffing, spread: 0.3, interval: 0.2, duration: 25, sequence: 32)
  static let lotkaVolterra = ForecastTask(.lotkaVolterra, spread: 0.5, interval: 0.1, duration: 10, sequence: 32)
  static let vanDerPol = ForecastTask(.vanDerPol(mu: 1), spread: 1.5, interval: 0.2, duration: 25, sequence: 32)

  static let lorenz = ForecastTask(
    long: "lorenz", summary: DynamicalSystem.lorenz.summary, variables: DynamicalSystem.lorenz.variables,
    interval: 0.05,
    sequence: 32, neurons: 32
  ) {
    let lorenz = DynamicalSystem.lorenz
    // 20 time units to reach the attractor, then 200.
    return Array(
      Trajectory.sample(lorenz.derivative, from: lorenz.start, interval: 0.05, substeps: 10, samples: 4_400)[400...])
  }

  /// About 20 samples a turn.
  static let rossler = ForecastTask(
    long: "rossler", summary: DynamicalSystem.rossler.summary, variables: DynamicalSystem.rossler.variables,
    interval: 0.3, sequence: 32, neurons: 32
  ) {
    let rossler = DynamicalSystem.rossler
    // 60 time units to reach the attractor, then 1 200.
    return Array(
      Trajectory.sample(rossler.derivative, from: rossler.start, interval: 0.3, substeps: 30, samples: 4_200)[200...])
  }

  /// Sampled every 6 time units, as the field does.
  static let mackeyGlass = ForecastTask(
    long: "mackey-glass", summary: "x' = 0.2x(t−17)/(1 + x(t−17)¹⁰) − 0.1x: chaos from a delay", variables: ["x"],
    interval: 6, sequence: 48, neurons: 16
  ) {
    MackeyGlass.sample(interval: 6, substeps: 60, samples: 2_100)[100...].map { [$0] }
  }
}
