import Circuits
import Explorer
import Formats
import Foundation
import Learning
import Tasks

// From the options to what the explorer shows, and from what is asked for there back to the options.

/// The options of a command that makes set-ups, together.
struct SetupOptions: Sendable {
  var task: TaskOptions
  var model: ModelOptions
  var fit: FitOptions
  var machine: MachineOptions

  /// The set-up that these options and `request`, which has the last word, ask for.
  ///
  /// - Throws: errors with a sentence that says what cannot be.
  func setup(_ request: SetupRequest) throws -> ExplorerSetup {
    var options = self
    if let path = request[.load] { options.load(path) }
    if let name = request[.task] { options.take(task: name) }
    options.machine.seed = try request.number(.seed, UInt64.init) ?? machine.seed
    options.fit.sequence = try request.number(.sequence, Int.init) ?? fit.sequence
    options.fit.batch = try request.number(.batch, Int.init) ?? fit.batch
    options.fit.optimizer = request[.optimizer] ?? fit.optimizer
    if request[.model] != nil || request[.wiring] != nil || request[.neurons] != nil { try options.letGoOfFile() }
    options.model.model = request[.model] ?? options.model.model
    options.model.wiring = request[.wiring] ?? options.model.wiring
    options.model.neurons = try request.number(.neurons, Int.init) ?? options.model.neurons
    options.model.unfolds = try request.number(.unfolds, Int.init) ?? options.model.unfolds
    options.model.solver = try options.solver(request[.solver])
    if try !options.kind.hasBackbone { options.model.backbone = nil }
    return try Setup(options.task, options.model, options.fit, options.machine).explorer
  }

  private mutating func take(task name: String?) {
    (task.task, task.data, task.target, task.features) = (name, nil, nil, nil)
    (task.time, task.series, task.kind, task.horizon) = (nil, nil, nil, nil)
  }

  /// With the task that the file was trained for.
  private mutating func load(_ path: String) {
    take(task: nil)
    (model.model, model.wiring, model.solver) = (nil, nil, nil)
    (model.neurons, model.unfolds, model.backbone, model.load) = (nil, nil, nil, path)
    model.readout = nil
  }

  /// A new model of the loaded one's kind, so that it can be given another size.
  private mutating func letGoOfFile() throws {
    guard let path = model.load else { return }
    let file = try ModelFile(path: path)
    if !task.isGiven, let origin = file.origin { task.take(origin.source) }
    let specification = file.model.specification
    (model.load, model.model, model.wiring) = (nil, specification.cell, specification.wiring)
    (model.neurons, model.unfolds, model.solver) = (
      specification.neurons, specification.unfolds, specification.solver
    )
    model.backbone = specification.backbone?.description
    model.readout = specification.readout
  }

  private var kind: any CellKind { get throws { try model.model.map(Cells.named) ?? Cells.all[0] } }

  /// The solver asked for now; the one asked for earlier only where the model can use it.
  private func solver(_ asked: String?) throws -> String? {
    if let asked { return asked }
    guard let earlier = model.solver else { return nil }
    return try kind.solvers.contains(earlier) ? earlier : nil
  }
}

extension SetupRequest {
  /// - Throws: ``CircuitError`` where a number is asked for and something else was typed.
  fileprivate func number<Number>(_ option: Option, _ parse: (String) -> Number?) throws -> Number? {
    guard let text = self[option] else { return nil }
    guard let number = parse(text) else {
      throw CircuitError("'\(text)' is no whole number from 0 on: write for example \(option.rawValue) 8.")
    }
    return number
  }
}

extension TaskOptions {
  /// As if the options had named these data.
  mutating func take(_ source: DataSource) {
    (task, data, time, series, kind) = (source.task, source.file, source.time, source.series, source.kind)
    target = source.file == nil ? nil : source.targets.joined(separator: ",")
    features = source.features?.joined(separator: ",")
    horizon = source.horizon
  }
}

extension Setup {
  var explorer: ExplorerSetup {
    var setup = ExplorerSetup(
      model: model, task: task, source: source, training: options, start: start, before: commands)
    setup.loaded = loaded
    return setup
  }
}

extension CommandLog {
  /// The recorded runs, to be played one after the other; `nil` where there is none.
  ///
  /// - Throws: errors with a sentence where the first one's beginning cannot be had any more.
  static func played(_ logs: some Collection<CommandLog> & Sendable, threads: Int?) throws -> ExplorerSetup? {
    guard let log = logs.first else { return nil }
    var setup = try Setup(log.header, threads: threads).explorer
    (setup.script, setup.end) = (log.entries, log.end)
    setup.request = SetupRequest(describing: setup)
    let rest = Array(logs.dropFirst())
    if let next = rest.first {
      setup.next = SetupMaker("the next recorded run, \(next.header.source.task ?? next.header.source.file ?? "")") {
        // There is one: `rest` is not empty.
        try played(rest, threads: threads)!
      }
    }
    return setup
  }

  /// - Throws: `FormatError` or ``LogProblem``, which name the place.
  static func read(path: String) throws -> [CommandLog] {
    guard let text = String(bytes: try FileBytes.read(path), encoding: .utf8) else {
      throw FormatError(file: path, problem: "this is no text in UTF-8, and so no log; name a file that --record wrote")
    }
    return try read(text, file: path)
  }
}
