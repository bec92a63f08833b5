import CAllocations
import Circuits
import Dispatch
import Formats
import Foundation
import Learning
import Synchronization
import Testing

@Suite("Weight history") struct WeightHistoryTests {
  /// Three parameters and two synapses: 17 bytes a moment, here `moments` of them.
  private func history(moments: Int) -> WeightHistory {
    WeightHistory(parameters: 3, synapses: 2, megabytes: (Double(moments) * 17 + 1) * 1e-6)
  }

  private func record(_ history: WeightHistory, _ step: Int, _ kind: WeightHistory.Kind = .regular) {
    let value = Float(step)
    history.record(step: step, values: [value, -value, 0.5], connections: [1, step % 2 == 0 ? 0 : 1], kind: kind)
  }

  @Test func budgetIsKept() {
    #expect(history(moments: 10).capacity == 10)
    #expect(WeightHistory(parameters: 1_000, synapses: 0, megabytes: 5).capacity == 1_000)
    #expect(WeightHistory(parameters: 1_000, synapses: 0, megabytes: 0).capacity == WeightHistory.fewestMoments)
    #expect(WeightHistory(parameters: 1, synapses: 0, megabytes: 1e9).capacity == WeightHistory.mostMoments)
    #expect(WeightHistory(parameters: 0, synapses: 0).capacity == WeightHistory.mostMoments)
  }

  /// However long training lasts: the first and the latest, and between them steps on a grid that doubles.
  @Test(arguments: [4, 5, 10, 33]) func thinning(_ capacity: Int) throws {
    let history = history(moments: capacity)
    for step in 0...5_000 {
      record(history, step)
      let moments = history.moments
      #expect(moments.count <= capacity && moments[0] == .init(step: 0, kind: .first))
    }
    record(history, 5_003, .latest)
    let moments = history.moments
    #expect(moments.last == .init(step: 5_003, kind: .latest))
    let inside = moments.dropFirst().dropLast().map(\.step)
    #expect(inside.allSatisfy { $0 % history.interval == 0 })
    #expect(zip(inside, inside.dropFirst()).allSatisfy { $1 - $0 == history.interval })
    // Not more rarely than the memory asks for.
    #expect(history.interval.nonzeroBitCount == 1 && moments.count >= min(capacity / 2, 3))
    for moment in moments {
      let state = try #require(history.state(at: moment.step))
      #expect(state.moment == moment && state.values == [Float(moment.step), -Float(moment.step), 0.5])
      #expect(state.connections == [1, moment.step % 2 == 0 ? 0 : 1])
    }
  }

  @Test func interventionsStay() {
    let history = history(moments: 12)
    let changes = [7, 101, 102, 999]
    for step in 0...2_000 {
      record(history, step)
      if changes.contains(step) { record(history, step, .intervention) }
    }
    #expect(history.moments.filter { $0.kind == .intervention }.map(\.step) == changes)
    #expect(history.moments.count <= 12)
  }

  /// More interventions than fit: half of them go, the first moment and the newest stay.
  @Test func memoryIsBoundedWhateverHappens() {
    let history = history(moments: 6)
    for step in 0..<100 { record(history, step, .intervention) }
    #expect(history.moments.count <= 6 && history.moments.first?.kind == .first)
    #expect(history.moments.last == .init(step: 99, kind: .intervention))
  }

  @Test func aStepIsKeptOnce() {
    let history = history(moments: 8)
    record(history, 0)
    record(history, 1)
    history.record(step: 1, values: [9, 9, 9], connections: [0, 0], kind: .intervention)
    #expect(history.moments == [.init(step: 0, kind: .first), .init(step: 1, kind: .intervention)])
    #expect(history.state(at: 1)?.values == [9, 9, 9])
    // A latest moment does not hide what the step was kept for, and goes when training goes on.
    record(history, 1, .latest)
    #expect(history.moments.last?.kind == .intervention)
    record(history, 2, .latest)
    record(history, 3, .latest)
    record(history, 4)
    #expect(history.moments.map(\.step) == [0, 1, 2, 3, 4])
    #expect(history.moments.map(\.kind) == [.first, .intervention, .regular, .regular, .regular])
  }

  @Test func latestOffTheGridGoes() {
    let history = history(moments: 4)
    for step in 0...40 { record(history, step) }
    #expect(history.interval == 16)
    record(history, 41, .latest)
    #expect(history.moments.last?.step == 41)
    record(history, 42, .latest)
    #expect(history.moments.map(\.step).contains(41) == false && history.moments.last?.step == 42)
    record(history, 48)
    #expect(history.moments.map(\.kind).contains(.latest) == false && history.moments.last?.step == 48)
  }

  /// Training that goes on from an earlier step has another future.
  @Test func goingBackForgetsWhatCameAfter() {
    let history = history(moments: 20)
    for step in 0..<10 { record(history, step) }
    record(history, 4, .intervention)
    #expect(history.moments.map(\.step) == [0, 1, 2, 3, 4] && history.moments.last?.kind == .intervention)
  }

  @Test func lookingUp() {
    let history = history(moments: 20)
    #expect(history.state(at: 3) == nil && history.moments.isEmpty)
    for step in [2, 5, 9] { record(history, step, .intervention) }
    let asked = [-1, 0, 2, 3, 5, 8, 9, 1_000]
    #expect(asked.map { history.state(at: $0)?.moment.step } == [2, 2, 2, 2, 5, 5, 9, 9])
  }

