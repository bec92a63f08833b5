import ArgumentParser
import Circuits

/// Which network learns.
struct ModelOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The model ('ganglion models' lists them).", valueName: "name"))
  var model: String?

  @Option(help: "How many neurons (what the task suggests unless told).")
  var neurons: Int?

  @Option(
    help: ArgumentHelp("The wiring: ncp, all, random:DENSITY ('ganglion wirings' lists them).", valueName: "name"))
  var wiring: String?

  @Option(
    help: ArgumentHelp("How the differential equation is solved ('ganglion solvers' lists them).", valueName: "name"))
  var solver: String?

  @Option(help: "Solver sub-steps a time step (6 unless told).")
  var unfolds: Int?

  @Option(
    help:
      "How outputs are read: motor (each from one motor neuron, as ncps's LTC) or dense (from all; the model's own way unless told)."
  )
  var readout: Readout?

  @Option(
    help: ArgumentHelp(
      "The dense layers of a model with a backbone: UNITS, UNITSxLAYERS or UNITSxLAYERS:ACTIVATION (128x1:lecun_tanh "
        + "unless told; lecun_tanh, tanh, relu, silu, gelu).", valueName: "layers"))
  var backbone: String?

  @Option(help: ArgumentHelp("Begin from a saved model instead: its wiring, values and masks.", valueName: "file"))
  var load: String?

  /// Options that were given though a file already answers them.
  var stray: String? {
    [
      ("--model", model), ("--neurons", neurons.map { "\($0)" }), ("--wiring", wiring), ("--solver", solver),
      ("--unfolds", unfolds.map { "\($0)" }), ("--backbone", backbone), ("--readout", readout?.rawValue),
    ].first { $0.1 != nil }?.0
  }

  func validate() throws {
    if load != nil, let stray {
      throw ValidationError("\(stray) and --load exclude each other: the file says what the model is.")
    }
  }
}

/// How it learns.
struct FitOptions: ParsableArguments {
  @Option(help: "Time steps of a training window (what the task suggests unless told).")
  var sequence: Int?

  @Option(help: "Windows a batch (what the task suggests unless told).")
  var batch: Int?

  @Option(help: "adam, sgd or rmsprop.")
  var optimizer: String?

  @Option(help: "Size of the steps (what the task suggests unless told).")
  var learningRate: Double?

  @Option(
    help:
      "How that changes: constant, cosine:STEPS (falling to a hundredth) or plateau:PATIENCE (halved after so many measurements without a smaller held-out loss)."
  )
  var schedule: String?

  @Option(help: "Deviation of the noise on normalised inputs while training (what the task suggests unless told).")
  var noise: Double?

  @Option(help: "The largest gradient norm; 0 for none (1 unless told).")
  var clip: Double?

  @Option(
    help: ArgumentHelp(
      "All that learns: full, biases, output, weights, time-constants, reversal-potentials, conductances, "
        + "half-activations, slopes, a tensor's name, or several with commas: biases,output. Everything else is frozen.",
      valueName: "pattern"))
  var learn: String?

  @Option(
    help:
      "Values that stay as they are: a tensor's name, neuron:NAME, synapse:PRE>POST, weights, all-but:PATTERN. Repeatable."
  )
  var freeze: [String] = []

  @Option(help: ArgumentHelp("The share 0…1 of synapses to cut before training, weakest first.", valueName: "fraction"))
  var prune: Double?

  /// Options that were given though a checkpoint already answers them.
  var stray: String? {
    [
      ("--sequence", sequence.map { "\($0)" }), ("--batch", batch.map { "\($0)" }), ("--optimizer", optimizer),
      ("--clip", clip.map { "\($0)" }), ("--schedule", schedule),
      ("--noise", noise.map { "\($0)" }),
    ].first { $0.1 != nil }?.0
  }

  func validate() throws {
    if let clip, !(clip >= 0 && clip.isFinite) {
      throw ValidationError("--clip \(clip) is no gradient norm: use a number above 0, or 0 for no limit.")
    }
  }
}

/// What makes a run repeatable, and how many cores it may use.
struct MachineOptions: ParsableArguments {
  @Option(
    help: "Draws wiring, first values and windows: the same seed, the same bits, whatever --threads is (1 unless told)."
  )
  var seed: UInt64?

  @Option(help: "How many cores to use (all unless told).")
  var threads: Int?

  func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads \(threads) cannot be: use a number from 1 to 1024.")
    }
  }
}
