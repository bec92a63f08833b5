import Tasks
import Testing

@Suite("A batch") struct BatchTests {
  /// Windows that begin before a series, end after it, lie beside it, or only warm up; widths 0 … 3.
  @Test(arguments: [0, 1, 3], [0, 1, 2]) func holdsWhatTheSeriesHas(_ width: Int, _ columns: Int) {
    let length = 7
    let series = Series(
      name: "", inputs: (0..<length * width).map { 10 + Double($0) },
      targets: (0..<length * columns).map { -10 - Double($0) }, elapsed: (0..<length).map { 0.5 + Double($0) },
      weights: (0..<length).map { 0.25 * Double($0) })
    for (rows, steps) in [(1, 1), (3, 4), (2, 9)] {
      for start in -10...9 {
        for warmUp in [0, 2, 20] {
          var batch = Batch<Float>(rows: rows, steps: steps, inputCount: width, targetCount: columns)
          let untouched = batch
          let row = rows - 1
          batch.fill(row: row, from: series, start: start, warmUp: warmUp)
          for t in 0..<steps {
            let source = start + t
            let inside = (0..<length).contains(source)
            let sample = t * rows + row
            #expect(batch.elapsed[sample] == (inside ? 0.5 + Float(source) : 1))
            #expect(batch.weights[sample] == (inside && t >= warmUp ? 0.25 * Float(source) : 0))
            for m in 0..<width {
              #expect(batch.inputs[sample * width + m] == (inside ? 10 + Float(source * width + m) : 0))
            }
            for k in 0..<columns {
              #expect(batch.targets[sample * columns + k] == (inside ? -10 - Float(source * columns + k) : 0))
            }
            for other in 0..<row {
              #expect(batch.weights[t * rows + other] == untouched.weights[t * rows + other])
            }
          }
        }
      }
    }
  }
}
