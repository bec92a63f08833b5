import Formats
import Foundation
import Testing

@Suite("ganglion spikes") struct SpikesTests {
  private let folder: Folder
  init() throws { folder = try Folder() }

  /// Every interval is t_ref + τ·ln(I/(I − 1)), rounded up to a step; with subtraction, whose rest is kept, on average.
  @Test(arguments: ["rest", "subtract"]) func oneNeuronUnderAConstantCurrent(_ reset: String) throws {
    let (tau, refractory, current, step) = (12.0, 3.0, 1.7, 0.02)
    let run = try Program(
      "spikes", "--neurons", "1", "--tau", "\(tau)", "--refractory", "\(refractory)", "--current", "\(current)",
      "--reset", reset, "--seconds", "2", "--step", "\(step)", "--json")
    #expect(run.status == 0 && run.error.isEmpty, "\(run.error)")
    let lines = try run.objects()
    #expect(lines.count == 2 && lines[0].int("neuron") == 0)
    let times = lines[0].vector("times")
    let period = refractory + tau * log(current / (current - 1))
    // Without refractory period and rest the first spike comes after τ·ln(I/(I − 1)).
    #expect(abs(times[0] - (period - refractory)) <= step + 1e-9)
    for (a, b) in zip(times, times.dropFirst()) {
      #expect(b - a > period - step - 1e-9 && b - a < period + step + 1e-9, "\(b - a), exact \(period)")
    }
    let rate = try #require(lines[1].number("rate"))
    #expect(abs(rate - 1_000 / period) < 0.5 + 1_000 / period * step / period, "\(rate) Hz, exact \(1_000 / period) Hz")
    #expect(lines[1]["done"] as? Bool == true && lines[1]["capacity"] is NSNull && lines[1]["efficiency"] is NSNull)
    #expect(abs(lines[1].number("activity")! - rate * step / 1_000) < 1e-12)
    #expect(lines[1].number("secondsPerSecond")! > 0)
  }

