import Dispatch
import Learning
import Synchronization
import Terminal

/// Writes what was learned to files, one after another on a queue of its own: the trainer's state, its encoding and the
/// disk are waited for there. May be asked from any thread.
final class Saver: Sendable {
  /// Why something is written.
  enum Reason: Sendable {
    /// The person asked for it.
    case asked
    /// Now and then, in case of need.
    case periodic
    /// The program has to end, and nobody was asked.
    case leaving
  }

  struct Request: Sendable {
    /// Of the set-up.
    var number: Int
    var path: String
    /// The newest state, or the best one.
    var newest = false
    var reason: Reason
    /// Of training, when it was asked for; not known to a training queue.
    var trainedSeconds = 0.0
  }

  private struct Save {
    var id: Int
    var request: Request
    /// What came of it, once it has.
    var result: Result<Void, any Error>?
  }

  private let queue: DispatchQueue
  private let waker: Waker
  private let write: @Sendable (ExplorerSave, String) throws -> Void
  /// Not told yet, oldest first, and the newest id.
  private let saves = Mutex<(lastID: Int, list: [Save])>((0, []))

  init(queue: DispatchQueue, waker: Waker, write: @escaping @Sendable (ExplorerSave, String) throws -> Void) {
    (self.queue, self.waker, self.write) = (queue, waker, write)
  }

  /// Files that are not written yet, oldest first.
  var paths: [String] { saves.withLock { $0.list.filter { $0.result == nil }.map(\.request.path) } }
  /// Whether somebody waits for a sentence.
  var isAsked: Bool { saves.withLock { $0.list.contains { $0.request.reason == .asked } } }

  /// Writes a set-up as it stands when its turn has come.
  func save(_ session: ExplorerSession, to path: String, newest: Bool = false, _ reason: Reason) {
    let request = Request(
      number: session.number, path: path, newest: newest, reason: reason,
      trainedSeconds: session.scene.session.trainedSeconds)
    save(request, of: session.setup) { [trainer = session.trainer] in trainer.checkpoint() }
  }

  /// - Parameters:
  ///   - take: what is written; called on the queue.
  ///   - then: called on the queue, before the loop hears of it.
  func save(
    _ request: Request, of setup: Setup,
    take: @escaping @Sendable () -> (state: ParameterState<Float>, best: TrainingSession.Best?, step: Int),
    then: @escaping Autosave.Completion = { _ in }
  ) {
    let id = saves.withLock { saves in
      saves.lastID += 1
      saves.list.append(Save(id: saves.lastID, request: request))
      return saves.lastID
    }
    queue.async { [self] in
      let (state, best, step) = take()
      let result = Result {
        try write(ExplorerSave(setup: setup, state: state, best: request.newest ? nil : best, step: step), request.path)
      }
      then(result)
      saves.withLock { saves in
        guard let index = saves.list.firstIndex(where: { $0.id == id }) else { return }
        saves.list[index].result = result
      }
      waker.wake()
    }
  }

  /// What has been written since the last time, or could not be.
  func takeDone() -> [(request: Request, result: Result<Void, any Error>)] {
    saves.withLock { saves in
      let done = saves.list.compactMap { save in save.result.map { (request: save.request, result: $0) } }
      saves.list.removeAll { $0.result != nil }
      return done
    }
  }
}

extension String {
  /// "autosave.safetensors", then "autosave-2.safetensors".
  func numbered(_ number: Int) -> String {
    if number == 1 { return self }
    guard let dot = lastIndex(of: "."), !self[dot...].contains("/") else { return "\(self)-\(number)" }
    return self[..<dot] + "-\(number)" + self[dot...]
  }
}
