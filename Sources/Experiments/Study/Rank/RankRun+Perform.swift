import Analysis
import Circuits
import Dispatch
import Learning
import Tasks

extension RankRun {
  /// Trains the job's network and looks at its weights' path, on the calling thread; the same job gives the same numbers
  /// (but ``seconds``) on the same kind of processor.
  ///
  /// - Parameter goesOn: asked often; where it answers false the job is given up.
  /// - Returns: nil where it was given up.
  /// - Throws: ``CircuitError`` or ``TensorRankError`` for what cannot be computed at all.
  package static func perform(
    _ job: RankPlan.Job, plan: RankPlan, goesOn: @escaping () -> Bool = { true }
  ) throws -> RankRun? {
    let start = DispatchTime.now().uptimeNanoseconds
    var run = RankRun(job: job)
    switch job.kind {
    case .theorem: run.theorem = try LinearTheorem(seed: job.seed).finding()
    case .reach, .synapses:
      do {
        guard let learned = try train(job, plan: plan, goesOn: goesOn) else { return nil }
        run.losses = learned.losses
        let measurement = PathMeasurement(plan: plan, seed: job.seed, goesOn: goesOn)
        for path in learned.paths {
          guard let rank = try measurement.rank(of: path) else { return nil }
          run.paths.append(rank)
        }
      } catch let failure as NotFinite {
        run.failure = failure.description
      }
    }
    run.seconds = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
    return run
  }

  /// A tensor and how it is to be looked at.
  struct Path {
    var name: String
    /// Every step of it.
    var tensor: Tensor3
    /// What changed, with controls; otherwise what there is.
    var isChange: Bool
  }

  /// Where the reach experiment's force field comes and goes, in steps: trials that have been made.
  private static let practice = 600
  private static let field = 650...750
  private static let trials = 850

  private static func train(
    _ job: RankPlan.Job, plan: RankPlan, goesOn: () -> Bool
  ) throws -> (paths: [Path], losses: [Double])? {
    let isReach = job.kind == .reach
    var recipe = Recipe(data: DataSource(task: job.task, seed: job.seed), seed: job.seed)
    recipe.network = .init(cell: job.model, neurons: isReach ? nil : plan.neurons, wiring: "all", readout: .dense)
    recipe.training.evaluateEvery = Int.max
    let steps = isReach ? trials : plan.steps
    let setup = try recipe.make(steps: steps, threads: 1)
    let session = try setup.session()
    let model = session.model
    let history = WeightHistory(model, megabytes: 256)
    session.add(history)
    var losses: [Double] = []
    var practised = session.learner.state
    while session.step < steps {
      guard goesOn() else { return nil }
      try session.advance()
      losses.append(session.report?.loss ?? .nan)
      if isReach, session.step == practice { practised = session.learner.state }
    }
    session.end()
    if isReach {
      guard let weights = SynapticTensor.all(in: model.layout).first,
        let path = try history.path(of: weights, in: model, where: { field.contains($0) })
      else { throw CircuitError("The reach network has no recurrent weights to look at: use another model.") }
      guard let descent = try descend(from: practised, setup: setup, goesOn: goesOn),
        let plain = try descent.path(of: weights, in: model, where: { field.contains($0) })
      else { return nil }
      return (
        [
          Path(name: "ΔW", tensor: path.tensor, isChange: true), Path(name: "W", tensor: path.tensor, isChange: false),
          Path(name: "ΔW by gradient descent", tensor: plain.tensor, isChange: true),
        ], Array(losses[practice...])
      )
    }
    let paths = try SynapticTensor.all(in: model.layout).compactMap { quantity in
      try history.path(of: quantity, in: model).map {
        Path(
          name: "Δ" + (quantity.factors.count > 1 ? "(\(quantity.symbol))" : quantity.symbol), tensor: $0.tensor,
          isChange: true)
      }
    }
    let part = max(steps / 20, 1)
    return (
      paths, [losses.prefix(part), losses.suffix(part)].map { Statistics.mean(Array($0)) ?? .nan }
    )
  }