  /// Independent values are remembered; the spikes of the file are those of the lines; a seed decides everything.
  @Test func capacityAndSpikes() throws {
    let file = folder.file("spikes.npy")
    let words = [
      "spikes", "--neurons", "40", "--connections", "8", "--tau", "gamma:4:20", "--seconds", "4", "--step", "0.5",
      "--stdp", "0.01,gamma:4:0.0105,20,20", "--bounds", "soft", "--homeostasis", "0.1:20", "--json",
    ]
    let run = try Program(words + ["--spikes", file])
    #expect(run.status == 0, "\(run.error)")
    let lines = try run.objects()
    let end = lines[lines.count - 1]
    let (c, s) = (try #require(end.number("capacity")), try #require(end.number("activity")))
    let efficiency = try #require(end.number("efficiency"))
    #expect(c > 0.05 && c < 40 && abs(efficiency * s / c - 1) < 1e-12)
    #expect(abs(end.number("rate")! - s / 0.02) < 1e-9)
    let spikes = try NPY(path: file)
    let count = lines.dropLast().reduce(0) { $0 + $1.vector("times").count }
    #expect(spikes.shape == [count, 2])
    #expect(lines.dropLast().allSatisfy { !$0.vector("times").isEmpty })
    let third = lines.dropLast().first { $0.int("neuron") == Int(spikes.values[1]) }
    #expect(third?.vector("times").first == spikes.values[0])
    #expect(abs(Double(count) / 40 / 4 - end.number("rate")!) < 1e-9)
    let again = try Program(words).output.split(separator: "\n").dropLast()
    #expect(Array(again) == Array(run.output.split(separator: "\n").dropLast()))
    let text = try Program(words.dropLast() + ["--seed", "2"]).output
    for part in [
      "STDP: A₊ 0.01, A₋ gamma:4.0:0.0105", "soft bounds at 1.125", "at a rate of 0.1 every 500 ms", "silent",
    ] {
      #expect(text.contains(part), "\(text)")
    }
  }

  @Test(arguments: ["current:0.5", "rate:200:4", "level:0.1", "latency:4"]) func inputFiles(_ code: String) throws {
    let file = folder.file("wave.npy")
    try NPY(shape: [60, 2], values: (0..<120).map { sin(Double($0 / 2) / 5 + Double($0 % 2)) }).write(to: file)
    let run = try Program(
      "spikes", "--input", file, "--encoder", code, "--neurons", "20", "--connections", "3", "--seconds", "3",
      "--step", "0.5", "--hold", "20", "--bias", "1.1", "--small-world", "0.1", "--synapses", "conductance")
    #expect(run.status == 0 && run.error.isEmpty, "\(run.error)")
    #expect(run.output.contains("60 frames of 2 variables, held for 20 ms"))
    // 150 frames of a wave of 60: neither new nor independent.
    #expect(run.output.contains("capacity  C   none: The input has 60 frames and was repeated"), "\(run.output)")
  }

  @Test func aTaskWithEqualTimeConstantsBeside() throws {
    let run = try Program(
      "spikes", "--task", "spiral", "--encoder", "rate:200:4", "--neurons", "30", "--connections", "4", "--tau",
      "gamma:4:20", "--step", "1", "--seconds", "1", "--horizon", "2", "--json")
    #expect(run.status == 0, "\(run.error)")
    let end = try run.object()
    #expect(end["task"] as? String == "spiral" && end["measure"] as? String == "nrmse")
    #expect(end.number("error")! > 0 && end.number("error")! < 2 && end.number("errorEqual") != end.number("error"))
    #expect(end.object("baselines").keys.sorted() == ["linear on 5 frames", "persistence"])
    #expect(end.object("baselines").number("persistence")! > 0.1)
  }

  @Test func wrongUse() throws {
    func check(_ sentence: String, _ arguments: String...) throws {
      let run = try Program(["spikes"] + arguments)
      #expect(run.status == 2 && run.output.isEmpty && run.error.contains(sentence), "\(run.error)")
    }
    try check("--neurons 0 cannot be", "--neurons", "0")
    try check("are more than 20000000 synapses", "--neurons", "1000000", "--connections", "30")
    try check("of which there are 4", "--neurons", "5", "--connections", "5")
    try check("The share of inhibitory neurons has to lie in 0…1, and is 1.5.", "--inhibitory", "1.5")
    try check("“gamma:2” is not a spread: write a number, gamma:SHAPE:MEAN", "--tau", "gamma:2")
    try check("The shape of a normal spread has to be above 3", "--tau", "normal:2:20")
    try check("The refractory period has to be ≥ 0 ms, and is -1.0.", "--refractory=-1")
    try check("The threshold (0.0) has to lie above the reset potential (0.0).", "--threshold", "0")
    try check("--stdp '1,2' cannot be: write A+,A-,T+,T-", "--stdp", "1,2")
    try check("--homeostasis 'x' cannot be", "--homeostasis", "x")
    try check("The probability of rewiring has to lie in 0…1, and is 2.0.", "--small-world", "2")
    try check("“morse” is not an encoder", "--encoder", "morse")
    try check("--current and --task exclude each other", "--current", "1", "--task", "lorenz")
    try check("--encoder and --current exclude each other", "--current", "1", "--encoder", "rate")
    try check("The current has to be finite, and is nan.", "--current", "nan", "--neurons", "1")
    try check("--seconds 0.0 cannot be", "--seconds", "0")
    try check("--step 0.0 cannot be", "--step", "0")
    try check("--hold 0.01 cannot be", "--hold", "0.01")
    try check("--horizon says what a --task asks for", "--horizon", "2")
    try check("asks for labels that may be true at once", "--task", "household")
    try check("There is no task 'lorentz'", "--task", "lorentz")
    try check("there is no such file", "--input", folder.file("none.npy"))
    let cube = folder.file("cube.npy")
    try NPY(shape: [1, 1, 1], values: [1]).write(to: cube)
    try check("the shape is [1, 1, 1], but frames or frames × variables are needed", "--input", cube)
    let holes = folder.file("holes.npy")
    try NPY(shape: [3], values: [1, .nan, 3]).write(to: holes)
    try check("[1, 0] is nan; only finite numbers can be fed", "--input", holes)
    let full = try Program("spikes", "--current", "1", "--spikes", folder.file("none/spikes.npy"))
    #expect(full.status == 1 && full.output.isEmpty && full.error.contains("there is no folder"))
  }
}
