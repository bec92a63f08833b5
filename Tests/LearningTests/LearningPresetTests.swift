import Circuits
import Learning
import Samples
import Tasks
import Testing

/// What does not learn stays as it is, to the bit: values and the optimiser's memory, for every preset of every model.
@Suite("What learns") struct LearningPresetTests {
  private func options(_ task: TaskData) -> TrainingOptions {
    var options = TrainingOptions(task, seed: 3, threads: 1)
    (options.sequence, options.batch, options.learningRate, options.evaluateEvery) = (6, 2, 0.01, 1000)
    return options
  }

  @Test(arguments: Cells.all.map(\.name)) func whatIsFrozenStaysToTheBit(cell: String) throws {
    let task = Sample.task()
    let model = try Model<Float>(
      ModelSpecification(
        cell: cell, neurons: 4, seed: 3, unfolds: 2, inputNames: task.inputs.map(\.name), outputNames: task.outputNames)
    )
    for preset in ParameterSelector.presets(in: model.layout) {
      let session = try TrainingSession(model: model, task: task, options: options(task))
      // Some steps of all, so that the moments are not all 0.
      _ = try session.losses(3)
      let learning = Set(try ParameterSelector.resolve(preset, in: model))
      if preset != "full" { _ = try session.apply(.learn(preset)) }
      let before = session.learner.state
      #expect(before.frozen.indices.allSatisfy { before.frozen[$0] != learning.contains($0) }, "\(preset)")
      _ = try session.losses(200)
      let after = session.learner.state
      let p = model.layout.count
      for index in 0..<p where !learning.contains(index) {
        #expect(after.values[index].bitPattern == before.values[index].bitPattern, "\(preset) \(index)")
        for slot in 0..<before.slots.count / p {
          let entry = slot * p + index
          #expect(after.slots[entry].bitPattern == before.slots[entry].bitPattern, "\(preset) \(index), slot \(slot)")
        }
      }
      #expect(learning.contains { after.values[$0] != before.values[$0] }, "\(preset): nothing moved")
      if preset != "full" {
        _ = try session.apply(.undo)
        #expect(session.learner.state.frozen.allSatisfy { !$0 })
      }
    }
  }

  @Test func severalPatternsWithCommas() throws {
    let task = Sample.task()
    let model = try Model<Float>(
      ModelSpecification(cell: "ltc", neurons: 4, inputNames: ["a, b"], outputNames: task.outputNames))
    func resolve(_ pattern: String) throws -> [Int] { try ParameterSelector.resolve(pattern, in: model) }
    #expect(try resolve("mu, vleak") == (resolve("mu") + resolve("vleak")).sorted())
    #expect(try resolve("biases,biases") == resolve("biases"))
    #expect(try Set(resolve("all-but:biases,output")).isDisjoint(with: resolve("biases,output")))
    #expect(try resolve("all-but:biases,output").count + resolve("biases,output").count == model.layout.count)
    #expect(try resolve("full") == resolve("all"))
    // A name with a comma is a name.
    #expect(try !resolve("fan-out:a, b").isEmpty)
    #expect { try resolve("biases,nothing") } throws: { "\($0)".contains("There is no parameter 'nothing'.") }
  }

  @Test func aCommandSaysHowManyLearn() throws {
    let task = Sample.task()
    let model = try Model<Float>(
      ModelSpecification(
        cell: "rnn", neurons: 4, inputNames: task.inputs.map(\.name), outputNames: task.outputNames))
    let session = try TrainingSession(model: model, task: task, options: options(task))
    let biases = try ParameterSelector.resolve("biases", in: model).count
    #expect(
      try session.apply(.learn("biases")) == "Of \(model.parameterCount) parameters \(biases) learn now: biases.")
    #expect { try session.apply(.learn("biases")) } throws: { "\($0)".contains("already") }
    #expect(
      try session.apply(.learn("full"))
        == "Everything learns now: \(model.parameterCount) of \(model.parameterCount) parameters.")
  }
}
