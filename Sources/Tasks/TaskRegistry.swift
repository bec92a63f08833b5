import Formats

/// Every task there is; a new one is a file and a line here.
public enum TaskRegistry {
  /// The first is the default.
  public static let all: [any TaskDefinition] = [
    HouseholdTask(),
    PowerTask(),
    TrafficTask(),
    SineTask(),
    VowelsTask(),
    DigitsTask(),
    XorTask(),
    TapWithdrawalTask(),
    ReachTask(),
    ForecastTask.sinusoid,
    ForecastTask.spiral,
    ForecastTask.cubicSpiral,
    ForecastTask.duffing,
    ForecastTask.lotkaVolterra,
    ForecastTask.vanDerPol,
    ForecastTask.lorenz,
    ForecastTask.rossler,
    ForecastTask.mackeyGlass,
    RecallTask(),
  ]

  public static var names: [String] { all.map(\.name) }

  /// The task of that name, or an error that suggests the nearest.
  public static func named(_ name: String) throws -> any TaskDefinition {
    if let task = all.first(where: { $0.name == name }) { return task }
    throw TaskError("There is no task '\(name)'; \(NearestName.advice(name, among: names, plural: "tasks")).")
  }
}

/// What is wrong with a request for a task, as a sentence.
public struct TaskError: Error, CustomStringConvertible, Equatable, Sendable {
  public let description: String
  public init(_ description: String) { self.description = description }
}
