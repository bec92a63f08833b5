import Analysis
import Circuits
import Foundation
import Learning
import Tasks
import Testing

@testable import Experiments

@Suite("Study of tensor rank") struct RankStudyTests {
  /// The theorem, in figures: within rounding for gradient descent, and not for Adam or with tanh.
  @Test func linearNetworksStayInTheirSpace() throws {
    let seed: UInt64 = 1
    let finding = try LinearTheorem(seed: seed).finding()
    print("theorem, seed \(seed): \(finding)")
    #expect(finding.bound == 3 + 2 + 2 * 2 + 1)
    // Sums of some hundred products, each rounded to 1e-16.
    #expect(finding.outside < 1e-12)
    #expect(finding.dimension <= finding.bound)
    #expect(finding.lossLeft < 0.7, "nothing was learned, so nothing is shown")
    #expect(finding.dimensionWithAdam > finding.bound && finding.outsideWithAdam > 1e-3)
    #expect(finding.dimensionWithTanh > finding.bound && finding.outsideWithTanh > 1e-6)
  }

  /// The loss falls because of the gradients that the theorem speaks of: they are those of the loss.
  @Test func itsNetworksGradientIsRight() {
    var network = LinearNetwork(seed: 3, way: .tanh)
    let before = network.w
    _ = network.update(1)
    // One update of gradient descent moves by −0.05 of the gradient.
    for entry in [0, 37, 500, 1_000] {
      let gradient = (before[entry] - network.w[entry]) / 0.05
      func loss(_ shift: Double) -> Double {
        var copy = LinearNetwork(seed: 3, way: .tanh)
        copy.w[entry] += shift
        return copy.update(1)
      }
      let difference = (loss(1e-5) - loss(-1e-5)) / 2e-5
      #expect(abs(gradient - difference) < 1e-8 + 1e-6 * abs(difference), "entry \(entry): \(gradient) \(difference)")
    }
  }

  private func trained(_ cell: String, prune: Bool = false) throws -> (
    Model<Float>, WeightHistory, [ParameterState<Float>]
  ) {
    var recipe = Recipe(data: DataSource(task: "sine", seed: 1))
    recipe.network = .init(cell: cell, neurons: 5, wiring: "all")
    let session = try recipe.make(threads: 1).session()
    let history = WeightHistory(session.model)
    session.add(history)
    var states = [session.learner.state]
    for step in 0..<4 {
      if prune, step == 2 { _ = try session.apply(.pruneFraction(0.4)) }
      try session.advance()
      states.append(session.learner.state)
    }
    return (session.model, history, states)
  }

  @Test func everySynapticTensorAndTheirProduct() throws {
    let (model, history, states) = try trained("ltc")
    let all = SynapticTensor.all(in: model.layout)
    #expect(Set(all.map(\.symbol)) == ["w", "E", "μ", "σ", "w·E"] && all.count == 5)
    let w = try #require(model.layout["w"])
    let e = try #require(model.layout["erev"])
    let product = try #require(all.last)
    let found = try history.path(of: product, in: model)
    let drive = try #require(found)
    #expect(drive.steps == [0, 1, 2, 3, 4] && drive.tensor.shape == [5, 5, 5] && drive.tensor.present == nil)
    for k in 0..<5 {
      for i in 0..<5 {
        for j in 0..<5 {
          let at = j * 5 + i
          let expected = Double(states[k].values[w.offset + at]) * Double(states[k].values[e.offset + at])
          #expect(drive.tensor[i, j, k] == expected)
        }
      }
    }
    #expect(drive.change[2, 3, 0] == 0 && drive.change[2, 3, 4] == drive.tensor[2, 3, 4] - drive.tensor[2, 3, 0])
    let part = try #require(try history.path(of: all[0], in: model, where: { (2...3).contains($0) }))
    #expect(part.steps == [2, 3])
    #expect(try history.path(of: all[0], in: model, where: { $0 >= 90 }) == nil)
    #expect(SynapticTensor.named(.slope, in: model.layout)?.symbol == "σ")
    let sensory = SynapticTensor.all(in: model.layout, of: .sensorySynapse)
    #expect(sensory.count == 5)
    #expect(try #require(try history.path(of: sensory[0], in: model)).tensor.shape == [5, model.inputs, 5])
  }

