// swift-tools-version: 6.1
import PackageDescription

// The rooms and their arrows. Nothing below Explorer knows that there is a screen; only Terminal imports curses,
// only LinearAlgebra imports LAPACK. A target names every module it imports: what is not named is not rebuilt when that
// module's types change their size, and then the program crashes.
let real: Target.Dependency = .product(name: "RealModule", package: "swift-numerics")
let deque: Target.Dependency = .product(name: "DequeModule", package: "swift-collections")

let package = Package(
  name: "ganglion",
  products: [
    .executable(name: "ganglion", targets: ["ganglion"]),
    .library(name: "Circuits", targets: ["Circuits"]),
    .library(name: "Analysis", targets: ["Analysis"]),
    .library(name: "Learning", targets: ["Learning"]),
    .library(name: "Search", targets: ["Search"]),
    .library(name: "Spiking", targets: ["Spiking"]),
    .library(name: "FrozenNetworks", targets: ["FrozenNetworks"]),
    .library(name: "Tasks", targets: ["Tasks"]),
    .library(name: "Formats", targets: ["Formats"]),
    .library(name: "Experiments", targets: ["Experiments"]),
    .library(name: "Terminal", targets: ["Terminal"]),
    .library(name: "Explorer", targets: ["Explorer"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-numerics", from: "1.1.1"),
  ],
  targets: [
    .systemLibrary(name: "CNcurses", providers: [.apt(["libncursesw5-dev"])]),
    .systemLibrary(name: "CLAPACKE", providers: [.apt(["liblapacke-dev"])]),
    .target(name: "Randomness"),
    .target(name: "CKernels"),
    .target(name: "LinearAlgebra", dependencies: ["CLAPACKE", real]),
    .target(name: "Formats"),
    .target(name: "Assets", path: "assets", exclude: ["SOURCES.md"], resources: [.copy("data")]),
    .target(name: "Tasks", dependencies: ["Assets", "Formats", "Randomness"]),
    .target(
      name: "Circuits", dependencies: ["Assets", "CKernels", "Formats", "LinearAlgebra", "Randomness", real]),
    .target(name: "Learning", dependencies: ["CKernels", "Circuits", "Tasks", "Formats", "Randomness", deque]),
    .target(
      name: "Experiments",
      dependencies: [
        "Analysis", "Circuits", "Formats", "Learning", "LinearAlgebra", "Randomness", "Search", "Spiking", "Tasks",
        real,
      ]),
    .target(name: "Analysis", dependencies: ["CKernels", "Circuits", "LinearAlgebra", "Randomness", real]),
    .target(name: "Search", dependencies: ["LinearAlgebra", "Randomness", real]),
    .target(name: "Spiking", dependencies: ["LinearAlgebra", "Randomness", real]),
    .target(name: "FrozenNetworks", dependencies: ["CKernels", "Randomness"]),
    .target(name: "Terminal", dependencies: ["CNcurses"]),
    .target(
      name: "Explorer",
      dependencies: [
        "Analysis", "Circuits", "Experiments", "Learning", "LinearAlgebra", "Search", "Spiking", "Tasks", "Terminal",
      ]),
    .executableTarget(
      name: "ganglion",
      dependencies: [
        "Analysis", "Circuits", "Experiments", "Explorer", "Formats", "Learning", "LinearAlgebra", "Randomness",
        "Search", "Spiking", "Tasks", "Terminal",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .testTarget(name: "LinearAlgebraTests", dependencies: ["LinearAlgebra", "Randomness", real]),
    .testTarget(name: "KernelsTests", dependencies: ["CKernels", "Randomness"]),
    .testTarget(name: "FormatsTests", dependencies: ["Formats"], resources: [.copy("Fixtures")]),
    .testTarget(name: "TasksTests", dependencies: ["Assets", "Formats", "Tasks"]),
    .testTarget(
      name: "CircuitsTests", dependencies: ["CKernels", "Circuits", "LinearAlgebra", "Randomness"],
      resources: [.copy("Fixtures")]),
    .target(name: "CAllocations", path: "Tests/CAllocations"),
    .target(name: "Samples", dependencies: ["Circuits", "Learning", "Randomness", "Tasks"], path: "Tests/Samples"),
    .testTarget(
      name: "LearningTests",
      dependencies: ["CAllocations", "CKernels", "Circuits", "Formats", "Learning", "Randomness", "Samples", "Tasks"],
      resources: [.copy("Fixtures")]),
    .testTarget(
      name: "ExperimentsTests",
      dependencies: [
        "Analysis", "Circuits", "Experiments", "Formats", "Learning", "LinearAlgebra", "Randomness", "Samples",
        "Search",
        "Spiking", "Tasks",
      ]),
    .testTarget(
      name: "SearchTests", dependencies: ["LinearAlgebra", "Randomness", "Search", real],
      resources: [.copy("Fixtures")]),
    .testTarget(
      name: "SpikingTests", dependencies: ["LinearAlgebra", "Randomness", "Spiking", real], exclude: ["peers"],
      resources: [.copy("Fixtures")]),
    .testTarget(
      name: "AnalysisTests",
      dependencies: ["Analysis", "CKernels", "Circuits", "Formats", "LinearAlgebra", "Randomness"],
      exclude: ["peers"], resources: [.copy("TensorRank/Fixtures")]),
    .testTarget(name: "FrozenNetworksTests", dependencies: ["FrozenNetworks"], resources: [.copy("Fixtures")]),
    .testTarget(name: "TerminalTests", dependencies: ["Terminal"]),
    .testTarget(
      name: "ExplorerTests",
      dependencies: [
        "Analysis", "Circuits", "Experiments", "Explorer", "Learning", "LinearAlgebra", "Randomness", "Search",
        "Spiking", "Tasks", "Terminal", "ganglion",
      ], resources: [.copy("Fixtures")]),
    .testTarget(name: "CommandTests", dependencies: ["Formats", "ganglion"]),
  ]
)
