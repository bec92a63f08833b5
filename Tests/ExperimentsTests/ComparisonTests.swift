import Circuits
import Experiments
import Foundation
import Learning
import Randomness
import Samples
import Tasks
import Testing

@Suite("Comparisons") struct ComparisonTests {
  /// Two models of two sizes on a made-up task, two rates, two seeds.
  private func plan(steps: Int = 6, models: [String] = ["ltc", "gru"], rates: [Double] = [0.01, 0.03]) -> ComparisonPlan
  {
    var plan = ComparisonPlan(
      taskEntries: [.init(source: DataSource(task: "sample", seed: 1), sizes: [.neurons(4), .neurons(6)])],
      models: models)
    (plan.seeds, plan.rates, plan.recipe.network.unfolds, plan.budget) = ([1, 2], rates, 2, .steps(steps))
    plan.recipe.training = .init(sequence: 10, batch: 4, evaluateEvery: 2, evaluation: .windowed)
    plan.settle()
    return plan
  }

  private func finished(_ comparison: Comparison) -> [ComparisonRun] {
    comparison.start()
    comparison.wait()
    #expect(comparison.status == .finished)
    return timeless(comparison.runs)
  }

  /// Looks again and again, for twenty seconds at most.
  private func wait(_ what: String, until condition: () -> Bool) throws {
    let deadline = ContinuousClock.now + .seconds(20)
    while !condition() {
      try #require(.now < deadline, "Waited in vain for \(what).")
      Thread.sleep(forTimeInterval: 0.01)
    }
  }

  /// Without what no two runs have alike.
  private func timeless(_ runs: [ComparisonRun]) -> [ComparisonRun] {
    runs.map { run in
      var run = run
      run.seconds = 0
      return run
    }
  }

  @Test func theNumberOfThreadsChangesNoBit() throws {
    let results = try [1, 2, 5].map { threads in
      try finished(Comparison(plan(), tasks: [Sample.task()], threads: threads))
    }
    // Two searches of two rates, and four networks with two seeds.
    #expect(results[0].count == 2 * 2 + 4 * 2)
    #expect(results[1] == results[0] && results[2] == results[0])
    #expect(results[0].allSatisfy { $0.error != nil && $0.failure == nil })
  }

