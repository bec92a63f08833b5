import Assets
import Formats
import Foundation
import Testing

@Suite struct AssetsTests {
  /// The folder of the bundled data, found through a file that is certainly there.
  static var folder: URL { URL(filePath: Assets.data("digits.csv")!).deletingLastPathComponent() }

  /// "SHA-256  name" lines of SOURCES.md, which sha256sum checks.
  @Test func everyFileIsTheOneThatIsCredited() throws {
    let sources = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../assets/SOURCES.md")
    let text = try String(contentsOf: sources, encoding: .utf8)
    let sums = text.split(separator: "\n").filter { $0.wholeMatch(of: /[0-9a-f]{64}  \S+/) != nil }
    let present = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path).sorted()
    #expect(sums.map { String($0.split(separator: "  ")[1]) }.sorted() == present)
    for name in present { #expect(text.contains("| \(name) |"), "\(name) has no credit") }
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["sha256sum", "--check", "--quiet", "--strict", "-"]
    process.currentDirectoryURL = Self.folder
    let pipe = Pipe()
    process.standardInput = pipe
    try process.run()
    try pipe.fileHandleForWriting.write(contentsOf: Data((sums.joined(separator: "\n") + "\n").utf8))
    try pipe.fileHandleForWriting.close()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
  }

  @Test func rowCounts() throws {
    let rows = [
      "household-minute.csv": 20_160, "power-hourly.csv": 8_784, "traffic.csv": 8_713, "celegans-white1986.csv": 2_961,
      "celegans-neurons.csv": 302, "celegans-tap-withdrawal.csv": 85, "JapaneseVowels-train.csv": 4_274,
      "JapaneseVowels-test.csv": 5_687,
    ]
    for (name, count) in rows { #expect(try CSVTable(path: Assets.data(name)!).rowCount == count, "\(name)") }
    #expect(try CSVTable(path: Assets.data("digits.csv")!, header: false).rowCount == 1_797)
    #expect(Assets.data("nothing.csv") == nil)
  }

  @Test func connectomeIsAsCounted() throws {
    let table = try CSVTable(path: Assets.data("celegans-white1986.csv")!)
    let types = table.texts(try table.column("type"))
    #expect(types.count { $0 == "chemical" } == 2_386)
    #expect(types.count { $0 == "electrical" } == 575)
  }
}
