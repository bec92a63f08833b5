import Circuits
import Experiments
import Explorer
import Foundation
import Learning
import Synchronization
import Tasks
import Terminal
import Testing

// Another task, model or seed in the place of the present one, and back.

@Suite("Opening another set-up", .serialized)
struct OpeningTests {
  /// Types a line of the palette.
  private func command(_ line: String, _ screen: ScriptedBackend) {
    screen.press(":")
    screen.type(line)
    screen.press("enter")
  }

  @Test("another task trains from its first step, back returns to the first as it was left, and nothing is lost")
  func task() throws {
    var left = 0
    let (end, program, _) = try play(paused: false) { screen in
      screen.wait("training") { $0.isTraining && $0.snapshot.step > 5 }
      screen.press("g", "z", "]")
      screen.press("right", "p")
      screen.wait("the cut") { $0.snapshot.marks.count == 1 }
      command("task xor", screen)
      screen.wait("the other task") { $0.task.name == "xor" && $0.snapshot.step > 2 }
      screen.wait(forText: "xor")
      screen.check { scene, _ in
        // Looks are kept, the network is new.
        #expect(scene.look.glyphs == .blocks && scene.look.zoomed && scene.look.probeSpeed == 20)
        #expect(scene.snapshot.marks.isEmpty && scene.session.hasEarlier && !scene.session.hasLater)
        #expect(scene.hasSelection && scene.moments.count > 100)
      }
      screen.press("b")
      screen.wait("the first task") { $0.task.name == "sine" && $0.isTraining }
      screen.check { scene, _ in
        left = scene.snapshot.step
        #expect(left > 5 && scene.snapshot.marks.count == 1 && scene.session.hasLater)
        #expect(scene.snapshot.undoTitle?.hasPrefix("prune") == true)
      }
      screen.wait("more steps") { $0.snapshot.step > left + 3 }
      screen.press("u")
      screen.wait("the synapse again") { $0.snapshot.redoTitle != nil }
      screen.press("B")
      screen.wait("the other task again") { $0.task.name == "xor" && $0.snapshot.step > 2 }
      screen.press("q")
    }
    #expect(end == .quit)
    #expect(program.records.map(\.setup.task.name) == ["sine", "xor"])
    #expect(program.records[0].applied.map(\.command).count == 2 && program.records[1].applied.isEmpty)
    #expect(program.records.allSatisfy { $0.steps > 2 })
  }

