import Dispatch
import Learning
import Terminal

/// The set-ups that were opened, in their order, which of them is looked at, and the one that is being made.
final class SessionList {
  /// Set-ups that are kept at most; the oldest is let go of first.
  static let kept = 8

  private(set) var all: [ExplorerSession]
  /// Of the one that is looked at.
  private(set) var index = 0
  /// What was done to those that are kept no more, oldest first.
  private var past: [Pending<ExplorerRecord>] = []
  private var opening: (title: String, session: Pending<Result<ExplorerSession, any Error>>)?
  /// Where trainers are waited for.
  private let queue: DispatchQueue

  init(_ first: ExplorerSession, queue: DispatchQueue) {
    all = [first]
    self.queue = queue
  }

  var current: ExplorerSession { all[index] }
  var others: [ExplorerSession] { all.indices.filter { $0 != index }.map { all[$0] } }
  /// Of what is being made.
  var openingTitle: String? { opening?.title }
  var hasEarlier: Bool { index > 0 }
  var hasLater: Bool { index + 1 < all.count }

  /// Has a set-up made on a queue of its own; keys and training go on meanwhile. Only one at a time.
  func open(_ maker: SetupMaker, waker: Waker) {
    let session = Pending<Result<ExplorerSession, any Error>>()
    opening = (maker.title, session)
    DispatchQueue.global(qos: .userInitiated).async {
      session.put(Result { try ExplorerSession(maker.make(), waker: waker) })
      waker.wake()
    }
  }

  /// What came of it, once.
  func takeOpened() -> (title: String, result: Result<ExplorerSession, any Error>)? {
    guard let opening, let result = opening.session.take() else { return nil }
    self.opening = nil
    return (opening.title, result)
  }

  /// Puts a set-up behind the one that is looked at, which is then the one before it, and looks at it. Where there are too
  /// many the oldest goes, of which only the record stays.
  func add(_ new: ExplorerSession) {
    new.number = (all.map(\.number).max() ?? 0) + 1
    index += 1
    all.insert(new, at: index)
    guard all.count > Self.kept, let first = all.indices.min(by: { all[$0].number < all[$1].number }) else { return }
    let oldest = all.remove(at: first)
    if first < index { index -= 1 }
    let record = Pending<ExplorerRecord>()
    past.append(record)
    queue.async { [trainer = oldest.trainer, setup = oldest.setup] in
      _ = trainer.finish()
      record.put(ExplorerSession.record(setup, trainer))
    }
  }

  /// Looks at an earlier or later set-up; `false` where there is none.
  func move(by offset: Int) -> Bool {
    guard all.indices.contains(index + offset) else { return false }
    index += offset
    return true
  }

  /// Everything that was done, one record per set-up. Whole once the queue has come to its end.
  var records: [ExplorerRecord] { past.compactMap(\.newest) + all.map(\.record) }
}
