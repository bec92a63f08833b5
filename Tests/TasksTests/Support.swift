import Tasks

/// The sentence that `body` ends in.
func sentence(_ body: () throws -> Void) -> String {
  do {
    try body()
    return "no error"
  } catch {
    return "\(error)"
  }
}

/// Metrics of always answering with the input column `input`, which has the target's name and normalisation.
func persistence(_ data: TaskData, input: Int = 0) -> [String: Double] {
  let outputs = data.heldOut.map { series in
    (0..<series.steps).map { series.inputs[$0 * data.inputCount + input] }
  }
  return Metrics.compute(kind: data.kind, names: data.targets.map(\.name), outputs: outputs, series: data.heldOut)
}
