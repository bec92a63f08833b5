import Randomness

/// What is to be fitted to a tensor, and what counts as a rank.
package struct TensorRankOptions: Sendable, Equatable {
  /// In the order in which they are fitted.
  package var ranks = Array(1...10)
  /// Fits a rank, each from its own random start.
  package var restarts = 10
  package var seed: UInt64 = 1
  package var nonNegative = false
  package var sweeps = 1_000
  package var tolerance = 1e-6
  package var rule = RankRule()

  package init() {}
}

/// When a number of components is called a tensor's rank: only where both measures say so.
package struct RankRule: Sendable, Equatable {
  /// The share of variance that the best fit has to explain.
  package var explained = 0.95
  /// The mean similarity that the other fits have to have to the best. Below, different starts find different
  /// components: they describe the tensor together, but none of them means anything.
  package var similarity = 0.9
  /// What a further component has to add to the explained share.
  package var gain = 0.01

  package init() {}
}

/// All fits of one rank, seen from the best.
package struct RankFit: Sendable, Equatable {
  package let rank: Int
  /// Of the restart that explains most.
  package let best: CPFit
  /// Mean similarity (``CPModel/similarity(to:)``) of the other restarts to the best; nil if there is only one fit.
  package let similarity: Double?
  /// The explained share of every restart, in the order of their seeds.
  package let explainedByRestart: [Double]

  package var explained: Double { best.explained }

  init(_ rank: Int, _ fits: [CPFit]) {
    self.rank = rank
    let best = fits.indices.max { (fits[$0].explained, -$0) < (fits[$1].explained, -$1) }!
    self.best = fits[best]
    let others = fits.indices.filter { $0 != best }
    similarity =
      others.isEmpty
      ? nil : others.reduce(0) { $0 + fits[best].model.similarity(to: fits[$1].model) } / Double(others.count)
    explainedByRestart = fits.map(\.explained)
  }
}

/// Where an analysis stands: for a line of progress, or a picture that grows.
package struct TensorRankProgress: Sendable, Equatable {
  package let rank: Int
  package let restart: Int
  package let sweep: Int
  /// The unexplained share of this fit so far.
  package let error: Double
  /// The share of all fits that is done, 0…1.
  package let done: Double
}

/// The tensor rank of a tensor: fits for each rank, and which of them may be called its rank.
package struct TensorRankAnalysis: Sendable, Equatable {
  package let fits: [RankFit]
  package let rule: RankRule
  /// Whether every fit was made; false where it was stopped.
  package let complete: Bool

  /// The tensor's rank, or nil where no fitted rank may be called so.
  ///
  /// A rank qualifies if it explains enough and is identified (``RankRule``). The smallest that does is called; or a
  /// larger one, if every component from there on gains enough and it is identified too.
  package var suggested: Int? {
    let ordered = fits.sorted { $0.rank < $1.rank }
    func qualifies(_ fit: RankFit) -> Bool {
      fit.explained >= rule.explained && (fit.similarity ?? 0) >= rule.similarity
    }
    guard let first = ordered.firstIndex(where: qualifies) else { return nil }
    var called = first
    for next in ordered.indices.dropFirst(first + 1) {
      let gain = ordered[next].explained - ordered[next - 1].explained
      if gain < rule.gain * Double(ordered[next].rank - ordered[next - 1].rank) { break }
      if qualifies(ordered[next]) { called = next }
    }
    return ordered[called].rank
  }

  /// Why there is a suggested rank or none, as a sentence.
  package var verdict: String {
    if let suggested, let fit = fits.first(where: { $0.rank == suggested }) {
      return "Rank \(suggested): it explains \(percent(fit.explained)) of the variance, and fits from different starts "
        + "find the same components (similarity \(hundredths(fit.similarity ?? 0)))."
    }
    guard let most = fits.max(by: { $0.explained < $1.explained }) else { return "No rank was fitted." }
    if fits.allSatisfy({ $0.similarity == nil }) {
      return
        "No rank is called: there is one fit a rank, and only several tell whether the components are the tensor's own."
    }
    if most.explained < rule.explained {
      return "No rank is called: rank \(most.rank) explains \(percent(most.explained)) of the variance, less than the "
        + "\(percent(rule.explained)) that are asked for."
    }
    return
      "No rank is called: those that explain \(percent(rule.explained)) of the variance find other components from "
      + "every start (similarity below \(hundredths(rule.similarity)))."
  }

  /// Fits every rank from every start; the same options give the same numbers on the same kind of processor. Blocks:
  /// call it on a background queue. `goesOn` is asked after every sweep; where it answers false, what is complete is
  /// returned. `finished` gets each rank as soon as all its fits are there.
  package static func run(
    _ tensor: Tensor3, _ options: TensorRankOptions = TensorRankOptions(),
    finished: (RankFit) -> Void = { _ in }, goesOn: (TensorRankProgress) -> Bool = { _ in true }
  ) throws(TensorRankError) -> TensorRankAnalysis {
    guard options.restarts >= 1 else { throw .illegalRestarts(options.restarts) }
    for rank in options.ranks {
      try CPFit.check(tensor, options.fit(rank, restart: 0))
    }
    let prepared = PreparedTensor(tensor)
    // Fits of larger ranks take longer: about in proportion.
    let whole = Double(options.ranks.reduce(0, +) * options.restarts)
    var made = 0.0
    var results: [RankFit] = []
    for rank in options.ranks {
      var fits: [CPFit] = []
      for restart in 0..<options.restarts {
        var stopped = false
        let fit = CPFit.run(prepared, options.fit(rank, restart: restart)) { sweep, error in
          stopped = !goesOn(
            TensorRankProgress(rank: rank, restart: restart, sweep: sweep, error: error, done: made / whole))
          return !stopped
        }
        if stopped { return TensorRankAnalysis(fits: results, rule: options.rule, complete: false) }
        fits.append(fit)
        made += Double(rank)
      }
      results.append(RankFit(rank, fits))
      finished(results[results.count - 1])
    }
    return TensorRankAnalysis(fits: results, rule: options.rule, complete: true)
  }
}

extension TensorRankOptions {
  /// Each fit has its own stream of random numbers: leaving one out changes no other.
  func fit(_ rank: Int, restart: Int) -> CPFitOptions {
    var random = SeededGenerator(seed: seed).stream(UInt64(bitPattern: Int64(rank))).stream(UInt64(restart))
    var result = CPFitOptions(rank: rank, seed: random.next())
    result.nonNegative = nonNegative
    result.sweeps = sweeps
    result.tolerance = tolerance
    return result
  }
}

/// "97.3 %", without Foundation.
private func percent(_ share: Double) -> String {
  let tenths = Int((share * 1_000).rounded())
  return tenths % 10 == 0 ? "\(tenths / 10) %" : "\(tenths / 10).\(tenths % 10) %"
}

private func hundredths(_ value: Double) -> String {
  let count = Int((value * 100).rounded())
  return "\(count / 100).\(count % 100 / 10)\(count % 10)"
}
