import Circuits
import Foundation
import Learning
import Samples
import Synchronization
import Tasks
import Testing

@Suite("Trainer, its mailbox and its snapshots") struct TrainerTests {
  private func trainer(before: [Command] = []) throws -> Trainer {
    let task = Sample.task()
    return try Trainer(
      model: Sample.model(task), task: task, options: Sample.options(task, threads: 2), before: before)
  }

  /// Longer than any machine takes, s: beside other tests and a build, training gets a small part of a core.
  private static let patience = 120.0

  /// Looks until `condition` holds.
  private func wait(_ trainer: Trainer, _ condition: (Snapshot) -> Bool) throws -> Snapshot {
    let end = Date(timeIntervalSinceNow: Self.patience)
    repeat {
      let snapshot = trainer.latest()
      if condition(snapshot) { return snapshot }
      usleep(2000)
    } while Date() < end
    Issue.record("the trainer did not get there")
    return trainer.latest()
  }

  /// Waits without looking.
  private func waitForSteps(_ trainer: Trainer, _ steps: Int) throws {
    let end = Date(timeIntervalSinceNow: Self.patience)
    while trainer.stepsMade < steps, Date() < end { usleep(2000) }
    try #require(trainer.stepsMade >= steps, "the trainer did not get there")
  }

  @Test func commandsAreAnsweredInOrder() throws {
    let trainer = try trainer()
    let commands: [Command] = [
      .freeze("mu"), .step(2), .freeze("nothing"), .setLearningRate(0.5), .undo, .prune([Synapse(pre: 99, post: 99)]),
    ]
    let ids = commands.map(trainer.send)
    #expect(ids == Array(1...6))
    let snapshot = try wait(trainer) { $0.outcomes.count == 6 }
    #expect(snapshot.outcomes.map(\.id) == ids)
    #expect(snapshot.outcomes.map(\.command) == commands)
    #expect(snapshot.outcomes.map(\.succeeded) == [true, true, false, true, true, false])
    let steps = snapshot.outcomes.map(\.step)
    #expect(steps == steps.sorted() && steps.allSatisfy { (0...2).contains($0) })
    #expect(snapshot.outcomes.allSatisfy { !$0.sentence.isEmpty })
    #expect(snapshot.undoTitle == "freeze mu")
    _ = trainer.finish()
  }

  @Test func pauseResumeAndStep() throws {
    let trainer = try trainer()
    #expect(trainer.latest().status == .paused && trainer.latest().step == 0)
    trainer.send(.step(3))
    #expect(try wait(trainer) { $0.step >= 3 }.step == 3)
    trainer.send(.resume)
    _ = try wait(trainer) { $0.status == .training && $0.step > 6 }
    trainer.send(.pause)
    let paused = try wait(trainer) { $0.status == .paused }
    usleep(20_000)
    #expect(trainer.checkpoint().step == paused.step)
    trainer.send(.step(1))
    #expect(try wait(trainer) { $0.step > paused.step }.step == paused.step + 1)
    _ = trainer.finish()
  }

