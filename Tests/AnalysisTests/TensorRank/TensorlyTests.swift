import Formats
import Foundation
import Testing

@testable import Analysis

/// The same tensors as tensorly had, made by `peers/make_tensorly_fixtures.py`.
@Suite struct TensorlyTests {
  struct Reference: Decodable {
    struct Case: Decodable {
      var tensor: String
      var masked: Bool
      var nonNegative: Bool
      var rank: Int
      var explained: Double
    }
    var cases: [Case]
  }

  private static func path(_ name: String) -> String {
    Bundle.module.resourceURL!.appendingPathComponent("Fixtures/\(name)").path
  }

  static func tensor(_ name: String, masked: Bool) throws -> Tensor3 {
    let values = try NPY(path: path("\(name).npy"))
    let mask = masked ? try NPY(path: path("\(name)-mask.npy")).values.map { $0 != 0 } : nil
    return try Tensor3(shape: values.shape, elements: values.values, present: mask)
  }

  @Test func explainedVariance() throws {
    let data = try Data(contentsOf: URL(fileURLWithPath: Self.path("tensorly.json")))
    let reference = try JSONDecoder().decode(Reference.self, from: data)
    #expect(reference.cases.count == 24)
    var worst = 0.0
    for expected in reference.cases {
      let tensor = try Self.tensor(expected.tensor, masked: expected.masked)
      var options = TensorRankOptions()
      options.ranks = [expected.rank]
      options.nonNegative = expected.nonNegative
      options.restarts = 6
      let fit = try TensorRankAnalysis.run(tensor, options).fits[0]
      worst = max(worst, abs(fit.explained - expected.explained))
      #expect(abs(fit.explained - expected.explained) < 1e-3, "\(expected): \(fit.explained)")
    }
    print("largest difference from tensorly's explained variance: \(worst)")
  }
}
