import Analysis
import ArgumentParser
import Experiments
import Formats
import Foundation
import LinearAlgebra
import Randomness

/// A network whose weights change within a low tensor rank, inferred from a recording over learning.
struct LowRankNetworkCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ltrrnn",
    abstract: "Infer from a recording over learning a network whose weight tensor has low rank.",
    discussion: """
      FILE is an array of numpy, trials × neurons × time. Fitted is, after Pellegrino, Cayco-Gajic & Chadwick (2023), a \
      network with W^(k) = Σ c_r^(k)·a_r·b_rᵀ in trial k, c smooth over trials, inputs that act before the recorded time \
      in the span of the a, and an orthonormal decoder. Blocks of time × trial × neuron are held out; the rank with the \
      smallest held-out error is called.

      --trials names a table with one row per trial and the columns 'condition' (whose trials get the same input) and, \
      if there is one, 'epoch'. With --json one object per rank: "rank", "error" and "heldOut" (squared error ÷ \
      variance), "components" (the share outside as many principal components), "iterations"; at the end one with \
      "done", "best", and of that fit per epoch "epoch", "factors" (mean c) and "eigenvalue" (of the mean W, the one \
      with the largest real part: [real, imaginary]).
      """)

  @Option(help: "The recording (npy, trials × neurons × time).") var data: String
  @Option(help: ArgumentHelp("Conditions and epochs, one row per trial.", valueName: "file.csv")) var trials: String?
  @Option(help: ArgumentHelp("The ranks to be fitted, as FIRST:LAST or one.", valueName: "first:last"))
  var ranks = "1:5"
  @Option(help: "Units of the network (as many as were recorded unless told).") var neurons: Int?
  @Option(name: .customLong("learning-rate"), help: "Of Adam; the published one unless told.") var rate = 0.001
  @Option(help: "Steps before the recorded time, in which inputs act.") var preparation = 10
  @Option(help: "Draws first values and held-out trials.") var seed: UInt64 = 1
  @Option(
    help: ArgumentHelp(
      "Parts that stay as they were drawn: a, b, c, inputs, bias, decoder, offset.", valueName: "part,…"))
  var freeze = ""
  @Option(
    help: ArgumentHelp("Where a.npy, b.npy and c.npy of the best rank go.", valueName: "folder"))
  var factors: String?
  @Option(
    help: ArgumentHelp(
      "The weights that made the recording, post × pre × trials, where they are known: how near the space of the inferred "
        + "a, read out to the recorded neurons, is to the directions in which those weights changed most.",
      valueName: "file.npy"))
  var truth: String?
  @Flag(help: "The result as JSON, one object per line.") var json = false

  func validate() throws {
    _ = try RankCommand.range(ranks)
    _ = try parts()
    if let neurons, !(1...10_000).contains(neurons) {
      throw ValidationError("--neurons \(neurons) cannot be: use a number from 1 to 10000.")
    }
    guard rate > 0, rate.isFinite else {
      throw ValidationError("--learning-rate \(rate) cannot be: use a number above 0.")
    }
    guard (0...10_000).contains(preparation) else {
      throw ValidationError("--preparation \(preparation) cannot be: use a number from 0 to 10000.")
    }
  }

  private func parts() throws -> Set<LowTensorRankNetwork.Part> {
    Set(
      try ComparingOptions.names(freeze).map { name in
        guard let part = LowTensorRankNetwork.Part(rawValue: name) else {
          let all = LowTensorRankNetwork.Part.allCases.map(\.rawValue).joined(separator: ", ")
          throw ValidationError("--freeze '\(name)' is no part of the network. There are: \(all).")
        }
        return part
      })
  }

  func run() throws {
    let array = try NPY(path: data)
    guard array.shape.count == 3 else {
      throw FormatError(
        file: data,
        problem: "the array has \(array.shape.count) axes, but a recording has three: trials × neurons × time")
    }
    let table = try trials.map { try TrialTable(path: $0, trials: array.shape[0]) }
    let recording = try recording(array, table)
    var lines = TextTable(header: ["rank", "error", "held out", "components", "iterations"])
    var best: (heldOut: Double, fit: LowTensorRankFit)?
    var isComplete = true
    for rank in try RankCommand.range(ranks) {
      var fit = try LowTensorRankFit(
        recording, rank: rank, neurons: neurons, preparation: preparation, seed: seed)
      fit.frozen = try parts()
      fit.rate = rate
      let activity = RecordingFit(fit)
      try ActivityWatch(activity: activity, goingOn: "Ranks that are done are kept.").run { [] }
      activity.wait()
      guard activity.status == .finished else {
        isComplete = false
        break
      }
      fit = activity.fit
      let outcome = try fit.measure()
      let (error, heldOut) = (outcome.fitted / recording.variance, outcome.tested / recording.variance)
      let outside = try recording.outsideComponents(rank) / recording.variance
      if json {
        Console.print(
          JSON.object([
            ("rank", .integer(rank)), ("error", .number(error as Double)), ("heldOut", .number(heldOut as Double)),
            ("components", .number(outside as Double)), ("iterations", .integer(fit.iterations)),
          ]).line)
      }
      lines.rows.append(["\(rank)", error.brief, heldOut.brief, outside.brief, "\(fit.iterations)"])
      if heldOut < best?.heldOut ?? .infinity { best = (heldOut, fit) }
    }
    if !json { lines.print() }
    if let best { try tell(best.fit, table) }
    if json {
      Console.print(
        JSON.object([
          ("done", .boolean(isComplete)), ("best", best.map { .integer($0.fit.network.rank) } ?? .null),
        ]).line)
    } else if let best {
      Console.print(
        "Rank \(best.fit.network.rank) has the smallest held-out error, \(best.heldOut.brief) of the variance.")
    }
  }

  /// What is wrong with a recording is told with the name of its file.
  private func recording(_ array: NPY, _ table: TrialTable?) throws -> LearningRecording {
    do {
      let tensor = try Tensor3(shape: array.shape, elements: array.values)
      return try LearningRecording(tensor, condition: table?.condition)
    } catch let error {
      throw FormatError(file: data, problem: "\(error)")
    }
  }

  /// Factors and eigenvalue by epoch, and the factors as files.
  private func tell(_ fit: LowTensorRankFit, _ table: TrialTable?) throws {
    let (a, b, c) = try fit.factors()
    let epochs = table?.epochs ?? [("all", Array(0..<c.rows))]
    for (name, trials) in epochs {
      let mean = (0..<c.columns).map { r in trials.reduce(0) { $0 + c[$1, r] } / Double(trials.count) }
      let weights = Matrix<Double>(rows: a.rows, columns: b.rows) { i, j in
        (0..<mean.count).reduce(0) { $0 + mean[$1] * a[i, $1] * b[j, $1] }
      }
      let values = try weights.eigenvalues()
      let leading = values.max { ($0.real, $0.imaginary) < ($1.real, $1.imaginary) }
      if json {
        Console.print(
          JSON.object([
            ("epoch", .text(name)), ("factors", .array(mean.map { .number($0 as Double) })),
            (
              "eigenvalue",
              leading.map { .array([.number($0.real as Double), .number($0.imaginary as Double)]) } ?? .null
            ),
          ]).line)
      } else if let leading {
        Console.print(
          "\(name): c \(mean.map(\.brief).joined(separator: ", ")); leading eigenvalue \(leading.real.brief)"
            + (leading.imaginary > 0 ? " ± \(leading.imaginary.brief)i" : ""))
      }
    }
    if let truth {
      let found = try SubspaceComparison(fit, path: truth)
      if json {
        Console.print(
          JSON.object([
            ("truth", .text("post")), ("cosines", .array(found.cosines.map { .number($0 as Double) })),
            ("chance", .array(found.chance.map { .number($0 as Double) })),
          ]).line)
      } else {
        Console.print(
          "Principal angles to the weights' change, cosines: \(found.cosines.map(\.brief).joined(separator: ", ")); of a "
            + "random space \(found.chance.map(\.brief).joined(separator: ", ")).")
      }
    }
    guard let factors else { return }
    try Failure.unless {
      try FileManager.default.createDirectory(atPath: factors, withIntermediateDirectories: true)
      for (name, factor) in [("a", a), ("b", b), ("c", c)] {
        try NPY(shape: [factor.rows, factor.columns], values: factor.elements).write(to: factors + "/\(name).npy")
      }
    }
  }
}

