import Circuits
import Formats
import Foundation
import Learning
import Samples
import Tasks
import Testing

/// `Fixtures/version-1/*` are what ganglion 0.1.0 wrote, the release before files had recipes, layouts and fingerprints:
///
///     ganglion train --task sine --neurons 5 --unfolds 2 --steps 6 --freeze sigma --prune 0.2 --learning-rate 0.02 \
///       --log run.jsonl --out model.safetensors
///     ganglion explore --task sine --neurons 5 --unfolds 2 --frames 3 --size 80x24 --record record.jsonl
@Suite("Files of an older version") struct OlderVersionTests {
  private static func path(_ name: String) -> String {
    Bundle.module.resourceURL!.appendingPathComponent("Fixtures/version-1/" + name).path
  }

  @Test func aModelFileOpensAndAnswersAsItDid() throws {
    let file = try ModelFile(path: Self.path("model.safetensors"))
    let origin = try #require(file.origin)
    #expect(file.model.neurons == 5 && file.pruned.count == 2)
    #expect(file.state.frozen.count(where: \.self) == 25)
    #expect(origin.source == DataSource(task: "sine", seed: 1) && origin.sequence == 48 && origin.data == nil)
    #expect(origin.recipe.network == .init(file.model.specification))
    // The held-out loss that stands in the file was measured by that release.
    let task = try origin.adapt(origin.source.load())
    let evaluator = Evaluator(
      model: file.model, task: task, series: task.heldOut, sequence: origin.sequence, threads: 1, protocol: .carried)
    let result = evaluator.evaluate(file.state.values, connections: file.state.connections)
    #expect(result.loss == origin.heldOut?.loss && origin.heldOut?.loss == 0.4574334162180821)
    // Written again it is a file of this version, and the same model.
    let again = try ModelFile(file.encoded(), file: "again")
    #expect(again.state == file.state && again.model.wiring == file.model.wiring && again.origin == origin)
    #expect(try file.encoded().metadata["ganglion"] == "2")
  }

  @Test func aModelFileIsBegunFrom() throws {
    let setup = try Recipe(start: .file(Self.path("model.safetensors")), seed: 7).make(threads: 1)
    #expect(setup.task.name == "sine" && setup.model.neurons == 5 && setup.options.learningRate == 0.01)
    let changed = try setup.recipe.applying(RecipeChange("neurons", "6"))
    #expect(changed.start == .drawn && changed.network.neurons == 6 && changed.network.unfolds == 2)
    #expect(changed.seed == 7 && changed.data?.task == "sine")
  }

  /// Five steps more: the losses that that release's `train --resume` went on to.
  @Test func aCheckpointGoesOnAsItWouldHave() throws {
    let setup = try Recipe(start: .checkpoint(Self.path("model.safetensors"))).make(threads: 1)
    #expect(setup.recipe.training.learningRate == 0.02 && setup.options.schedule == .constant)
    #expect(setup.options.batch == 1 && setup.options.sequence == 48 && setup.options.seed == 1)
    let session = try setup.session()
    #expect(session.step == 6 && session.marks.count == 2)
    _ = try session.losses(5)
    session.measure()
    #expect(session.heldOut?.loss == 0.4073274469556458 && session.recentLoss == 0.45615036189556124)
    let again = try Checkpoint(Checkpoint(session, recipe: setup.resolved).encoded(), file: "again")
    #expect(again.progress.counters.step == 11 && again.file.origin?.data == setup.task.fingerprint)
  }

  @Test func otherDataThanAnOldCheckpointsAreRefused() throws {
    var contents = try Safetensors(path: Self.path("model.checkpoint.safetensors"))
    let changed = contents.metadata["training"]?.replacingOccurrences(of: "471e7b5df78503d9", with: "0")
    contents.metadata["training"] = changed
    let path = temporaryPath("old.checkpoint.safetensors")
    defer { unlink(path) }
    try contents.write(to: path)
    let sentence =
      "The data of sine are not those that \(path) was trained with: their training part has other numbers."
    #expect { try Recipe(start: .checkpoint(path)).make() } throws: { "\($0)".hasPrefix(sentence) }
  }

