import Circuits
import Formats

/// A history as files: what `numpy.load` and `ganglion rank` read, and what a checkpoint keeps.
extension WeightHistory {
  /// All effective values, single precision: K moments × P, parameters in the order of the model's layout; and what
  /// they are, as JSON: `{"steps":[…],"kinds":[…],"tensors":[{"name","symbol","unit","shape","offset"},…]}`.
  public func exported(_ model: Model<Float>) -> (array: NPY, description: String) {
    var values: [Double] = []
    var kept: [Moment] = []
    for state in states() {
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
    for state in states() {
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
    /// Every mask that there was, as half-open ranges of what was frozen, and which of them each moment had.
    var masks: [[[Int]]]
    var maskOfMoment: [Int]

    enum CodingKeys: String, CodingKey {
      case interval = "interval"
      case moments = "moments"
      case masks = "masks"
      case maskOfMoment = "maskOfMoment"
    }
  }

  /// Tensors and a line of text for a file's header, from which ``restore(header:values:present:through:file:)`` makes it
  /// again: the moments up to `step`.
  package func encoded(prefix: String, through step: Int = .max) throws -> (tensors: [NamedTensor], header: String) {
    var values: [Double] = []
    var present: [Double] = []
    var header = Header(interval: interval, moments: [], masks: [], maskOfMoment: [])
    var mask: [Bool]?
    for state in states(through: step) {
      header.moments.append(state.moment)
      values.append(contentsOf: state.values.map(Double.init))
      present.append(contentsOf: state.connections.map(Double.init))
      // Masks change seldom: the one before is nearly always the same.
      if state.frozen != mask { header.masks.append(Self.ranges(state.frozen)) }
      mask = state.frozen
      header.maskOfMoment.append(header.masks.count - 1)
    }
    let count = header.moments.count
    return (
      [
        NamedTensor(name: prefix + "history", shape: [count, parameters], values: values),
        NamedTensor(name: prefix + "history_connections", shape: [count, synapses], values: present),
      ], try JSON.encode(header)
    )
  }

  private static func ranges(_ mask: [Bool]) -> [[Int]] {
    var ranges: [[Int]] = []
    for entry in mask.indices where mask[entry] {
      if ranges.last?[1] == entry {
        ranges[ranges.count - 1][1] = entry + 1
      } else {
        ranges.append([entry, entry + 1])
      }
    }
    return ranges
  }

  /// How many moments a header of ``encoded(prefix:through:)`` speaks of; `nil` where it cannot be read.
  package static func count(header: String) -> Int? {
    (try? JSON.decode(Header.self, from: header))?.moments.count
  }

  /// Takes over what ``encoded(prefix:through:)`` made, flat and in its order; the network has to be of the same size.
  ///
  /// - Parameter step: the last that can have been recorded.
  /// - Throws: `FormatError` for a header that is none, and where the sizes do not fit.
  package func restore(
    header text: String, values: [Float], present: [Float], through step: Int = .max, file: String
  ) throws {
    func failure(_ problem: String) -> FormatError {
      FormatError(file: file, problem: "the weight history \(problem); the file is damaged, save it again")
    }
    guard let header = try? JSON.decode(Header.self, from: text) else {
      throw failure("has no header that can be read")
    }
    let count = header.moments.count
    guard values.count == count * parameters, present.count == count * synapses else {
      throw failure("has \(values.count) values for \(count) moments of \(parameters) parameters")
    }
    let steps = header.moments.map(\.step)
    guard steps.allSatisfy({ (0...step).contains($0) }), zip(steps, steps.dropFirst()).allSatisfy({ $0 < $1 }),
      (1...1_000_000_000).contains(header.interval),
      header.moments.allSatisfy({ $0.learningRate.map { $0 >= 0 && $0.isFinite } ?? true })
    else { throw failure("has moments that cannot be: their steps have to ascend") }
    let masks = try header.masks.map { ranges in
      var mask = [Bool](repeating: false, count: parameters)
      for range in ranges {
        guard range.count == 2, 0 <= range[0], range[0] <= range[1], range[1] <= parameters else {
          throw failure("has frozen entries \(range), which are none of this model's")
        }
        for entry in range[0]..<range[1] { mask[entry] = true }
      }
      return mask
    }
    guard header.maskOfMoment.count == count, header.maskOfMoment.allSatisfy(masks.indices.contains) else {
      throw failure("does not say what was frozen at each moment")
    }
    restore(
      header.moments.enumerated().map { number, moment in
        State(
          moment: moment, values: Array(values[number * parameters..<(number + 1) * parameters]),
          connections: Array(present[number * synapses..<(number + 1) * synapses]),
          frozen: masks[header.maskOfMoment[number]])
      }, interval: header.interval)
  }
}