  @Test("model, neurons, wiring, solver and seed add up, and a restart begins with the same values")
  func choices() throws {
    var first: [Float] = []
    let (_, program, _) = try play { screen in
      for (line, done) in [
        ("model lrc", { $0.model.kind.name == "lrc" }), ("neurons 12", { $0.neurons == 12 }),
        ("wiring all", { $0.model.wiring.name == "all" }), ("seed 7", { $0.model.specification.seed == 7 }),
        ("solver rk4", { $0.model.specification.solver == "rk4" }),
      ] as [(String, (Scene) -> Bool)] {
        command(line, screen)
        screen.wait(line, until: done)
      }
      screen.check { scene, _ in
        #expect(scene.model.kind.name == "lrc" && scene.neurons == 12 && scene.model.wiring.name == "all")
        #expect(scene.snapshot.status == .paused && scene.snapshot.step == 0)
        first = scene.snapshot.values
      }
      screen.press(".", ".")
      screen.wait("two steps") { $0.snapshot.step == 2 && $0.snapshot.values != first }
      screen.press("N")
      screen.wait("the first step") { $0.snapshot.step == 0 }
      screen.check { scene, _ in #expect(scene.snapshot.values == first && scene.model.specification.seed == 7) }
      screen.press("q")
    }
    #expect(program.records.count == 7)
  }

  @Test("what cannot be is told in a sentence, and the old one goes on")
  func errors() throws {
    let (_, program, _) = try play(paused: false) { screen in
      for (line, sentence) in [
        ("task nope", "There is no task 'nope'"), ("model lrd", "There is no model 'lrd'"),
        ("neurons 0", "A circuit of 0 neurons cannot be made"), ("solver dopri5", "cannot use the solver 'dopri5'"),
        ("wiring moebius", "There is no wiring 'moebius'"),
      ] {
        command(line, screen)
        screen.wait(line) { $0.message?.isError == true && $0.message?.text.contains(sentence) == true }
        screen.check { scene, _ in #expect(scene.message?.text.isSentence == true && scene.task.name == "sine") }
      }
      var step = 0
      screen.check { scene, _ in step = scene.snapshot.step }
      screen.wait("training that goes on") { $0.isTraining && $0.snapshot.step > step }
      command("back", screen)
      screen.wait("the refusal") { $0.message?.isError == true }
      screen.press("q")
    }
    #expect(program.records.count == 1)
  }

  @Test("making a set-up does not hold up the keys, and any maker will do")
  func slow() throws {
    let gate = DispatchSemaphore(value: 0)
    let (_, program, _) = try play(change: { options in
      options.make = { recipe in
        gate.wait()
        return try recipe.make(threads: 1)
      }
    }) { screen in
      command("model ctrnn", screen)
      screen.wait(forText: "Opening model ctrnn …")
      screen.press("down")
      screen.check { scene, _ in #expect(scene.selection.post == 1 && scene.model.kind.name == "ltc") }
      command("model lrc", screen)
      screen.wait("the refusal") { $0.message?.isError == true && $0.message?.text.contains("is being opened") == true }
      screen.check { _, _ in gate.signal() }
      screen.wait("the other model") { $0.model.kind.name == "ctrnn" }
      screen.press("q")
    }
    #expect(program.records.count == 2)
  }

  @Test("of more than eight set-ups the oldest are let go of; what was done to them is kept")
  func many() throws {
    let (_, program, _) = try play(neurons: 4) { screen in
      screen.press(".")
      screen.wait("a step") { $0.snapshot.step == 1 }
      for seed in 2...10 {
        command("seed \(seed)", screen)
        screen.wait("seed \(seed)") { $0.model.specification.seed == UInt64(seed) }
      }
      for seed in (3...9).reversed() {
        screen.press("b")
        screen.wait("seed \(seed) again") { $0.model.specification.seed == UInt64(seed) }
      }
      screen.check { scene, _ in #expect(!scene.session.hasEarlier && scene.session.hasLater) }
      screen.press("b")
      screen.wait("the refusal") { $0.message?.text == "There is no earlier set-up to go to." }
      screen.press("q")
    }
    #expect(program.records.map(\.setup.model.specification.seed) == (1...10).map(UInt64.init))
    #expect(program.records.map(\.steps) == [1] + [Int](repeating: 0, count: 9))
  }

  @Test("choices add up, and a saved model answers what it is and learned")
  func recipes() throws {
    var recipe = Recipe(training: .init(learningRate: 0.02, clip: 0.5), commands: [.freeze("mu")])
    for (field, value) in [("task", "xor"), ("model", "lrc"), ("solver", "rk4"), ("seed", "7"), ("batch", "4")] {
      recipe = try recipe.applying(RecipeChange(field, value))
    }
    let expected = Recipe(
      data: DataSource(task: "xor", seed: 7), network: .init(cell: "lrc", solver: "rk4"),
      training: .init(batch: 4, learningRate: 0.02, clip: 0.5), commands: [.freeze("mu")], seed: 7)
    #expect(recipe == expected)
    // A solver that the other model cannot use is let go of, all else is kept.
    recipe = try recipe.applying(RecipeChange("model", "cfc"))
    #expect(recipe.network == .init(cell: "cfc") && recipe.training == expected.training)
    recipe = try recipe.applying(RecipeChange("load", "a.safetensors"))
    #expect(recipe.data == nil && recipe.network == .init() && recipe.start == .file("a.safetensors"))
    #expect(recipe.training == expected.training && recipe.seed == 7)
    recipe = try recipe.applying(RecipeChange("task", "sine"))
    #expect(recipe.data == DataSource(task: "sine", seed: 7) && recipe.start == .file("a.safetensors"))
    #expect(throws: CircuitError("'x' is no whole number from 0 on: write for example neurons 8.")) {
      try Recipe().applying(RecipeChange("neurons", "x"))
    }
    #expect(throws: CircuitError.self) { try Recipe().applying(RecipeChange("colour", "red")) }
  }

  @Test("every field of a recipe is an action with a sentence, and changes the recipe by its first value or example")
  func fields() throws {
    let described = try Setup.sine(neurons: 8).resolved
    let names = RecipeField.all.map(\.name)
    #expect(Set(["backbone", "schedule", "clip", "noise"]).isSubset(of: names) && Set(names).count == names.count)
    for field in RecipeField.all {
      var described = described
      if field.name == "backbone" { described.network.cell = "cfc-backbone" }
      let action = try #require(Actions.named(field.name), "\(field.name)")
      #expect(action.sentence == field.sentence && action.argument == field.argument)
      let value = field.values(described).last ?? field.example
      #expect(try described.applying(RecipeChange(field.name, value)) != described, "\(field.name) \(value)")
    }
  }

  @Test("what cannot be is refused in a sentence")
  func refusals() throws {
    let recipe = try Setup.sine(neurons: 8).resolved
    for (name, value, part) in [
      ("backbone", "64x2", "LTC has no backbone. Of the models, cfc-backbone"),
      ("schedule", "linear", "no schedule 'linear'"), ("clip", "-1", "'-1' is no number of 0 or more"),
      ("clip", "nan", "write for example clip 0.5"), ("noise", "much", "write for example noise 0.05"),
    ] {
      #expect {
        try recipe.applying(RecipeChange(name, value))
      } throws: { error in
        "\(error)".lowercased().contains(part.lowercased())
      }
    }
    var closed = recipe
    closed.network.cell = "cfc-backbone"
    #expect(try closed.applying(RecipeChange("backbone", "64x2:tanh")).network.backbone?.description == "64x2:tanh")
    let task = try #require(recipe.data).load()
    let noisy = try recipe.applying(RecipeChange("noise", "0.25")).applying(RecipeChange("schedule", "plateau:3"))
    let options = try noisy.applying(RecipeChange("clip", "0")).options(for: task)
    #expect(options.noise == 0.25 && options.schedule == .plateau(patience: 3) && options.clip == 0)
  }

  @Test("a compared model that is opened and given another size keeps how it was trained")
  func compared() throws {
    let comparison = try Comparison.test(models: ["ctrnn"], neurons: [4], steps: 3, seeds: 1) { plan in
      plan.rates = [0.017]
      plan.recipe.network.solver = "rk4"
      plan.recipe.training = .init(
        sequence: 24, batch: 3, optimizer: "rmsprop", schedule: "cosine:500", noise: 0.05, clip: 0.25,
        evaluateEvery: 50, evaluation: .windowed)
    }
    func check(_ scene: Scene, neurons: Int) {
      let (options, specification) = (scene.network.options, scene.model.specification)
      #expect(specification.cell == "ctrnn" && specification.neurons == neurons && specification.wiring == "all")
      #expect(specification.readout == .dense && specification.solver == "rk4" && specification.unfolds == 2)
      #expect(options.learningRate == 0.017 && options.clip == 0.25 && options.schedule == .cosine(steps: 500))
      #expect(options.noise == 0.05 && options.optimizer == "rmsprop" && options.evaluation == .windowed)
      #expect(options.sequence == 24 && options.batch == 3)
    }
    _ = try play(change: { $0.activities = [comparison] }) { screen in
      screen.wait("the end of the comparison") { $0.comparison?.table.status == .finished }
      screen.press("enter")
      screen.wait("the model") { $0.look.focus == "states" && $0.neurons == 4 }
      screen.check { scene, _ in check(scene, neurons: 4) }
      command("neurons 9", screen)
      screen.wait("the larger one") { $0.neurons == 9 }
      screen.check { scene, _ in check(scene, neurons: 9) }
      screen.press("q")
    }
  }

  @Test("more than a minute of training asks first")
  func asking() {
    for line in ["task xor", "restart", "load model.safetensors"] {
      var scene = SceneState.training.scene
      scene.session.trainedSeconds = 150
      #expect(Actions.run(line: line, on: &scene).isEmpty)
      #expect(Frame.draw(scene, width: 80, height: 24).text.contains("2 min of training are not saved"))
      var stayed = scene
      #expect(Keyboard.press(.escape, on: &stayed).isEmpty && stayed.mode == .normal)
      let effects = Keyboard.press(.enter, on: &scene)
      #expect(effects.count == 1 && scene.mode == .normal)
      if line == "task xor" { #expect(effects == [.change(RecipeChange("task", "xor"))]) }
      if line == "restart" { #expect(effects == [.restart]) }
    }
  }

  @Test("what was trained in every set-up is kept when the program has to end")
  func kept() throws {
    let written = Mutex<[String]>([])
    let (_, program, _) = try play(
      paused: false,
      change: { options in
        options.autosave = "autosave.safetensors"
        options.write = { save, path in written.withLock { $0.append("\(path): \(save.setup.task.name)") } }
      }
    ) { screen in
      screen.wait("training for a second") { $0.unsavedSeconds > 0.6 }
      command("task xor", screen)
      screen.wait("the other task") { $0.task.name == "xor" && $0.unsavedSeconds > 0.6 }
      screen.send(.interrupt)
    }
    #expect(program.keptIn == ["autosave.safetensors", "autosave-2.safetensors"])
    #expect(written.withLock { $0 } == ["autosave.safetensors: sine", "autosave-2.safetensors: xor"])
  }
}
