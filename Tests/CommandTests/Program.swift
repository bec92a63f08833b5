import Foundation
import Testing

/// The built binary as a process.
struct Program {
  var status: Int32
  var output: String
  var error: String

  /// Beside the test bundle, where SwiftPM puts both.
  static let path: String = {
    var folder = Bundle.main.bundleURL
    for _ in 0..<4 {
      let candidate = folder.appendingPathComponent("ganglion").path
      if FileManager.default.isExecutableFile(atPath: candidate) { return candidate }
      folder.deleteLastPathComponent()
    }
    let argument = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    return argument.appendingPathComponent("ganglion").path
  }()

  @discardableResult
  init(_ arguments: String...) throws { try self.init(arguments) }

  @discardableResult
  init(_ arguments: [String], during: (Process, _ output: String) -> Void = { _, _ in }) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Self.path)
    process.arguments = arguments
    // Files and not pipes: no output is too long for them.
    let folder = try Folder()
    let (out, err) = (folder.file("out"), folder.file("err"))
    for path in [out, err] { try Data().write(to: URL(fileURLWithPath: path)) }
    process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: out))
    process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: err))
    process.standardInput = FileHandle.nullDevice
    try process.run()
    during(process, out)
    process.waitUntilExit()
    status = process.terminationStatus
    output = try String(contentsOfFile: out, encoding: .utf8)
    error = try String(contentsOfFile: err, encoding: .utf8)
  }

  /// Every line of standard output as a JSON object.
  func objects() throws -> [[String: Any]] {
    try output.split(separator: "\n").map { line in
      try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any], "\(line)")
    }
  }

  func object() throws -> [String: Any] { try #require(objects().last) }
}

/// A temporary folder that goes away with its owner.
final class Folder: Sendable {
  let url = FileManager.default.temporaryDirectory.appendingPathComponent("ganglion-\(UUID().uuidString)")

  init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }
  deinit { try? FileManager.default.removeItem(at: url) }

  func file(_ name: String) -> String { url.appendingPathComponent(name).path }

  func write(_ text: String, to name: String) throws -> String {
    try Data(text.utf8).write(to: url.appendingPathComponent(name))
    return file(name)
  }
}

extension [String: Any] {
  func number(_ key: String) -> Double? { (self[key] as? NSNumber)?.doubleValue }
  func int(_ key: String) -> Int? { (self[key] as? NSNumber)?.intValue }
  func object(_ key: String) -> [String: Any] { self[key] as? [String: Any] ?? [:] }
  func matrix(_ key: String) -> [[Double]] {
    (self[key] as? [[NSNumber]] ?? []).map { $0.map(\.doubleValue) }
  }
  func vector(_ key: String) -> [Double] { (self[key] as? [NSNumber] ?? []).map(\.doubleValue) }
}
