import Explorer
import Experiments
import Learning
import Tasks

extension Comparison {
  /// Of the sine, not yet begun.
  static func test(
    models: [String] = ["ltc", "ltc-neural", "gru", "lstm"], neurons: [Int] = [4, 8], steps: Int = 2, seeds: Int = 3,
    change: (inout ComparisonPlan) -> Void = { _ in }, onResult: @escaping @Sendable () -> Void = {}
  ) throws -> Comparison {
    var plan = ComparisonPlan(
      taskEntries: [.init(source: DataSource(task: "sine", seed: 1), sizes: neurons.map { .neurons($0) })],
      models: models)
    (plan.seeds, plan.budget) = ((0..<UInt64(seeds)).map { $0 + 1 }, .steps(steps))
    plan.recipe.network.unfolds = 2
    change(&plan)
    plan.settle()
    var task = TaskData.sine
    task.baselines = [
      Baseline(name: "persistence", metric: "nmse", value: 0.574),
      Baseline(name: "ridge on 24 h", metric: "nmse", value: 0.401),
    ]
    return try Comparison(plan, tasks: [task], threads: 1, onResult: onResult)
  }
}

extension ComparisonTable {
  /// Numbers that are the same on every machine: eight rows, some of them not complete.
  static func test() throws -> ComparisonTable {
    var table = try Comparison.test().table()
    let errors: [[Double?]] = [
      [0.52, 0.48, 0.50], [0.61, 0.55, 0.64], [0.45, 0.47, 0.46], [0.66, 0.70, 0.62], [0.33, 0.36, 0.31],
      [0.41, nil, 0.44], [0.38, 0.42, nil], [nil, nil, nil],
    ]
    for row in table.rows.indices {
      table.rows[row].each = errors[row]
      table.rows[row].done = errors[row].compactMap(\.self).count
      table.rows[row].learningRate = row < 7 ? [0.003, 0.01, 0.03][row % 3] : nil
      table.rows[row].seconds = row < 7 ? 1.25 * Double(row + 1) : nil
    }
    (table.rows[5].done, table.rows[5].failures) = (3, ["Training stopped: the loss became nan in step 120."])
    table.rows[6].isRunning = true
    for row in [0, 2, 4] { table.rows[row].isOnParameterFront = true }
    for row in [2, 4] { table.rows[row].isOnNeuronFront = true }
    (table.status, table.share, table.seconds) = (.running, 0.83, 100)
    return table
  }
}

extension ActivityState {
  /// A comparison with that table, as the scene has it.
  static func test(_ table: ComparisonTable, id: Int = 3) -> ActivityState {
    ActivityState(
      id: id,
      report: ActivityReport(
        title: "comparing", status: table.status, share: table.share, progress: table.progress,
        picture: ActivityPicture(view: ComparisonTable.view, table)))
  }
}
