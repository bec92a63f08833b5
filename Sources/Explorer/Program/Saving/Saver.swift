import Dispatch
import Learning
import Terminal

/// Writes what was learned to files, one after another on a queue of its own: the trainer's state, its encoding and the
/// disk are waited for there.
final class Saver {
  /// Why something is written.
  enum Reason {
    /// The person asked for it.
    case asked
    /// Now and then, in case of need.
    case periodic
    /// The program has to end, and nobody was asked.
    case leaving
  }

  struct Request {
    var session: ExplorerSession
    var path: String
    /// The newest state, or the best one.
    var newest = false
    var reason: Reason
    /// Of training, when it was asked for.
    var trainedSeconds: Double

    init(_ session: ExplorerSession, to path: String, newest: Bool = false, _ reason: Reason) {
      (self.session, self.path, self.newest, self.reason) = (session, path, newest, reason)
      trainedSeconds = session.scene.session.trainedSeconds
    }
  }

  private let queue: DispatchQueue
  private let waker: Waker
  private let write: @Sendable (ExplorerSave, String) throws -> Void
  private var underway: [(request: Request, end: Pending<Result<Void, any Error>>)] = []

  init(queue: DispatchQueue, waker: Waker, write: @escaping @Sendable (ExplorerSave, String) throws -> Void) {
    (self.queue, self.waker, self.write) = (queue, waker, write)
  }

  /// Files that are not written yet, oldest first.
  var paths: [String] { underway.map(\.request.path) }
  /// Whether somebody waits for a sentence.
  var isAsked: Bool { underway.contains { $0.request.reason == .asked } }

  func save(_ request: Request) {
    let end = Pending<Result<Void, any Error>>()
    underway.append((request, end))
    let (setup, trainer, path, newest) = (request.session.setup, request.session.trainer, request.path, request.newest)
    queue.async { [write, waker] in
      let (state, best, step) = trainer.checkpoint()
      end.put(
        Result { try write(ExplorerSave(setup: setup, state: state, best: newest ? nil : best, step: step), path) })
      waker.wake()
    }
  }

  /// What has been written since the last time, or could not be.
  func takeDone() -> [(request: Request, result: Result<Void, any Error>)] {
    var (done, rest) = ([(request: Request, result: Result<Void, any Error>)](), underway)
    rest.removeAll { save in
      guard let result = save.end.take() else { return false }
      done.append((save.request, result))
      return true
    }
    underway = rest
    return done
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
