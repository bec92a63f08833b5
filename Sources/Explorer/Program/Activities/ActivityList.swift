import Dispatch
import Experiments
import Terminal

/// The activities that were begun, and the one that is being prepared. Knows none of them by its type.
///
/// Training is one of them: each set-up's trainer stands in the list with the set-up's number. It waits while something
/// beside it needs the cores, and goes on after that.
final class ActivityList {
  private struct Entry {
    var id: Int
    /// The set-up whose training this is; `nil` for what runs beside it.
    var setup: Int?
    var activity: any Activity
    var version: Int
    var report: ActivityReport
    var problem: String?
    /// Of the last report.
    var bells = 0
  }

  /// What came up since the last look.
  struct News {
    var problems: [String] = []
    /// Whether there is something to be heard.
    var rings = false
  }

  /// Looked at so often, s, where nobody sees how it goes.
  static let interval = 0.25
  /// Looks for what comes of an order that was given while nothing runs.
  static let looksForOrders = 60

  private var entries: [Entry] = []
  private var lastID = 0
  /// The set-up whose training waits for the cores.
  private var held: Int?
  private var lastLook = -Double.infinity
  private var looksLeft = 0
  private var preparing: (title: String, activity: Pending<Result<any Activity, any Error>>)?

  /// As the scene gets them.
  var states: [ActivityState] { entries.map { ActivityState(id: $0.id, setup: $0.setup, report: $0.report) } }
  /// Whether there is something to look at again and again. Training tells by itself what there is to be seen of it.
  var isMoving: Bool {
    looksLeft > 0
      || entries.contains { $0.setup == nil && ($0.report.status == .running || $0.report.status == .waiting) }
  }
  /// What runs beside training, oldest first.
  var all: [any Activity] { entries.filter { $0.setup == nil }.map(\.activity) }

  /// Seconds between two looks while these views are on the screen.
  func interval(_ shown: [String]) -> Double {
    let seen = entries.filter { entry in
      (looksLeft > 0 || entry.report.status == .running)
        && entry.report.picture.map { shown.contains($0.view) } ?? false
    }
    return seen.map(\.activity.interval).min() ?? Self.interval
  }
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
    for entry in entries where report.picture?.replaces(entry.report.picture) == true { entry.activity.cancel() }
    entries.removeAll { entry in
      entry.setup == nil
        && (entry.report.picture.map { report.picture?.replaces($0) == true } ?? entry.report.status.isOver)
    }
    lastID += 1
    entries.append(Entry(id: lastID, activity: activity, version: version, report: report))
  }

  /// Has a set-up's training stand in the list, and that of those that are kept no more go.
  func follow(_ training: any Activity, of setup: Int, kept: [Int]) {
    entries.removeAll { entry in entry.setup.map { !kept.contains($0) } ?? false }
    let (version, report) = (training.version, training.report())
    // Its number is none that a person would type: training has keys of its own.
    entries.append(Entry(id: -setup, setup: setup, activity: training, version: version, report: report))
  }

  // MARK: The cores

  /// What needs the cores, not being over.
  private var holder: Entry? { entries.first { $0.setup == nil && $0.activity.needsCores && !$0.report.status.isOver } }
  /// Whether training that is to begin has to wait.
  var needsCores: Bool { holder != nil }

  /// Lets a set-up's training wait until nothing needs the cores.
  func hold(_ setup: Int) {
    held = setup
    act(-setup) { $0.pause() }
  }

  /// Somebody else decides whether that training goes on.
  func forgetHeld() { held = nil }

  /// What a set-up's training waits for: "comparing 42 %".
  func waits(_ setup: Int) -> String? {
    guard held == setup, let holder else { return nil }
    return ActivityState(id: holder.id, report: holder.report).brief
  }

  /// Lets training go on that has waited, once nothing needs the cores.
  func letGo() {
    guard let setup = held, holder == nil else { return }
    held = nil
    act(-setup) { $0.start() }
  }

  /// Asks every activity what is new, some times a second; `nil` where there is nothing.
  func poll(_ time: Double, shown: [String] = []) -> News? {
    // A little early is better than a whole turn of the loop too late.
    guard time - lastLook >= interval(shown) - 0.002 else { return nil }
    lastLook = time
    looksLeft = max(looksLeft - 1, 0)
    var (isNew, news) = (false, News())
    for index in entries.indices where entries[index].activity.version != entries[index].version {
      // Asked for before the report, so that what changes meanwhile is seen the next time.
      entries[index].version = entries[index].activity.version
      let before = entries[index].report.status
      entries[index].report = entries[index].activity.report()
      // Each step of training is no news: the snapshot tells of those that are to be seen.
      if entries[index].setup == nil || entries[index].report.status != before { isNew = true }
      if entries[index].report.bells > entries[index].bells { news.rings = true }
      entries[index].bells = entries[index].report.bells
      guard let problem = entries[index].report.problem, entries[index].problem != problem else { continue }
      entries[index].problem = problem
      news.problems.append(problem)
    }
    return isNew ? news : nil
  }

  func start(_ id: Int) { act(id) { $0.start() } }
  func pause(_ id: Int) { act(id) { $0.pause() } }
  func cancel(_ id: Int) { act(id) { $0.cancel() } }
  func perform(_ id: Int, _ command: any ActivityCommand) {
    act(id) { $0.perform(command) }
    looksLeft = Self.looksForOrders
  }
  /// All but training, which whoever saves it ends.
  func cancelAll() { for entry in entries where entry.setup == nil { entry.activity.cancel() } }
  func activity(_ id: Int) -> (any Activity)? { entries.first { $0.id == id }?.activity }

  private func act(_ id: Int, _ body: (any Activity) -> Void) {
    guard let activity = activity(id) else { return }
    body(activity)
    // What came of it is looked at without delay.
    lastLook = -.infinity
  }
}
