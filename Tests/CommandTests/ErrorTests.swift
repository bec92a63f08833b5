import Foundation
import Testing

@Suite("Errors are sentences") struct ErrorTests {
  private let folder: Folder
  init() throws { folder = try Folder() }

  private func check(_ status: Int32, _ sentence: String, _ arguments: String...) throws {
    let run = try Program(arguments)
    let lines = run.error.split(separator: "\n")
    #expect(run.status == status, "\(arguments): \(run.error)")
    #expect(run.output.isEmpty)
    #expect(lines.count == 1 && run.error.hasPrefix("Error: "), "\(run.error)")
    #expect(run.error.contains(sentence), "\(run.error)")
  }

  @Test func wrongNames() throws {
    try check(2, "There is no task 'hosehold'; did you mean 'household'?", "train", "--task", "hosehold")
    try check(2, "There is no model 'lct'. Did you mean 'ltc'?", "train", "--task", "sine", "--model", "lct")
    try check(2, "There is no wiring 'nc'. Did you mean 'ncp'?", "train", "--task", "sine", "--wiring", "nc")
    try check(2, "cannot use the solver 'euler9'", "train", "--task", "sine", "--solver", "euler9")
    try check(2, "There is no optimizer 'adm'. Did you mean 'adam'?", "train", "--task", "sine", "--optimizer", "adm")
    try check(2, "There is no parameter 'sigm'. Did you mean 'sigma'?", "train", "--task", "sine", "--freeze", "sigm")
    try check(2, "Unknown option '--nothing'", "train", "--nothing")
  }

  @Test func wrongNumbers() throws {
    try check(2, "A circuit of 0 neurons cannot be made", "train", "--task", "sine", "--neurons", "0")
    try check(2, "-3", "train", "--task", "sine", "--neurons=-3")
    try check(2, "needs at least 3 neurons", "train", "--task", "sine", "--neurons", "2")
    try check(2, "The value 'many' is invalid for '--neurons <neurons>'", "train", "--neurons", "many")
    try check(2, "0 sub-steps a time step", "train", "--task", "sine", "--unfolds", "0")
    try check(2, "Windows of 0 steps", "train", "--task", "sine", "--sequence", "0")
    try check(2, "nan is no learning rate", "train", "--task", "sine", "--learning-rate", "nan")
    try check(2, "is no share of the synapses", "train", "--task", "sine", "--prune", "2")
    try check(2, "--threads 0 cannot be", "train", "--threads", "0")
    try check(2, "--clip -1.0 is no gradient norm", "train", "--clip=-1")
    try check(2, "random:7", "train", "--task", "sine", "--wiring", "random:7")
    try check(2, "exclude each other", "train", "--steps", "3", "--epochs", "3")
    try check(2, "exclude each other", "train", "--task", "sine", "--data", "x.csv", "--target", "y")
  }

  @Test func wrongTables() throws {
    let good = "a,b\n1,2\n3,4\n5,6\n7,9\n8,1\n2,3\n4,1\n5,5\n"
    func table(_ text: String) throws -> String { try folder.write(text, to: "\(UUID().uuidString).csv") }
    try check(2, "there is no column 'c'; columns are a, b", "train", "--data", table(good), "--target", "c")
    try check(2, "the file is empty", "train", "--data", table(""), "--target", "a")
    try check(
      2, "line 3: the row has 3 fields where line 1 has 2", "train", "--data", table("a,b\n1,2\n3,4,5\n"), "--target",
      "a")
    try check(
      2, "line 3, column 'a': 'x' stands where a finite number belongs", "train", "--data",
      table("a,b\n1,2\nx,4\n3,4\n"),
      "--target", "a")
    try check(2, "there is no such file", "train", "--data", folder.file("none.csv"), "--target", "a")
    try check(2, "is a folder", "train", "--data", folder.url.path, "--target", "a")
    try check(2, "--data needs to know what is asked for", "train", "--data", table(good))
    try check(2, "--target describes a table", "train", "--target", "a")
    try check(2, "There is no kind 'x'", "train", "--data", table(good), "--target", "a", "--kind", "x")
  }

  @Test func wrongModelFiles() throws {
    let none = folder.file("none.safetensors")
    let bad = try folder.write("these are no tensors at all, only words", to: "bad.safetensors")
    for arguments in [["evaluate", "--load"], ["inspect"], ["run", "--input", bad, "--load"], ["train", "--load"]] {
      let missing = try Program(arguments + [none])
      #expect(missing.status == 2, "\(missing.error)")
      #expect(missing.error.contains("none.safetensors: cannot be opened: there is no such file"), "\(missing.error)")
      let broken = try Program(arguments + [bad])
      #expect(broken.status == 2 && broken.error.contains("the file is damaged or not safetensors"), "\(broken.error)")
    }
    try check(2, "none.safetensors", "train", "--resume", none)
    try check(2, "Missing expected argument '--load <file>'", "evaluate")
  }

  @Test func aModelThatIsNoCheckpointAndInputsThatDoNotFit() throws {
    let model = folder.file("m.safetensors")
    let run = try Program(
      "train", "--task", "sine", "--neurons", "4", "--wiring", "all", "--unfolds", "1", "--steps", "1", "--out", model)
    #expect(run.status == 0, "\(run.error)")
    try FileManager.default.removeItem(atPath: folder.file("m.checkpoint.safetensors"))
    try check(2, "not a checkpoint", "train", "--resume", model)
    try check(2, "--task or --data and --resume exclude each other", "train", "--resume", model, "--task", "sine")
    try check(2, "--neurons and --load exclude each other", "train", "--load", model, "--neurons", "4")
    try check(2, "The model was trained with the inputs sin, cos", "evaluate", "--load", model, "--task", "xor")
    let csv = try folder.write("a,b,c\n1,2,3\n", to: "in.csv")
    try check(2, "there is no column 'sin'", "run", "--load", model, "--input", csv)
    let two = try folder.write("a,b\n1,2\n", to: "two.csv")
    try check(2, "--elapsed 'zero'", "run", "--load", model, "--input", two, "--elapsed", "zero")
    try check(
      2, "--state has 2 numbers, but the model has 4 neurons", "inspect", model, "--coefficients", "--state", "1,2")
    try check(2, "--form goes with --coefficients", "inspect", model, "--form", "feature")
    var bytes = try Data(contentsOf: URL(fileURLWithPath: model))
    bytes.removeLast(10)
    try bytes.write(to: URL(fileURLWithPath: model))
    try check(2, "cut short", "inspect", model)
  }

  @Test func whatCannotBeWrittenIsAFailure() throws {
    try check(
      1, "cannot be written: there is no folder", "train", "--task", "xor", "--steps", "1", "--out",
      folder.file("nowhere/m.safetensors"))
  }
}
