import Benchmark
import Circuits
import Workloads

/// Training steps and single inference steps of every cell: N in 8…256, threads 1 and 2; and the share that pruning saves.
let benchmarks: @Sendable () -> Void = {
  Benchmark.defaultConfiguration = .init(
    metrics: [.wallClock, .cpuTotal], warmupIterations: 2, scalingFactor: .one, maxDuration: .milliseconds(400),
    maxIterations: 2000)

  for kind in Cells.all {
    for neurons in [8, 16, 32, 64, 128, 256] {
      for threads in [1, 2] {
        let workload = Workload(cell: kind.name, neurons: neurons, threads: threads)
        Benchmark("train \(kind.name), N \(neurons), threads \(threads)") { (benchmark, training: TrainingWorkload) in
          for _ in benchmark.scaledIterations { try training.run(1) }
        } setup: {
          let training = try TrainingWorkload(workload)
          try training.run(2)
          return training
        }
      }
      let workload = Workload(cell: kind.name, neurons: neurons)
      Benchmark(
        "infer \(kind.name), N \(neurons)", configuration: .init(scalingFactor: .kilo, maxDuration: .milliseconds(200))
      ) { (benchmark, inference: InferenceWorkload) in
        inference.run(benchmark.scaledIterations.count)
      } setup: {
        try InferenceWorkload(workload)
      }
    }
  }
  // Of the plain LTC with its own kernels, and of a circuit put together from the family's parts.
  for cell in ["ltc", "ctrnn-synaptic"] {
    for share in ["all", "random:0.5", "random:0.25", "random:0.1"] {
      let workload = Workload(cell: cell, neurons: 128, wiring: share)
      Benchmark("train \(cell), N 128, synapses \(share)") { (benchmark, training: TrainingWorkload) in
        for _ in benchmark.scaledIterations { try training.run(1) }
      } setup: {
        try TrainingWorkload(workload)
      }
    }
  }
}
