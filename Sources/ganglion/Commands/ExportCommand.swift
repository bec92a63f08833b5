import ArgumentParser
import Formats
import Learning

/// What is in a saved model or checkpoint, in files that other programs read. Each kind of file is an option of its own.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write what a saved model holds for other programs.",
    discussion: """
      --history FILE.npy writes the weights through training: single precision, one row per recorded moment, one column \
      per parameter. FILE.json beside it says which: {"steps":[…],"kinds":[…],"tensors":[{"name","symbol","unit","shape",\
      "offset"},…]}, where offset is the first column of a tensor, whose entries follow row-major (pre × post for synapses), \
      and a kind is first, regular, intervention (after a command) or latest. Values are effective ones, in the tensor's unit.

      Checkpoints of 'ganglion train --out' have such a history; where a model is named, the checkpoint beside it is read.
      """)

  @Argument(help: "The saved model or checkpoint (safetensors).") var file: String
  @Option(
    help: ArgumentHelp("Where the weights through training go; a description beside it.", valueName: "file.npy"))
  var history: String?

  func validate() throws {
    guard history != nil else { throw ValidationError("Say what is to be written: --history FILE.npy.") }
    if let history, !history.hasSuffix(".npy") {
      throw ValidationError("--history '\(history)' has to end in .npy: the description goes beside it.")
    }
  }

  func run() throws {
    if let history { try exportHistory(to: history) }
  }

  private func exportHistory(to path: String) throws {
    let (checkpoint, name) = try Checkpoint.find(file)
    guard let history = checkpoint.progress.history, !history.isEmpty else {
      throw FormatError(
        file: name,
        problem: "there are no weights through training in it; train with --out and a --history above 0 to have them")
    }
    try Failure.unless {
      try TrainCommand.checkWritable(path)
      try history.export(checkpoint.file.model, to: path)
    }
    let moments = history.moments
    Console.note(
      "\(moments.count.of("moment")) from step \(moments.first?.step ?? 0) to \(moments.last?.step ?? 0), "
        + "\(history.parameters.of("parameter")) each, are in \(path).")
  }
}
