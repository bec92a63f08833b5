import Circuits
import Tasks

/// One thing of a recipe that a person can choose by name: an entry here is an action of the explorer, with its help and
/// completion.
public struct RecipeField: Sendable {
  /// As the command line's option of the same name: "neurons".
  public var name: String
  /// One sentence with an example: "Begins with so many neurons: neurons 32."
  public var sentence: String
  /// What stands for the value: "N", "NAME", "FILE".
  public var argument: String
  /// Values to choose from or to begin with, for a run that is described; empty where it is free.
  public var values: @Sendable (Recipe) -> [String]
  /// A value that can be written, where ``values`` has none.
  public var example: String
  /// One line about a value; `nil` where there is nothing to say.
  public var summary: @Sendable (String) -> String?
  /// Changes the recipe, or says why that cannot be. May read a saved model.
  public var set: @Sendable (inout Recipe, String) throws -> Void

  init(
    _ name: String, _ sentence: String, _ argument: String, example: String = "8",
    values: @escaping @Sendable (Recipe) -> [String] = { _ in [] },
    summary: @escaping @Sendable (String) -> String? = { _ in nil },
    set: @escaping @Sendable (inout Recipe, String) throws -> Void
  ) {
    self.name = name
    self.sentence = sentence
    self.argument = argument
    self.example = example
    self.values = values
    self.summary = summary
    self.set = set
  }

  public static let all: [RecipeField] = [
    RecipeField(
      "task", "Learns another task: task traffic.", "NAME", values: { _ in TaskRegistry.names },
      summary: { try? TaskRegistry.named($0).summary }
    ) { $0.data = DataSource(task: $1, seed: $0.data?.seed ?? $0.seed) },
    RecipeField(
      "model", "Another model of the same size learns the task: model lrc.", "NAME",
      values: { _ in Cells.all.map(\.name) }, summary: { try? Cells.named($0).summary }
    ) {
      try $0.letGoOfFile()
      $0.network.cell = $1
      // What was chosen for another model stays where this one can use it.
      let kind = try $0.network.kind
      if let solver = $0.network.solver, !kind.solvers.contains(solver) { $0.network.solver = nil }
      if !kind.hasBackbone { $0.network.backbone = nil }
    },
    RecipeField(
      "neurons", "Begins with so many neurons: neurons 32.", "N",
      values: { halfAndDouble($0.network.neurons) }
    ) {
      try $0.letGoOfFile()
      $0.network.neurons = try number($1, "neurons", Int.init)
    },
    RecipeField(
      "wiring", "Begins with another wiring: wiring all, wiring random:0.3.", "NAME",
      values: { _ in Wirings.all.map(\.name) }, summary: { name in Wirings.all.first { $0.name == name }?.summary }
    ) {
      try $0.letGoOfFile()
      $0.network.wiring = $1
    },
    RecipeField(
      "readout", "Begins with outputs read from all neurons or from one motor neuron each: readout dense.", "NAME",
      values: { _ in Readout.allCases.map(\.rawValue) }
    ) {
      guard let readout = Readout(rawValue: $1) else {
        throw CircuitError.unknown("readout", $1, among: Readout.allCases.map(\.rawValue))
      }
      try $0.letGoOfFile()
      $0.network.readout = readout
    },
    RecipeField(
      "solver", "Begins with another solver of the differential equation: solver rk4.", "NAME",
      values: { (try? $0.network.kind.solvers) ?? [] }, summary: { try? Solvers.named($0).summary }
    ) { $0.network.solver = $1 },
    RecipeField(
      "unfolds", "Begins with so many solver sub-steps a time step: unfolds 12.", "N",
      values: { halfAndDouble($0.network.unfolds).reversed() }
    ) { $0.network.unfolds = try number($1, "unfolds", Int.init) },
    RecipeField(
      "backbone",
      "Begins with other dense layers between state and gates, UNITSxLAYERS:ACTIVATION: backbone 64x2:tanh.", "LAYERS",
      example: "128x1:lecun_tanh",
      values: { recipe in
        guard (try? recipe.network.kind.hasBackbone) == true else { return [] }
        let (now, shapes) = (recipe.network.backbone ?? Backbone(), ["64x1", "128x1", "64x2"])
        return (shapes + Backbone.Activation.allCases.map { "\(now.units)x\(now.layers):\($0.rawValue)" })
      }
    ) {
      try $0.letGoOfFile()
      let kind = try $0.network.kind
      guard kind.hasBackbone else {
        let others = Cells.all.filter(\.hasBackbone).map(\.name)
        throw CircuitError(
          "\(kind.title) has no backbone. Of the models, \(others.joined(separator: " and ")) have one.")
      }
      $0.network.backbone = try Backbone($1)
    },
    RecipeField(
      "seed", "Draws wiring, first values and windows from another seed: seed 7.", "N", values: { ["\($0.seed &+ 1)"] }
    ) {
      $0.seed = try number($1, "seed", UInt64.init)
      $0.data?.seed = $0.seed
    },
    RecipeField("sequence", "Begins with training windows of so many time steps: sequence 32.", "N") {
      $0.training.sequence = try number($1, "sequence", Int.init)
    },
    RecipeField("batch", "Begins with so many windows a batch: batch 16.", "N") {
      $0.training.batch = try number($1, "batch", Int.init)
    },
    RecipeField(
      "optimizer", "Begins with another optimizer: optimizer sgd.", "NAME", values: { _ in Optimizers.all.map(\.name) }
    ) { $0.training.optimizer = $1 },
    RecipeField(
      "schedule", "Begins with another course of the learning rate: schedule cosine:2000, schedule plateau:4.", "NAME",
      values: { _ in ["constant", "cosine:\(Schedule.defaultSteps)", "plateau:\(Schedule.defaultPatience)"] },
      summary: { (try? Schedule($0))?.summary }
    ) {
      _ = try Schedule($1)
      $0.training.schedule = $1
    },
    RecipeField(
      "clip", "Begins with another limit of the gradient's norm, or with none: clip 0.5, clip 0.", "NORM",
      example: "0.5", values: { _ in ["0", "0.5", "1", "5"] },
      summary: { $0 == "0" ? "no limit" : "longer gradients are scaled down to a norm of \($0)" }
    ) { $0.training.clip = try amount($1, "clip 0.5") },
    RecipeField(
      "noise", "Begins with noise of another deviation on the normalised inputs: noise 0.05, noise 0.", "DEVIATION",
      example: "0.05", values: { _ in ["0", "0.05", "0.1", "0.2"] },
      summary: { $0 == "0" ? "no noise" : "deviation \($0) on every training window; held-out data have none" }
    ) { $0.training.noise = try amount($1, "noise 0.05") },
    RecipeField(
      "load", "Begins from a saved model, on the task it was trained for.", "FILE", example: "model.safetensors"
    ) {
      ($0.data, $0.network, $0.start) = (nil, Recipe.Network(), .file($1))
    },
  ]

