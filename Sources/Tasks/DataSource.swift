/// Where training data come from, as the command line names it: enough to load them again.
public struct DataSource: Sendable, Hashable, Codable {
  /// A name of the task registry; `nil` where the data are the person's own.
  public var task: String?
  /// For generators that draw.
  public var seed: UInt64
  /// The person's own table, and which of its columns are what.
  public var file: String?
  public var targets: [String] = []
  /// `nil` for every numeric column that is nothing else.
  public var features: [String]?
  public var time: String?
  public var series: String?
  /// "regression" or "classification"; `nil` to guess.
  public var kind: String?
  /// Rows between features and targets; `nil` for what the kind suggests.
  public var horizon: Int?

  private enum CodingKeys: String, CodingKey {
    case task = "task"
    case seed = "seed"
    case file = "file"
    case targets = "targets"
    case features = "features"
    case time = "time"
    case series = "series"
    case kind = "kind"
    case horizon = "horizon"
  }

  public init(task: String?, seed: UInt64) {
    self.task = task
    self.seed = seed
  }

  /// What people call it: the task's name or the table's path.
  public var title: String { task ?? file ?? "" }

  /// Reads or generates the data.
  ///
  /// - Throws: errors with a sentence: there is no such task, or what is wrong with the table and where.
  public func load() throws -> TaskData {
    var data = try read()
    data.notes += data.rangeWarnings
    return data
  }

  private func read() throws -> TaskData {
    if let task { return try TaskRegistry.named(task).load(seed: seed) }
    guard let file else { throw TaskError("There is no task: name one with --task, or a table with --data.") }
    let kind = try kind.map { name in
      guard let kind = CSVTask.Kind(rawValue: name) else {
        throw TaskError("There is no kind '\(name)'. There are: regression, classification.")
      }
      return kind
    }
    return try CSVTask(
      path: file, targets: targets, features: features, time: time, series: series, kind: kind, horizon: horizon
    ).load(seed: seed)
  }
}