  @Test func versionsGrowAndValuesBelongToTheirStep() throws {
    let trainer = try trainer()
    trainer.send(.resume)
    var last = trainer.latest()
    // Every look asks for the next one, so versions follow as long as somebody looks.
    _ = try wait(trainer) { next in
      #expect(next.version >= last.version && next.step >= last.step)
      if next.version == last.version { #expect(next.values == last.values && next.step == last.step) }
      last = next
      return next.version > 8
    }
    _ = trainer.finish()
  }

  /// Steps are made, but no snapshot of them while nobody asks for one.
  @Test func nothingIsPublishedWhenNobodyLooks() throws {
    let trainer = try trainer()
    trainer.send(.resume)
    _ = try wait(trainer) { $0.step > 3 }
    // At most one was asked for by the last look; wait until it is made, without asking for another.
    try waitForSteps(trainer, trainer.stepsMade + 2)
    let first = trainer.latest()
    try waitForSteps(trainer, first.step + 20)
    let second = trainer.latest()
    // The first look asked for one, which may have come while it looked; nobody asked for more while twenty steps were made.
    #expect(second.version - first.version <= 1 && second.step < first.step + 20)
    _ = trainer.finish()
  }

  @Test func theSameStepsAsWithoutAQueue() throws {
    let trainer = try trainer(before: [.freeze("sigma")])
    trainer.send(.step(5))
    _ = try wait(trainer) { $0.step == 5 }
    let session = try Sample.session()
    _ = try session.apply(.freeze("sigma"))
    _ = try session.losses(5)
    #expect(trainer.finish().last == session.learner.state)
  }

  @Test func finishEnds() throws {
    let trainer = try trainer()
    trainer.send(.resume)
    _ = try wait(trainer) { $0.step > 2 }
    let (state, best) = trainer.finish()
    let step = trainer.checkpoint().step
    usleep(20_000)
    #expect(trainer.checkpoint().step == step && trainer.checkpoint().state == state)
    #expect(best?.step == 1 || best.map { $0.step % 4 == 0 } == true)
    // What is sent afterwards is not lost in a crash, only without effect.
    trainer.send(.step(5))
    usleep(5000)
    #expect(trainer.checkpoint().step == step)
  }

  /// What is to be saved is handed over without anybody waiting for it, and not on the training queue.
  @Test func capturesAndEndsWithoutWaiting() throws {
    let trainer = try trainer(before: [.freeze("sigma")])
    trainer.start()
    try waitForSteps(trainer, 3)
    let captures = Mutex<[TrainingCapture]>([])
    let done = DispatchSemaphore(value: 0)
    let take: @Sendable (TrainingCapture) -> Void = { capture in
      // Whoever is called back may ask the trainer for anything.
      #expect(trainer.checkpoint().step >= capture.step)
      captures.withLock { $0.append(capture) }
      done.signal()
    }
    trainer.capture(then: take)
    trainer.finish(then: take)
    for _ in 0..<2 { try #require(done.wait(timeout: .now() + 10) == .success) }
    let (first, last) = captures.withLock { ($0[0], $0[1]) }
    #expect(first.step >= 3 && last.step >= first.step)
    #expect(last.state == trainer.checkpoint().state && last.step == trainer.checkpoint().step)
    #expect(last.applied == [.init(step: 0, command: .freeze("sigma"))] && last.progress.counters.marks.count == 1)
    #expect(last.best?.step == trainer.checkpoint().best?.step && last.best?.state.slots.isEmpty == true)
  }

  /// A callback holds nobody up: it may look, send, wait for the state and end training.
  @Test func aCallbackMayCallTheTrainer() throws {
    let box = Mutex<Trainer?>(nil)
    let answers = Mutex<[Int]>([])
    let task = Sample.task()
    let trainer = try Trainer(
      model: Sample.model(task), task: task, options: Sample.options(task),
      onOutcome: {
        guard let trainer = box.withLock({ $0 }) else { return }
        let (snapshot, step) = (trainer.latest(), trainer.checkpoint().step)
        answers.withLock { $0.append(step) }
        if snapshot.outcomes.count == 1 { trainer.send(.step(2)) }
        if snapshot.outcomes.count == 2 { _ = trainer.finish() }
      })
    box.withLock { $0 = trainer }
    trainer.send(.step(2))
    for _ in 0..<5000 where answers.withLock({ $0.count }) < 2 { usleep(2000) }
    #expect(answers.withLock { $0 }.count == 2 && trainer.record().steps == trainer.stepsMade)
    #expect(trainer.stepsMade < 4)
  }

  @Test func saysWhatItIsAndHowFar() throws {
    let task = Sample.task()
    let trainer = try Trainer(model: Sample.model(task), task: task, options: Sample.options(task), end: 4)
    #expect(trainer.title == "LTC learns sample" && trainer.status == .paused && trainer.share == 0)
    trainer.start()
    _ = try wait(trainer) { $0.status == .paused && $0.step == 4 }
    // The end is reached once; from there it goes on without one.
    #expect(trainer.share == 1 && trainer.stepsMade == 4)
    trainer.start()
    _ = try wait(trainer) { $0.status == .training && $0.step > 4 }
    trainer.pause()
    _ = try wait(trainer) { $0.status == .paused }
    #expect(trainer.status == .paused)
    trainer.start()
    trainer.cancel()
    let steps = trainer.record().steps
    usleep(20_000)
    #expect(trainer.stepsMade == steps)
  }

  @Test func manyHandsAtOnce() throws {
    let trainer = try trainer()
    trainer.send(.resume)
    DispatchQueue.concurrentPerform(iterations: 4) { hand in
      for round in 0..<20 {
        trainer.send(round % 2 == 0 ? .setLearningRate(0.01 * Double(hand + 1)) : .undo)
        _ = trainer.latest()
      }
    }
    let snapshot = try wait(trainer) { $0.outcomes.last?.id == 81 }
    #expect(snapshot.outcomes.map(\.id) == Array(50...81))
    _ = trainer.finish()
  }

  @Test func itStopsWithTheSentence() throws {
    var task = Sample.task()
    for s in task.training.indices { task.training[s].inputs = task.training[s].inputs.map { _ in .infinity } }
    let trainer = try Trainer(model: Sample.model(task), task: task, options: Sample.options(task))
    trainer.send(.resume)
    let snapshot = try wait(trainer) { if case .stopped = $0.status { true } else { false } }
    guard case .stopped(let sentence) = snapshot.status else { return }
    #expect(sentence.hasPrefix("Training stopped: "))
    _ = trainer.finish()
  }
}
