import ArgumentParser
import Circuits
import Formats
import Learning
import Tasks

/// Feeds a sequence to a saved model.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Feed a sequence to a saved model and print its outputs and states, one row per time step.",
    discussion: """
      Inputs are recorded values: the model's own normalisation is applied to them, and undone on outputs that are values. \
      Labels and classes come out as logits (above 0 is a yes; the largest is the class). The state is the one after the \
      step; it begins at 0.

      A CSV needs a header with the names of the model's inputs, or as many columns as the model has inputs, in their \
      order. An npy has the shape steps × inputs. Without --json a CSV is printed: outputs, then the neurons' states.
      """)

  @Option(help: ArgumentHelp("The saved model (safetensors, of this program or of ncps).", valueName: "file"))
  var load: String
  @Option(help: ArgumentHelp("The sequence: a CSV with a header, or an npy.", valueName: "file")) var input: String
  @Option(help: ArgumentHelp("The time that passes at each step (1 unless told).", valueName: "column|value"))
  var elapsed: String?
  @Flag(help: "The result as JSON, one object: output, state.") var json = false

  func run() throws {
    let file = try ModelFile(path: load)
    let sequence = try InputSequence(path: input, elapsed: elapsed, for: file)
    let (outputs, states) = Self.forward(file, sequence)
    let (o, n) = (file.model.outputs, file.model.neurons)
    guard !json else {
      Console.print(
        JSON.object([("output", .rows(outputs, width: o)), ("state", .rows(states, width: n))]).line)
      return
    }
    var table = CSVWriter(columns: file.model.specification.outputNames + file.model.wiring.neuronNames)
    for t in 0..<sequence.steps {
      table.append(Array(outputs[t * o..<(t + 1) * o]) + states[t * n..<(t + 1) * n])
    }
    Console.write(table.bytes)
  }

  /// T×O, as recorded where they are values, and T×N.
  private static func forward(_ file: ModelFile, _ sequence: InputSequence) -> (outputs: [Double], states: [Double]) {
    let model = file.model
    let workspace = Workspace(model, rows: 1, steps: sequence.steps, forTraining: false)
    for (i, value) in sequence.inputs.enumerated() { workspace.inputs[i] = Float(value) }
    for (i, value) in sequence.elapsed.enumerated() { workspace.elapsed[i] = Float(value) }
    let prepared = Buffer<Float>(model.cell.preparedSize)
    file.effectiveValues.withUnsafeBufferPointer { values in
      file.state.connections.withUnsafeBufferPointer { connections in
        let (values, connections) = (values.baseAddress!, connections.baseAddress!)
        model.cell.prepare(parameters: values, connections: connections, into: prepared.pointer)
        model.forward(
          workspace, parameters: values, connections: connections, prepared: prepared.pointer, keepsTape: false)
      }
    }
    let size = model.cell.stateSize
    let states = (1..<sequence.steps + 1).flatMap { t in
      (0..<model.neurons).map { Double(workspace.states[t * size + $0]) }
    }
    var outputs = workspace.outputs.array.map { Double($0) }
    if let origin = file.origin, origin.kind == .regression {
      for index in outputs.indices { outputs[index] = origin.targets[index % model.outputs].restore(outputs[index]) }
    }
    return (outputs, states)
  }
}
