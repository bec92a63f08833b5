import Benchmark
import Formats
import Tasks

/// Tasks as they are loaded or generated, and the file formats.
let benchmarks: @Sendable () -> Void = {
  Benchmark.defaultConfiguration = .init(
    metrics: [.wallClock, .throughput], warmupIterations: 1, scalingFactor: .one, maxDuration: .milliseconds(500))

  for task in TaskRegistry.all {
    Benchmark("load \(task.name)") { benchmark in
      for _ in benchmark.scaledIterations { blackHole(try task.load(seed: 1)) }
    }
  }

  Benchmark("CSV, 20 000 rows of 8 numbers") { (benchmark, bytes: [UInt8]) in
    for _ in benchmark.scaledIterations { blackHole(try CSVTable(bytes: bytes, file: "table.csv").numbers(7)) }
  } setup: {
    let row = "0.125,-3.5,17,2.25e-3,1000,0.5,-0.0625,42\n"
    return Array(("a,b,c,d,e,f,g,h\n" + String(repeating: row, count: 20_000)).utf8)
  }
  Benchmark("safetensors, a million numbers") { (benchmark, bytes: [UInt8]) in
    for _ in benchmark.scaledIterations { blackHole(try Safetensors(bytes: bytes, file: "model.safetensors")) }
  } setup: {
    let values = (0..<1_000_000).map { Double($0) / 7 }
    return try Safetensors(tensors: [NamedTensor(name: "w", shape: [1000, 1000], values: values)]).encoded()
  }
}
