import Circuits
import Formats
import Learning
import Tasks

/// A sequence that a person wants to feed to a model: recorded values, normalised as the model needs them.
struct InputSequence {
  /// T×M.
  var inputs: [Double]
  /// T, > 0.
  var elapsed: [Double]
  var steps: Int { elapsed.count }

  init(path: String, elapsed: String?, for file: ModelFile) throws {
    let m = file.model.inputs
    let isArray = path.lowercased().hasSuffix(".npy")
    (inputs, self.elapsed) =
      isArray ? try Self.array(path, elapsed, inputs: m) : try Self.table(path, elapsed, names: file.inputNames)
    guard let channels = file.origin?.inputs else { return }
    for index in inputs.indices { inputs[index] = channels[index % m].normalise(inputs[index]) }
  }

  private static func array(_ path: String, _ elapsed: String?, inputs m: Int) throws -> ([Double], [Double]) {
    let array = try NPY(path: path)
    let shape = array.shape.count == 1 && m == 1 ? [array.shape[0], 1] : array.shape
    guard shape.count == 2, shape[1] == m else {
      throw FormatError(file: path, problem: "the shape is \(array.shape), but the model needs steps × \(m)")
    }
    guard shape[0] > 0 else { throw FormatError(file: path, problem: "there are no steps; add rows") }
    if let entry = array.values.firstIndex(where: { !$0.isFinite }) {
      throw FormatError(
        file: path, problem: "[\(entry / m), \(entry % m)] is \(array.values[entry]); only finite numbers can be fed")
    }
    return (array.values, [Double](repeating: try time(elapsed ?? "1"), count: shape[0]))
  }

  private static func table(_ path: String, _ elapsed: String?, names: [String]) throws -> ([Double], [Double]) {
    let table = try CSVTable(path: path)
    let timeColumn = elapsed.flatMap { table.names.firstIndex(of: $0) }
    let others = table.names.indices.filter { $0 != timeColumn }
    let columns: [Int]
    if names.allSatisfy(table.names.contains) {
      columns = try names.map(table.column)
    } else if others.count == names.count {
      columns = others
    } else {
      let missing = names.first { !table.names.contains($0) } ?? ""
      throw FormatError(
        file: path,
        problem: "there is no column '\(missing)' for the model's input of that name, and "
          + "\(others.count.of("column")) cannot be taken in order for \(names.count.of("input"))")
    }
    let values = try columns.map { try table.completeNumbers(table.names[$0]) }
    let inputs = (0..<table.rowCount).flatMap { row in values.map { $0[row] } }
    guard let timeColumn else {
      return (inputs, [Double](repeating: try time(elapsed ?? "1"), count: table.rowCount))
    }
    let times = try table.completeNumbers(table.names[timeColumn])
    if let row = times.firstIndex(where: { $0 <= 0 }) {
      throw FormatError(
        file: path, line: table.line(ofRow: row), column: table.names[timeColumn],
        problem: "the time that passes is \(times[row]), but it must be above 0")
    }
    return (inputs, times)
  }

  private static func time(_ text: String) throws -> Double {
    guard let value = Double(text), value.isFinite, value > 0 else {
      throw CircuitError("--elapsed '\(text)' is neither a column of the input nor a number above 0.")
    }
    return value
  }
}

extension ModelFile {
  var inputNames: [String] { origin?.inputs.map(\.name) ?? model.specification.inputNames }
}
