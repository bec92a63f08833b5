import Experiments

/// An activity as the scene knows it: what it said of itself last, and the number it is spoken of by.
public struct ActivityState: Sendable {
  public var id: Int
  /// The set-up whose training this is; `nil` for what runs beside it.
  public var setup: Int?
  public var report: ActivityReport

  public init(id: Int, setup: Int? = nil, report: ActivityReport) {
    (self.id, self.setup, self.report) = (id, setup, report)
  }

  /// "comparing 42 %".
  var brief: String {
    report.title + (report.share.map { " \(Int($0 * 100)) %" } ?? "")
  }
}

extension Scene {
  /// The activity that a view shows, or shows in one of its parts: the newest with a picture for it.
  public func activity(shownBy view: String, part: String = "") -> ActivityState? {
    activities.last { $0.report.picture?.view == view && $0.report.picture?.part == part }
  }

  /// What such a view draws; `nil` where there is nothing, or nothing of that type.
  public func picture<Value>(shownBy view: String, part: String = "", as type: Value.Type = Value.self) -> Value? {
    activity(shownBy: view, part: part)?.report.picture?.value as? Value
  }

  /// Those that are no set-up's training, oldest first.
  public var beside: [ActivityState] { activities.filter { $0.setup == nil } }

  /// Those of them that run at this moment.
  public var running: [ActivityState] { beside.filter { $0.report.status == .running } }
}
