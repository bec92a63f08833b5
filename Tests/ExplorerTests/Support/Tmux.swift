import Foundation
import Glibc
import Terminal
import Testing

/// A terminal that nobody looks at: one tmux server on a socket of its own, with one window.
final class Tmux {
  static let isInstalled = (try? run("tmux", ["-V"]))?.status == 0
  nonisolated(unsafe) private static var count = 0
  private static let lock = NSLock()

  private let socket: String
  /// For state that the program keeps, and for the script that starts it.
  let folder: URL
  private static let patience = Duration.seconds(20)

  /// A window of that size that runs `command` in a shell, with nothing from the user's own settings.
  init(_ width: Int, _ height: Int, _ command: String, environment: [String: String] = [:]) throws {
    let number = Self.lock.withLock {
      Self.count += 1
      return Self.count
    }
    socket = "ganglion-robot-\(getpid())-\(number)"
    folder = FileManager.default.temporaryDirectory.appending(path: socket)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let variables = ["LC_ALL": "C.UTF-8", "XDG_STATE_HOME": folder.path, "PS1": "ready> "].merging(environment) { $1 }
    let settings = variables.sorted { $0.key < $1.key }.map { "export \($0.key)='\($0.value)'\n" }.joined()
    let script = folder.appending(path: "start")
    try (settings + command + "\n").write(to: script, atomically: true, encoding: .utf8)
    try tmux("-f", "/dev/null", "-u", "new-session", "-d", "-x", "\(width)", "-y", "\(height)", "sh \(script.path)")
  }

  deinit {
    _ = try? tmux("kill-server")
    try? FileManager.default.removeItem(at: folder)
  }

  @discardableResult private func tmux(_ arguments: String...) throws -> String {
    let changes = ["TMUX": nil, "LC_ALL": "C.UTF-8"] as [String: String?]
    let result = try run("tmux", ["-L", socket] + arguments, environment: changes)
    guard result.status == 0 else { throw Failed("tmux \(arguments): \(result.errors)") }
    return result.output
  }

  // MARK: Hands

  /// Keys by tmux's names ("Space", "C-c", "Enter"), in one go.
  func press(_ keys: String...) throws { for key in keys { try tmux("send-keys", key) } }

  /// Keys in one go, with one call.
  func press(_ keys: [Key]) throws {
    let result = try run(
      "tmux", ["-L", socket, "send-keys"] + keys.map(\.tmuxName), environment: ["TMUX": nil, "LC_ALL": "C.UTF-8"])
    guard result.status == 0 else { throw Failed("tmux send-keys: \(result.errors)") }
  }

  func type(_ text: String) throws { try tmux("send-keys", "-l", text) }

  func resize(_ width: Int, _ height: Int) throws { try tmux("resize-window", "-x", "\(width)", "-y", "\(height)") }

  /// The terminal goes away under the program.
  func vanish() throws { try tmux("kill-server") }

  // MARK: Eyes

  /// What is on the screen, with its colours if asked for.
  func screen(escapes: Bool = false) throws -> String {
    try escapes ? tmux("capture-pane", "-e", "-p") : tmux("capture-pane", "-p")
  }

  func query(_ format: String) throws -> String {
    try tmux("display-message", "-p", format).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Looks at the screen until it is as wanted; gives what was seen. Fails after a while.
  @discardableResult
  func wait(_ what: String, location: SourceLocation = #_sourceLocation, _ condition: (String) throws -> Bool) throws
    -> String
  {
    let start = ContinuousClock.now
    var seen = ""
    while .now - start < Self.patience {
      seen = try screen()
      if try condition(seen) { return seen }
      usleep(15_000)
    }
    Issue.record("Waited in vain for \(what). The screen:\n\(seen)", sourceLocation: location)
    throw Failed("waited in vain for \(what)")
  }

  @discardableResult
  func wait(for text: String, location: SourceLocation = #_sourceLocation) throws -> String {
    try wait("'\(text)'", location: location) { $0.contains(text) }
  }

  /// Whether the screen was left as it was found: the normal one, with a cursor, and no mouse reports.
  var isGivenBack: Bool {
    get throws { try query("#{alternate_on} #{cursor_flag} #{mouse_any_flag} #{keypad_cursor_flag}") == "0 1 0 0" }
  }
}
