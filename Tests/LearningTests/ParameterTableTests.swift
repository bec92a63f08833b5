import Circuits
import Formats
import Foundation
import Learning
import Samples
import Tasks
import Testing

/// What `:export model.csv` writes.
@Suite("Parameter tables") struct ParameterTableTests {
  @Test(arguments: [Positivity.clamp, .softplus]) func everyValueHasARowWithItsEndsAndMasks(_ positivity: Positivity)
    throws
  {
    let task = Sample.task()
    let model = try Sample.model(task, neurons: 5, positivity: positivity)
    let session = try TrainingSession(model: model, task: task, options: Sample.options(task))
    let (cut, frozen) = (model.wiring.synapses[0], model.wiring.synapses[1])
    _ = try session.apply(.prune([cut]))
    _ = try session.apply(
      .freeze("synapse:\(model.wiring.sourceName(frozen.pre))>\(model.wiring.neuronNames[frozen.post])"))
    let state = session.learner.state
    let file = ModelFile(model: model, state: state, origin: nil)
    let path = temporaryPath("table.csv")
    defer { unlink(path) }
    try file.table().write(to: path)
    let table = try CSVTable(path: path)
    #expect(table.names == ["tensor", "from", "to", "value", "unit", "frozen", "pruned"])
    let columns = try table.names.map { name in
      let column = try table.column(name)
      return (0..<table.rowCount).map { table.text(row: $0, column: column) }
    }
    let values = file.effectiveValues
    var rows: [[String]] = []
    for tensor in model.layout.tensors {
      for index in tensor.range {
        let synapse = model.synapse(ofParameter: index)
        if let synapse, !model.wiring.has(synapse) { continue }
        let entry = index - tensor.offset
        let ends: (String, String) =
          switch (synapse, tensor.declaration.owner) {
          case (let synapse?, _): (model.wiring.sourceName(synapse.pre), model.wiring.neuronNames[synapse.post])
          case (_, .neuron): ("", model.wiring.neuronNames[entry])
          case (_, .input): (model.wiring.inputNames[entry], "")
          default: ("", task.outputNames[entry])
          }
        rows.append([
          tensor.name, ends.0, ends.1, CSVWriter.format(Double(values[index])), tensor.declaration.unit,
          state.frozen[index] ? "1" : "0", synapse == cut ? "1" : "0",
        ])
      }
    }
    #expect(table.rowCount == rows.count && rows.count == model.parameterCount)
    for (number, row) in rows.enumerated() { #expect(columns.map { $0[number] } == row, "row \(number)") }
    // A synapse has as many rows as tensors that belong to it; all of the cut one's and of the frozen one's are marked.
    #expect(columns[6].count { $0 == "1" } == model.parameters(of: cut).count)
    #expect(columns[5].count { $0 == "1" } == model.parameters(of: frozen).count)
    // Conductances as the circuit uses them, never negative, also where something else is stored.
    #expect(zip(columns[0], columns[3]).filter { $0.0 == "w" }.allSatisfy { Double($0.1)! >= 0 })
  }
}