  /// Whoever reads while training writes sees states that are whole.
  @Test func readersSeeWholeStates() {
    let history = WeightHistory(parameters: 500, synapses: 0, megabytes: 0.05)
    let torn = Mutex(0)
    DispatchQueue.concurrentPerform(iterations: 2) { worker in
      if worker == 0 {
        for step in 0..<3_000 {
          history.record(step: step, values: [Float](repeating: Float(step), count: 500), connections: [])
        }
      } else {
        for _ in 0..<1_000 {
          guard let state = history.state(at: history.moments.last?.step ?? 0) else { continue }
          if state.values.contains(where: { $0 != Float(state.moment.step) }) { torn.withLock { $0 += 1 } }
        }
      }
    }
    #expect(torn.withLock { $0 } == 0 && history.moments.count <= history.capacity)
  }

  #if DEBUG
    static let counts = false
  #else
    static let counts = allocations_are_counted() == 1
  #endif

  @Test(.enabled(if: counts)) func recordingAllocatesNothing() {
    let history = WeightHistory(parameters: 200, synapses: 50, megabytes: 0.02)
    let (values, connections) = ([Float](repeating: 1, count: 200), [Float](repeating: 1, count: 50))
    let before = allocations_made()
    for step in 0..<1_000 {
      history.record(
        step: step, values: values, connections: connections, kind: step % 300 == 7 ? .intervention : .regular)
    }
    #expect(allocations_made() == before)
    #expect(history.moments.count > 3)
  }

  private func model() throws -> Model<Float> {
    try Model<Float>(
      ModelSpecification(
        cell: "ltc", neurons: 4, wiring: "random:0.7", inputNames: ["a", "b"], outputNames: ["y"], positivity: .softplus
      ))
  }

  private func filled(_ model: Model<Float>) -> WeightHistory {
    let history = WeightHistory(model)
    var values = model.initialParameters(seed: 1)
    var connections = model.wiring.connections(as: Float.self)
    for step in 0...3 {
      history.record(step: step, values: values, connections: connections)
      for entry in values.indices { values[entry] += 0.01 * Float(entry % 5) }
    }
    connections[connections.firstIndex(of: 1)!] = 0
    history.record(step: 3, values: values, connections: connections, kind: .intervention)
    return history
  }

  @Test func exportedArray() throws {
    let model = try model()
    let history = filled(model)
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("ganglion-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try history.export(model, to: folder + "/history.npy")
    let array = try NPY(path: folder + "/history.npy")
    #expect(array.shape == [4, model.layout.count] && array.type == .f32)
    let last = model.effective(try #require(history.state(at: 3)).values)
    #expect(array.values.suffix(model.layout.count).map(Float.init) == last)
    let text = try String(contentsOfFile: folder + "/history.json", encoding: .utf8)
    let object = try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(object["steps"] as? [Int] == [0, 1, 2, 3])
    #expect(object["kinds"] as? [String] == ["first", "regular", "regular", "intervention"])
    let tensors = try #require(object["tensors"] as? [[String: Any]])
    #expect(tensors.map { $0["name"] as? String } == model.layout.tensors.map(\.name))
    #expect(tensors.map { $0["offset"] as? Int } == model.layout.tensors.map(\.offset))
    #expect(tensors[0]["shape"] as? [Int] == [4, 4])
  }

  @Test func pathOfATensor() throws {
    let model = try model()
    let history = filled(model)
    for name in ["w", "sensory_w"] {
      let (values, present, steps) = try #require(history.path(of: name, in: model))
      let pre = name == "w" ? 4 : 2
      #expect(values.shape == [4, pre, 4] && present.shape == values.shape && steps == [0, 1, 2, 3])
      let tensor = try #require(model.layout[name])
      for (moment, step) in steps.enumerated() {
        let state = try #require(history.state(at: step))
        let effective = model.effective(state.values)
        for i in 0..<4 {
          for j in 0..<pre {
            let entry = (i * pre + j) * 4 + moment
            #expect(Float(values.values[entry]) == effective[tensor.offset + j * 4 + i])
            #expect(Float(present.values[entry]) == state.connections[(name == "w" ? 0 : 16) + j * 4 + i])
          }
        }
      }
    }
    #expect(history.path(of: "gleak", in: model) == nil && history.path(of: "nothing", in: model) == nil)
  }

  @Test func keptInFilesBitForBit() throws {
    let model = try model()
    let history = filled(model)
    let (tensors, header) = try history.encoded(prefix: "training.")
    #expect(tensors.map(\.name) == ["training.history", "training.history_connections"])
    let again = WeightHistory(model)
    try again.restore(
      header: header, values: tensors[0].values.map(Float.init), present: tensors[1].values.map(Float.init), file: "x")
    #expect(again.moments == history.moments && again.interval == history.interval)
    for moment in history.moments { #expect(again.state(at: moment.step) == history.state(at: moment.step)) }
    #expect(throws: FormatError.self) {
      try again.restore(header: header, values: [1], present: [], file: "x")
    }
    // Less memory keeps less, the ends among it.
    let small = WeightHistory(parameters: history.parameters, synapses: history.synapses, megabytes: 0)
    for step in 0..<9 {
      small.record(step: step, values: model.initialParameters(seed: 1), connections: model.wiring.connections())
    }
    try small.restore(
      header: header, values: tensors[0].values.map(Float.init), present: tensors[1].values.map(Float.init), file: "x")
    #expect(small.moments.first?.step == 0 && small.moments.last == .init(step: 3, kind: .intervention))
  }
}
