import Circuits
import Testing

@Suite("LTC against ncps 1.0.1") struct ReferenceTests {
  /// Rounding alone separates two programs that do the same sums in different order: about 1e2 operations deep at
  /// magnitude 1, so 1e-14; 1e-12 leaves room for the libraries' different `exp`.
  @Test(arguments: try ReferenceCase.all()) func outputsStatesAndLossInDouble(_ reference: ReferenceCase) throws {
    let run = Run(reference, model: try reference.model(as: Double.self))
    #expect(worst(run.outputs, reference.output.flat) <= 1e-12)
    #expect(worst(run.states, reference.state.flat) <= 1e-12)
    #expect(abs(run.loss - reference.loss) <= 1e-12)
  }

  @Test(arguments: try ReferenceCase.all()) func everyNamedGradientInDouble(_ reference: ReferenceCase) throws {
    let model = try reference.model(as: Double.self)
    let run = Run(reference, model: model)
    #expect(Set(reference.gradient.keys) == Set(model.layout.tensors.map(\.name)))
    for tensor in model.layout.tensors {
      let expected = try #require(reference.gradient[tensor.name]).flat
      let largest = expected.reduce(0) { max($0, abs($1)) }
      let error = worst(Array(run.gradient[tensor.range]), expected)
      #expect(error <= 1e-10 * max(largest, 1e-300), "\(reference.name) \(tensor.name): \(error) of \(largest)")
    }
  }

  @Test(arguments: try ReferenceCase.all()) func everythingInFloat(_ reference: ReferenceCase) throws {
    let model = try reference.model(as: Float.self)
    let run = Run(reference, model: model)
    #expect(worst(run.outputs, reference.output.flat) <= 2e-5)
    #expect(worst(run.states, reference.state.flat) <= 2e-5)
    #expect(abs(Double(run.loss) - reference.loss) <= 2e-5)
    for tensor in model.layout.tensors {
      let expected = try #require(reference.gradient[tensor.name]).flat
      let largest = expected.reduce(0) { max($0, abs($1)) }
      #expect(worst(Array(run.gradient[tensor.range]), expected) <= 2e-5 * max(largest, 1e-3), "\(tensor.name)")
    }
  }

  /// Central differences with h = 1e-6·max(1, |p|): truncation h² and cancellation 1e-16/h balance near 1e-10.
  @Test(arguments: try ReferenceCase.all()) func gradientsAgainstCentralDifferences(_ reference: ReferenceCase) throws {
    let model = try reference.model(as: Double.self)
    let parameters = reference.flatParameters(model)
    let gradient = Run(reference, model: model).gradient
    let scale = gradient.reduce(0) { max($0, abs($1)) }
    for tensor in model.layout.tensors {
      for index in tensor.range {
        let h = 1e-6 * max(1, abs(parameters[index]))
        var (up, down) = (parameters, parameters)
        up[index] += h
        down[index] -= h
        let difference =
          (Run(reference, model: model, parameters: up).loss - Run(reference, model: model, parameters: down).loss)
          / (2 * h)
        #expect(abs(difference - gradient[index]) <= 1e-6 * scale, "\(model.layout.describe(index))")
      }
    }
  }
}
