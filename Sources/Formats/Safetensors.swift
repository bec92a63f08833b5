/// A named array of numbers, row-major.
public struct NamedTensor: Sendable, Equatable {
  public var name: String
  /// Empty for a single number.
  public var shape: [Int]
  /// As many as the product of `shape`.
  public var values: [Double]
  /// How the numbers are stored in the file.
  public var type: ElementType

  public init(name: String, shape: [Int], values: [Double], type: ElementType = .f32) {
    self.name = name
    self.shape = shape
    self.values = values
    self.type = type
  }
}

/// The safetensors file format: eight bytes of header length, a JSON header, then the numbers.
///
/// Reads what the reference implementation reads and refuses what it refuses: offsets that overlap, leave holes or point
/// outside, shapes that do not fit, duplicate names. Output is deterministic: the same tensors give the same bytes.
/// Format: https://github.com/huggingface/safetensors
public struct Safetensors: Sendable, Equatable {
  /// In the order of their data in the file.
  public var tensors: [NamedTensor]
  /// `__metadata__`: text by name.
  public var metadata: [String: String]

  /// The reference implementation's limit on headers, 100 MB.
  static let longestHeader = 100_000_000

  public init(tensors: [NamedTensor], metadata: [String: String] = [:]) {
    self.tensors = tensors
    self.metadata = metadata
  }

  public init(path: String) throws { try self.init(bytes: try FileBytes.read(path), file: path) }

  /// Reads a file that is in memory; `file` is what errors call it.
  public init(bytes: [UInt8], file: String) throws {
    let damaged = "the file is damaged or not safetensors"
    guard bytes.count >= 8 else {
      throw FormatError(file: file, problem: "the file has \(bytes.count) bytes, too few for a header; \(damaged)")
    }
    let stated = bytes[..<8].enumerated().reduce(UInt64(0)) { $0 | UInt64($1.element) << (8 * UInt64($1.offset)) }
    guard stated <= UInt64(bytes.count - 8) else {
      throw FormatError(
        file: file,
        problem: "the header is said to be \(stated) bytes long but only \(bytes.count - 8) follow; \(damaged)")
    }
    guard stated <= Self.longestHeader else {
      throw FormatError(file: file, problem: "the header is longer than 100 MB; \(damaged)")
    }
    let data = 8 + Int(stated)
    let header = try HeaderReader(bytes[8..<data], file: file)
    let checked = try header.entries.map { try CheckedEntry($0, file: file) }.sorted {
      ($0.begin, $0.end) < ($1.begin, $1.end)
    }
    try CheckedEntry.checkLayout(checked, dataLength: bytes.count - data, file: file)
    metadata = header.metadata
    tensors = checked.map { entry in
      NamedTensor(
        name: entry.name, shape: entry.shape,
        values: entry.type.decode(bytes, at: data + entry.begin, count: entry.count), type: entry.type)
    }
  }

  /// The tensor of that name.
  public subscript(name: String) -> NamedTensor? { tensors.first { $0.name == name } }
}

/// A header entry whose numbers agree with one another.
private struct CheckedEntry {
  var name: String
  var type: ElementType
  var shape: [Int]
  var count: Int
  var begin: Int
  var end: Int

  init(_ entry: HeaderReader.Entry, file: String) throws {
    func failure(_ what: String) -> FormatError {
      FormatError(file: file, problem: "tensor '\(entry.name)' \(what); the file is damaged or was written wrongly")
    }
    guard let typeName = entry.type, let shape = entry.shape, let offsets = entry.offsets else {
      throw failure("lacks its dtype, shape or data_offsets")
    }
    guard let type = ElementType(rawValue: typeName) else {
      let known = ElementType.allCases.map(\.rawValue).joined(separator: ", ")
      throw FormatError(
        file: file, problem: "tensor '\(entry.name)' has dtype '\(typeName)', which is not one of \(known); convert it")
    }
    guard offsets.count == 2, offsets[0] <= offsets[1] else {
      throw failure("has data_offsets \(offsets), which are no range")
    }
    var size = type.size
    for extent in shape {
      let (product, overflow) = size.multipliedReportingOverflow(by: extent)
      guard !overflow else { throw failure("has shape \(shape), more numbers than any memory holds") }
      size = product
    }
    guard size == offsets[1] - offsets[0] else {
      throw failure("of shape \(shape) and dtype \(typeName) needs \(size) bytes but has \(offsets[1] - offsets[0])")
    }
    name = entry.name
    self.type = type
    self.shape = shape
    count = size / type.size
    begin = offsets[0]
    end = offsets[1]
  }

  /// Entries in order of their data follow one another without hole or overlap and fill the file.
  static func checkLayout(_ entries: [CheckedEntry], dataLength: Int, file: String) throws {
    var end = 0
    for entry in entries {
      let what = entry.begin < end ? "overlaps the tensor before it" : "leaves a hole before it"
      guard entry.begin == end else {
        throw FormatError(
          file: file, problem: "tensor '\(entry.name)' begins at byte \(entry.begin) and \(what), which ends at \(end)")
      }
      guard entry.end <= dataLength else {
        throw FormatError(
          file: file,
          problem: "tensor '\(entry.name)' ends at byte \(entry.end) but there are only \(dataLength); "
            + "the file was cut short, fetch it again")
      }
      end = entry.end
    }
    guard end == dataLength else {
      throw FormatError(file: file, problem: "\(dataLength - end) bytes follow the last tensor; the file is damaged")
    }
  }
}
