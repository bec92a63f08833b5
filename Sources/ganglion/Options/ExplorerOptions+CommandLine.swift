import Explorer
import Foundation
import Learning

extension ExplorerOptions {
  /// With what the command line adds to the explorer: files, and comparisons by the options of `compare`.
  init(commandLine setup: Setup) {
    self.init(setup: setup) { save, path in
      let setup = save.setup
      let file = ModelFile(
        model: setup.model, state: save.best?.state ?? save.state,
        origin: ModelOrigin(setup.task, recipe: setup.resolved, heldOut: save.best.map { .init($0) }))
      if path.hasSuffix(".csv") { try file.table().write(to: path) } else { try file.write(to: path) }
    }
    activity = { words, source in try ActivityCommands.activity(words, on: source) }
    describe = { Ganglion.message(for: $0) }
    autosave = Self.autosavePath
  }

  /// In the person's state folder (XDG base directories), which is made where it is missing.
  private static var autosavePath: String? {
    let environment = ProcessInfo.processInfo.environment
    let base =
      environment["XDG_STATE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
      ?? environment["HOME"].map { $0 + "/.local/state" }
    guard let folder = base.map({ $0 + "/ganglion" }) else { return nil }
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    return folder + "/autosave.safetensors"
  }
}
