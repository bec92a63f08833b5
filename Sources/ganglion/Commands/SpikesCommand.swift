import ArgumentParser
import Experiments
import Formats
import Foundation
import Learning
import Randomness
import Spiking
import Tasks

/// A spiking network without a screen.
struct SpikesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "spikes",
    abstract: "Run a spiking network: its spikes, how much of its past it remembers, and how many spikes that takes.",
    discussion: """
      Leaky integrate-and-fire neurons: τ·dv/dt = −v + I. Resistance is 1, and rest and reset are 0, so that currents are \
      in units of potential and, with --threshold 1, of the threshold; times are in ms. One neuron under a constant \
      current I fires 1/(t_ref + τ·ln(I/(I − 1))) times a time unit, on a grid of --step.

      The input is held, frame by frame, for --hold: the rows of --input, the training part of --task, or, unless one of \
      the three is given, independent values in −1…1. With --encoder current they act as currents --bias + gain·Σ a·u \
      into every neuron, a drawn in −1…1; with rate, level (level crossing) or latency they are spikes on input channels, \
      and the bias is the only current. Where frames do not depend on each other, C = Σ C(d) says how many of the past \
      ones, 1 to 40 back, a linear readout of the filtered spikes recovers, beyond chance; S is the mean number of spikes \
      per neuron and frame; 𝓔 = C/S.

      With --task a readout also learns the task from the training part and is tested on the held-out part: the error is \
      the root mean squared error ÷ standard deviation, or the share of wrong answers. Where --tau is drawn, the same \
      network with equal time constants of the same mean stands beside it.

      With --json one object per neuron that fired: "neuron", "times" (ms, the end of the step in which it fired); at the \
      end one with "done", "rate" (spikes per second and neuron), "capacity" (null where there is none), "activity", \
      "efficiency", "silent" (share of neurons without a spike), "secondsPerSecond" (simulated ÷ needed), and with --task \
      "task", "measure", "error", "errorEqual" and "baselines". --spikes FILE.npy receives one row per spike: time, \
      neuron. Ctrl-C ends it with what there is and "done" false.
      """)

  @OptionGroup(title: "Network") var network: SpikingOptions
  @Option(help: "A constant current into every neuron.") var current: Double?
  @Option(
    help: ArgumentHelp("Frames as an array of numpy, frames or frames × variables.", valueName: "file.npy"))
  var input: String?
  @Option(help: ArgumentHelp("A task ('ganglion tasks' lists them).", valueName: "name")) var task: String?
  @Option(
    help: ArgumentHelp(
      "current:GAIN, rate:HZ:CHANNELS, level:STEP or latency:CHANNELS; numbers may be left out (rate for --task, "
        + "otherwise current).", valueName: "code"))
  var encoder: String?
  @Option(help: ArgumentHelp("How long a frame is held.", valueName: "ms")) var hold = 20.0
  @Option(help: "A constant current beside the input (0.9 with current, 0.5 with the others).") var bias: Double?
  @Option(help: "How many samples ahead a forecast looks, with --task.") var horizon = 1
  @Option(help: "How long is simulated, s.") var seconds = 20.0
  @Option(help: ArgumentHelp("Where the spikes go.", valueName: "file.npy")) var spikes: String?
  @Flag(help: "Results as JSON, one object per line.") var json = false

  @Flag(help: "Open the explorer on it: it runs on the screen, learns, and can be operated on.") var explore = false

  private var step: Double { network.step }
  private var seed: UInt64 { network.seed }

  /// Where it stops by itself: 8 bytes each.
  static let mostSpikes = 100_000_000

  func validate() throws {
    let given = [("--current", current != nil), ("--input", input != nil), ("--task", task != nil)].filter(\.1)
    if given.count > 1 {
      throw ValidationError("\(given[0].0) and \(given[1].0) exclude each other: give one.")
    }
    for (option, isGiven) in [("--encoder", encoder != nil), ("--bias", bias != nil)] where current != nil && isGiven {
      throw ValidationError("\(option) and --current exclude each other: a constant current is the whole input.")
    }
    for (option, isGiven) in [("--json", json), ("--spikes", spikes != nil)] where explore && isGiven {
      throw ValidationError("\(option) and --explore exclude each other: on the screen the network has no end.")
    }
    if horizon != 1, task == nil { throw ValidationError("--horizon says what a --task asks for: give one.") }
    guard horizon >= 1 else { throw ValidationError("--horizon \(horizon) cannot be: use 1 or more.") }
    guard step.isFinite, step > 0 else { throw ValidationError("--step \(step) cannot be: use a time above 0 ms.") }
    guard seconds.isFinite, seconds > 0, seconds * 1_000 / step >= 0.5, seconds * 1_000 / step < Double(Int32.max)
    else {
      throw ValidationError(
        "--seconds \(seconds) cannot be: use a time of one step (\(step) ms) or more, and of fewer than 2³¹ steps.")
    }
    guard hold.isFinite, hold >= step, hold <= 1e6 else {
      throw ValidationError("--hold \(hold) cannot be: use a time from one step (\(step) ms) to 1000000 ms.")
    }
    _ = try code()
  }

  private func code() throws -> Encoder.Code {
    do {
      return try Encoder.Code(parsing: encoder ?? (task == nil ? "current" : "rate"))
    } catch {
      throw ValidationError("--encoder: \(error)")
    }
  }

  /// The network as it runs beside the explorer's screen, not yet begun; without words one that shows what there is to be
  /// seen: time constants that are spread, and plasticity.
  static func live(_ words: [String]) throws -> LiveSpikes {
    try parse(words.isEmpty ? demonstration : words).live()
  }

  private static let demonstration = [
    "--tau", "gamma:2:20", "--stdp", "0.01,0.0105,20,20", "--step", "0.5", "--seconds", "200",
  ]

  private func live() throws -> LiveSpikes { try LiveSpikes(spikeRun(loadedTask())) }

  func run() throws {
    if explore { return try ExploreCommand.parse([]).open(beside: [live()]) }
    Interrupt.watch()
    if let spikes { try Failure.unless { try TrainCommand.checkWritable(spikes) } }
    let asked = try loadedTask()
    let run = try spikeRun(asked)
    let result = try run.run { $0.spikeCount < Self.mostSpikes && !Interrupt.happened }
    if let spikes { try Failure.unless { try write(result.spikes, to: spikes) } }
    let judged = try asked.flatMap { try score($0, run) }
    let isDone = !Interrupt.happened && result.spikes.count < Self.mostSpikes
    let report = SpikesReport(
      run: run, spikes: result.spikes, summary: result.summary, network: result.network, isDone: isDone, score: judged)
    if json { report.printLines() } else { report.print() }
    if result.spikes.count >= Self.mostSpikes {
      Console.note("Stopped after \(Self.mostSpikes) spikes: use fewer --seconds or neurons, or a smaller current.")
    }
  }

  private func loadedTask() throws -> SpikingTask? {
    guard let task else { return nil }
    return try SpikingTask(DataSource(task: task, seed: seed).load(), horizon: horizon)
  }

  private func spikeRun(_ task: SpikingTask?) throws -> SpikeRun {
    let frames: [[Double]]
    var ranges: [ClosedRange<Double>]?
    if let current {
      return try network.run(.current(current), seconds: seconds)
    } else if let input {
      frames = try Self.frames(input)
    } else if let task {
      (frames, ranges) = (task.frames, task.ranges)
    } else {
      var random = SeededGenerator(seed: seed).stream(52)
      let count = Int(min((seconds * 1_000 / hold).rounded(.up), 1e7))
      frames = (0..<max(count, 1)).map { _ in [random.uniform(-1...1)] }
      ranges = [-1...1]
    }
    let code = try code()
    let encoder = Encoder(code, ranges: ranges ?? Encoder.ranges(of: frames))
    let (gain, isCurrent) = if case .current(let gain) = code { (gain, true) } else { (0.0, false) }
    // What is as large as it likes enters a current in units of its range, as encoders see it.
    let scaled = !isCurrent ? frames : frames.map { frame in frame.indices.map { 2 * encoder.unit(frame[$0], $0) - 1 } }
    return try network.run(
      .series(scaled, hold: hold, bias: bias ?? (isCurrent ? 0.9 : 0.5), gain: gain),
      encoder: isCurrent ? nil : encoder, seconds: seconds)
  }

  private static func frames(_ path: String) throws -> [[Double]] {
    let array = try NPY(path: path)
    guard array.shape.count == 1 || array.shape.count == 2, let count = array.shape.first else {
      throw FormatError(
        file: path, problem: "the shape is \(array.shape), but frames or frames × variables are needed")
    }
    let width = array.shape.count == 2 ? array.shape[1] : 1
    guard count > 0, width > 0 else { throw FormatError(file: path, problem: "there are no frames; add rows") }
    if let index = array.values.firstIndex(where: { !$0.isFinite }) {
      throw FormatError(
        file: path,
        problem: "[\(index / width), \(index % width)] is \(array.values[index]); only finite numbers can be fed")
    }
    return (0..<count).map { Array(array.values[$0 * width..<($0 + 1) * width]) }
  }

  /// The task with this network and, where time constants differ, with equal ones; nil after Ctrl-C.
  private func score(_ task: SpikingTask, _ run: SpikeRun) throws -> SpikesReport.Score? {
    let code = try code()
    let isCurrent = if case .current = code { true } else { false }
    var experiment = SequenceExperiment(
      topology: run.topology, model: run.model, plasticity: run.plasticity, homeostasis: run.homeostasis,
      encoder: Encoder(code, ranges: task.ranges), bias: bias ?? (isCurrent ? 0.9 : 0.5), hold: hold, step: step)
    do {
      let own = try task.run(experiment, seed: seed) { Interrupt.happened }
      let spread = run.model.timeConstant
      var equal: Double?
      if !spread.isEqual {
        experiment.model.timeConstant = .equal(spread.mean)
        equal = try task.run(experiment, seed: seed) { Interrupt.happened }.error
      }
      return SpikesReport.Score(task: task, error: own.error, equal: equal)
    } catch is CancellationError {
      return nil
    }
  }

  /// One row per spike: time in ms, neuron.
  private func write(_ record: SpikeRecord, to path: String) throws {
    let values = zip(record.steps, record.neurons).flatMap { [Double(Int($0) + 1) * step, Double($1)] }
    try NPY(shape: [record.count, 2], values: values).write(to: path)
  }
}
