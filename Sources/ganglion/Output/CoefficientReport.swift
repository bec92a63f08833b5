import Analysis
import Circuits
import Formats
import Learning
import LinearAlgebra

/// The linear system that a circuit is at one state and input, computed in double precision.
struct CoefficientReport {
  private let model: Model<Double>
  private let coefficients: Coefficients<Double>
  private let residual: Double
  private let spectrum: Spectrum

  init(_ file: ModelFile, form: CoefficientForm, state: [Double], input: [Double]) throws {
    model = try Model<Double>(file.model.specification, wiring: file.model.wiring)
    let point = NetworkPoint(
      model: model, values: model.effective(file.state.values.map { Double($0) }),
      connections: file.state.connections.map { Double($0) }, state: state, input: input)
    let reading = Reading(at: point, form: form, parts: .coefficients)
    guard let coefficients = reading.coefficients,
      let spectrum = try Failure.unless({ try Spectrum(at: point, form: form) })
    else {
      throw CircuitError(
        "The model '\(model.kind.name)' is no differential equation and so has no coefficients: use one that is.")
    }
    (self.coefficients, self.spectrum, residual) = (coefficients, spectrum, reading.residual)
  }

  var json: JSON {
    func rows(_ matrix: Matrix<Double>) -> JSON { .array((0..<matrix.rows).map { .numbers(matrix.row($0)) }) }
    func pairs(_ values: [Eigenvalue<Double>]) -> JSON { .array(values.map { .numbers([$0.real, $0.imaginary]) }) }
    return .object([
      ("form", .text(coefficients.form.rawValue)), ("A", rows(coefficients.a)), ("B", rows(coefficients.b)),
      ("c", .numbers(coefficients.c)), ("derivative", .numbers(coefficients.derivative)),
      ("residual", .number(residual as Double)), ("eigenvalues", pairs(spectrum.a)),
      ("jacobianEigenvalues", pairs(spectrum.jacobian)), ("timeConstants", .numbers(coefficients.timeConstants)),
      ("targets", .numbers(coefficients.targets)),
    ])
  }

  func print() {
    let names = model.wiring.neuronNames
    func table(_ title: String, _ matrix: Matrix<Double>, _ columns: [String]) {
      var table = TextTable(header: [title] + columns)
      for (row, name) in names.enumerated() { table.rows.append([name] + matrix.row(row).map(\.brief)) }
      table.print()
      Console.print("")
    }
    Console.print("\(coefficients.form.rawValue) form, ẋ = A·x + B·u + c; residual \(residual.brief)\n")
    table("A", coefficients.a, names)
    table("B", coefficients.b, model.wiring.inputNames)
    var vectors = TextTable(header: ["", "c", "ẋ", "time constant", "target"])
    for (i, name) in names.enumerated() {
      vectors.rows.append([
        name, coefficients.c[i].brief, coefficients.derivative[i].brief, coefficients.timeConstants[i].brief,
        coefficients.targets[i].brief,
      ])
    }
    vectors.print()
    func text(_ value: Eigenvalue<Double>) -> String {
      value.isReal
        ? value.real.brief : "\(value.real.brief)\(value.imaginary < 0 ? "−" : "+")\(abs(value.imaginary).brief)i"
    }
    Console.print("\neigenvalues of A         " + spectrum.a.map(text).joined(separator: "  "))
    Console.print("eigenvalues of ∂f/∂x     " + spectrum.jacobian.map(text).joined(separator: "  "))
  }
}
