import Circuits
import Formats

/// A history as files: what `numpy.load` and `ganglion rank` read, and what a checkpoint keeps.
extension WeightHistory {
  /// Every moment that is there, one after the other; those that are thinned out meanwhile are left out.
  private func forEachState(_ work: (State) -> Void) {
    var last = Int.min
    for moment in moments {
      guard let state = state(at: moment.step), state.moment.step > last else { continue }
      last = state.moment.step
      work(state)
    }
  }

  /// All effective values, single precision: K moments × P, parameters in the order of the model's layout; and what
  /// they are, as JSON: `{"steps":[…],"kinds":[…],"tensors":[{"name","symbol","unit","shape","offset"},…]}`.
  public func exported(_ model: Model<Float>) -> (array: NPY, description: String) {
    var values: [Double] = []
    var kept: [Moment] = []
    forEachState { state in
      kept.append(state.moment)
      values.append(contentsOf: model.effective(state.values).map(Double.init))
    }
    let tensors = model.layout.tensors.map { tensor in
      JSON.object([
        ("name", .text(tensor.name)), ("symbol", .text(tensor.declaration.symbol)),
        ("unit", .text(tensor.declaration.unit)),
        ("shape", .array(tensor.declaration.shape.map(JSON.integer))), ("offset", .integer(tensor.offset)),
      ])
    }
    let description: JSON = .object([
      ("steps", .array(kept.map { .integer($0.step) })), ("kinds", .array(kept.map { .text($0.kind.rawValue) })),
      ("tensors", .array(tensors)),
    ])
    return (NPY(shape: [kept.count, parameters], values: values, type: .f32), description.line + "\n")
  }

  /// Writes ``exported(_:)`` to `path` and the description beside it, named alike but ending in `.json`.
  public func export(_ model: Model<Float>, to path: String) throws {
    let (array, description) = exported(model)
    try array.write(to: path)
    let stem = path.hasSuffix(".npy") ? String(path.dropLast(4)) : path
    try FileBytes.write(Array(description.utf8), to: stem + ".json")
  }

  /// One synaptic tensor through learning, post × pre × moments, and where it is known: 1 where the synapse was present
  /// then, 0 where not. nil where the model has no tensor of that name or it does not belong to synapses.
  public func path(of name: String, in model: Model<Float>) -> (values: NPY, present: NPY, steps: [Int])? {
    guard let tensor = model.layout[name], tensor.declaration.shape.count == 2 else { return nil }
    let first: Int
    switch tensor.declaration.owner {
    case .synapse: first = 0
    case .sensorySynapse: first = model.neurons * model.neurons
    default: return nil
    }
    let (pre, post) = (tensor.declaration.shape[0], tensor.declaration.shape[1])
    var slices: [(values: [Float], present: [Float])] = []
    var steps: [Int] = []
    forEachState { state in
      steps.append(state.moment.step)
      slices.append(
        (
          Array(model.effective(state.values)[tensor.range]),
          Array(state.connections[first..<first + pre * post])
        ))
    }
    let shape = [post, pre, steps.count]
    func stacked(_ slice: ((values: [Float], present: [Float])) -> [Float]) -> NPY {
      var values = [Double](repeating: 0, count: post * pre * steps.count)
      for (moment, entry) in slices.enumerated() {
        let source = slice(entry)
        for i in 0..<post {
          for j in 0..<pre { values[(i * pre + j) * steps.count + moment] = Double(source[j * post + i]) }
        }
      }
      return NPY(shape: shape, values: values, type: .f32)
    }
    return (stacked { $0.values }, stacked { $0.present }, steps)
  }

  private struct Header: Codable {
    var interval: Int
    var moments: [Moment]
  }

  /// Tensors and a line of text for a file's header, from which ``init(_:)`` makes it again.
  package func encoded(prefix: String) throws -> (tensors: [NamedTensor], header: String) {
    var values: [Double] = []
    var present: [Double] = []
    var kept: [Moment] = []
    forEachState { state in
      kept.append(state.moment)
      values.append(contentsOf: state.values.map(Double.init))
      present.append(contentsOf: state.connections.map(Double.init))
    }
    return (
      [
        NamedTensor(name: prefix + "history", shape: [kept.count, parameters], values: values),
        NamedTensor(name: prefix + "history_connections", shape: [kept.count, synapses], values: present),
      ], try JSON.encode(Header(interval: interval, moments: kept))
    )
  }

  /// Takes over what ``encoded(prefix:)`` made, flat and in its order; the network has to be of the same size.
  ///
  /// - Throws: a `DecodingError` for a header that is none, ``FormatError`` where the sizes do not fit.
  package func restore(header: String, values: [Float], present: [Float], file: String) throws {
    let header = try JSON.decode(Header.self, from: header)
    let count = header.moments.count
    guard values.count == count * parameters, present.count == count * synapses else {
      throw FormatError(
        file: file,
        problem: "the weight history has \(values.count) values for \(count) moments of \(parameters) parameters; "
          + "the file is damaged, save it again")
    }
    restore(
      header.moments.enumerated().map { number, moment in
        State(
          moment: moment, values: Array(values[number * parameters..<(number + 1) * parameters]),
          connections: Array(present[number * synapses..<(number + 1) * synapses]))
      }, interval: header.interval)
  }
}
