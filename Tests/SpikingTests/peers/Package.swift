// swift-tools-version: 6.1
import PackageDescription

// A program that times `Spiking`; a package of its own, so that nobody who builds ganglion builds it.
let package = Package(
  name: "spiking-speed",
  dependencies: [.package(name: "ganglion", path: "../../..")],
  targets: [
    .executableTarget(name: "spiking-speed", dependencies: [.product(name: "Spiking", package: "ganglion")])
  ]
)
