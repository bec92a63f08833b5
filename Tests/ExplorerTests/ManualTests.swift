import Explorer
import Foundation
import Testing

@Suite("The manual page")
struct ManualTests {
  /// As roff would print it.
  private static func printed(_ page: String) -> String {
    var text = page.replacing("\\(dq", with: "\"").replacing("\\-", with: "-").replacing("\\&", with: "")
      .replacing("\\e", with: "\\")
    while let start = text.range(of: "\\[u"), let end = text[start.upperBound...].firstIndex(of: "]") {
      let scalar = UInt32(text[start.upperBound..<end], radix: 16).flatMap(Unicode.Scalar.init)
      text.replaceSubrange(start.lowerBound...end, with: scalar.map { String(Character($0)) } ?? "?")
    }
    return text
  }

  @Test("every action stands in it with its keys and its sentence")
  func actions() throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Robot.executable)
    process.arguments = ["manual"]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let page = Self.printed(String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self))
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    for action in Actions.all {
      #expect(page.contains("\\fB:\(action.name)\\fR"), "\(action.name)")
      #expect(page.contains(action.sentence), "\(action.name)")
      for key in action.keys { #expect(page.contains("\\fB\(key.description)\\fR"), "\(key)") }
    }
    for group in Action.Group.allCases { #expect(page.contains(".SS \(group.rawValue)\n")) }
  }
}