/// The space of the inferred a, read out to the recorded neurons, against the R directions over post in which known weights
/// changed most.
struct SubspaceComparison {
  /// Of the principal angles; 1 where a direction is shared.
  let cosines: [Double]
  /// The same of a random space of as many dimensions, the mean of twenty.
  let chance: [Double]

  /// - Throws: ``FormatError`` for weights of other neurons.
  init(_ fit: LowTensorRankFit, path: String) throws {
    let array = try NPY(path: path)
    let (rank, neurons) = (fit.network.rank, fit.recording.neurons)
    guard array.shape.count == 3, array.shape[0] == neurons, array.shape[1] == neurons else {
      throw FormatError(
        file: path,
        problem: "the weights have the shape \(array.shape), but \(neurons) neurons were recorded: give post × "
          + "pre × trials")
    }
    let change = try Tensor3(shape: array.shape, elements: array.values).subtractingStart()
    let rows = Matrix(rows: neurons, columns: change.count / neurons, elements: change.elements)
    let directions = try (rows * rows.transpose).symmetricEigen()
    let order = directions.values.indices.sorted { directions.values[$0] > directions.values[$1] }
    let truth = Matrix<Double>(rows: neurons, columns: min(rank, neurons)) { directions.vectors[$0, order[$1]] }
    cosines = try principalCosines(fit.network.decoding * fit.factors().a, truth)
    var random = SeededGenerator(seed: 1)
    let drawn = try (0..<20).map { _ in
      try principalCosines(Matrix(rows: neurons, columns: min(rank, neurons)) { _, _ in random.normal() }, truth)
    }
    chance = (0..<min(rank, neurons)).map { at in drawn.reduce(0) { $0 + $1[at] } / Double(drawn.count) }
  }
}

/// Conditions and epochs of a recording's trials.
struct TrialTable {
  /// One a trial, counted from 0 in the order of their names.
  let condition: [Int]
  /// In the order in which they come, with their trials; nil without that column.
  let epochs: [(name: String, trials: [Int])]?

  /// - Throws: ``FormatError`` where there is not one row per trial, or no column 'condition'.
  init(path: String, trials: Int) throws {
    let table = try CSVTable(path: path)
    guard table.rowCount == trials else {
      throw FormatError(
        file: path,
        problem: "the table has \(table.rowCount) rows, but the recording \(trials) trials; give one row each")
    }
    func texts(_ name: String) throws -> [String] {
      let column = try table.column(name)
      return (0..<trials).map { table.text(row: $0, column: column) }
    }
    let conditions = try texts("condition")
    let names = Array(Set(conditions)).sorted()
    condition = conditions.map { names.firstIndex(of: $0)! }
    guard table.names.contains("epoch") else {
      epochs = nil
      return
    }
    var found: [(name: String, trials: [Int])] = []
    for (trial, name) in try texts("epoch").enumerated() {
      if let index = found.firstIndex(where: { $0.name == name }) {
        found[index].trials.append(trial)
      } else {
        found.append((name, [trial]))
      }
    }
    epochs = found
  }
}
