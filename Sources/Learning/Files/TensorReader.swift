import Formats

/// Takes tensors out of a file one by one, with sentences for what is wrong, and knows at the end what was left over.
struct TensorReader {
  let file: String
  private var tensors: [String: NamedTensor]

  init(_ contents: Safetensors, file: String) {
    self.file = file
    tensors = Dictionary(contents.tensors.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  func failure(_ problem: String) -> FormatError { FormatError(file: file, problem: problem) }

  func has(_ name: String) -> Bool { tensors[name] != nil }

  /// The shape of a tensor that must be there, with `rank` extents.
  func shape(_ name: String, rank: Int) throws -> [Int] {
    guard let tensor = tensors[name] else { throw missing(name) }
    guard tensor.shape.count == rank else {
      throw failure("tensor '\(name)' has shape \(tensor.shape) where one of \(rank) extents belongs")
    }
    return tensor.shape
  }

  /// The values of a tensor that must be there in that shape, all finite in single precision.
  mutating func take(_ name: String, shape: [Int]) throws -> [Float] {
    guard let tensor = tensors[name] else { throw missing(name) }
    guard tensor.shape == shape else {
      throw failure("tensor '\(name)' has shape \(tensor.shape) where the model needs \(shape)")
    }
    let values = tensor.values.map { Float($0) }
    if let entry = values.firstIndex(where: { !$0.isFinite }) {
      throw failure(
        "tensor '\(name)' holds \(tensor.values[entry]) at entry \(entry), which is not finite; "
          + "use a file saved before training broke down")
    }
    tensors[name] = nil
    return values
  }

  /// A tensor of zeros and ones.
  mutating func takeMask(_ name: String, shape: [Int]) throws -> [Float] {
    let values = try take(name, shape: shape)
    if let odd = values.first(where: { $0 != 0 && $0 != 1 }) {
      throw failure("tensor '\(name)' holds \(odd), but a mask has only 0 and 1")
    }
    return values
  }

  /// - Throws: where a tensor was not taken, but for those whose name begins with `prefix`.
  func finish(except prefix: String? = nil) throws {
    guard let name = tensors.keys.filter({ name in prefix.map { !name.hasPrefix($0) } ?? true }).min() else { return }
    throw failure("tensor '\(name)' is no part of this model; only files of LTC models of one cell can be read whole")
  }

  private func missing(_ name: String) -> FormatError {
    failure("there is no tensor '\(name)', which the model needs; this may be a model of another kind")
  }
}
