import Formats
import Foundation
import Testing

@Suite("ganglion export") struct ExportTests {
  /// Five steps, a file, four more: ten moments of every parameter, with what they are beside it.
  @Test func writesTheWeightsThroughTraining() throws {
    let folder = try Folder()
    let (model, target) = (folder.file("m.safetensors"), folder.file("history.npy"))
    let words = ["train", "--task", "sine", "--neurons", "6", "--threads", "1", "--steps", "5", "--freeze", "mu"]
    #expect(try Program(words + ["--out", model]).status == 0)
    #expect(try Program("train", "--resume", model, "--steps", "4", "--threads", "1").status == 0)
    let done = try Program("export", model, "--history", target)
    #expect(done.status == 0 && done.output.isEmpty && done.error.contains("10 moments from step 0 to 9"), "\(done)")
    let array = try NPY(path: target)
    let text = try String(contentsOfFile: folder.file("history.json"), encoding: .utf8)
    let object = try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(object["steps"] as? [Int] == Array(0...9) && array.shape[0] == 10)
    let columns = array.shape[1]
    let tensors = try #require(object["tensors"] as? [[String: Any]])
    let mu = try #require(tensors.first { $0["name"] as? String == "mu" })
    let offset = try #require(mu.int("offset"))
    #expect((0..<10).allSatisfy { array.values[$0 * columns + offset] == array.values[offset] })
    #expect(Array(array.values.prefix(columns)) != Array(array.values.suffix(columns)))
  }

  @Test func saysWhatIsMissing() throws {
    let folder = try Folder()
    let model = folder.file("m.safetensors")
    let words = ["train", "--task", "sine", "--neurons", "4", "--threads", "1", "--steps", "2", "--history", "0"]
    #expect(try Program(words + ["--out", model]).status == 0)
    let nothing = try Program("export", model, "--history", folder.file("h.npy"))
    #expect(nothing.status == 2 && nothing.error.contains("no weights through training"), "\(nothing)")
    #expect(try Program("export", model).status == 2)
    #expect(try Program("export", model, "--history", folder.file("h.csv")).status == 2)
  }
}
