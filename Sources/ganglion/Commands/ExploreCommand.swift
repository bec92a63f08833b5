import ArgumentParser
import Circuits
import Experiments
import Explorer
import Formats
import Foundation
import Learning
import Tasks
import Terminal

/// The explorer on the screen; what `ganglion` without a command does.
struct ExploreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explore", abstract: "Explore a network in the terminal while it learns (the default command).",
    discussion: """
      Keys: ? lists them all. The exit status is 0 after q, 130 after Ctrl-C, 128 + the signal's number where a signal \
      ended it; training that was not saved is then kept in an autosave, whose path is told.
      """)

  @OptionGroup(title: "Task") var task: TaskOptions
  @OptionGroup(title: "Model") var model: ModelOptions
  @OptionGroup(title: "Learning") var fit: FitOptions
  @OptionGroup(title: "Machine") var machine: MachineOptions

  @Option(help: ArgumentHelp("Write every change made to the network, as JSON lines.", valueName: "file"))
  var record: String?
  @Option(help: ArgumentHelp("Play a run again that --record or --log wrote.", valueName: "file")) var replay: String?
  @Flag(help: "Look only: nothing trains and no command changes the network.") var readOnly = false
  @Flag(help: "Sentences on standard output, one a second, instead of a screen.") var plain = false
  @Flag(help: "Draw with ASCII letters only.") var ascii = false
  @Flag(help: "Draw without colours (as with the variable NO_COLOR).") var noColor = false
  @Option(help: "Leave after so many frames; with --size, print the last one as text.") var frames: Int?
  @Option(help: ArgumentHelp("Draw in memory for a screen of this size, with --frames.", valueName: "COLSxROWS"))
  var size: String?
  @Flag(help: "Show what drawing costs.") var stats = false

  func validate() throws {
    if replay != nil {
      let stray =
        (task.isGiven ? "--task or --data" : nil) ?? (model.load.map { _ in "--load" }) ?? model.stray ?? fit.stray
        ?? machine.seed.map { _ in "--seed" } ?? (fit.commands.isEmpty ? nil : "--freeze or --prune")
        ?? (readOnly ? "--read-only" : nil)
      if let stray { throw ValidationError("\(stray) and --replay exclude each other: the log says how it was.") }
    }
    if let size, parsedSize == nil {
      throw ValidationError("'\(size)' is no size of a screen: write COLSxROWS, for example --size 120x40.")
    }
    if size != nil, frames == nil {
      throw ValidationError("--size draws in memory: say with --frames how many frames.")
    }
    if let frames, frames < 1 { throw ValidationError("--frames \(frames) cannot be: use 1 or more.") }
  }

  /// Columns and rows, 1 … 10000 each.
  private var parsedSize: (columns: Int, rows: Int)? {
    let parts = (size ?? "").lowercased().split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let columns = parts[0], let rows = parts[1] else { return nil }
    guard (1...10_000).contains(columns), (1...10_000).contains(rows) else { return nil }
    return (columns, rows)
  }

  func run() throws { try open() }

  /// Opens the screen, with activities that begin at once beside the network.
  func open(beside activities: [any Activity] = []) throws {
    let threads = machine.threads
    var recipe = try Recipe(task, model, fit, machine)
    recipe.training.isOpenEnded = true
    let first =
      try replay.flatMap { try CommandLog.played(CommandLog.read(path: $0), threads: threads) }
      ?? recipe.make(threads: threads)
    var options = ExplorerOptions(commandLine: first)
    options.readOnly = readOnly
    options.frames = frames
    options.stats = stats
    options.activities = activities
    // What wants the cores has them.
    options.paused = activities.contains(where: \.needsCores)
    let backend = try screen(&options)
    let program = try ExplorerProgram(options, backend: backend)
    if plain { Console.print(PlainText.opening(program.scene)) }
    let end = program.run()
    if let memory = backend as? MemoryBackend, !plain, let grid = memory.presented {
      Console.print(noColor ? grid.text : grid.ansi())
    }
    if let record { try Failure.unless { try write(program.records, to: record) } }
    for path in program.keptIn {
      Console.note("Training that was not saved is kept in \(path): ganglion --load \(path) goes on from there.")
    }
    if end.status != 0 { throw ExitCode(end.status) }
  }

  /// The terminal, or memory where text is asked for.
  private func screen(_ options: inout ExplorerOptions) throws -> any ScreenBackend {
    options.glyphs = ascii ? .ascii : .braille
    if plain {
      var next = 0.0
      options.onFrame = { program in
        guard program.scene.time >= next else { return }
        Console.print(PlainText.line(program.scene))
        next = program.scene.time + 1
      }
    }
    if let path = ProcessInfo.processInfo.environment["GANGLION_SETTLED"] { tell(&options, in: path) }
    if let size = parsedSize ?? (plain ? (columns: 80, rows: 24) : nil) {
      return MemoryBackend(width: size.columns, height: size.rows)
    }
    let backend = try CursesBackend(CursesBackend.Options(colors: noColor ? ColorTier.none : nil))
    if !backend.supportsUnicode { options.glyphs = .ascii }
    return backend
  }

  /// For programs that press keys: writes to a file how many of them have had their effect, whenever that changes.
  private func tell(_ options: inout ExplorerOptions, in path: String) {
    let before = options.onFrame
    var last = -1
    options.onFrame = { program in
      before?(program)
      guard program.isSettled, last != program.keysTaken else { return }
      last = program.keysTaken
      try? Data("\(program.keysTaken)\n".utf8).write(to: URL(filePath: path), options: .atomic)
    }
  }

  private func write(_ records: [ExplorerRecord], to path: String) throws {
    let lines = try records.flatMap { record in
      try CommandLog(header: .init(record.setup), entries: record.applied, end: record.steps).lines()
    }
    try FileBytes.write(Array((lines.joined(separator: "\n") + "\n").utf8), to: path)
  }
}

extension ExplorerEnd {
  /// As a shell reports the same end of any program.
  var status: Int32 {
    switch self {
    case .quit: 0
    case .interrupted: 130
    case .terminated(let signal): 128 + signal
    case .hangup: 129
    }
  }
}