  @Test(arguments: ["run.jsonl", "record.jsonl"]) func aLogIsRefusedByItsVersion(_ name: String) throws {
    #expect {
      try CommandLog.read(path: Self.path(name))
    } throws: { error in
      "\(error)".contains(
        "\(name), line 1, column 1: the log has version 1, of an earlier ganglion; this one plays version 2. "
          + "Correct the line, or record the run again")
    }
  }

  @Test func whatIsNewerIsRefusedByItsVersion() throws {
    let session = try Sample.session()
    let log = CommandLog(
      header: .init(recipe: .sample(session), task: session.task, layout: session.model.layout), end: 0)
    let text = try log.lines().joined(separator: "\n").replacingOccurrences(of: #""version":2"#, with: #""version":7"#)
    let column = text.distance(from: text.startIndex, to: text.range(of: "\"version\"")!.lowerBound) + 1
    #expect { try CommandLog.read(text, file: "log") } throws: { error in
      "\(error)".contains(
        "line 1, column \(column): the log has version 7, of a newer ganglion; this one plays version 2")
    }
  }
}

@Suite("Fingerprints") struct FingerprintTests {
  @Test func dataSayInWhatTheyDiffer() {
    let task = Sample.task()
    func difference(_ change: (inout TaskData) -> Void) -> String? {
      var other = task
      change(&other)
      return task.fingerprint.difference(from: other.fingerprint)
    }
    #expect(difference { _ in } == nil)
    #expect(difference { $0.inputs[1].name = "hum" } == "they have the inputs wave, hum instead of wave, noise")
    #expect(difference { $0.targets[0].name = "y" } == "they have the targets y instead of target 0")
    #expect(
      difference { $0.training.removeLast() } == "they have 60 training steps in 2 sequences instead of 90 in 3")
    #expect(difference { $0.training[2].elapsed[3] = 2 } == "their training part has other numbers")
    #expect(difference { $0.heldOut[0].targets[0].negate() } == "their held-out part has other numbers")
  }

  @Test func layoutsSayInWhatTheyDiffer() throws {
    func fingerprint(_ neurons: Int, _ cell: String = "ltc") throws -> LayoutFingerprint {
      LayoutFingerprint(try Sample.model(Sample.task(), neurons: neurons, cell: cell).layout)
    }
    #expect(try fingerprint(8).difference(from: fingerprint(8)) == nil)
    let size = try #require(try fingerprint(8).difference(from: fingerprint(6)))
    #expect(size.hasPrefix("it has the tensor '") && size.contains(" 6×6' where '") && size.contains(" 8×8' belongs"))
    var short = try fingerprint(8)
    short.tensors.removeLast()
    #expect(
      try fingerprint(8).difference(from: short)
        == "it has \(short.tensors.count) tensors instead of \(short.tensors.count + 1)")
  }

  /// A log whose network or data are no longer made from its recipe.
  @Test func aLogThatDoesNotFitIsRefused() throws {
    let recipe = Recipe(data: DataSource(task: "sine", seed: 1), network: .init(neurons: 5, wiring: "all"))
    let setup = try recipe.make(threads: 1)
    let good = CommandLog(header: .init(setup), entries: [.init(step: 1, command: .freeze("mu"))], end: 3)
    let played = try good.setup(threads: 1)
    #expect(played.script == good.entries && played.end == 3 && played.model.layout == setup.model.layout)
    func problem(_ change: (inout CommandLog) -> Void) -> String {
      var log = good
      change(&log)
      do {
        _ = try log.setup(threads: 1)
        return ""
      } catch { return "\(error)" }
    }
    let network = problem { $0.header.recipe.network.neurons = 6 }
    #expect(network.hasPrefix("The network is not the one of the recorded run: it has the tensor '"))
    #expect(network.hasSuffix("To play it, record the run again."))
    let data = problem { $0.header.data.steps = 7 }
    #expect(
      data.hasPrefix("The data of sine are not those of the recorded run: they have 48 training steps in 1 sequence"))
    #expect(problem { $0.header.recipe.start = .checkpoint("c") }.contains("went on from the checkpoint c"))
    #expect(problem { $0.header.recipe.start = .comparison("ltc with 4 neurons") }.contains("ltc with 4 neurons"))
    #expect(problem { $0.header.recipe.training.evaluateEvery = 0 }.contains("every 0 steps"))
    #expect(problem { $0.header.recipe.training.clip = -1 }.contains("is no gradient norm"))
    #expect(problem { $0.header.recipe.training.schedule = "cosine:0" }.contains("is no schedule"))
    #expect(problem { $0.header.recipe.network.neurons = -4 }.contains("A circuit of -4 neurons cannot be made"))
    #expect(problem { $0.header.recipe.network.unfolds = 1_000_000 }.contains("sub-steps a time step cannot be made"))
    #expect(problem { $0.header.recipe.training.batch = .max }.contains("GB of memory"))
  }

  @Test func aModelFileThatIsLaidOutOtherwiseIsRefused() throws {
    let session = try Sample.session()
    var contents = try ModelFile(model: session.model, state: session.learner.state, origin: nil).encoded()
    let layout = try #require(contents.metadata["layout"])
    contents.metadata["layout"] = layout.replacingOccurrences(of: "8×8", with: "4×4")
    #expect { try ModelFile(contents, file: "m") } throws: { error in
      "\(error)".contains("m: the model is not laid out as when the file was written: it has the tensor '")
    }
  }

  /// Numbers that would trap or never end are found before they are used.
  @Test(arguments: [
    (#""step":2"#, #""step":-2"#, "-2 steps cannot have been made"), (#""draws":40"#, #""draws":41"#, "41 windows"),
    (#""lossCount":1"#, #""lossCount":9"#, "9 losses cannot be of 2 steps"),
    (#""capacity":1024"#, #""capacity":0"#, "a loss curve of 2 and 1 points"),
    (#""bucket":1"#, #""bucket":0"#, "a loss curve"),
    (#""waited":0"#, #""waited":-1"#, "a learning rate that was halved"),
    (#""updates":2"#, #""updates":-2"#, "-2 updates"),
    (#""bestStep":1"#, #""bestStep":5"#, "a best step that was not made"),
  ])
  func countersOfACheckpointAreChecked(_ text: String, _ change: String, _ words: String) throws {
    let session = try Sample.session()
    _ = try session.losses(2)
    var contents = try Checkpoint(session, recipe: .sample(session)).encoded()
    let header = try #require(contents.metadata["training"])
    #expect(header.contains(text), "\(header)")
    contents.metadata["training"] = header.replacingOccurrences(of: text, with: change)
    #expect { try Checkpoint(contents, file: "c") } throws: { "\($0)".contains(words) }
  }

  /// A file's texts do not change where a symbol is renamed: the whole header of a run, word for word.
  @Test func theWordsOfAHeaderAreWrittenOut() throws {
    let recipe = Recipe(
      data: DataSource(task: "sine", seed: 1),
      network: .init(
        cell: "cfc-backbone", neurons: 3, wiring: "all", solver: "none", unfolds: 6, readout: .dense,
        backbone: Backbone(units: 4), positivity: .clamp),
      start: .file("a"), training: .init(TrainingOptions(Sample.task(), seed: 1)), seed: 2)
    #expect(
      try JSON.encode(recipe) == """
        {"commands":[],"data":{"seed":1,"targets":[],"task":"sine"},\
        "network":{"backbone":{"activation":"lecun_tanh","layers":1,"units":4},"cell":"cfc-backbone","neurons":3,\
        "positivity":"clamp","readout":"dense","solver":"none","unfolds":6,"wiring":"all"},"seed":2,\
        "start":{"file":"a"},"training":{"batch":16,"clip":1,"evaluateEvery":100,"evaluation":"carried",\
        "learningRate":0.01,"noise":0,"optimizer":"adam","schedule":"constant","sequence":32}}
        """)
    #expect(try JSON.decode(Recipe.self, from: JSON.encode(recipe)) == recipe)
    for start in [Recipe.Start.drawn, .file("a"), .checkpoint("b"), .comparison("c")] {
      #expect(try JSON.decode(Recipe.Start.self, from: JSON.encode(start)) == start)
    }
    for kind in [TargetKind.regression, .labels(positiveWeights: [2]), .classes(names: ["a", "b"])] {
      #expect(try JSON.decode(TargetKind.self, from: JSON.encode(kind)) == kind)
    }
  }
}
