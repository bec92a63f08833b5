import Foundation
import Testing

@Suite("ganglion train") struct TrainTests {
  /// A small run on generated data.
  private static let small = ["train", "--task", "sine", "--neurons", "6", "--wiring", "all", "--unfolds", "2"]

  private func train(
    _ arguments: String..., during: (Process, _ output: String) -> Void = { _, _ in }
  ) throws -> Program {
    try Program(Self.small + arguments, during: during)
  }

  @Test func linesAsInTheContract() throws {
    let run = try train("--steps", "4", "--json", "--threads", "2")
    #expect(run.status == 0, "\(run.error)")
    let lines = try run.objects()
    #expect(lines.count == 3)
    for line in lines.dropLast() {
      #expect(Set(line.keys) == ["step", "epoch", "train", "heldOut", "learningRate", "gradientNorm"])
    }
    #expect(lines.map { $0.int("step") } == [1, 4, nil])
    let last = try run.object()
    #expect(
      Set(last.keys) == [
        "done", "steps", "seconds", "stepsPerSecond", "train", "heldOut", "bestHeldOut", "bestStep", "metrics", "model",
        "seed", "threads", "errors", "warning",
      ])
    #expect(
      last["done"] as? Bool == true && last.int("steps") == 4 && last.int("threads") == 2 && last.int("seed") == 1)
    #expect(last.object("metrics").number("nmse") != nil && last.object("metrics").number("mse") != nil)
    let model = last.object("model")
    #expect(model["name"] as? String == "ltc" && model.int("neurons") == 6)
    // All-to-all: n(n+m) synapses, 4n(n+m) + 3n + 2m parameters and two of the readout.
    #expect(model.int("synapses") == 48 && model.int("parameters") == 4 * 48 + 18 + 4 + 2)
  }

  @Test func theSameSeedOnOneAndTwoCores() throws {
    func losses(_ threads: String) throws -> [String] {
      try train("--steps", "3", "--batch", "20", "--json", "--threads", threads).output.split(separator: "\n")
        .dropLast()
        .map(String.init)
    }
    let (one, two) = (try losses("1"), try losses("2"))
    #expect(!one.isEmpty && one == two)
  }

  @Test func resumingIsGoingOn() throws {
    let folder = try Folder()
    let (whole, part) = (folder.file("whole.safetensors"), folder.file("part.safetensors"))
    let options = ["--threads", "1", "--freeze", "mu", "--prune", "0.2", "--out"]
    #expect(try Program(Self.small + options + [whole, "--steps", "20"]).status == 0)
    #expect(try Program(Self.small + options + [part, "--steps", "10"]).status == 0)
    let resumed = try Program("train", "--resume", part, "--steps", "10", "--threads", "1", "--json")
    #expect(resumed.status == 0, "\(resumed.error)")
    #expect(try resumed.object().int("steps") == 20)
    let (one, two) = (folder.file("whole.checkpoint.safetensors"), folder.file("part.checkpoint.safetensors"))
    #expect(FileManager.default.contents(atPath: one) == FileManager.default.contents(atPath: two))
    #expect(FileManager.default.contents(atPath: whole) == FileManager.default.contents(atPath: part))
  }

  @Test func epochsAndMinutesEndIt() throws {
    #expect(try train("--epochs", "3", "--json").object().int("steps") == 3)
    #expect(try train("--minutes", "0.002", "--json").object().int("steps")! >= 1)
  }

  @Test func forPeople() throws {
    let run = try train("--steps", "2")
    #expect(run.output.contains("LTC, 6 neurons, 48 synapses"))
    #expect(run.output.contains("ncps, 400 epochs"))
    #expect(run.error.contains("step 1, epoch 0, loss"))
    #expect(!run.error.contains("\u{1B}"))
  }

  @Test func theLogIsOfCommands() throws {
    let folder = try Folder()
    let log = folder.file("run.log")
    #expect(try train("--steps", "1", "--freeze", "all-but:biases", "--prune", "0.5", "--log", log).status == 0)
    let lines = try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n")
    #expect(lines.count == 4 && lines[3] == #"{"end":1}"#)
    #expect(lines[1].contains("freeze") && lines[2].contains("pruneFraction"))
    for line in lines { #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(line.utf8)) } }
  }

  @Test func interruptedItSavesAndIsDone() throws {
    let folder = try Folder()
    let out = folder.file("m.safetensors")
    let run = try train("--steps", "100000000", "--json", "--out", out) { process, output in
      // Once the first measurement is on standard output.
      while process.isRunning, (FileManager.default.contents(atPath: output) ?? Data()).isEmpty { usleep(10_000) }
      process.interrupt()
    }
    #expect(run.status == 0, "\(run.error)")
    #expect(try run.object()["done"] as? Bool == true)
    #expect(FileManager.default.fileExists(atPath: out))
  }

  @Test func divergedItSavesTheBestAndFails() throws {
    let folder = try Folder()
    let out = folder.file("m.safetensors")
    let run = try train("--steps", "50", "--learning-rate", "1e300", "--out", out)
    #expect(run.status == 1)
    #expect(run.error.contains("Training stopped: the "))
    #expect(try Program("inspect", out, "--json").status == 0)
  }

  @Test func aPersonsOwnTable() throws {
    let folder = try Folder()
    var text = "t,x,y,kind\n"
    for t in 0..<120 {
      text += "\(t * t + t),\(sin(Double(t) * 0.3) * 10 + 50),\(t % 7),\(t % 14 < 7 ? "low" : "high")\n"
    }
    let csv = try folder.write(text, to: "my.csv")
    let out = folder.file("m.safetensors")
    let run = try Program(
      "train", "--data", csv, "--target", "x", "--features", "x,y", "--time", "t", "--neurons", "6", "--steps", "2",
      "--json", "--out", out)
    #expect(run.status == 0, "\(run.error)")
    #expect(try run.object().object("metrics").number("nmse") != nil)
    let evaluated = try Program("evaluate", "--load", out, "--json")
    #expect(try evaluated.object().number("loss") == run.object().number("bestHeldOut"))
    let classes = try Program(
      "train", "--data", csv, "--target", "kind", "--features", "x,y", "--neurons", "6", "--steps", "2", "--json")
    #expect(try classes.object().object("metrics").number("balancedAccuracy") != nil, "\(classes.error)")
  }

  @Test func aLoadedModelLearnsOn() throws {
    let folder = try Folder()
    let out = folder.file("m.safetensors")
    #expect(try train("--steps", "2", "--out", out, "--prune", "0.5").status == 0)
    let again = try Program("train", "--load", out, "--steps", "1", "--json")
    #expect(again.status == 0, "\(again.error)")
    #expect(try again.object().object("model").int("synapses") == 24)
  }
}
