import Foundation
import LinearAlgebra
import Randomness
import Testing

@testable import Analysis

/// What is held out knows how many components made a recording: networks of rank 1, 3 and 5 make one, networks of other
/// ranks are fitted to it. Some minutes, so only where `PLANTED_RANKS` names what is planted ("1,3,5"); built for release.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["PLANTED_RANKS"] != nil), .serialized)
struct PlantedRankTests {
  private static let (trials, neurons, steps, conditions, preparation) = (40, 20, 15, 8, 8)

  /// Components that turn into each other, so that dynamics rotate, and whose sizes move along trials; noise of a tenth of
  /// the signal.
  private func planted(_ rank: Int) throws -> (recording: LearningRecording, network: LowTensorRankNetwork) {
    let (trials, neurons) = (Self.trials, Self.neurons)
    var network = LowTensorRankNetwork(
      trials: trials, neurons: neurons, recorded: neurons, steps: Self.steps, preparation: Self.preparation, rank: rank,
      conditions: Self.conditions, seed: 11)
    var random = SeededGenerator(seed: 88)
    let (a, b, c) = (network.range(of: .a), network.range(of: .b), network.range(of: .c))
    for i in 0..<neurons {
      for r in 0..<rank {
        let next = network.values[a.lowerBound + i * rank + (r + 1) % rank]
        let turned = rank > 1 ? (r % 2 == 0 ? 0.7 : -0.7) * next : 0
        network.values[b.lowerBound + i * rank + r] =
          0.7 * network.values[a.lowerBound + i * rank + r] + turned + 0.2 * random.normal()
      }
    }
    for k in 0..<trials {
      for r in 0..<rank {
        let phase = Double(k) / Double(trials) * 2 * .pi * (0.5 + 0.35 * Double(r)) + Double(r)
        network.values[c.lowerBound + k * rank + r] = 1.5 + 0.6 * sin(phase)
      }
    }
    for i in network.range(of: .inputs) { network.values[i] *= 1.5 }
    let condition = (0..<trials).map { $0 % Self.conditions }
    let nothing = [Double](repeating: 0, count: trials * neurons * Self.steps)
    let none = nothing.map { _ in false }
    let made = network.pass(
      targets: nothing, fitted: none, tested: none, condition: condition, process: try TrialProcess(trials: trials),
      wantsGradient: false
    ).outputs
    let size = (made.reduce(0) { $0 + $1 * $1 } / Double(made.count)).squareRoot()
    let tensor = try Tensor3(
      shape: [trials, neurons, Self.steps], elements: made.map { $0 + 0.1 * size * random.normal() })
    return (try LearningRecording(tensor, condition: condition, scale: 1), network)
  }

  @Test func heldOutErrorFindsThePlantedRank() throws {
    let wanted = ProcessInfo.processInfo.environment["PLANTED_RANKS"] ?? ""
    for truth in wanted.split(separator: ",").compactMap({ Int($0) }) {
      let (recording, network) = try planted(truth)
      var heldOut: [(rank: Int, error: Double)] = []
      for rank in max(truth - 1, 1)...truth + 1 {
        // The better of two starts, by what is fitted.
        let fits = try (1...2).map { seed in
          var fit = try LowTensorRankFit(
            recording, rank: rank, preparation: Self.preparation, seed: UInt64(seed))
          fit.rate = 0.01
          // All iterations: the rule may stop one rank sooner than another, and that is compared too then.
          while fit.iterations < LowTensorRankFit.mostIterations { try fit.advance() }
          return (fit: fit, outcome: try fit.measure())
        }
        let best = fits[0].outcome.fitted <= fits[1].outcome.fitted ? fits[0] : fits[1]
        let error = best.outcome.tested / recording.variance
        heldOut.append((rank, error))
        print("planted \(truth), fitted \(rank): held-out error ÷ variance \(error)")
        if rank == truth {
          let theirs = network.factors(try TrialProcess(trials: Self.trials)).a
          let cosines = try principalCosines(
            best.fit.network.decoding * best.fit.factors().a, network.decoding * theirs)
          print("planted \(truth): cosines of the principal angles \(cosines)")
          #expect(cosines[0] > 0.95)
        }
      }
      let least = try #require(heldOut.min { $0.error < $1.error })
      let own = try #require(heldOut.first { $0.rank == truth })
      // Within 3 %: what a further component can do to noise.
      #expect(own.error <= 1.03 * least.error, "rank \(least.rank) has less")
    }
  }
}
