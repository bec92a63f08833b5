import Circuits

/// How a command stands in logs: an object with one member, the command's name, whose value is an object with its arguments
/// by name.
///
///     {"prune":{"synapses":[{"post":0,"pre":5}]}}          also "restore"
///     {"pruneFraction":{"share":0.2}}
///     {"freeze":{"pattern":"readout"}}                     also "thaw"
///     {"edit":{"parameter":"w[3, 7]","value":0.25}}
///     {"setLearningRate":{"rate":0.01}}
///     {"rewind":{}}                                        also "undo", "redo", "pause", "resume"
///     {"step":{"count":2}}
///
/// Every name is written out here, so that renaming a symbol changes no file. Logs of before version 2 call an argument
/// without a label "_0", which is read; they give the parameter of an edit by a number, which is refused.
extension Command: Codable {
  private enum Name: String, CodingKey {
    case prune = "prune"
    case restore = "restore"
    case pruneFraction = "pruneFraction"
    case freeze = "freeze"
    case thaw = "thaw"
    case edit = "edit"
    case setLearningRate = "setLearningRate"
    case rewind = "rewind"
    case undo = "undo"
    case redo = "redo"
    case pause = "pause"
    case resume = "resume"
    case step = "step"
  }

  private enum Argument: String, CodingKey {
    case synapses = "synapses"
    case share = "share"
    case pattern = "pattern"
    case parameter = "parameter"
    case value = "value"
    case rate = "rate"
    case count = "count"
    /// Of logs before version 2.
    case unnamed = "_0"
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Name.self)
    guard let name = container.allKeys.first, container.allKeys.count == 1 else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "an object with one command's name"))
    }
    let arguments = try container.nestedContainer(keyedBy: Argument.self, forKey: name)
    func argument<Value: Decodable>(_ key: Argument) throws -> Value {
      try arguments.decode(Value.self, forKey: arguments.contains(key) ? key : .unnamed)
    }
    switch name {
    case .prune: self = .prune(try argument(.synapses))
    case .restore: self = .restore(try argument(.synapses))
    case .pruneFraction: self = .pruneFraction(try argument(.share))
    case .freeze: self = .freeze(try argument(.pattern))
    case .thaw: self = .thaw(try argument(.pattern))
    case .edit:
      if (try? arguments.decode(Int.self, forKey: .parameter)) != nil { throw OldParameter() }
      self = .edit(
        parameter: try arguments.decode(ParameterName.self, forKey: .parameter),
        value: try arguments.decode(Double.self, forKey: .value))
    case .setLearningRate: self = .setLearningRate(try argument(.rate))
    case .rewind: self = .rewind
    case .undo: self = .undo
    case .redo: self = .redo
    case .pause: self = .pause
    case .resume: self = .resume
    case .step: self = .step(try argument(.count))
    }
  }

  /// An edit in a log of before version 2.
  struct OldParameter: Error {}

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Name.self)
    func put(_ name: Name, _ arguments: (Argument, any Encodable)...) throws {
      var nested = container.nestedContainer(keyedBy: Argument.self, forKey: name)
      for (key, value) in arguments { try nested.encode(value, forKey: key) }
    }
    switch self {
    case .prune(let synapses): try put(.prune, (.synapses, synapses))
    case .restore(let synapses): try put(.restore, (.synapses, synapses))
    case .pruneFraction(let share): try put(.pruneFraction, (.share, share))
    case .freeze(let pattern): try put(.freeze, (.pattern, pattern))
    case .thaw(let pattern): try put(.thaw, (.pattern, pattern))
    case .edit(let parameter, let value): try put(.edit, (.parameter, parameter), (.value, value))
    case .setLearningRate(let rate): try put(.setLearningRate, (.rate, rate))
    case .rewind: try put(.rewind)
    case .undo: try put(.undo)
    case .redo: try put(.redo)
    case .pause: try put(.pause)
    case .resume: try put(.resume)
    case .step(let count): try put(.step, (.count, count))
    }
  }
}
