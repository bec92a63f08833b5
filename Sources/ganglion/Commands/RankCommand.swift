import Analysis
import ArgumentParser
import Formats
import Foundation

/// The tensor rank of anybody's tensor.
struct RankCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rank",
    abstract: "How many components a three-way tensor has: weights through learning, or recordings.",
    discussion: """
      FILE is an array of numpy with three axes: post × pre × training for the weights of a network, stacked as \
      numpy.stack(history, axis=2) does, or neurons × time × trials, or any other. Sums of R outer products are fitted \
      by alternating least squares from random starts. A rank is called only where the best fit explains at least 95 % \
      of the variance and the other starts find the same components (mean similarity 0.9 or more); what a further one \
      adds has to be 1 % at least. Learning moves weights by little: without --subtract-start, where they began is \
      most of what is explained.

      With --json one object per rank: "rank", "explained" (share of the variance, best fit), "similarity" (mean, of \
      the other fits to the best; null with --restarts 1), "sweeps" (of the best fit); at the end one with "done", \
      "suggested" (null where no rank is called), "matrixRank95" (of every slice along the last axis: how many \
      singular values hold 95 % of the sum of squares) and "unfolding95" (of the three unfoldings). Pressing Ctrl-C \
      ends it with the ranks that are complete, "done" false and no suggestion.
      """)

  @Argument(help: "The tensor (npy, three axes, numbers that are finite where they are not missing).") var file: String
  @Option(help: ArgumentHelp("The ranks to be fitted, as FIRST:LAST or one.", valueName: "first:last"))
  var ranks = "1:10"
  @Option(help: "How many fits a rank, each from its own random start.") var restarts = 10
  @Option(help: "The seed of the random starts.") var seed: UInt64 = 1
  @Option(help: "Which axis is training (0, 1 or 2); it becomes the last.") var axis = 2
  @Flag(help: "Subtract the first slice along the training axis from all: what changed, not what there was.")
  var subtractStart = false
  @Flag(help: "Components without negative entries.") var nonnegative = false
  @Option(
    help: ArgumentHelp("An array of the same shape, 0 (or false) where an entry is missing.", valueName: "file.npy"))
  var mask: String?
  @Option(
    help: ArgumentHelp(
      "Where a.npy, b.npy and c.npy go: the components on the three axes, training last, of the suggested rank, or of "
        + "the one that explains most. Columns of a and b have length 1, those of c carry the size.",
      valueName: "folder"))
  var factors: String?
  @Flag(help: "The result as JSON, one object per line.") var json = false

  func validate() throws { _ = try rankRange() }

  private func rankRange() throws -> ClosedRange<Int> { try Self.range(ranks) }

  /// "2:5" or "3".
  static func range(_ ranks: String) throws -> ClosedRange<Int> {
    let parts = ranks.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
    guard 1...2 ~= parts.count, let first = parts[0], let last = parts[parts.count - 1] else {
      throw ValidationError("--ranks '\(ranks)' is no range: use FIRST:LAST, as in 1:10.")
    }
    guard first >= 1, last >= first, last <= 1_000 else {
      throw ValidationError("--ranks \(ranks) cannot be: use FIRST:LAST with 1 ≤ FIRST ≤ LAST ≤ 1000.")
    }
    return first...last
  }

  func run() throws {
    Interrupt.watch()
    let tensor = try tensor()
    var options = TensorRankOptions()
    options.ranks = Array(try rankRange())
    options.restarts = restarts
    options.seed = seed
    options.nonNegative = nonnegative
    var table = TextTable(header: ["rank", "explained", "similarity", "sweeps"])
    let analysis = try named {
      try TensorRankAnalysis.run(
        tensor, options,
        finished: { fit in
          if json { Console.print(Self.object(fit).line) }
          table.rows.append([
            "\(fit.rank)", Self.fixed(fit.explained, 4), fit.similarity.map { Self.fixed($0, 3) } ?? "–",
            "\(fit.best.sweeps)",
          ])
        },
        goesOn: { _ in !Interrupt.happened })
    }
    let slices = try named { try SingularSpectra.slices(of: tensor, goesOn: { !Interrupt.happened }).map(\.rank95) }
    let unfoldings = try named { try (0..<3).map { try SingularSpectra.unfolding(of: tensor, along: $0).rank95 } }
    if let factors { try write(analysis, to: factors) }
    let suggested = analysis.complete ? analysis.suggested : nil
    guard !json else {
      let result: JSON = .object([
        ("done", .boolean(analysis.complete)), ("suggested", suggested.map(JSON.integer) ?? .null),
        ("matrixRank95", .array(slices.map(JSON.integer))), ("unfolding95", .array(unfoldings.map(JSON.integer))),
      ])
      return Console.print(result.line)
    }
    table.print()
    Console.print(analysis.complete ? analysis.verdict : "Stopped: only the ranks above are complete.")
    Console.print(
      "95 % of the sum of squares is in matrices of rank \(Self.range(slices)) (slices along training), and "
        + "\(unfoldings.map(String.init).joined(separator: ", ")) (unfoldings along the three axes).")
  }

  /// The tensor with training as its last axis, less the start where that is asked for.
  private func tensor() throws -> Tensor3 {
    let array = try NPY(path: file)
    let axes = array.shape.count
    guard axes == 3 else {
      throw FormatError(
        file: file,
        problem: "the array has \(axes) \(axes == 1 ? "axis" : "axes"), but a tensor has three; stack matrices with "
          + "numpy.stack(history, axis=2)")
    }
    let present = try mask.map { path in
      let mask = try NPY(path: path)
      guard mask.shape == array.shape else {
        throw FormatError(
          file: path,
          problem: "the mask has the shape \(mask.shape), but the tensor \(array.shape); give it one of the same")
      }
      return mask.values.map { $0 != 0 }
    }
    return try named {
      let tensor = try Tensor3(shape: array.shape, elements: array.values, present: present)
      guard 0...2 ~= axis else { throw TensorRankError.illegalAxis(axis) }
      let permuted = tensor.permuted([0, 1, 2].filter { $0 != axis } + [axis])
      return subtractStart ? try permuted.subtractingStart() : permuted
    }
  }

  /// What is wrong with a tensor is told with the name of its file.
  private func named<Result>(_ work: () throws -> Result) throws -> Result {
    do {
      return try work()
    } catch let error as TensorRankError {
      let sentence = error.description
      throw FormatError(file: file, problem: sentence.prefix(1).lowercased() + sentence.dropFirst().dropLast())
    }
  }

  private func write(_ analysis: TensorRankAnalysis, to folder: String) throws {
    let chosen = analysis.suggested.flatMap { rank in analysis.fits.first { $0.rank == rank } }
    guard let fit = chosen ?? analysis.fits.max(by: { $0.explained < $1.explained }) else { return }
    let model = fit.best.model
    try Failure.unless {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      for (axis, name) in ["a", "b", "c"].enumerated() {
        let factor = model.factors[axis]
        let sized = axis == 2 ? factor.elements.enumerated().map { $1 * model.weights[$0 % fit.rank] } : factor.elements
        try NPY(shape: [factor.rows, fit.rank], values: sized).write(to: folder + "/\(name).npy")
      }
    }
  }

  private static func object(_ fit: RankFit) -> JSON {
    .object([
      ("rank", .integer(fit.rank)), ("explained", .number(fit.explained as Double)),
      ("similarity", .number(fit.similarity)), ("sweeps", .integer(fit.best.sweeps)),
    ])
  }

  private static func fixed(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }

  /// "3", or "1 to 4".
  private static func range(_ ranks: [Int]) -> String {
    guard let least = ranks.min(), let most = ranks.max() else { return "–" }
    return least == most ? "\(least)" : "\(least) to \(most)"
  }
}