  /// The experiment once more from the same practised network, by gradient descent without momentum: what Adam, which
  /// scales every weight by itself, adds to the rank. Of some learning rates the one counts whose loss is smallest in the
  /// last ten trials of the field.
  ///
  /// - Returns: nil where it was given up.
  private static func descend(
    from start: ParameterState<Float>, setup: Setup, goesOn: () -> Bool
  ) throws -> WeightHistory? {
    let (task, model, options) = (setup.task, setup.model, setup.options)
    var best: (loss: Double, history: WeightHistory)?
    for rate in descentRates {
      let learner = Learner(
        model: model, kind: task.kind, optimizer: StochasticGradientDescent(), learningRate: rate,
        clip: options.clip, threads: 1, values: start.values)
      let history = WeightHistory(model, megabytes: 256)
      var batch = Batch<Float>(
        rows: options.batch, steps: options.sequence, inputCount: task.inputCount, targetCount: task.targetCount)
      var last: [Double] = []
      for trial in practice..<field.upperBound {
        guard goesOn() else { return nil }
        for row in 0..<batch.rows { batch.fill(row: row, from: task.training[trial * batch.rows + row], start: 0) }
        guard let report = try? learner.step(batch) else {
          last = [.infinity]
          break
        }
        last = last.suffix(9) + [report.loss]
        history.record(
          step: trial + 1, values: learner.state.values, connections: learner.state.connections)
      }
      let loss = Statistics.mean(last) ?? .infinity
      if loss < best?.loss ?? .infinity { best = (loss, history) }
    }
    return best?.history
  }

  private static let descentRates = [0.3, 0.1, 0.03, 0.01, 0.003]
}

/// Fits of one path and of its controls.
struct PathMeasurement {
  let plan: RankPlan
  let seed: UInt64
  let goesOn: () -> Bool

  private func options(_ restarts: Int) -> TensorRankOptions {
    var options = TensorRankOptions()
    options.ranks = Array(1...plan.ranks)
    options.restarts = restarts
    options.seed = seed
    options.sweeps = 300
    // Shares are told to a hundredth.
    options.tolerance = 1e-5
    return options
  }

  private func fits(_ tensor: Tensor3, _ restarts: Int) throws -> TensorRankAnalysis? {
    let analysis = try TensorRankAnalysis.run(tensor, options(restarts), goesOn: { _ in goesOn() })
    return analysis.complete ? analysis : nil
  }

  /// nil where it was given up.
  func rank(of path: RankRun.Path) throws -> PathRank? {
    let thin = try path.tensor.thinned(to: plan.moments)
    let tensor = path.isChange ? try thin.subtractingStart() : thin
    guard let analysis = try fits(tensor, path.isChange ? plan.restarts : plan.controlRestarts) else { return nil }
    let slices = try SingularSpectra.slices(of: tensor).map(\.rank95).filter { $0 > 0 }.sorted()
    let unfoldings = try (0..<3).map { try SingularSpectra.unfolding(of: tensor, along: $0) }
    var result = PathRank(
      tensor: path.name, shape: tensor.shape, explained: analysis.fits.map(\.explained),
      similarity: analysis.fits.map(\.similarity), slice95: slices.isEmpty ? 0 : slices[slices.count / 2],
      slice95Largest: slices.last ?? 0, unfolding95: unfoldings.map(\.rank95), unfolding99: unfoldings.map(\.rank99),
      suggested: analysis.suggested)
    guard path.isChange else { return result }
    for control in PathControl.allCases {
      let walk = try path.tensor.randomised(control, seed: seed).thinned(to: plan.moments).subtractingStart()
      guard let fits = try fits(walk, plan.controlRestarts) else { return nil }
      let explained = fits.fits.map(\.explained)
      switch control {
      case .norm: result.sameNorm = explained
      case .singularValues: result.sameSingularValues = explained
      }
    }
    return result
  }
}
