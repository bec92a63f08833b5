import Circuits
import Foundation
import Testing

/// Every mode of the closed-form cell, with and without a backbone, against the reference library
/// (`Fixtures/cfc-cases.json`, made by `Fixtures/make_cfc_reference.py`).
@Suite("CfC against ncps 1.0.1") struct ClosedFormReferenceTests {
  struct Case: Decodable, CustomTestStringConvertible {
    var cell: String
    var neurons, inputs, rows: Int
    var backbone: String?
    var elapsed: [Double]
    var input, initialState, state, inputGradient, initialGradient: Nested
    var parameters, gradient: [String: Nested]
    var loss: Double
    var testDescription: String { "\(cell) \(backbone ?? "")" }

    static func all() throws -> [Case] {
      let url = Bundle.module.url(forResource: "Fixtures/cfc-cases", withExtension: "json")!
      return try JSONDecoder().decode([Case].self, from: Data(contentsOf: url))
    }

    func run<S: CircuitScalar>(as type: S.Type) throws -> (Model<S>, CellRun<S>) {
      let model = try Model<S>(
        ModelSpecification(
          cell: cell, neurons: neurons, wiring: "all", inputNames: (0..<inputs).map { "u\($0)" }, outputNames: ["y"],
          backbone: backbone.map { try Backbone($0) }))
      let own = model.layout.tensors.filter { $0.offset < model.cellParameters }
      #expect(Set(own.map(\.name)) == Set(parameters.keys) && Set(own.map(\.name)) == Set(gradient.keys))
      let run = CellRun(
        model.cell, parameters: own.flatMap { parameters[$0.name]!.flat.map { S($0) } },
        connections: model.wiring.connections(), input: input.flat.map { S($0) },
        elapsed: elapsed.flatMap { [S](repeating: S($0), count: rows) }, initial: initialState.flat.map { S($0) },
        rows: rows, steps: elapsed.count)
      return (model, run)
    }
  }

  /// Sums of some tens of terms of size 1: rounding of about 1e-15 each, 1e-12 after the steps.
  @Test(arguments: try Case.all()) func inDouble(_ reference: Case) throws {
    let (model, run) = try reference.run(as: Double.self)
    #expect(worst(run.states, reference.state.flat) <= 1e-12)
    #expect(abs(run.loss - reference.loss) <= 1e-12)
    for tensor in model.layout.tensors where tensor.offset < model.cellParameters {
      let off = worst(Array(run.parameterGradient[tensor.range]), reference.gradient[tensor.name]!.flat)
      #expect(off <= 1e-11, "\(reference.testDescription) \(tensor.name): \(off)")
    }
    #expect(worst(run.inputGradient, reference.inputGradient.flat) <= 1e-11)
    #expect(worst(run.initialGradient, reference.initialGradient.flat) <= 1e-11)
  }

  @Test(arguments: try Case.all()) func inFloat(_ reference: Case) throws {
    let (_, run) = try reference.run(as: Float.self)
    #expect(worst(run.states, reference.state.flat) <= 2e-5)
  }
}
