import Foundation
import FoundationXML
import Testing

@Suite("compare and study") struct CompareTests {
  private static let small = [
    "compare", "--task", "sine", "--models", "ltc,gru", "--neurons", "3,4", "--seeds", "2", "--unfolds", "2", "--json",
  ]
  private static let keys: Set<String> = [
    "task", "model", "wiring", "neurons", "synapses", "parameters", "heldOut", "measure", "learningRate", "seconds",
    "steps", "notFinite", "frontByParameters", "frontByNeurons", "readout", "evaluation", "other", "errors",
  ]

  private func timeless(_ program: Program) throws -> [NSDictionary] {
    try program.objects().map { object in
      var object = object
      object["seconds"] = nil
      return object as NSDictionary
    }
  }

  @Test func linesKeepTheContractOnAnyNumberOfThreadsAndAfterAnInterruption() throws {
    let folder = try Folder()
    let log = folder.file("log.jsonl")
    let whole = try Program(Self.small + ["--steps", "3", "--threads", "1", "--log", log])
    #expect(whole.status == 0, "\(whole.error)")
    let objects = try whole.objects()
    let rows = objects.filter { $0["model"] != nil }
    #expect(rows.map { "\($0["model"]!) \($0.int("neurons")!)" } == ["ltc 3", "gru 3", "ltc 4", "gru 4"])
    for row in rows {
      #expect(Set(row.keys) == Self.keys)
      let heldOut = row.object("heldOut")
      #expect(Set(heldOut.keys) == ["mean", "deviation", "each"])
      let each = heldOut.vector("each")
      #expect(each.count == 2 && abs(heldOut.number("mean")! - (each[0] + each[1]) / 2) < 1e-12)
      #expect(row["readout"] as? String == "dense" && row["evaluation"] as? String == "windowed")
      #expect(row.object("other")["evaluation"] as? String == "carried" && row.object("other").number("mean")! > 0)
      #expect(row.int("steps") == 3 && row.int("notFinite") == 0 && row["measure"] as? String == "nmse")
      #expect([0.003, 0.01, 0.03].contains(row.number("learningRate")!) && row.number("seconds")! > 0)
    }
    #expect(objects.last?["done"] as? Bool == true)
    #expect(whole.error.contains("Alike for all: wiring all, dense readout; 3 steps"))

    let refused = try Program(Self.small + ["--steps", "3", "--log", log])
    #expect(refused.status == 2 && refused.error.contains("--resume"))

    let threads = try Program(Self.small + ["--steps", "3", "--threads", "3"])
    #expect(try timeless(threads) == timeless(whole))
    // As if it had been ended in the middle of a line.
    let text = try String(contentsOfFile: log, encoding: .utf8)
    try String(text.prefix(text.count * 2 / 3)).write(toFile: log, atomically: true, encoding: .utf8)
    let resumed = try Program("compare", "--resume", log, "--json", "--threads", "2")
    #expect(try timeless(resumed) == timeless(whole), "\(resumed.error)")
    #expect(resumed.error.contains("are not made again"))
  }

  @Test func aTableForPeopleHasTheBaselines() throws {
    let run = try Program(
      "compare", "--task", "power", "--models", "gru", "--parameters", "120", "--seeds", "1", "--steps", "1",
      "--learning-rate", "0.01", "--sequence", "8", "--batch", "2")
    #expect(run.status == 0, "\(run.error)")
    #expect(run.output.contains("power: held-out squared error ÷ variance"))
    for part in [
      "persistence", "0.574", "ridge on 24 h", "0.401", "wiring all, dense readout; 1 step", "carried", "rms kW", "gru",
    ] {
      #expect(run.output.contains(part), "\(part) in\n\(run.output)")
    }
  }

  @Test(
    "wrong use is a sentence and status 2",
    arguments: [
      (["--neurons", "4", "--parameters", "50"], "exclude each other"),
      (["--steps", "1", "--minutes", "1"], "exclude each other"),
      (["--models", "nope", "--steps", "1"], "There is no model 'nope'"),
      (["--neurons", "4,x", "--steps", "1"], "--neurons"),
      (["--seeds", "0"], "--seeds 0"),
      (["--learning-rates", "0.1,-1", "--steps", "1"], "above 0"),
      (["--resume", "log", "--models", "ltc"], "the file says"),
      (["--resume", "/no/such/file"], "/no/such/file"),
      (["--minutes", "-1"], "minutes"),
    ])
  func wrongUse(_ arguments: [String], _ sentence: String) throws {
    let run = try Program(["compare"] + arguments)
    #expect(run.status == 2 && run.output.isEmpty)
    #expect(run.error.contains(sentence), "\(run.error)")
  }

  @Test func studyGivesFiguresOfBothEqualities() throws {
    let folder = try Folder()
    let (svg, log) = (folder.file("figure.svg"), folder.file("log.jsonl"))
    let options = ["--tasks", "sine,sinusoid", "--models", "ltc,gru", "--neurons", "3", "--seeds", "2"]
    let run = try Program(
      ["study", "synapses", "--json", "--steps", "1", "--learning-rates", "0.01", "--svg", svg, "--log", log] + options)
    #expect(run.status == 0, "\(run.error)")
    let objects = try run.objects()
    let rows = objects.filter { $0["model"] != nil }
    #expect(rows.count == 2 * 2 * 2 && rows.allSatisfy { Set($0.keys) == Self.keys.union(["equal"]) })
    #expect(rows.filter { $0["equal"] as? String == "neurons" }.allSatisfy { $0.int("neurons") == 3 })
    let verdicts = objects.filter { $0["best"] != nil }
    #expect(verdicts.count == 4)
    for verdict in verdicts {
      #expect(["biophysical", "rival", "undecided"].contains(verdict["best"] as? String ?? ""))
    }
    #expect(objects.contains { $0["baseline"] as? String == "persistence" })

    let reader = Reader()
    let parser = XMLParser(data: try Data(contentsOf: URL(fileURLWithPath: svg)))
    parser.delegate = reader
    #expect(parser.parse())
    #expect(reader.elements["svg"] == 1 && reader.elements["text", default: 0] > 20)
    // A mark for each mean, and four in the legend.
    #expect(reader.elements["circle", default: 0] + reader.elements["path", default: 0] >= 8 + 3)
    for part in ["sine: equal neurons", "sinusoid: equal parameters", "LTC", "GRU", "squared error"] {
      #expect(reader.text.contains(part), "\(part)")
    }
    let again = try Program("study", "synapses", "--resume", log)
    #expect(again.status == 0 && again.output.contains("With equal neurons the smallest error"), "\(again.error)")
  }

  private final class Reader: NSObject, XMLParserDelegate {
    var elements: [String: Int] = [:]
    var text = ""
    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
      attributes: [String: String]
    ) { elements[name, default: 0] += 1 }
    func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }
  }
}