  /// A Bayesian search for each model: the same trials on one thread and on many, and from a log that breaks off.
  @Test func searchesForLearningRates() throws {
    var plan = plan(models: ["ltc", "gru"])
    plan.rateSearch = RateSearch(lowest: 1e-3, highest: 1, calls: 7)
    plan.settle()
    let comparison = try Comparison(plan, tasks: [Sample.task()], threads: 3)
    let runs = finished(comparison)
    for model in ["ltc", "gru"] {
      let trials = runs.filter { $0.job.candidate.model == model && $0.job.trialRate != nil }
      #expect(trials.count == 7 && trials.allSatisfy { $0.steps == 2 && 1e-3...1 ~= $0.learningRate })
      let best = trials.min { ($0.loss ?? .infinity) < ($1.loss ?? .infinity) }!.learningRate
      let results = runs.filter { $0.job.candidate.model == model && $0.job.trialRate == nil }
      #expect(results.count == 4 && results.allSatisfy { $0.learningRate == best })
    }
    let table = comparison.table()
    #expect(table.share == 1)
    #expect(
      table.taskEntries[0].treatment.contains(
        "learning rate the best of 7 that a Bayesian search chose between 0.001 and 1.0, after 2 steps with seed 1"),
      "\(table.taskEntries[0].treatment)")
    #expect(try finished(Comparison(plan, tasks: [Sample.task()], threads: 1)) == runs)
    let part = Array(runs.filter { $0.job.trialRate != nil }.prefix(4))
    #expect(try finished(Comparison(plan, tasks: [Sample.task()], threads: 2, finished: part)) == runs)
    #expect(try JSONDecoder().decode(ComparisonPlan.self, from: JSONEncoder().encode(plan)) == plan)
    plan.rateSearch?.calls = 2
    #expect(throws: CircuitError.self) { try plan.check() }
  }

  @Test func treatsAllAlikeAndTakesTheBestRate() throws {
    let comparison = try Comparison(plan(), tasks: [Sample.task()], threads: 2)
    let runs = finished(comparison)
    for model in ["ltc", "gru"] {
      let trials = runs.filter { $0.job.candidate.model == model && $0.job.trialRate != nil }
      let results = runs.filter { $0.job.candidate.model == model && $0.job.trialRate == nil }
      #expect(trials.map(\.learningRate) == [0.01, 0.03] && trials.allSatisfy { $0.steps == 2 && $0.job.seed == 1 })
      let best = trials.min { $0.loss! < $1.loss! }!.learningRate
      #expect(results.count == 4 && results.allSatisfy { $0.learningRate == best && $0.steps == 6 })
    }
    let table = comparison.table()
    #expect(table.share == 1 && table.rows.count == 4)
    #expect(table.taskEntries[0].treatment.contains("wiring all, dense readout; 6 steps of 4 windows of 10, adam"))
    #expect(table.taskEntries[0].treatment.contains("held-out loss, measured every 2 steps, "))
    // Runs that are over before the first of those are measured all the same.
    var late = comparison.plan
    late.recipe.training.evaluateEvery = 50
    #expect(
      late.treatment(Sample.task(), taskEntry: late.taskEntries[0]).contains("loss, measured after the last step, "))
    for row in table.rows {
      let each = row.each.compactMap(\.self)
      #expect(each.count == 2 && abs(row.mean! - (each[0] + each[1]) / 2) < 1e-15)
      #expect(abs(row.deviation! - abs(each[0] - each[1]) / 2.0.squareRoot()) < 1e-12)
      // A run is what `train` makes of the same settings.
      let network = try Model<Float>(comparison.plan.specification(row.candidate, Sample.task(), seed: 2))
      var options = TrainingOptions(Sample.task(), seed: 2, threads: 1)
      (options.sequence, options.batch, options.evaluateEvery) = (10, 4, 2)
      options.learningRate = row.learningRate!
      options.evaluation = .windowed
      #expect(network.readout == .dense && row.candidate.readout == .dense)
      let session = try TrainingSession(model: network, task: Sample.task(), options: options)
      _ = try session.losses(6)
      #expect(session.best?.result.metrics["nmse"] == row.each[1])
      // The same state, its state carried on.
      let best = try #require(session.best)
      let carried = Evaluator(
        model: network, task: Sample.task(), series: Sample.task().heldOut, sequence: 10, threads: 1, protocol: .carried
      )
      let metrics = carried.evaluate(best.state.values, connections: best.state.connections).metrics
      #expect(row.eachOther[1] == metrics["nmse"] && row.eachOther[1] != row.each[1])
      #expect(row.ownErrors.map(\.target) == ["target 0"] && row.ownErrors[0].value > 0)
    }
  }

  @Test func aLogThatWasCutOffIsGoneOnWith() throws {
    let path = temporaryPath("comparison.jsonl")
    defer { try? FileManager.default.removeItem(atPath: path) }
    let whole = try finished(Comparison(plan(), tasks: [Sample.task()], threads: 1, log: ComparisonLog(path: path)))
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    #expect(lines.count == 1 + whole.count)
    for kept in [0, 3, 7] {
      let half = lines[1 + kept].prefix(40)
      try (lines.prefix(1 + kept).joined(separator: "\n") + "\n" + half).write(
        toFile: path, atomically: true, encoding: .utf8)
      let contents = try ComparisonLog.Contents(path: path)
      #expect(contents.plan == plan() && contents.runs.count == kept)
      try contents.check([Sample.task()])
      let again = try Comparison(
        contents.plan, tasks: [Sample.task()], threads: 2, finished: contents.runs,
        log: ComparisonLog(contents, path: path))
      #expect(again.runs.count == kept)
      #expect(finished(again) == whole)
      let after = try ComparisonLog.Contents(path: path)
      #expect(Set(after.runs.map(\.job)) == Set(whole.map(\.job)) && after.runs.count == whole.count)
    }
    #expect { try ComparisonLog.Contents(path: path).check([Sample.task(steps: 31)]) } throws: { error in
      "\(error)".contains("they have 93 training steps in 3 sequences instead of 90 in 3")
    }
    let text = try String(contentsOfFile: path, encoding: .utf8)
    func problem(_ text: String) throws -> String {
      try text.write(toFile: path, atomically: true, encoding: .utf8)
      do {
        try ComparisonLog.Contents(path: path).check([Sample.task()])
        return ""
      } catch { return "\(error)" }
    }
    #expect(try problem(text) == "")
    let layout = try problem(text.replacingOccurrences(of: "4×4", with: "3×3"))
    #expect(layout.hasPrefix("The network 'ltc' is not the one that the comparison began with: it has the tensor '"))
    // Of this version and of the one before, which ganglion 0.1.0 wrote.
    #expect(
      try problem(text.replacingOccurrences(of: #""version":2"#, with: #""version":3"#)).contains(
        "version 3, of a newer"))
    let old = #"""
      {"fingerprints":["471e7b5df78503d9"],"plan":{"arenas":[{"searchSteps":0,"sizes":[{"neurons":{"_0":3}}],\#
      "source":{"seed":1,"targets":[],"task":"sine"},"steps":2}],"budget":{"steps":{"_0":2}},"clip":1,"commands":[],\#
      "evaluateEvery":50,"models":["ltc","gru"],"optimizer":"adam","rates":[0.01],"seeds":[1],"unfolds":2,\#
      "wirings":["all"]}}

      """#
    #expect(
      try problem(old)
        == "\(path): the log has version 1, of an earlier ganglion; this one goes on with version 2: begin a "
        + "new comparison with --log.")
    try "{}\n".write(toFile: path, atomically: true, encoding: .utf8)
    #expect { try ComparisonLog.Contents(path: path) } throws: { "\($0)".contains("no log of a comparison") }
  }

  @Test func pausesAndEnds() throws {
    // More steps than anybody waits for.
    let long = try Comparison(plan(steps: 100_000), tasks: [Sample.task()], threads: 2)
    long.start()
    try wait("a first step") { long.table().share > 0 }
    long.pause()
    #expect(long.status == .paused)
    // The steps that are being made end; after that nothing moves.
    var resting = long.table()
    try wait("the last steps") {
      defer { resting = long.table() }
      Thread.sleep(forTimeInterval: 0.1)
      return long.table() == resting
    }
    long.start()
    try wait("another step") { long.table().share > resting.share }
    long.cancel()
    long.wait()
    #expect(long.status == .cancelled)
    long.start()
    #expect(long.status == .cancelled)

    let expected = try finished(Comparison(plan(), tasks: [Sample.task()], threads: 1))
    let interrupted = try Comparison(plan(), tasks: [Sample.task()], threads: 2)
    for _ in 0..<5 {
      interrupted.start()
      interrupted.pause()
    }
    #expect(finished(interrupted) == expected)
  }

  @Test func whatIsNotFiniteIsTold() throws {
    var plan = plan(models: ["ltc", "lstm"], rates: [1e38])
    (plan.recipe.training.optimizer, plan.recipe.training.clip) = ("sgd", 0)
    let comparison = try Comparison(plan, tasks: [Sample.task()], threads: 1)
    _ = finished(comparison)
    for row in comparison.table().rows {
      #expect(row.done == 2 && row.each == [nil, nil] && row.mean == nil && row.failures.count == 2)
      #expect(row.failures.allSatisfy { $0.contains("became") })
      #expect(!row.isOnNeuronFront && !row.isOnParameterFront)
    }
  }

  @Test func aBudgetOfTimeBecomesStepsAlikeForAll() throws {
    var plan = plan()
    plan.budget = .minutes(0.01)
    plan.taskEntries[0].steps = 0
    let comparison = try Comparison(plan, tasks: [Sample.task()], threads: 2)
    #expect(!comparison.plan.isSettled)
    let runs = finished(comparison)
    let steps = comparison.plan.taskEntries[0].steps
    #expect(steps >= 10 && steps % 10 == 0)
    #expect(Set(runs.filter { $0.job.trialRate == nil }.map(\.steps)) == [steps])
    #expect(Set(runs.filter { $0.job.trialRate != nil }.map(\.steps)) == [comparison.plan.taskEntries[0].searchSteps])
  }

  @Test func opensTheBestSeed() throws {
    let comparison = try Comparison(plan(), tasks: [Sample.task()], threads: 2)
    let runs = finished(comparison)
    for row in comparison.table().rows {
      let own = runs.filter { $0.job.candidate == row.candidate && $0.job.trialRate == nil }
      let trained = try comparison.trained(row.candidate)
      let evaluator = Evaluator(
        model: trained.model, task: trained.task, series: trained.task.heldOut, sequence: 10, threads: 1,
        protocol: .windowed)
      let state = try #require(trained.start)
      let result = evaluator.evaluate(state.values, connections: state.connections)
      #expect(result.loss == own.compactMap(\.loss).min())
    }
  }

  @Test func plansThatCannotBeAreSentences() throws {
    func problem(_ change: (inout ComparisonPlan) -> Void) -> String {
      var plan = plan()
      change(&plan)
      do {
        _ = try Comparison(plan, tasks: [Sample.task()], threads: 1)
        return ""
      } catch {
        return "\(error)"
      }
    }
    #expect(problem { $0.models = ["ltc", "nope"] }.contains("There is no model 'nope'"))
    #expect(problem { $0.models = ["ltc", "ltc"] }.contains("once"))
    #expect(problem { $0.models = [] }.contains("once"))
    #expect(problem { $0.rates = [0] }.contains("above 0"))
    #expect(problem { $0.seeds = [] }.contains("seeds"))
    #expect(problem { $0.recipe.training.optimizer = "magic" }.contains("optimizer"))
    #expect(problem { $0.taskEntries[0].sizes = [.neurons(0)] }.contains("--neurons"))
    #expect(problem { $0.recipe.network.solver = "rk4" }.contains("cannot use the solver"))
    #expect(problem { $0.taskEntries[0].sizes = [] }.contains("nothing to compare"))
    #expect(problem { $0.recipe.training.evaluateEvery = 0 }.contains("every 0 steps"))
    #expect(problem { $0.recipe.training.schedule = "sometimes" }.contains("There is no schedule 'sometimes'"))
  }
}

@Suite("Sizes and fronts") struct ComparisonSizeTests {
  @Test(arguments: ["ltc", "ltc-neural", "ctrnn", "lstm", "cfc"]) func parametersAreTheNearest(_ model: String) throws {
    let task = Sample.task(outputs: 2)
    for wiring in ["all", "ncp", "random:0.5"] {
      func parameters(_ neurons: Int) throws -> Int {
        try Model<Float>(
          ModelSpecification(
            cell: model, neurons: neurons, wiring: wiring, seed: 1, inputNames: task.inputs.map(\.name),
            outputNames: task.outputNames, readout: .dense)
        ).parameterCount
      }
      let counts = Dictionary(uniqueKeysWithValues: (1...48).compactMap { n in (try? parameters(n)).map { (n, $0) } })
      for wanted in [1, 150, 333, 1000] {
        var plan = ComparisonPlan(
          taskEntries: [.init(source: DataSource(task: "sample", seed: 1), sizes: [.parameters(wanted)])],
          models: [model])
        (plan.seeds, plan.wirings, plan.budget) = ([1], [wiring], .steps(1))
        plan.settle()
        let row = try #require(try Comparison(plan, tasks: [task], threads: 1).table().rows.first)
        let nearest = counts.values.map { abs($0 - wanted) }.min()!
        guard counts[48].map({ $0 > wanted }) == true else { continue }
        #expect(abs(row.parameters - wanted) == nearest, "\(model) \(wiring) \(wanted): \(row.candidate.neurons)")
        #expect(counts[row.candidate.neurons] == row.parameters)
      }
    }
  }

  @Test func asManyParametersAsAnother() throws {
    var plan = ComparisonPlan(
      taskEntries: [
        .init(
          source: DataSource(task: "sample", seed: 1),
          sizes: [.neurons(6), .parametersOf(model: "ltc", neurons: 6)])
      ], models: ["ltc", "gru"])
    (plan.seeds, plan.rates, plan.budget) = ([1], [0.01], .steps(1))
    plan.settle()
    let rows = try Comparison(plan, tasks: [Sample.task()], threads: 1).table().rows
    #expect(rows.map(\.candidate.model) == ["ltc", "gru", "ltc", "gru"])
    // The reference is the same network in both, and so is trained once.
    #expect(rows[0].candidate == rows[2].candidate && rows[2].candidate.neurons == 6)
    #expect(abs(rows[3].parameters - rows[0].parameters) <= abs(rows[1].parameters - rows[0].parameters))
  }

  @Test func frontByDefinition() {
    #expect(Pareto.front([]) == [])
    #expect(
      Pareto.front([(1, 1), (1, 1), (2, 0.5), (2, 1), (3, 0.5), (1, .nan)]) == [true, true, true, false, false, false])
    var generator = SeededGenerator(seed: 9)
    for count in 1...12 {
      let points = (0..<count).map { _ in
        (x: Double(generator.index(below: 5)), y: Double(generator.index(below: 5)))
      }
      for (point, isOn) in zip(points, Pareto.front(points)) {
        let beaten = points.contains { $0.x <= point.x && $0.y <= point.y && !($0.x == point.x && $0.y == point.y) }
        #expect(isOn != beaten)
      }
    }
  }

  @Test func oneMeasureATask() throws {
    func baselines(_ name: String) throws -> (ErrorMeasure, [String: Double]) {
      let task = try TaskRegistry.named(name).load(seed: 1)
      let measure = ErrorMeasure(task.kind)
      return (measure, Dictionary(uniqueKeysWithValues: measure.baselines(task).map { ($0.name, $0.value) }))
    }
    let power = try baselines("power")
    #expect(power.0.key == "nmse" && power.1 == ["persistence": 0.574, "ridge on 24 h": 0.401, "boosted trees": 0.382])
    let vowels = try baselines("vowels")
    #expect(vowels.0.key == "errorRate" && abs(vowels.1["majority"]! - 0.762) < 1e-12)
    let household = try baselines("household")
    #expect(household.0.key == "balancedErrorRate")
    let task = try TaskRegistry.named("household").load(seed: 1)
    for (name, value) in household.1 {
      let own = task.baselines.filter { $0.name == name }.map(\.value)
      #expect(abs(value - (1 - own.reduce(0, +) / Double(own.count))) < 1e-12)
    }
    #expect(
      household.0.error(["balancedAccuracy": 0.75]) == 0.25 && household.0.error(["balancedAccuracy": .nan]) == nil)
  }
}
