import Dispatch
import Synchronization
import Testing

@testable import Analysis

@Suite struct TensorRankAnalysisTests {
  private func options(_ ranks: [Int], restarts: Int = 4) -> TensorRankOptions {
    var options = TensorRankOptions()
    options.ranks = ranks
    options.restarts = restarts
    return options
  }

  @Test(arguments: [1, 2, 3]) func plantedRankIsCalled(_ rank: Int) throws {
    let tensor = try noisy(plantedModel([12, 11, 14], rank: rank, seed: 50).tensor(), 0.1, seed: 1)
    let analysis = try TensorRankAnalysis.run(tensor, options(Array(1...5)))
    for fit in analysis.fits {
      print("planted \(rank), rank \(fit.rank): explained \(fit.explained), similarity \(fit.similarity!)")
    }
    #expect(analysis.suggested == rank && analysis.complete)
    #expect(analysis.verdict.hasPrefix("Rank \(rank): it explains 99"))
    #expect(analysis.fits.map(\.rank) == [1, 2, 3, 4, 5])
  }

  /// Noise has no rank: much is explained by many components, but each start finds others.
  @Test func noiseHasNoRank() throws {
    let noise = try noisy(Tensor3(6, 5, 4) { _, _, _ in 1 }, 100, seed: 2)
    let analysis = try TensorRankAnalysis.run(noise, options([1, 2, 4, 12]))
    #expect(analysis.fits[3].explained > 0.95 && analysis.fits[3].similarity! < 0.9)
    #expect(analysis.suggested == nil)
    #expect(
      analysis.verdict.hasPrefix("No rank is called: those that explain 95 % of the variance find other components"))
    let few = try TensorRankAnalysis.run(noise, options([1, 2]))
    #expect(few.suggested == nil && few.verdict.contains("less than the 95 % that are asked for"))
  }

  @Test func oneFitTellsNothingOfIdentity() throws {
    let tensor = plantedModel([4, 4, 4], rank: 1, seed: 3).tensor()
    let analysis = try TensorRankAnalysis.run(tensor, options([1], restarts: 1))
    #expect(analysis.fits[0].similarity == nil && analysis.suggested == nil)
    #expect(analysis.verdict.contains("one fit a rank"))
  }

  /// A component that adds 3 % to 97 % is one; those that add less than 1 % are not.
  @Test func weakComponentsCountIfTheyAddEnough() throws {
    let model = plantedModel([10, 10, 10], rank: 2, seed: 60)
    let strong = model.weights[0]
    let tensors = [0.2, 0.03].map { share in
      let parts = (0..<2).map { r in
        CPModel(model.factors.map { f in .init(rows: 10, columns: 1) { row, _ in f[row, r] } }).tensor().elements
      }
      return try? Tensor3(shape: [10, 10, 10], elements: zip(parts[0], parts[1]).map { strong * ($0 + share * $1) })
    }
    #expect(try TensorRankAnalysis.run(#require(tensors[0]), options([1, 2, 3])).suggested == 2)
    #expect(try TensorRankAnalysis.run(#require(tensors[1]), options([1, 2])).suggested == 1)
  }

  @Test func leavingARankOutChangesNoOther() throws {
    let tensor = try noisy(plantedModel([5, 6, 4], rank: 2, seed: 3).tensor(), 0.2, seed: 9)
    let all = try TensorRankAnalysis.run(tensor, options([1, 2, 3]))
    #expect(try TensorRankAnalysis.run(tensor, options([3])).fits == [all.fits[2]])
  }

  /// Runs beside the caller, tells how far it is, and stops when told to with what is complete.
  @Test func stopsInTheBackground() async throws {
    let tensor = try noisy(plantedModel([8, 8, 8], rank: 2, seed: 3).tensor(), 0.2, seed: 9)
    let options = options([1, 2, 3], restarts: 3)
    let seen = Mutex<[TensorRankProgress]>([])
    let analysis = try await withCheckedThrowingContinuation { continuation in
      DispatchQueue.global(qos: .utility).async {
        continuation.resume(
          with: Result {
            try TensorRankAnalysis.run(
              tensor, options,
              goesOn: { progress in
                seen.withLock { $0.append(progress) }
                return progress.rank < 3 || progress.restart < 1
              })
          })
      }
    }
    #expect(!analysis.complete && analysis.fits.map(\.rank) == [1, 2])
    let progress = seen.withLock { $0 }
    #expect(zip(progress, progress.dropFirst()).allSatisfy { $0.done <= $1.done })
    #expect(progress[0].done == 0 && abs(progress.last!.done - 12.0 / 18) < 1e-12)
  }

  @Test func refusals() throws {
    let tensor = try Tensor3(2, 2, 2) { _, _, _ in 1 }
    #expect(throws: TensorRankError.illegalRestarts(0)) {
      try TensorRankAnalysis.run(tensor, options([1], restarts: 0))
    }
    #expect(throws: TensorRankError.illegalRank(-1)) { try TensorRankAnalysis.run(tensor, options([1, -1])) }
  }
}
