import CKernels
import Circuits
import Foundation
import Learning
import Randomness
import Tasks
import Testing

/// Short training runs whose losses, held-out loss and end state were written down: whoever moves code without meaning to
/// change what it computes finds here that every bit is the same.
///
/// `Fixtures/recorded-runs.json` is made anew, in the folder of the sources, by
///
///     GANGLION_RECORD=1 swift test -c release --filter RecordedRuns
///
/// and by nothing else. It holds a record for each kernel level that ran where it was made and one for the scalar code,
/// because bits differ between levels. Where a level of this machine was recorded, bits are compared. Where none was (another
/// kind of processor), losses are compared with the recorded scalar ones within sixteen times the spread that the recorded
/// levels have among themselves: they differ by nothing but rounding, as this machine does.
@Suite("Recorded runs") struct RecordedRunsTests {
  /// `nil` is the scalar code.
  static let levels: [Int32?] =
    [nil] + (0..<Int32(GK_LEVELS)).filter { gk_level_available($0) == 1 }.map { $0 }

  @Test func giveTheRecordedBits() throws {
    let made = try Self.makeAll()
    if ProcessInfo.processInfo.environment["GANGLION_RECORD"] != nil {
      try made.write()
      return
    }
    let recorded = try RecordedRuns.load()
    var compared = 0
    for (level, runs) in made.levels {
      guard let expected = recorded.levels[level] else { continue }
      #expect(Set(expected.keys) == Set(runs.keys), "other runs were recorded at \(level)")
      for (name, run) in runs.sorted(by: { $0.key < $1.key }) {
        compared += 1
        #expect(run == expected[name], "\(name), \(level): not the bits that were recorded")
      }
    }
    if compared == 0 { try compareNearly(made, with: recorded) }
  }

  /// Losses alone, on a kind of processor that nothing was recorded on.
  private func compareNearly(_ made: RecordedRuns, with recorded: RecordedRuns) throws {
    for (level, runs) in made.levels {
      for (name, run) in runs {
        let others = recorded.levels.compactMap { $0.value[name] }
        let reference = try #require(recorded.levels.first { $0.key.hasSuffix("scalar") }?.value[name])
        let spread = others.map { $0.distance(to: reference) }.max() ?? 0
        let distance = run.distance(to: reference)
        // A loss is a mean of some hundred terms in single precision, each the end of some hundred operations.
        #expect(distance <= max(16 * spread, 1e-5), "\(name), \(level): \(distance) away, levels differ by \(spread)")
      }
    }
  }

  private static func makeAll() throws -> RecordedRuns {
    var made = RecordedRuns(levels: [:])
    for level in levels {
      let name = "\(RecordedRuns.architecture) \(level.map { String(cString: gk_level_name($0)) } ?? "scalar")"
      try Kernels.$level.withValue(level) {
        for run in RecordedRun.all { made.levels[name, default: [:]][run.name] = try run.make() }
      }
    }
    return made
  }
}

/// The fixture.
struct RecordedRuns: Codable {
  /// What a run left: bit patterns in hexadecimal.
  struct Outcome: Codable, Equatable {
    /// Training losses of ``RecordedRun/steps``.
    var losses: [String]
    var heldOut: String
    /// FNV-1a over the bits of values, moments, connections and frozen flags.
    var state: String

    /// The largest relative difference of a loss.
    func distance(to other: Outcome) -> Double {
      zip(losses + [heldOut], other.losses + [other.heldOut]).map { mine, its in
        let (a, b) = (Self.number(mine), Self.number(its))
        return abs(a - b) / max(abs(b), .leastNormalMagnitude)
      }.max() ?? .infinity
    }

    private static func number(_ bits: String) -> Double { Double(bitPattern: UInt64(bits, radix: 16) ?? .max) }
  }

  /// By "x86_64 AVX2" and the run's name.
  var levels: [String: [String: Outcome]]

  static let architecture: String = {
    #if arch(x86_64)
      "x86_64"
    #elseif arch(arm64)
      "arm64"
    #else
      "other"
    #endif
  }()

  static func load() throws -> RecordedRuns {
    let url = try #require(Bundle.module.url(forResource: "Fixtures/recorded-runs", withExtension: "json"))
    return try JSONDecoder().decode(RecordedRuns.self, from: Data(contentsOf: url))
  }

  func write() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Fixtures/recorded-runs.json")
    try (encoder.encode(self) + Data("\n".utf8)).write(to: url)
    print("Wrote \(url.path): the recorded runs are those of this moment.")
  }
}

/// One short run: what is trained, how, and what is done to it on the way.
struct RecordedRun {
  static let steps = [1, 2, 4, 8, 16, 24]

  var name: String
  var cell: String
  var wiring = "ncp"
  var solver: String?
  var positivity = Positivity.clamp
  var kind = TargetKind.regression
  var threads = 1
  var optimizer = "adam"
  var schedule = Schedule.constant
  var noise: Double?
  /// Commands and the number of steps made before each.
  var script: @Sendable (Model<Float>) -> [(Int, Command)] = { _ in [] }

