import Foundation
import LinearAlgebra
import Randomness
import Testing

@testable import Analysis

@Suite("Networks of low tensor rank") struct LowTensorRankTests {
  /// The shares that the published run reports for 21 steps × 250 trials × 200 neurons, to its four digits.
  @Test func heldOutSharesAreThePublished() {
    let blocks = HeldOutBlocks(trials: 250, neurons: 200, steps: 21)
    #expect((blocks.fittedShare * 1e4).rounded() == 4_347)
    #expect((blocks.testedShare * 1e4).rounded() == 1_705)
    #expect(zip(blocks.fitted, blocks.tested).allSatisfy { !($0 && $1) })
  }

  /// No tested entry has a fitted one of the same neuron within three steps and trials: what is between 2 and 5.
  @Test func testedEntriesHaveNoFittedNeighbours() {
    let (trials, neurons, steps) = (30, 4, 25)
    let blocks = HeldOutBlocks(trials: trials, neurons: neurons, steps: steps, kept: 0.5, seed: 3)
    var seen = 0
    for k in 0..<trials {
      for o in 0..<neurons {
        for t in 0..<steps where blocks.tested[(k * neurons + o) * steps + t] {
          seen += 1
          for near in max(k - 3, 0)...min(k + 3, trials - 1) {
            for step in max(t - 3, 0)...min(t + 3, steps - 1) {
              #expect(!blocks.fitted[(near * neurons + o) * steps + step])
            }
          }
        }
      }
    }
    #expect(seen > 0)
    let whole = HeldOutBlocks(trials: 3, neurons: 2, steps: 2, kept: 1)
    #expect(whole.fittedShare == 1 && whole.testedShare == 0)
    // Smaller than any block: ends all the same.
    #expect(HeldOutBlocks(trials: 1, neurons: 1, steps: 1).fittedShare == 0)
  }

  @Test func trialsAreSmoothedByTheProcess() throws {
    let trials = 60
    let process = try TrialProcess(trials: trials)
    let slow = Matrix<Double>(rows: trials, columns: 1) { row, _ in Foundation.sin(Double(row) / 20) }
    let fast = Matrix<Double>(rows: trials, columns: 1) { row, _ in row % 2 == 0 ? 1 : -1 }
    // The mean is drawn towards 0 where there are few neighbours, at both ends.
    #expect((8..<trials - 8).allSatisfy { abs(process.smoothed(slow)[$0, 0] - slow[$0, 0]) < 0.06 })
    #expect((0..<trials).allSatisfy { abs(process.smoothed(slow)[$0, 0] - slow[$0, 0]) < 0.25 })
    #expect(process.smoothed(fast).frobeniusNorm < 0.1 * fast.frobeniusNorm)
    // A hidden trial is what its neighbours say.
    let hidden = try TrialProcess(trials: trials, hidden: [30])
    var spoiled = slow
    spoiled[30, 0] = 100
    #expect(hidden.smoothed(spoiled) == hidden.smoothed(slow))
    #expect(abs(hidden.smoothed(spoiled)[30, 0] - slow[30, 0]) < 0.06)
    // ⟨S·z, g⟩ = ⟨z, Sᵀ·g⟩.
    var random = SeededGenerator(seed: 4)
    func drawn() -> Matrix<Double> { Matrix(rows: trials, columns: 2) { _, _ in random.normal() } }
    let (z, g) = (drawn(), drawn())
    let left = zip(hidden.smoothed(z).elements, g.elements).reduce(0) { $0 + $1.0 * $1.1 }
    let right = zip(z.elements, hidden.adjoint(g).elements).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(abs(left - right) < 1e-10 * max(abs(left), 1))
    #expect(hidden.adjoint(g)[30, 0] == 0)
  }

