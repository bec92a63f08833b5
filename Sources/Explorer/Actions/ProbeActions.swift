// The probe: the real sequence that the shown states follow. Training is not touched by any of this.

extension Actions {
  static let probing: [Action] = [
    Action(
      "probe-pause", .probe, "Stops the moving picture, or lets it run; training goes on.", keys: [","],
      hint: { $0.look.probePaused ? "run probe" : "hold probe" }
    ) { scene, _ in
      scene.look.probePaused.toggle()
      scene.say(scene.look.probePaused ? "The probe is held: n makes one step, , lets it run." : "The probe runs.")
      return []
    },
    Action(
      "probe-step", .probe, "One probe step while it is held.", keys: ["n"], hint: { _ in "next moment" },
      when: { $0.look.probePaused || $0.moments.isEmpty }
    ) { _, _ in [.probeStep] },
    Action("probe-slower", .probe, "Halves the probe's speed.", keys: ["["]) { scene, _ in speed(&scene, 0.5) },
    Action("probe-faster", .probe, "Doubles the probe's speed.", keys: ["]"]) { scene, _ in speed(&scene, 2) },
    Action("probe-start", .probe, "To the beginning of the held-out sequence.", keys: ["home"]) { _, _ in
      [.probeJump(step: 0, series: nil)]
    },
    Action("probe-ahead", .probe, "A tenth of the sequence ahead.", keys: ["page-down"]) { scene, _ in jump(scene, 0.1)
    },
    Action("probe-back", .probe, "A tenth of the sequence back.", keys: ["page-up"]) { scene, _ in jump(scene, -0.1) },
    Action("probe-jump", .probe, "To that step of the sequence.", argument: "STEP") { scene, argument in
      guard let step = argument.flatMap(Int.init) else {
        scene.say("probe-jump takes a step's number, for example probe-jump 500.", isError: true)
        return []
      }
      return [.probeJump(step: step, series: nil)]
    },
    Action(
      "probe-series", .probe, "Follows another held-out sequence, by its number from 0.", argument: "NUMBER",
      when: { $0.task.heldOut.count > 1 }
    ) { scene, argument in
      guard let number = argument.flatMap(Int.init), scene.task.heldOut.indices.contains(number) else {
        scene.say("probe-series takes a number from 0 to \(scene.task.heldOut.count - 1).", isError: true)
        return []
      }
      return [.probeJump(step: 0, series: number)]
    },
  ]

  private static func speed(_ scene: inout Scene, _ factor: Double) -> [Effect] {
    scene.look.probeSpeed = min(max(scene.look.probeSpeed * factor, 0.625), 640)
    scene.say("The probe makes \(Scene.number(scene.look.probeSpeed)) steps a second.")
    return []
  }

  private static func jump(_ scene: Scene, _ share: Double) -> [Effect] {
    guard let now = scene.moments.last else { return [] }
    let steps = scene.task.heldOut.map(\.steps).max() ?? 1
    return [.probeJump(step: max(now.step + Int(Double(steps) * share), 0), series: nil)]
  }
}