  static let all: [RecordedRun] = [
    RecordedRun(name: "ltc, ncp", cell: "ltc"),
    RecordedRun(name: "ltc, all, softplus, two threads", cell: "ltc", wiring: "all", positivity: .softplus, threads: 2),
    RecordedRun(
      name: "ltc, tap-withdrawal with gap junctions, rmsprop", cell: "ltc", wiring: "tap-withdrawal",
      optimizer: "rmsprop"),
    RecordedRun(
      name: "ltc, exponential, masks and commands", cell: "ltc", wiring: "random:0.6", solver: "exponential",
      threads: 2,
      script: commands),
    RecordedRun(
      name: "ltc-neural, random, labels", cell: "ltc-neural", wiring: "random:0.5", kind: .labels(positiveWeights: [2])),
    RecordedRun(
      name: "ctrnn, all, rk4, noise, cosine", cell: "ctrnn-squashed", wiring: "all", solver: "rk4",
      schedule: .cosine(steps: 30), noise: 0.1),
    RecordedRun(
      name: "stc, ncp, heun, plateau", cell: "stc", solver: "heun", threads: 2, schedule: .plateau(patience: 1)),
    RecordedRun(name: "lrc, ncp, euler, pruned", cell: "lrc", script: pruned),
    RecordedRun(name: "node, all, sgd with noise", cell: "node", wiring: "all", optimizer: "sgd", noise: 0.05),
    RecordedRun(name: "cfc, ncp, classes", cell: "cfc", kind: .classes(names: ["down", "up"]), threads: 2),
    RecordedRun(name: "cfc-backbone, frozen readout", cell: "cfc-backbone", wiring: "all") { _ in
      [(0, .freeze("readout")), (12, .thaw("readout"))]
    },
    RecordedRun(name: "lstm, all", cell: "lstm", wiring: "all", threads: 2),
    RecordedRun(name: "gru, random, commands", cell: "gru", wiring: "random:0.7", script: commands),
  ]

  /// Every kind of command.
  @Sendable private static func commands(_ model: Model<Float>) -> [(Int, Command)] {
    let synapses = model.wiring.synapses
    let first = model.layout.tensors[0]
    let edited = model.layout.name(of: first.offset + synapses[2].index(neurons: model.neurons))!
    return [
      (0, .freeze(model.layout.tensors[1].name)), (3, .prune([synapses[1], synapses[4]])),
      (5, .edit(parameter: edited, value: 0.25)),
      (7, .undo), (8, .redo), (9, .setLearningRate(0.02)), (11, .restore([synapses[4]])), (13, .undo), (13, .undo),
      (15, .pruneFraction(0.2)), (17, .thaw("all")), (18, .rewind), (20, .undo),
    ]
  }

  @Sendable private static func pruned(_ model: Model<Float>) -> [(Int, Command)] {
    [(4, .pruneFraction(0.5)), (12, .undo), (14, .pruneFraction(0.9))]
  }

  func make() throws -> RecordedRuns.Outcome {
    let task = Self.task(kind)
    let model = try Model<Float>(
      ModelSpecification(
        cell: cell, neurons: 12, wiring: wiring, seed: 3, solver: solver, unfolds: 3,
        inputNames: task.inputs.map(\.name), outputNames: task.outputNames, positivity: positivity,
        backbone: Cells.named(cell).hasBackbone ? Backbone(units: 10, layers: 2) : nil))
    var options = TrainingOptions(task, seed: 5, threads: threads)
    (options.sequence, options.batch, options.evaluateEvery) = (8, 20, 4)
    (options.optimizer, options.schedule, options.noise) = (optimizer, schedule, noise)
    let session = try TrainingSession(model: model, task: task, options: options)
    session.follow(script(model).map { CommandLog.Entry(step: $0.0, command: $0.1) })
    var losses: [String] = []
    while session.step < Self.steps.last! {
      session.applyDue { command, result in
        if case .failure(let error) = result { Issue.record("\(name): \(command) was refused: \(error)") }
      }
      try session.advance()
      if Self.steps.contains(session.step) { losses.append(Self.bits(session.report?.loss ?? .nan)) }
    }
    session.measure()
    let state = session.learner.state
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    func add(_ word: UInt32) { hash = (hash ^ UInt64(word)) &* 0x100_0000_01b3 }
    for values in [state.values, state.slots, state.connections] { for value in values { add(value.bitPattern) } }
    for flag in state.frozen { add(flag ? 1 : 0) }
    return RecordedRuns.Outcome(
      losses: losses, heldOut: Self.bits(session.heldOut?.loss ?? .nan), state: String(hash, radix: 16))
  }

  private static func bits(_ value: Double) -> String { String(value.bitPattern, radix: 16) }

  /// A point that goes round in a circle, its first coordinate seen with noise, to be told a few steps later; made with
  /// additions and multiplications alone, so that no library's sine has a say.
  private static func task(_ kind: TargetKind) -> TaskData {
    var generator = SeededGenerator(seed: 42)
    func series(_ number: Int) -> Series {
      var (x, y) = (1 - 0.2 * Double(number), 0.3 * Double(number))
      var (inputs, targets): ([Double], [Double]) = ([], [])
      for _ in 0..<24 {
        let past = x
        // A rotation whose cosine is 0.92 and whose sine is 0.39, a little short of length 1.
        (x, y) = (0.92 * x - 0.39 * y, 0.39 * x + 0.92 * y)
        inputs += [x, generator.uniform(-0.5...0.5)]
        switch kind {
        case .regression: targets.append(past)
        case .labels, .classes: targets.append(past > 0 ? 1 : 0)
        }
      }
      return Series(
        name: "series \(number)", inputs: inputs, targets: targets, elapsed: [Double](repeating: 1, count: 24))
    }
    return TaskData(
      name: "circle", summary: "a point on a circle", inputs: [Channel(name: "anterior"), Channel(name: "posterior")],
      targets: [Channel(name: "reverse")], kind: kind, timeUnit: "step", training: (0..<3).map(series),
      heldOut: (3..<5).map(series))
  }
}