  @Test func prunedSynapsesAreMissingFromThenOn() throws {
    let (model, history, states) = try trained("rnn", prune: true)
    let weights = try #require(SynapticTensor.all(in: model.layout).first)
    let path = try #require(try history.path(of: weights, in: model))
    let present = try #require(path.tensor.present)
    var missing = 0
    for i in 0..<5 {
      for j in 0..<5 {
        for (k, step) in path.steps.enumerated() {
          let isThere = present[(i * 5 + j) * path.steps.count + k]
          // Pruned after two steps: the moment of step 2 is that of the command.
          #expect(isThere == (step < 2 || states[4].connections[j * 5 + i] != 0))
          if !isThere { missing += 1 }
        }
      }
    }
    #expect(missing > 0)
  }

  @Test func thinnedPathsKeepTheirEnds() throws {
    let tensor = try Tensor3(2, 3, 10) { Double($0 + 10 * $1 + 100 * $2) }
    let thin = try tensor.thinned(to: 4)
    #expect(thin.shape == [2, 3, 4])
    #expect((0..<4).map { thin[1, 2, $0] } == [21, 321, 621, 921])
    #expect(try tensor.thinned(to: 10) == tensor && tensor.thinned(to: 1) == tensor)
    #expect(try tensor.thinned(to: 2, along: 1)[1, 1, 9] == tensor[1, 2, 9])
  }

  private var tiny: RankPlan {
    var plan = RankPlan(.small, seeds: [1, 2])
    (plan.tasks, plan.models, plan.steps, plan.ranks, plan.restarts, plan.neurons) = (["sine"], ["ltc"], 12, 2, 2, 4)
    plan.moments = 8
    return plan
  }

  /// The distance is to the nearer control, seed by seed, and told only where it exceeds the spread.
  @Test func distancesAreToTheNearerControl() {
    func path(_ explained: Double, _ norm: Double, _ singular: Double) -> PathRank {
      PathRank(
        tensor: "Δw", shape: [4, 4, 8], explained: [explained], similarity: [1], sameNorm: [norm],
        sameSingularValues: [singular], slice95: 1, slice95Largest: 1, unfolding95: [1, 1, 1], unfolding99: [1, 1, 1])
    }
    var row = RankTable.Row(
      task: "sine", model: "ltc", tensor: "Δw", shape: [4, 4, 8], paths: [path(0.9, 0.5, 0.6), path(0.8, 0.55, 0.4)])
    #expect(abs((row.distance(1)?.mean ?? 0) - 0.275) < 1e-12 && row.exceedsControls(1))
    row.paths[0] = path(0.9, 0.2, 0.1)
    row.paths[1] = path(0.5, 0.6, 0.1)
    #expect(!row.exceedsControls(1))
    row.paths.removeLast()
    #expect(!row.exceedsControls(1) && row.distance(2) == nil)
    #expect(row.rank(explaining: 0.9) == 1 && row.rank(explaining: 0.95) == nil)
  }

  /// A study that was interrupted goes on, and finds what one that was not finds.
  @Test func goesOnFromItsLog() throws {
    var plan = tiny
    plan.seeds = [1]
    let jobs = plan.jobs.filter { $0.kind != .reach }
    let path = NSTemporaryDirectory() + "rank-\(UUID().uuidString).jsonl"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let log = try RankLog(plan, path: path)
    let run = try #require(try RankRun.perform(jobs[1], plan: plan))
    #expect(
      run.paths.map(\.tensor) == ["Δw", "Δμ", "Δσ", "ΔE", "Δ(w·E)"].filter { run.paths.map(\.tensor).contains($0) })
    #expect(run.paths.count == 5 && run.paths.allSatisfy { $0.explained.count == 2 && $0.sameNorm.count == 2 })
    try log.append(run)
    let handle = try #require(FileHandle(forWritingAtPath: path))
    try handle.seekToEnd()
    try handle.write(contentsOf: Data("{\"job\":{\"ki".utf8))
    try handle.close()
    let (again, resumed, runs) = try RankLog.resume(path)
    #expect(resumed == plan && runs == [run])
    #expect(throws: CircuitError.self) { _ = try RankLog(plan, path: path) }
    let study = RankStudy(resumed, finished: runs, log: again)
    #expect(study.report().share == 1 / 3 && study.status == .waiting)
    study.cancel()
    study.wait()
    #expect(study.status == .cancelled)
    // The same job once more gives the same figures.
    let twin = try #require(try RankRun.perform(jobs[1], plan: plan))
    #expect(twin.paths == run.paths && twin.losses == run.losses)
    #expect(try RankRun.perform(jobs[1], plan: plan, goesOn: { false }) == nil)
    try "nothing\n".write(toFile: path, atomically: true, encoding: .utf8)
    #expect(throws: (any Error).self) { _ = try RankLog.resume(path) }
  }
}
