import Circuits
import Foundation
import Learning
import Samples
import Tasks
import Testing

/// Waits until the trainer's snapshot is as wanted.
private func wait(_ trainer: Trainer, until condition: (Snapshot) -> Bool) throws -> Snapshot {
  let limit = Date() + 20
  while Date() < limit {
    let snapshot = trainer.latest()
    if condition(snapshot) { return snapshot }
    Thread.sleep(forTimeInterval: 0.002)
  }
  Issue.record("waited in vain")
  return trainer.latest()
}

@Suite("Replay") struct ReplayTests {
  /// Pruned, frozen, edited, undone, brought to a halt and set going again.
  private func recorded() throws -> (log: CommandLog, state: ParameterState<Float>, session: TrainingSession) {
    let task = Sample.task()
    let session = try Sample.session(task)
    let synapses = session.model.wiring.synapses
    _ = try session.apply(.freeze("sigma"))
    _ = try session.losses(3)
    _ = try session.apply(.prune([synapses[1], synapses[4]]))
    _ = try session.apply(.edit(parameter: ParameterName(tensor: "w", coordinates: [0, 5]), value: 0.25))
    _ = try session.losses(2)
    _ = try session.apply(.undo)
    _ = try session.apply(.setLearningRate(1e300))
    #expect(throws: NotFinite.self) { try session.advance() }
    _ = try session.apply(.setLearningRate(0.02))
    _ = try session.losses(3)
    _ = try session.apply(.undo)
    let log = CommandLog(
      header: .init(recipe: .sample(session), task: task, layout: session.model.layout),
      entries: session.applied, end: session.step)
    return (log, session.learner.state, session)
  }

  @Test func aRunPlayedFromItsLogEndsAsItEndedToTheBit() throws {
    let (log, state, _) = try recorded()
    let again = try #require(CommandLog.read(log.lines().joined(separator: "\n"), file: "log").first)
    #expect(again.header == log.header && again.entries == log.entries && again.end == 8)
    #expect(again.entries.map(\.step) == [0, 3, 3, 5, 5, 5, 8])
    for threads in [1, 2] {
      let task = Sample.task()
      let recipe = again.header.recipe
      let session = try TrainingSession(
        model: Model<Float>(Sample.model(task).specification), task: task,
        options: recipe.options(for: task, threads: threads))
      session.follow(again.entries)
      var refused = 0
      for _ in 0..<(again.end ?? 0) {
        session.applyDue { if case .failure = $1 { refused += 1 } }
        try session.advance()
      }
      session.applyDue()
      #expect(refused == 0 && session.script.isEmpty && session.step == 8)
      #expect(session.learner.state.values.map(\.bitPattern) == state.values.map(\.bitPattern))
      #expect(session.learner.state == state)
      #expect(session.applied == log.entries)
    }
  }

  @Test func theTrainerPlaysItAndPausesAtItsEnd() throws {
    let (log, state, session) = try recorded()
    let trainer = try Trainer(
      model: session.model, task: session.task, options: session.options, script: log.entries, end: log.end)
    #expect(trainer.latest().scripted == 7 && trainer.latest().end == 8)
    trainer.send(.resume)
    let snapshot = try wait(trainer) { $0.status == .paused && $0.step == 8 && $0.end == nil }
    #expect(snapshot.scripted == 0 && snapshot.outcomes.count == 8)
    #expect(snapshot.outcomes.dropFirst().allSatisfy { $0.succeeded && $0.sentence.hasPrefix("Replayed: ") })
    #expect(trainer.record().applied == log.entries)
    // It can go on from there.
    trainer.send(.setLearningRate(0.01))
    trainer.send(.step(2))
    _ = try wait(trainer) { $0.step == 10 }
    let last = trainer.finish().last
    #expect(last.values != state.values && last.connections == state.connections)
  }

  @Test func aStepThatFailedLeavesNoTrace() throws {
    let (calm, troubled) = (try Sample.session(), try Sample.session())
    for session in [calm, troubled] { _ = try session.losses(2) }
    let rate = troubled.learner.learningRate
    _ = try troubled.apply(.setLearningRate(1e300))
    #expect(throws: NotFinite.self) { try troubled.advance() }
    _ = try troubled.apply(.undo)
    #expect(troubled.learner.learningRate == rate && troubled.progress.counters.draws == calm.progress.counters.draws)
    for session in [calm, troubled] { _ = try session.losses(3) }
    #expect(
      troubled.learner.state == calm.learner.state && troubled.progress.counters.draws == calm.progress.counters.draws)
  }

  @Test func severalRunsStandInOneLog() throws {
    let (log, _, _) = try recorded()
    var other = log
    (other.entries, other.end) = ([], nil)
    let lines = try log.lines() + [""] + other.lines()
    let read = try CommandLog.read(lines.joined(separator: "\n") + "\n", file: "log")
    #expect(read.map(\.entries.count) == [7, 0] && read.map(\.end) == [8, nil])
  }

  @Test func whatIsWrongWithALogIsToldWithLineAndColumn() throws {
    let (log, _, _) = try recorded()
    let lines = try log.lines()
    func problem(_ lines: [String]) -> LogProblem? {
      do { _ = try CommandLog.read(lines.joined(separator: "\n"), file: "run.jsonl") } catch {
        return error as? LogProblem
      }
      return nil
    }
    let header = lines[0]
    for (line, column, words) in [
      (#"{"step":3,"command":{"undo":{}}"#, 32, "no JSON"), (#"{"step":3;"command":{"undo":{}}}"#, 10, "no JSON"),
      (#"{"command":{"undo":{}}}"#, 1, "there is no 'step'"),
      (#"{"command":{"undo":{}},"step":"three"}"#, 24, "the value of 'step' cannot stand there"),
      (#"{"command":{"dance":{}},"step":3}"#, 2, "the value of 'command' cannot stand there"), ("dance", 1, "no JSON"),
      (#"{"command":{"undo":{}},"step":2}"#, 24, "step 2 comes before step 3"),
    ] {
      let found = try #require(problem([header, #"{"command":{"undo":{}},"step":3}"#, line]), "\(line)")
      #expect(found.line == 3 && found.column == column, "\(line): \(found)")
      #expect(found.problem.contains(words), "\(line): \(found)")
      #expect(found.description.hasPrefix("run.jsonl, line 3, column \(column): ") && found.description.hasSuffix("."))
    }
    #expect(problem([])?.problem == "the log is empty")
    #expect(problem(["{}"])?.line == 1)
    #expect(problem(lines + [lines[1]])?.problem.contains("the run ended in the line before") == true)
  }
}
