import Formats
import Foundation
import Testing

@testable import Analysis

/// Against tensorly on numpy, single-threaded, in processor time, turn by turn in one run: 100³, R = 4.
/// `TENSORLY_PYTHON` names a Python that has them (`peers/tensorly_speed.py`); without it there is nothing to compare
/// with. Built for release only.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["TENSORLY_PYTHON"] != nil), .serialized)
struct SpeedTests {
  @Test func asFastAsTensorly() throws {
    let tensor = try noisy(plantedModel([100, 100, 100], rank: 4, seed: 70).tensor(), 0.1, seed: 5)
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("ganglion-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("tensor.npy").path
    try NPY(shape: tensor.shape, values: tensor.elements).write(to: file)
    let peer = try Peer()
    // Long enough to be timed, and as many turns as it takes for a median.
    for (name, sweeps) in [("20 plain sweeps", 20), ("until it converges", 0)] {
      var ratios: [Double] = []
      var times: (ours: [Double], theirs: [Double]) = ([], [])
      for turn in 0..<9 {
        let theirs = try peer.fit(file, rank: 4, sweeps: sweeps, seed: turn)
        var options = CPFitOptions(rank: 4, seed: UInt64(turn))
        if sweeps > 0 { (options.sweeps, options.tolerance, options.extrapolates) = (sweeps, -1, false) }
        let start = processorTime()
        let fit = try CPFit.fit(tensor, options)
        let seconds = processorTime() - start
        print(
          "\(name), start \(turn): ours \(seconds) s, \(fit.sweeps) sweeps, explained \(fit.explained);",
          "tensorly \(theirs.seconds) s, \(theirs.sweeps) sweeps, explained \(theirs.explained)")
        ratios.append(theirs.seconds / seconds)
        times.ours.append(seconds)
        times.theirs.append(theirs.seconds)
      }
      func middle(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
      print(
        "100³, R = 4, \(name): \(middle(ratios)) times as fast as tensorly, \(ratios.min()!) to \(ratios.max()!);",
        "ours \(middle(times.ours)) s, tensorly \(middle(times.theirs)) s; all together",
        "\(times.ours.reduce(0, +)) s and \(times.theirs.reduce(0, +)) s")
      #expect(middle(ratios) >= 1)
    }
  }

  /// Of this thread, in seconds.
  private func processorTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// tensorly in a process of its own.
  private final class Peer {
    private let process = Process()
    private let (input, output) = (Pipe(), Pipe())

    init() throws {
      let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("peers/tensorly_speed.py").path
      process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      process.arguments = [ProcessInfo.processInfo.environment["TENSORLY_PYTHON"]!, "-W", "ignore", script]
      process.standardInput = input
      process.standardOutput = output
      try process.run()
    }

    deinit {
      try? input.fileHandleForWriting.close()
      process.waitUntilExit()
    }

    func fit(_ file: String, rank: Int, sweeps: Int, seed: Int) throws -> (
      seconds: Double, sweeps: Int, explained: Double
    ) {
      input.fileHandleForWriting.write(Data("\(file) \(rank) \(sweeps) \(seed)\n".utf8))
      var line = ""
      while !line.hasSuffix("\n") {
        let byte = output.fileHandleForReading.readData(ofLength: 1)
        if byte.isEmpty { break }
        line += String(decoding: byte, as: UTF8.self)
      }
      let fields = line.split(whereSeparator: \.isWhitespace)
      try #require(fields.count == 3, "tensorly said '\(line)'")
      return try (#require(Double(fields[0])), #require(Int(fields[1])), #require(Double(fields[2])))
    }
  }
}
