import ArgumentParser
import Circuits
import Learning

/// What a saved model is.
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect", abstract: "What a saved model is; with --coefficients, the linear system it is at a state.",
    discussion: """
      Ranges are those of effective values, in the tensor's unit, over synapses that are present. A synapse counts as \
      frozen where all of its values are.

      --coefficients gives ẋ = A·x + B·u + c, exact at the given state and input, in double precision. u is the network's \
      input as --input gives it: normalised (not as recorded), before the trainable input map input_w·u + input_b, which \
      is inside B and c. Matrices are lists of rows, one row per postsynaptic neuron. State and input are 0 unless told.
      """)

  @Argument(help: "The saved model (safetensors, of this program or of ncps).") var file: String
  @Flag(help: "The state-dependent coefficients A, B, c and what follows from them.") var coefficients = false
  @Option(help: ArgumentHelp("The neurons' states, for --coefficients.", valueName: "v,…")) var state: String?
  @Option(help: ArgumentHelp("The network's inputs, for --coefficients.", valueName: "u,…")) var input: String?
  @Option(help: "conductance or feature: which of the two exact forms, for --coefficients.")
  var form: String?
  @Flag(help: "The result as JSON, one object.") var json = false

  func validate() throws {
    let stray = [("--state", state), ("--input", input), ("--form", form)].first { $0.1 != nil }
    if !coefficients, let stray { throw ValidationError("\(stray.0) goes with --coefficients: add it.") }
    if let form, CoefficientForm(rawValue: form) == nil {
      throw ValidationError("There is no form '\(form)'. There are: conductance, feature.")
    }
  }

  func run() throws {
    let model = try ModelFile(path: file)
    if coefficients {
      let report = try CoefficientReport(
        model, form: form.flatMap(CoefficientForm.init) ?? .conductance,
        state: Self.numbers(state, "--state", "neuron", model.model.neurons),
        input: Self.numbers(input, "--input", "input", model.model.inputs))
      if json { Console.print(report.json.line) } else { report.print() }
    } else {
      let report = ModelReport(model)
      if json { Console.print(report.json.line) } else { report.print() }
    }
  }

  /// "0.1, -0.2" as numbers; zeros where nothing is said.
  private static func numbers(_ text: String?, _ option: String, _ what: String, _ count: Int) throws -> [Double] {
    guard let text else { return [Double](repeating: 0, count: count) }
    let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { $0.filter { $0 != " " } }
    let values = try parts.map { part in
      guard let value = Double(part), value.isFinite else {
        throw CircuitError("\(option) '\(part)' is not a finite number: write numbers with commas between them.")
      }
      return value
    }
    guard values.count == count else {
      throw CircuitError("\(option) has \(values.count.of("number")), but the model has \(count.of(what)).")
    }
    return values
  }
}
