// swift-tools-version: 6.1
import PackageDescription

// A package of its own, so that who builds ganglion never builds the harness. `swift package benchmark` runs it all;
// `peers/run` compares with the Python libraries.
let harness: Target.Dependency = .product(name: "Benchmark", package: "benchmark")
let plugin: Target.PluginUsage = .plugin(name: "BenchmarkPlugin", package: "benchmark")
func ganglion(_ module: String) -> Target.Dependency { .product(name: module, package: "ganglion") }

let package = Package(
  name: "ganglion-benchmarks",
  dependencies: [
    .package(name: "ganglion", path: "../.."),
    .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []),
  ],
  targets: [
    .target(name: "Ceiling"),
    .target(name: "Workloads", dependencies: [ganglion("Circuits"), ganglion("Learning"), ganglion("Tasks")]),
    .executableTarget(name: "Worker", dependencies: ["Ceiling", "Workloads", ganglion("Circuits")]),
    .executableTarget(
      name: "CircuitBenchmarks", dependencies: ["Workloads", harness, ganglion("Circuits")],
      path: "Benchmarks/Circuits",
      plugins: [plugin]),
    .executableTarget(
      name: "ScreenBenchmarks",
      dependencies: [
        harness, ganglion("Analysis"), ganglion("Circuits"), ganglion("Explorer"), ganglion("Learning"),
        ganglion("Tasks"), ganglion("Terminal"),
      ], path: "Benchmarks/Screen", plugins: [plugin]),
    .executableTarget(
      name: "LoaderBenchmarks", dependencies: [harness, ganglion("Formats"), ganglion("Tasks")],
      path: "Benchmarks/Loaders", plugins: [plugin]),
  ]
)
