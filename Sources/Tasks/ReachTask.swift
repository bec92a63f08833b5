import Foundation

/// Reaches from the centre to eight targets, into a force field that comes and goes: what a network learns twice over.
///
/// The hand is a point mass on a planned path: straight, with the smoothest start and stop (minimum jerk: Flash & Hogan
/// 1985, DOI 10.1523/JNEUROSCI.05-07-01688.1985), s(τ) = 10τ³ − 15τ⁴ + 6τ⁵. The target is shown first, then a signal says
/// go; what is asked for is the force that keeps the hand on its path, F = m·a − b·(v_y, −v_x), the last part while a curl
/// field of that strength pushes it aside (Shadmehr & Mussa-Ivaldi 1994, DOI 10.1523/JNEUROSCI.14-05-03208.1994). So the
/// loss is a squared error of force: errors do not carry the hand off its path, as they would a real one.
///
/// One training step is one trial: with eight windows a batch each of the targets once, in the order in which they come.
/// After ``practice`` trials the experiment of Pellegrino, Cayco-Gajic & Chadwick (2023, arXiv 2308.11567) begins: 50
/// trials as before, 100 in the field, 100 without. Its loss jumps, falls, and jumps again where the field is gone: the
/// after-effect. Then all begins anew.
struct ReachTask: TaskDefinition {
  let name = "reach"
  let summary = "The force for a reach to one of 8 targets; a curl field comes after trial 650 and goes after 750"

  /// Trials before the experiment, enough for a network of 64 units to have learned to reach.
  static let practice = 600
  /// Trials of the experiment, and of these the ones in the field.
  static let trials = 250
  static let field = 50..<150
  /// Steps of 20 ms: the target is shown, the hand moves (0.6 s), the hand rests.
  static let (shown, moving, resting) = (10, 30, 10)
  static let interval = 0.02
  /// m, kg; m of the reach; N·s/m.
  static let (mass, distance, curl) = (2.0, 0.1, 10.0)

  static var steps: Int { shown + moving + resting }

  func load(seed: UInt64) throws -> TaskData {
    let free = (0..<8).map { Self.reach(2 * $0, curl: 0) }
    let pushed = (0..<8).map { Self.reach(2 * $0, curl: Self.curl) }
    let training = (0..<Self.practice + Self.trials).flatMap { Self.field ~= $0 - Self.practice ? pushed : free }
    // Directions that were never practised, without the field.
    let heldOut = (0..<8).map { Self.reach(2 * $0 + 1, curl: 0) }
    let still = heldOut.map { [Double](repeating: 0, count: $0.targets.count) }
    let names = ["force x", "force y"]
    let metrics = Metrics.compute(kind: .regression, names: names, outputs: still, series: heldOut)
    var data = TaskData(
      name: name, summary: summary, inputs: ["target x", "target y", "go"].map { Channel(name: $0) },
      targets: names.map { Channel(name: $0, unit: "N") }, kind: .regression, timeUnit: "step", training: training,
      heldOut: heldOut, baselines: [Baseline(name: "no force", metric: "mse", value: metrics["mse"] ?? 0)],
      suggestion: .init(
        sequence: Self.steps, batch: 8, learningRate: 0.001, neurons: 64, wiring: "all"),
      notes: [
        "One step is one trial of all eight targets, in order: the field is there from trial \(Self.practice + 51) to "
          + "\(Self.practice + 150), and what is held out are reaches between the targets, without it.",
        "What is compared is the force along the planned path; errors do not carry the hand off it.",
      ])
    data.isOrdered = true
    return data
  }

  /// The reach into direction `sixteenth`·22.5° against a curl field of strength `curl`, N·s/m.
  static func reach(_ sixteenth: Int, curl: Double) -> Series {
    let angle = Double(sixteenth) * .pi / 8
    let (x, y) = (cos(angle), sin(angle))
    let duration = Double(moving) * interval
    var inputs: [Double] = []
    var targets: [Double] = []
    for step in 0..<steps {
      inputs += [x, y, step < shown ? 0 : 1]
      let phase = Double(step - shown) / Double(moving)
      guard 0...1 ~= phase else {
        targets += [0, 0]
        continue
      }
      let speed = distance / duration * (30 * phase * phase - 60 * pow(phase, 3) + 30 * pow(phase, 4))
      let push = distance / (duration * duration) * (60 * phase - 180 * phase * phase + 120 * pow(phase, 3))
      targets += [mass * push * x - curl * speed * y, mass * push * y + curl * speed * x]
    }
    let degrees = "\(sixteenth * 45 / 2)" + (sixteenth.isMultiple(of: 2) ? "" : ".5")
    return Series(
      name: "\(degrees)°" + (curl == 0 ? "" : " in the field"), inputs: inputs, targets: targets,
      elapsed: [Double](repeating: 1, count: steps))
  }
}
