import Spiking

/// What the paper (or a rival) claims, and whether it held here, by paired differences over seeds.
public struct SpikeClaim: Sendable, Equatable {
  public enum Verdict: String, Sendable {
    case held
    case failed = "did not hold"
    /// The difference may be chance.
    case undecided
    /// Numbers are missing.
    case open
  }

  public var claim: String
  public var verdict: Verdict
  /// The numbers.
  public var evidence: String
  public var sentence: String { "\(claim): \(verdict.rawValue). \(evidence)" }
}

/// Two cells of the same seeds: their means, and how likely so large a mean difference is where signs are drawn.
struct PairedComparison {
  let a, b: Double
  let probability: Double
  /// a − b.
  var difference: Double { a - b }
  var isSignificant: Bool { probability < 0.05 }
  var isLess: Bool { isSignificant && difference < 0 }
  var isMore: Bool { isSignificant && difference > 0 }

  /// nil unless both are complete.
  init?(_ a: SpikeStudyTable.Cell?, _ b: SpikeStudyTable.Cell?) {
    guard let a, let b, a.isComplete, b.isComplete, a.each.count == b.each.count else { return nil }
    let (x, y) = (a.each.compactMap(\.self), b.each.compactMap(\.self))
    self.a = Statistics.mean(x) ?? 0
    self.b = Statistics.mean(y) ?? 0
    probability = signFlipProbability(zip(x, y).map { $0 - $1 })
  }

  /// "C 1.3 against 0.8 (p 0.002)".
  func text(_ quantity: String) -> String {
    "\(quantity) \(Self.brief(a)) against \(Self.brief(b)) (p \(Self.brief(probability)))"
  }

  /// Three digits behind the point at most.
  static func brief(_ value: Double) -> String {
    let scaled = (value * (value.magnitude < 1 ? 1_000 : 100)).rounded() / (value.magnitude < 1 ? 1_000 : 100)
    return value != 0 && scaled == 0 ? "<0.001" : "\(scaled)"
  }
}

extension SpikeStudyTable {
  /// Every claim, in the paper's order, the rival's, and what pruning shows. A difference counts where fewer than 5 % of
  /// all assignments of signs to the paired differences give one as large.
  public var claims: [SpikeClaim] {
    let kinds = SpikeCondition.Kind.all
    let (equal, neurons, both) = (row(kinds[0].name), row(kinds[1].name), row(kinds[3].name))
    let bestEqual = row(SpikeStudySchedule.optimised(kinds[0]))
    let best = row(SpikeStudySchedule.optimised(kinds[3]))
    var result = [
      decide("Drawn time constants raise the memory capacity", PairedComparison(neurons?.capacity, equal?.capacity)) {
        ($0.isMore, $0.isLess, $0.text("C"))
      },
      drawnPlasticity(neurons, both),
      decide(
        "Optimising both improves capacity per spike", PairedComparison(best?.efficiency, both?.efficiency)
      ) { ($0.isMore, $0.isLess, $0.text("𝓔")) },
      decide(
        "The optimised drawn network has more capacity per spike than the optimised equal one",
        PairedComparison(best?.efficiency, bestEqual?.efficiency)
      ) { ($0.isMore, $0.isLess, $0.text("𝓔")) },
    ]
    for task in plan.tasks + plan.moreTasks {
      result.append(onTask(task, best, equal, "the equal one"))
      result.append(onTask(task, best, bestEqual, "the optimised equal one"))
    }
    result.append(skewness)
    return result + pruningClaims
  }

  private func decide(
    _ claim: String, _ comparison: PairedComparison?, _ judge: (PairedComparison) -> (Bool, Bool, String)
  ) -> SpikeClaim {
    guard let comparison else { return SpikeClaim(claim: claim, verdict: .open, evidence: "Runs are missing.") }
    let (held, reversed, text) = judge(comparison)
    return SpikeClaim(
      claim: claim, verdict: held ? .held : reversed ? .failed : .undecided, evidence: text + ".")
  }

  private func drawnPlasticity(_ equal: Row?, _ drawn: Row?) -> SpikeClaim {
    let claim = "Drawn STDP constants lower spiking and keep capacity"
    guard let s = PairedComparison(drawn?.activity, equal?.activity),
      let c = PairedComparison(drawn?.capacity, equal?.capacity)
    else { return SpikeClaim(claim: claim, verdict: .open, evidence: "Runs are missing.") }
    return SpikeClaim(
      claim: claim, verdict: s.isLess && !c.isLess ? .held : s.isMore || c.isLess ? .failed : .undecided,
      evidence: "\(s.text("S")), \(c.text("C")).")
  }

  private func onTask(_ task: String, _ best: Row?, _ other: Row?, _ what: String) -> SpikeClaim {
    let claim = "On \(task) the optimised drawn network errs less than \(what), with fewer spikes"
    guard let e = PairedComparison(best?.errors[task], other?.errors[task]),
      let s = PairedComparison(best?.taskActivity[task], other?.taskActivity[task])
    else { return SpikeClaim(claim: claim, verdict: .open, evidence: "Runs are missing.") }
    return SpikeClaim(
      claim: claim, verdict: e.isLess && s.isLess ? .held : e.isMore || s.isMore ? .failed : .undecided,
      evidence: "\(e.text("error")), \(s.text("S")).")
  }

  /// The rival's claim (arXiv 2412.05126), with one mean and variance of τ and fixed weights.
  private var skewness: SpikeClaim {
    let claim = "Only skewed heterogeneity helps (a rival's claim)"
    let cells = SpikeCondition.still.map { row($0.name)?.capacity }
    guard let gamma = PairedComparison(cells[2], cells[0]), let normal = PairedComparison(cells[3], cells[0]),
      let uniform = PairedComparison(cells[4], cells[0])
    else { return SpikeClaim(claim: claim, verdict: .open, evidence: "Runs are missing.") }
    let symmetricHelps = normal.isMore || uniform.isMore
    return SpikeClaim(
      claim: claim, verdict: symmetricHelps ? .failed : gamma.isMore ? .held : .undecided,
      evidence: "Against equal time constants: \(gamma.text("gamma")), \(normal.text("normal")), "
        + "\(uniform.text("uniform")), as C.")
  }

  private var pruningClaims: [SpikeClaim] {
    guard let most = plan.pruned.max() else { return [] }
    let whole = row(SpikeStudySchedule.optimised(SpikeCondition.Kind.all[3]))
    func cut(_ criterion: NetworkPruning.Criterion) -> Pruned? {
      pruned.first { $0.criterion == criterion && $0.share == most }
    }
    let percent = Int((most * 100).rounded())
    let keeps = [NetworkPruning.Criterion.weight, .sensitivity].map { criterion in
      let claim = "Pruned to \(100 - percent) % of its synapses by \(criterion.rawValue), the optimised network keeps C"
      guard let c = PairedComparison(cut(criterion)?.capacity, whole?.capacity),
        let e = PairedComparison(cut(criterion)?.efficiency, whole?.efficiency)
      else { return SpikeClaim(claim: claim, verdict: .open, evidence: "Runs are missing.") }
      return SpikeClaim(claim: claim, verdict: c.isLess ? .failed : .held, evidence: "\(c.text("C")), \(e.text("𝓔")).")
    }
    let against = PairedComparison(cut(.sensitivity)?.efficiency, cut(.random)?.efficiency)
    return keeps + [
      decide("There pruning by sensitivity leaves more capacity per spike than pruning at random", against) {
        ($0.isMore, $0.isLess, $0.text("𝓔"))
      }
    ]
  }
}