  /// - Throws: ``CircuitError`` naming the fields there are.
  public static func named(_ name: String) throws -> RecipeField {
    guard let field = all.first(where: { $0.name == name }) else {
      throw CircuitError.unknown("part of a run", name, among: all.map(\.name))
    }
    return field
  }

  private static func halfAndDouble(_ number: Int?) -> [String] {
    guard let number else { return [] }
    return [number / 2, number * 2].filter { $0 > 0 }.map(String.init)
  }

  /// - Throws: ``CircuitError`` where something else was typed.
  private static func number<Number>(_ text: String, _ name: String, _ parse: (String) -> Number?) throws -> Number {
    guard let number = parse(text) else {
      throw CircuitError("'\(text)' is no whole number from 0 on: write for example \(name) 8.")
    }
    return number
  }

  /// - Throws: ``CircuitError`` where it is no number of 0 or more.
  private static func amount(_ text: String, _ example: String) throws -> Double {
    guard let number = Double(text), number.isFinite, number >= 0 else {
      throw CircuitError("'\(text)' is no number of 0 or more: write for example \(example).")
    }
    return number
  }
}

extension Schedule {
  /// One line about it.
  fileprivate var summary: String {
    switch self {
    case .constant: "the learning rate stays as it is"
    case .cosine(let steps): "the learning rate falls to a hundredth in \(steps) steps"
    case .plateau(let patience):
      "the learning rate is halved after \(patience) measurements without a smaller held-out loss"
    }
  }
}

/// One field of a recipe with another value, as a person asks for it.
public struct RecipeChange: Sendable, Equatable {
  /// A name of ``RecipeField/all``.
  public var field: String
  public var value: String

  public init(_ field: String, _ value: String) {
    self.field = field
    self.value = value
  }

  /// "neurons 32".
  public var title: String { "\(field) \(value)" }
}

extension Recipe {
  /// The same with one thing changed. May read a saved model.
  ///
  /// - Throws: errors with a sentence that says what cannot be.
  public func applying(_ change: RecipeChange) throws -> Recipe {
    var recipe = self
    switch start {
    case .drawn, .file: break
    case .checkpoint(let path): recipe.start = .file(path)
    // What a comparison trained, or a fork began from, is in no file.
    case .comparison, .fork: recipe.start = .drawn
    }
    try RecipeField.named(change.field).set(&recipe, change.value)
    return recipe
  }

  /// A new network of the saved one's kind, so that it can be given another size.
  fileprivate mutating func letGoOfFile() throws {
    guard let path = start.path else { return }
    let file = try ModelFile(path: path)
    if let origin = file.origin { data = data ?? origin.source }
    let chosen = network
    network = Network(file.model.specification)
    (network.solver, network.unfolds) = (chosen.solver ?? network.solver, chosen.unfolds ?? network.unfolds)
    start = .drawn
  }
}
