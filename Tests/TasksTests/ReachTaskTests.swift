import Foundation
import Testing

@testable import Tasks

@Suite struct ReachTaskTests {
  private let data: TaskData
  init() throws { data = try TaskRegistry.named("reach").load(seed: 1) }

  /// Integrated twice, the force carries a free mass from the centre to the target, there to rest.
  @Test(arguments: 0..<8) func forceMovesTheMassToTheTarget(_ target: Int) {
    let series = data.training[target]
    let angle = Double(target) * .pi / 4
    for (axis, end) in [0.1 * cos(angle), 0.1 * sin(angle)].enumerated() {
      var (position, velocity) = (0.0, 0.0)
      for step in 0..<series.steps {
        let force = series.targets[2 * step + axis]
        position += 0.02 * velocity + 0.5 * 0.02 * 0.02 * force / 2
        velocity += 0.02 * force / 2
      }
      // Constant forces within a step of 1/30 of the movement: the error of position is below a hundredth of the way.
      #expect(abs(position - end) < 0.001 && abs(velocity) < 1e-12)
    }
  }

  /// The field's push is at right angles to the velocity, which is along the path: their difference of forces has no part
  /// along the path, and its largest is b·1.875·d/T.
  @Test(arguments: 0..<8) func fieldPushesAside(_ target: Int) {
    let start = 8 * (ReachTask.practice + ReachTask.field.lowerBound)
    let (free, pushed) = (data.training[start - 8 + target], data.training[start + target])
    #expect(free.inputs == pushed.inputs && pushed.name == free.name + " in the field")
    let angle = Double(target) * .pi / 4
    var largest = 0.0
    for step in 0..<free.steps {
      let x = pushed.targets[2 * step] - free.targets[2 * step]
      let y = pushed.targets[2 * step + 1] - free.targets[2 * step + 1]
      #expect(abs(x * cos(angle) + y * sin(angle)) < 1e-12)
      // To the left of the path in a field that pushes to the right.
      largest = max(largest, -x * sin(angle) + y * cos(angle))
    }
    #expect(abs(largest - 10 * 1.875 * 0.1 / 0.6) < 1e-9)
  }

  @Test func orderOfTheExperiment() {
    #expect(data.isOrdered && data.training.count == 8 * 850)
    for trial in [0, 599, 600, 649, 650, 749, 750, 849] {
      for target in 0..<8 {
        let series = data.training[8 * trial + target]
        #expect(series.name == "\(45 * target)°" + (650..<750 ~= trial ? " in the field" : ""))
      }
    }
    #expect(data.heldOut.map(\.name) == (0..<8).map { "\(22.5 + 45 * Double($0))°" })
  }

  /// A batch of eight windows is one trial, again and again in the same order, whatever the seed.
  @Test func windowsComeInOrder() {
    for seed in UInt64(1)...2 {
      var sampler = WindowSampler(
        series: data.training, sequence: data.suggestion.sequence, seed: seed, isOrdered: data.isOrdered)
      for index in 0..<8 * 850 + 16 {
        #expect(sampler.next() == WindowSampler.Window(series: index % (8 * 850), start: 0))
      }
      #expect(sampler.epoch == 1)
    }
    // Longer series are cut from their beginning.
    let long = Series(
      name: "x", inputs: [0, 0, 0, 0, 0], targets: [0, 0, 0, 0, 0], elapsed: [1, 1, 1, 1, 1])
    var sampler = WindowSampler(series: [long, long], sequence: 2, seed: 9, isOrdered: true)
    #expect((0..<4).map { _ in sampler.next() }.map(\.start) == [0, 2, 0, 2])
  }
}