  @Test(arguments: [(5, 7), (7, 5), (4, 4), (1, 3)]) func theDecoderIsOrthonormal(_ neurons: Int, _ recorded: Int) {
    let network = LowTensorRankNetwork(
      trials: 2, neurons: neurons, recorded: recorded, steps: 2, rank: 1, conditions: 1, seed: 9)
    let d = network.decoding
    let gram = recorded >= neurons ? d.transpose * d : d * d.transpose
    for i in 0..<gram.rows {
      for j in 0..<gram.columns { #expect(abs(gram[i, j] - (i == j ? 1 : 0)) < 1e-14) }
    }
  }

  /// Every parameter's gradient against central differences.
  @Test(arguments: [(5, 7), (7, 5)]) func gradients(_ neurons: Int, _ recorded: Int) throws {
    var network = LowTensorRankNetwork(
      trials: 6, neurons: neurons, recorded: recorded, steps: 4, preparation: 3, rank: 2, conditions: 2, seed: 3)
    var random = SeededGenerator(seed: 5)
    let targets = (0..<6 * recorded * 4).map { _ in 0.5 * random.normal() }
    let mask = targets.map { _ in random.unit() < 0.6 }
    let process = try TrialProcess(trials: 6, hidden: [2])
    func run() -> LowTensorRankNetwork.Outcome {
      network.pass(
        targets: targets, fitted: mask, tested: mask.map { !$0 }, condition: [0, 1, 0, 1, 1, 0], process: process)
    }
    let gradient = run().gradient
    #expect(gradient.count == network.values.count)
    var worst = 0.0
    for i in network.values.indices {
      let value = network.values[i]
      network.values[i] = value + 1e-5
      let up = run().loss
      network.values[i] = value - 1e-5
      let down = run().loss
      network.values[i] = value
      worst = max(worst, abs((up - down) / 2e-5 - gradient[i]))
    }
    // Second-order differences with 1e-5: 1e-10 of curvature, 1e-16/1e-5 of rounding.
    #expect(worst < 1e-9, "\(worst)")
    #expect(
      LowTensorRankNetwork.Part.allCases.allSatisfy { part in
        gradient[network.range(of: part)].contains { $0 != 0 }
      })
  }

  private func recording() throws -> LearningRecording {
    try LearningRecording(
      Tensor3(12, 6, 8) { k, o, t in
        3 + Foundation.sin(Double(t) / 3 + Double(o)) * (k < 6 ? 1 : 2) * (k % 2 == 0 ? 1 : -1)
      }, condition: (0..<12).map { $0 % 2 })
  }

  @Test func whatIsFrozenStaysToTheBit() throws {
    let blocks = HeldOutBlocks(trials: 12, neurons: 6, steps: 8, kept: 0.7, seed: 2)
    var fit = try LowTensorRankFit(recording(), rank: 2, preparation: 4, blocks: blocks)
    fit.frozen = [.a, .decoder]
    let before = fit.network
    let start = try fit.measure()
    for _ in 0..<150 { try fit.advance() }
    let end = try fit.measure()
    for part in LowTensorRankNetwork.Part.allCases {
      let range = before.range(of: part)
      #expect((before.values[range] == fit.network.values[range]) == (part == .a || part == .decoder))
    }
    #expect(end.fitted < 0.8 * start.fitted && start.tested.isFinite && fit.iterations == 150)
    // The same seed, the same numbers.
    var again = try LowTensorRankFit(recording(), rank: 2, preparation: 4, blocks: blocks)
    again.frozen = [.a, .decoder]
    for _ in 0..<150 { try again.advance() }
    #expect(again.network.values == fit.network.values)
  }

  @Test func recordingsAreCentredAndTheirErrorsTold() throws {
    let recording = try recording()
    #expect(abs(recording.variance - 0.09) < 1e-12 && recording.conditions == 2)
    #expect(try recording.outsideComponents(6) < 1e-12)
    #expect(abs(try recording.outsideComponents(0) - recording.variance) < 1e-12)
    #expect(throws: TensorRankError.allZero) { try LearningRecording(Tensor3(2, 2, 2) { _, o, _ in Double(o) }) }
    #expect(throws: TensorRankError.wrongCount(expected: 2, actual: 1)) {
      try LearningRecording(Tensor3(2, 2, 2) { k, _, t in Double(k * t) }, condition: [0])
    }
    #expect(throws: TensorRankError.illegalRank(0)) { try LowTensorRankFit(recording, rank: 0) }
  }

  @Test func principalAnglesAreThoseOfSubspaces() throws {
    let plane = Matrix<Double>([[1, 1], [0, 1], [0, 0]])
    let other = Matrix<Double>([[2, 0], [0, 0], [0, 3]])
    let cosines = try principalCosines(plane, other)
    #expect(abs(cosines[0] - 1) < 1e-12 && abs(cosines[1]) < 1e-12)
  }
}
