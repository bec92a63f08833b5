import Formats
import ArgumentParser
import Circuits
import Foundation
import Learning
import Tasks

/// The error of a saved model.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate", abstract: "The error of a saved model on data.",
    discussion: """
      The data are those the model was trained on unless --task or --data names others; they are normalised as the model \
      knows them. With --json one object: split, loss, metrics, errors (root mean squared, in the \
      targets' own units: target, error, unit), warning (where the model does not beat persistence), steps (time steps that counted).
      """)

  enum Split: String, ExpressibleByArgument, CaseIterable { case train, test, all }

  @Option(help: ArgumentHelp("The saved model (safetensors, of this program or of ncps).", valueName: "file"))
  var load: String
  @Option(help: "train, test (held out) or all.") var split: Split = .test
  @OptionGroup(title: "Task") var task: TaskOptions
  @OptionGroup(title: "Machine") var machine: MachineOptions
  @Flag(help: "The result as JSON, one object.") var json = false

  func run() throws {
    let file = try ModelFile(path: load)
    guard task.isGiven || file.origin != nil else {
      throw CircuitError("\(load) does not say what it was trained for: name the data with --task or --data.")
    }
    var source = task.source(seed: machine.seed ?? file.origin?.source.seed ?? 1)
    if !task.isGiven, let own = file.origin?.source {
      source = own
      source.seed = machine.seed ?? own.seed
    }
    let loaded = try source.load()
    let data = try file.origin?.adapt(loaded) ?? loaded
    guard file.model.inputs == data.inputCount, file.model.outputs == data.outputCount else {
      throw CircuitError(
        "The model has \(file.model.inputs.of("input")) and \(file.model.outputs.of("output")), the task "
          + "'\(data.name)' has \(data.inputCount) and \(data.outputCount). Name the data the model was made for.")
    }
    let series =
      switch split {
      case .train: data.training
      case .test: data.heldOut
      case .all: data.training + data.heldOut
      }
    let evaluator = Evaluator(
      model: file.model, task: data, series: series, sequence: file.origin?.sequence ?? data.suggestion.sequence,
      threads: machine.threads ?? ProcessInfo.processInfo.activeProcessorCount)
    let result = evaluator.evaluate(file.state.values, connections: file.state.connections)
    guard json else {
      Console.print("\(data.name), \(split.rawValue): loss \(result.loss.brief) over \(result.steps.of("step"))")
      MetricReport.print(result.metrics, data, isHeldOut: split == .test)
      return
    }
    Console.print(
      JSON.object([
        ("split", .text(split.rawValue)), ("loss", .number(result.loss as Double)),
        ("metrics", .numbers(result.metrics)), ("errors", MetricReport.errors(result.metrics, data)),
        ("warning", (split == .test ? data.warning(about: result.metrics) : nil).map(JSON.text) ?? .null),
        ("steps", .integer(result.steps)),
      ]).line)
  }
}
