import Foundation
import Testing

@Suite("Replay and manual") struct ReplayCommandTests {
  private let folder = try! Folder()

  /// What `train` did with interventions before the first step, from its log.
  @Test func aTrainingRunIsPlayedAgainToTheSameFile() throws {
    let (log, first, again) = (folder.file("run.jsonl"), folder.file("a.safetensors"), folder.file("b.safetensors"))
    let run = try Program(
      "train", "--task", "sine", "--neurons", "5", "--unfolds", "2", "--steps", "6", "--freeze", "sigma", "--prune",
      "0.2", "--log", log, "--out", first, "--json")
    #expect(run.status == 0, "\(run.error)")
    let lines = try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n")
    #expect(lines.count == 4 && lines.last == #"{"end":6}"#)
    let replay = try Program("replay", log, "--json", "--out", again, "--threads", "1")
    #expect(replay.status == 0, "\(replay.error)")
    #expect(try replay.object()["done"] as? Bool == true)
    for key in ["heldOut", "bestHeldOut", "train"] {
      #expect(try replay.object().number(key) == run.object().number(key))
    }
    for name in ["", ".checkpoint"] {
      let pair = try [first, again].map {
        try Data(
          contentsOf: URL(fileURLWithPath: $0.replacingOccurrences(of: ".safetensors", with: "\(name).safetensors")))
      }
      // The number of threads is in neither.
      #expect(pair[0] == pair[1])
    }
  }

  /// Commands at later steps, as the explorer records them.
  @Test func commandsAreAppliedAtTheirSteps() throws {
    let log = folder.file("run.jsonl")
    _ = try Program(
      "train", "--task", "sine", "--neurons", "5", "--unfolds", "2", "--steps", "4", "--freeze", "sigma", "--prune",
      "0.2",
      "--log", log)
    var lines = try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n").map(String.init)
    #expect(lines.removeLast() == #"{"end":4}"#)
    let plain = try Program("replay", log, "--headless")
    #expect(plain.status == 0 && plain.output.contains("4 steps") && plain.error.contains("step 0: Pruned 2 synapses."))
    // The cut comes two steps later, and so the run ends otherwise.
    #expect(lines.count == 3 && lines[2].hasSuffix(#""step":0}"#))
    lines[2] = lines[2].replacingOccurrences(of: #""step":0"#, with: #""step":2"#)
    let later = try Program(
      "replay", try folder.write((lines + [#"{"end":4}"#]).joined(separator: "\n"), to: "a.jsonl"), "--headless")
    #expect(later.status == 0 && later.error.contains("step 0: Froze sigma"), "\(later.error)")
    #expect(later.error.contains("step 2: Pruned 2 synapses.") && later.output != plain.output, "\(later.error)")
    // What cannot be done again, here to freeze what is frozen, ends the replay with a failure.
    let twice = lines + [lines[1].replacingOccurrences(of: #""step":0"#, with: #""step":3"#), #"{"end":4}"#]
    let refused = try Program("replay", try folder.write(twice.joined(separator: "\n"), to: "d.jsonl"), "--headless")
    #expect(refused.status == 1, "\(refused.error)")
    #expect(
      refused.error.contains("At step 3 the replay differs from what was recorded: sigma is frozen already."),
      "\(refused.error)")
    let open = try folder.write(lines.joined(separator: "\n"), to: "b.jsonl")
    let unsaid = try Program("replay", open, "--json")
    #expect(unsaid.status == 2 && unsaid.error.contains("say it with --steps"))
    #expect(try Program("replay", try folder.write(lines[0], to: "c.jsonl"), "--json", "--steps", "2").status == 0)
  }

  @Test func whatIsWrongIsSaidWithItsPlace() throws {
    let broken = try folder.write("{\"options\"\n", to: "broken.jsonl")
    let run = try Program("replay", broken, "--json")
    #expect(run.status == 2 && run.error.contains("broken.jsonl, line 1, column 11: this is no JSON"), "\(run.error)")
    let old = try folder.write(#"{"options":{},"source":{},"specification":{}}"#, to: "old.jsonl")
    let refused = try Program("replay", old, "--json")
    #expect(refused.status == 2 && refused.error.contains("the log has version 1, of an earlier ganglion"))
    let missing = try Program("replay", folder.file("none.jsonl"))
    #expect(missing.status == 2 && missing.error.contains("none.jsonl"))
    let both = try Program("explore", "--replay", broken, "--task", "sine")
    #expect(both.status == 2 && both.error.contains("--task or --data and --replay exclude each other"))
  }

  /// Commands that there are in the help, options, keys and actions of the explorer's table.
  @Test func theManualHoldsEverything() throws {
    let run = try Program("manual")
    #expect(run.status == 0 && run.error.isEmpty)
    let page = run.output
    #expect(page.hasPrefix(".TH GANGLION 1"))
    for section in ["NAME", "SYNOPSIS", "DESCRIPTION", "COMMANDS", "ENVIRONMENT", "FILES", "EXIT STATUS"] {
      #expect(page.contains(".SH \(section)\n"))
    }
    let plain = page.replacingOccurrences(of: "\\-", with: "-")
    let help = try Program("--help").output.components(separatedBy: "SUBCOMMANDS:").last ?? ""
    let commands = help.split(separator: "\n").filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") }
      .compactMap { $0.split(separator: " ").first }.filter { $0.first?.isLowercase == true }
    #expect(commands.count > 10)
    for command in commands where command != "help" {
      #expect(plain.contains(".SS ganglion \(command)"), "\(command)")
      let words = try Program(String(command), "--help").output.split { " \n,[]().':;".contains($0) }
      let options = words.filter { $0.hasPrefix("--") && $0 != "--help" && $0 != "--version" }
      for option in options { #expect(plain.contains("\\fB\(option)"), "\(command) \(option)") }
    }
    #expect(page.allSatisfy { $0.isASCII })
    // Every line is a request that roff knows, or text.
    let requests = [".TH", ".SH", ".SS", ".TP", ".PP", ".B", ".I", ".RI"]
    for line in page.split(separator: "\n") where line.hasPrefix(".") || line.hasPrefix("'") {
      #expect(requests.contains { line == $0 || line.hasPrefix($0 + " ") }, "\(line)")
    }
  }
}
