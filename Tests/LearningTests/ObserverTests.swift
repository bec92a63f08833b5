import Circuits
import Foundation
import Learning
import Samples
import Synchronization
import Tasks
import Testing

/// Writes down what it is told.
private final class Listener: TrainingObserver {
  var events: [String] = []
  var steps: [Int] = []

  func training(_ session: ObservedSession, did event: TrainingEvent) {
    switch event {
    case .stepped(let report): events.append("step \(session.step)" + (report == session.report ? "" : "?"))
    case .measured(let result): events.append("measured" + (result == session.heldOut ? "" : "?"))
    case .applied(let entry, let sentence): events.append("\(entry.step): \(sentence)")
    case .failed(let problem): events.append("failed in step \(problem.step ?? -1)")
    case .ended: events.append("ended")
    }
    steps.append(session.step)
  }
}

@Suite("Observers") struct ObserverTests {
  @Test func areToldEverythingInItsOrder() throws {
    let session = try Sample.session()
    let (first, second) = (Listener(), Listener())
    session.add(first)
    session.add(second)
    _ = try session.apply(.freeze("mu"))
    _ = try session.losses(4)
    #expect(throws: CircuitError.self) { try session.apply(.redo) }
    _ = try session.apply(.undo)
    session.remove(second)
    _ = try session.losses(1)
    session.end()
    session.end()
    let count = try #require(session.model.layout["mu"]).declaration.count
    #expect(
      first.events == [
        "0: Froze mu: \(count) values.", "step 1", "measured", "step 2", "step 3", "step 4", "measured",
        "4: Undone: freeze mu.", "step 5", "ended",
      ])
    #expect(first.steps == [0, 1, 1, 2, 3, 4, 4, 4, 5, 5])
    #expect(second.events == Array(first.events.prefix(8)))
  }

  @Test func hearOfAStepThatCouldNotBeMade() throws {
    let session = try Sample.session()
    let listener = Listener()
    session.add(listener)
    _ = try session.losses(1)
    _ = try session.apply(.setLearningRate(1e300))
    for _ in 0..<2 { #expect(throws: NotFinite.self) { try session.advance() } }
    #expect(listener.events.suffix(2) == ["1: The learning rate is 1e+300 now.", "failed in step 2"])
  }

  /// What a history keeps of every step is what the session had then; and looking changes no bit of what is learned.
  @Test func seeTheStateOfTheirStep() throws {
    final class History: TrainingObserver {
      var patches: [Patch<Float>] = []
      var last: ParameterState<Float>?
      func training(_ session: ObservedSession, did event: TrainingEvent) {
        guard case .stepped = event else { return }
        #expect(session.withValues { $0.elementsEqual(session.state.values) })
        #expect(session.withState { $0.updates } == session.step)
        if let last { patches.append(Patch(from: last, to: session.state, moments: false)) }
        last = session.state
      }
    }
    let (session, plain) = (try Sample.session(), try Sample.session())
    let history = History()
    session.add(history)
    _ = try session.losses(1)
    var state = try #require(history.last)
    #expect(try session.losses(5) == Array(plain.losses(6).dropFirst()))
    for patch in history.patches { try state.apply(patch) }
    #expect(history.patches.count == 5 && state.values == session.learner.state.values)
    #expect(session.learner.state == plain.learner.state)
  }

  /// A trainer's observers hear every step, whether a snapshot of it was made or not.
  @Test func followATrainer() throws {
    final class Counter: TrainingObserver, Sendable {
      let count = Mutex((steps: 0, ends: 0))
      func training(_ session: ObservedSession, did event: TrainingEvent) {
        count.withLock { count in
          if case .stepped = event { count.steps += 1 }
          if case .ended = event { count.ends += 1 }
        }
      }
    }
    let task = Sample.task()
    let (early, late) = (Counter(), Counter())
    let trainer = try Trainer(
      model: Sample.model(task), task: task, options: Sample.options(task), observers: [early])
    trainer.add(late)
    trainer.send(.step(7))
    while trainer.stepsMade < 7 { usleep(500) }
    _ = trainer.finish()
    #expect(early.count.withLock { $0 } == (7, 1) && late.count.withLock { $0 } == (7, 1))
  }
}

@Suite("Autosave") struct AutosaveTests {
  struct Full: Error {}

  @Test func savesAfterAMeasurementOnceItsTimeHasCome() throws {
    var (time, saved): (Double, [Int]) = (100, [])
    let session = try Sample.session()
    let autosave = Autosave(every: 60, clock: { time }) { saved.append($0.step) }
    session.add(autosave)
    _ = try session.losses(9)
    #expect(saved.isEmpty)
    time = 160
    _ = try session.losses(4)
    // Not later than the interval, but not yet more.
    #expect(saved.isEmpty)
    time = 160.5
    _ = try session.losses(2)
    // Measured at every fourth step.
    #expect(saved.isEmpty && session.step == 15)
    _ = try session.losses(9)
    #expect(saved == [16] && autosave.lastSaved == 160.5)
    time = 300
    autosave.lastSaved = 299
    _ = try session.losses(4)
    #expect(saved == [16])
    time = 360
    _ = try session.losses(4)
    #expect(saved == [16, 32] && autosave.problem == nil)
  }

  @Test func aSaveThatFailsIsToldAndTriedAgain() throws {
    var (time, fails, tries) = (0.0, true, 0)
    let session = try Sample.session()
    let autosave = Autosave(every: 1, clock: { time }) { _ in
      tries += 1
      if fails { throw Full() }
    }
    session.add(autosave)
    time = 2
    _ = try session.losses(4)
    #expect(tries == 1 && autosave.problem is Full)
    time = 4
    fails = false
    _ = try session.losses(4)
    #expect(tries == 2 && autosave.problem == nil)
  }
}
