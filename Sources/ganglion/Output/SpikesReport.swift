import Experiments
import Formats
import Foundation
import Spiking

/// What `spikes` found, printed.
struct SpikesReport {
  /// How a task went.
  struct Score {
    var task: SpikingTask
    var error: Double
    /// With equal time constants; nil where they are equal anyway.
    var equal: Double?
  }

  var run: SpikeRun
  var spikes: SpikeRecord
  var summary: SpikeRun.Summary
  var network: SpikingNetwork
  var isDone: Bool
  var score: Score?

  func printLines() {
    for (neuron, times) in spikes.times(neurons: network.neurons, step: run.step).enumerated() where !times.isEmpty {
      Console.print(JSON.object([("neuron", .integer(neuron)), ("times", .numbers(times))]).line)
    }
    var end: [(String, JSON)] = [
      ("done", .boolean(isDone)), ("rate", .number(summary.rate as Double)), ("capacity", .number(summary.capacity)),
      ("activity", .number(summary.activity as Double)), ("efficiency", .number(summary.efficiency)),
      ("silent", .number(summary.silentShare as Double)),
      ("secondsPerSecond", .number(summary.secondsPerSecond as Double)),
    ]
    if let score {
      end += [
        ("task", .text(score.task.name)), ("measure", .text(score.task.measure)),
        ("error", .number(score.error as Double)), ("errorEqual", .number(score.equal)),
        ("baselines", .object(score.task.baselines.map { ($0.name, .number($0.error as Double)) })),
      ]
    }
    Console.print(JSON.object(end).line)
  }

  func print() {
    let topology = run.topology
    Console.print(
      "\(topology.neurons.of("neuron")), \(topology.neurons - topology.excitatory) of them inhibitory; "
        + "\(network.connectivity.synapses.of("synaps\(network.connectivity.synapses == 1 ? "is" : "es")")); τ "
        + "\(run.model.timeConstant) ms; \(input)")
    if let rule = run.plasticity { Console.print(Self.sentence(rule, network)) }
    if let settings = run.homeostasis { Console.print(Self.sentence(settings, network.homeostasisReport)) }
    Console.print(
      "rate          \(summary.rate.brief) Hz a neuron, \(spikes.count.of("spike")); "
        + "\(Self.percent(summary.silentShare)) of the neurons silent")
    Console.print("activity  S   \(summary.activity.brief) spikes per neuron and \(isSeries ? "frame" : "step")")
    if let capacity = summary.capacity, let efficiency = summary.efficiency {
      Console.print("capacity  C   \(capacity.brief) past frames, delays 1 to \(SpikeRun.delays)")
      Console.print("efficiency 𝓔  \(efficiency.brief) = C/S")
    } else {
      Console.print("capacity  C   none: \(summary.noCapacity ?? "")")
    }
    Console.print("speed         \(summary.secondsPerSecond.brief) s simulated per second")
    if let score {
      let equal = score.equal.map { "; with equal time constants \($0.brief)" } ?? ""
      let what = score.task.measure == "nrmse" ? "error ÷ standard deviation" : "share of wrong answers"
      let simple = score.task.baselines.map { "\($0.name) \($0.error.brief)" }.joined(separator: ", ")
      Console.print("\(score.task.name): \(what) \(score.error.brief)\(equal) (\(simple))")
    }
    if !isDone { Console.print("Stopped before the end.") }
  }

  private var isSeries: Bool { if case .series = run.drive { true } else { false } }

  private var input: String {
    switch run.drive {
    case .current(let value): "a constant current of \(value.brief)"
    case .series(let frames, let hold, let bias, let gain):
      "\(frames.count.of("frame")) of \((frames.first?.count ?? 0).of("variable")), held for \(hold.brief) ms as "
        + (run.encoder.map { "spikes (\($0.code)) beside a current of \(bias.brief)" }
          ?? "a current \(bias.brief) + \(gain.brief)·Σ a·u")
    }
  }

  private static func sentence(_ rule: PlasticityRule, _ network: SpikingNetwork) -> String {
    let (before, after) = (network.connectivity.weights, network.weights)
    func mean(_ values: [Float]) -> Double { values.reduce(0) { $0 + Double($1) } / Double(max(values.count, 1)) }
    return
      "STDP: A₊ \(rule.potentiation), A₋ \(rule.depression), τ₊ \(rule.potentiationTime), τ₋ \(rule.depressionTime) ms, "
      + "\(rule.bounds.rawValue) bounds at \(Double(rule.maximum).brief); the mean weight went from \(mean(before).brief) "
      + "to \(mean(after).brief)"
  }

  private static func sentence(_ settings: Homeostasis, _ report: Homeostasis.Report?) -> String {
    let found = report.map { "; last \($0.meanRate.brief) Hz, \(percent($0.silentShare)) silent" } ?? ""
    return
      "homeostasis by \(settings.means.rawValue) towards \(settings.goal.brief) Hz, at a rate of \(settings.rate.brief) every "
      + "\(settings.interval.brief) ms (a slow rate can leave neurons silent)\(found)"
  }

  private static func percent(_ share: Double) -> String { "\((share * 100).brief) %" }
}
