import Formats
import Foundation

func fixture(_ name: String) -> String {
  Bundle.module.bundleURL.appendingPathComponent("Fixtures").appendingPathComponent(name).path
}

/// The sentence that `body` ends in.
func sentence(_ body: () throws -> Void) -> String {
  do {
    try body()
    return "no error"
  } catch {
    return "\(error)"
  }
}

func table(_ text: String, header: Bool = true, separator: Character? = nil) throws -> CSVTable {
  try CSVTable(bytes: Array(text.utf8), file: "t.csv", header: header, separator: separator)
}

/// A path in a new folder that is removed after `body`.
func withTemporaryPath(_ name: String, _ body: (String) throws -> Void) throws {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  try body(folder.appendingPathComponent(name).path)
}
