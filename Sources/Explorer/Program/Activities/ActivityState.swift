import Experiments

/// An activity as the scene knows it: what it said of itself last, and the number it is spoken of by.
public struct ActivityState: Sendable {
  public var id: Int
  public var report: ActivityReport

  public init(id: Int, report: ActivityReport) { (self.id, self.report) = (id, report) }

  /// "comparing 42 %".
  var brief: String {
    report.title + (report.share.map { " \(Int($0 * 100)) %" } ?? "")
  }
}

extension Scene {
  /// The activity that a view shows: the newest with a picture for it.
  public func activity(shownBy view: String) -> ActivityState? {
    activities.last { $0.report.picture?.view == view }
  }

  /// What such a view draws; `nil` where there is nothing, or nothing of that type.
  public func picture<Value>(shownBy view: String, as type: Value.Type = Value.self) -> Value? {
    activity(shownBy: view)?.report.picture?.value as? Value
  }

  /// Those that run at this moment, oldest first.
  public var running: [ActivityState] { activities.filter { $0.report.status == .running } }
}
