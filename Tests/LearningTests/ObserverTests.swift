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
    #expect(
      listener.events.suffix(2) == [
        "1: The learning rate is 1e+300 now, far above those at which networks usually learn (0.001 to 0.1): values may grow "
          + "without end; undo takes it back.", "failed in step 2",
      ])
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
    let clock = Mutex(100.0)
    let steps = Mutex<[Int]>([])
    var time: Double {
      get { clock.withLock { $0 } }
      set { clock.withLock { $0 = newValue } }
    }
    var saved: [Int] { steps.withLock { $0 } }
    let session = try Sample.session()
    let autosave = Autosave(every: 60, clock: { clock.withLock { $0 } }) { session in
      steps.withLock { $0.append(session.step) }
    }
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
    let time = Mutex(0.0)
    let tries = Mutex(0)
    let session = try Sample.session()
    let autosave = Autosave(every: 1, clock: { time.withLock { $0 } }) { _ in
      let isFirst = tries.withLock { tries in
        tries += 1
        return tries == 1
      }
      if isFirst { throw Full() }
    }
    session.add(autosave)
    time.withLock { $0 = 2 }
    _ = try session.losses(4)
    #expect(tries.withLock { $0 } == 1 && autosave.problem is Full)
    time.withLock { $0 = 4 }
    _ = try session.losses(4)
    #expect(tries.withLock { $0 } == 2 && autosave.problem == nil)
  }

  /// Who writes on another queue is asked again only when it has come to its end, and what it keeps stays as it was.
  @Test func aSaveMayEndLater() throws {
    let time = Mutex(0.0)
    let begun = Mutex<[(capture: TrainingCapture, done: Autosave.Completion)]>([])
    let session = try Sample.session()
    let autosave = Autosave(every: 1, clock: { time.withLock { $0 } }) { session, done in
      let capture = session.capture
      begun.withLock { $0.append((capture, done)) }
    }
    session.add(autosave)
    autosave.isWanted = false
    time.withLock { $0 = 2 }
    _ = try session.losses(4)
    #expect(begun.withLock { $0.isEmpty }, "nothing is worth it")
    autosave.isWanted = true
    _ = try session.losses(4)
    time.withLock { $0 = 4 }
    _ = try session.losses(4)
    let (first, done) = try #require(begun.withLock { $0.count == 1 ? $0[0] : nil }, "the first is under way")
    #expect(first.step == 8 && first.state.updates == 8 && session.step == 12)
    done(.failure(Full()))
    #expect(autosave.problem is Full)
    _ = try session.losses(4)
    #expect(begun.withLock { $0.map(\.capture.step) } == [8, 16])
    begun.withLock { $0[1].done }(.success(()))
    #expect(autosave.problem == nil)
  }

  /// While a trainer trains somebody else asks and sets.
  @Test func isSharedWithATrainer() throws {
    let task = Sample.task()
    let time = Atomic(0)
    let saved = Mutex<[Int]>([])
    let autosave = Autosave(every: 1, clock: { Double(time.add(1, ordering: .relaxed).newValue) }) { session in
      saved.withLock { $0.append(session.step) }
    }
    let trainer = try Trainer(model: Sample.model(task), task: task, options: Sample.options(task))
    trainer.add(autosave)
    trainer.send(.step(40))
    while trainer.stepsMade < 40 {
      #expect(autosave.problem == nil && autosave.lastSaved > 0)
      autosave.isWanted = true
      usleep(500)
    }
    _ = trainer.finish()
    let steps = saved.withLock { $0 }
    #expect(steps.count >= 4 && steps.allSatisfy { $0 % 4 == 0 }, "\(steps)")
  }
}
