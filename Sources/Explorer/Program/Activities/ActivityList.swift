import Dispatch
import Experiments
import Terminal

/// The activities that were begun, and the one that is being prepared. Knows none of them by its type.
final class ActivityList {
  private struct Entry {
    var id: Int
    var activity: any Activity
    var version: Int
    var report: ActivityReport
    var problem: String?
  }

  /// Looked at so often, s.
  static let interval = 0.25

  private var entries: [Entry] = []
  private var lastID = 0
  private var lastLook = -Double.infinity
  private var preparing: (title: String, activity: Pending<Result<any Activity, any Error>>)?

  /// As the scene gets them.
  var states: [ActivityState] { entries.map { ActivityState(id: $0.id, report: $0.report) } }
  /// Whether there is something to look at again and again.
  var isMoving: Bool { entries.contains { $0.report.status == .running || $0.report.status == .waiting } }
  var isPreparing: Bool { preparing != nil }

  /// Has an activity made on a queue of its own; `false` where another one is being made.
  func prepare(_ maker: ActivityMaker, _ context: ActivityContext, waker: Waker) -> Bool {
    guard preparing == nil else { return false }
    let activity = Pending<Result<any Activity, any Error>>()
    preparing = (maker.title, activity)
    DispatchQueue.global(qos: .userInitiated).async {
      activity.put(Result { try maker.make(context) })
      waker.wake()
    }
    return true
  }

  /// What came of it, once.
  func takePrepared() -> Result<any Activity, any Error>? {
    guard let result = preparing?.activity.take() else { return nil }
    preparing = nil
    return result
  }

  /// Begins it. Others that the same view would show end, for it shows one; those that are over and show nothing go.
  func begin(_ activity: any Activity) {
    activity.start()
    let (version, report) = (activity.version, activity.report())
    let view = report.picture?.view
    for entry in entries where view != nil && entry.report.picture?.view == view { entry.activity.cancel() }
    entries.removeAll { entry in
      entry.report.picture.map { $0.view == view } ?? entry.report.status.isOver
    }
    lastID += 1
    entries.append(Entry(id: lastID, activity: activity, version: version, report: report))
  }

  /// Looks at what is new, some times a second; `nil` where there is nothing, otherwise the problems that came up.
  func look(_ time: Double) -> [String]? {
    guard time - lastLook >= Self.interval else { return nil }
    lastLook = time
    var (isNew, problems) = (false, [String]())
    for index in entries.indices where entries[index].activity.version != entries[index].version {
      isNew = true
      // Asked for before the report, so that what changes meanwhile is seen the next time.
      entries[index].version = entries[index].activity.version
      entries[index].report = entries[index].activity.report()
      guard let problem = entries[index].report.problem, entries[index].problem != problem else { continue }
      entries[index].problem = problem
      problems.append(problem)
    }
    return isNew ? problems : nil
  }

  func start(_ id: Int) { act(id) { $0.start() } }
  func pause(_ id: Int) { act(id) { $0.pause() } }
  func cancel(_ id: Int) { act(id) { $0.cancel() } }
  func cancelAll() { for entry in entries { entry.activity.cancel() } }
  func activity(_ id: Int) -> (any Activity)? { entries.first { $0.id == id }?.activity }

  private func act(_ id: Int, _ body: (any Activity) -> Void) {
    guard let activity = activity(id) else { return }
    body(activity)
    // What came of it is looked at without delay.
    lastLook = -.infinity
  }
}
