import Circuits
import Tasks

extension ModelOrigin {
  /// The same data as this model was trained to see them: normalised with its channels, classes in its order, labels with
  /// its weights.
  ///
  /// - Throws: ``CircuitError`` where the task has other inputs or targets.
  public func adapt(_ task: TaskData) throws -> TaskData {
    try check(task.inputs.map(\.name), against: inputs.map(\.name), "inputs", "--features")
    try check(task.targets.map(\.name), against: targets.map(\.name), "targets", "--target")
    var adapted = task
    let classes = try classMap(task)
    adapted.inputs = inputs
    adapted.targets = targets
    adapted.kind = kind
    func change(_ series: Series) -> Series {
      var series = series
      Self.renormalise(&series.inputs, from: task.inputs, to: inputs)
      switch kind {
      case .regression: Self.renormalise(&series.targets, from: task.targets, to: targets)
      case .labels: break
      case .classes: series.targets = series.targets.map { classes[Int($0)] }
      }
      return series
    }
    adapted.training = task.training.map(change)
    adapted.heldOut = task.heldOut.map(change)
    return adapted
  }

  private func check(_ there: [String], against needed: [String], _ what: String, _ option: String) throws {
    guard there != needed else { return }
    throw CircuitError(
      "The model was trained with the \(what) \(needed.joined(separator: ", ")), but these data have "
        + "\(there.joined(separator: ", ")). Name the same columns in the same order with \(option).")
  }

  /// For each class of the task its index in the model's order.
  private func classMap(_ task: TaskData) throws -> [Double] {
    switch (kind, task.kind) {
    case (.regression, .regression), (.labels, .labels): return []
    case (.classes(let own), .classes(let names)):
      return try names.map { name in
        guard let index = own.firstIndex(of: name) else {
          throw CircuitError.unknown("class", name, among: own)
        }
        return Double(index)
      }
    default:
      throw CircuitError(
        "The model answers with \(kind.title), but these data ask for \(task.kind.title). Say --kind, or use the data it "
          + "was made for.")
    }
  }

  /// Values that are the same to the bit where the channels are the same.
  private static func renormalise(_ values: inout [Double], from: [Channel], to: [Channel]) {
    for (channel, pair) in zip(from, to).enumerated() where pair.0 != pair.1 {
      for index in stride(from: channel, to: values.count, by: from.count) {
        values[index] = pair.1.normalise(pair.0.restore(values[index]))
      }
    }
  }
}

extension TargetKind {
  /// "values", "labels", "classes".
  public var title: String {
    switch self {
    case .regression: "values"
    case .labels: "labels"
    case .classes: "classes"
    }
  }
}
