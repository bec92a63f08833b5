import Terminal

// Moving the selection and choosing what is shown.

extension Actions {
  static let looking: [Action] =
    [
      Action(
        "show", .looking,
        "Shows the focused pane's next picture or quantity; also by its name, of any pane: show activation.",
        keys: ["v"], argument: "NAME",
        hint: { scene in next(scene, by: 1) }, when: { next($0, by: 1) != nil }
      ) { scene, argument in show(&scene, argument) },
      Action(
        "show-previous", .looking, "Shows the focused pane's previous picture or quantity.", keys: ["V"],
        when: { next($0, by: 1) != nil }
      ) { scene, _ in next(scene, by: -1).map { show(&scene, $0) } ?? [] },
      Action("next-pane", .looking, "The keys speak to the next pane.", keys: ["tab"], hint: { _ in "next pane" }) {
        scene, _ in turnFocus(&scene, by: 1)
      },
      Action("zoom", .looking, "The pane fills the screen, or goes back.", keys: ["z", "enter"], hint: { _ in "zoom" })
      {
        scene, _ in
        scene.look.zoomed.toggle()
        return []
      },
      Action("previous-pane", .looking, "The keys speak to the previous pane.", keys: ["shift-tab"]) { scene, _ in
        turnFocus(&scene, by: -1)
      },
      Action("up", .looking, "Selects the neuron above.", keys: ["up", "k"]) { scene, _ in move(&scene, down: -1) },
      Action("down", .looking, "Selects the neuron below.", keys: ["down", "j"]) { scene, _ in move(&scene, down: 1) },
      Action(
        "left", .looking, "Selects the previous synapse of the neuron, or the neuron itself.", keys: ["left", "h"]
      ) {
        scene, _ in move(&scene, right: -1)
      },
      Action("right", .looking, "Selects the next synapse of the neuron.", keys: ["right", "l"]) { scene, _ in
        move(&scene, right: 1)
      },
      Action(
        "find", .looking, "Selects a neuron, a synapse (PRE>POST) or a tensor by its name.", keys: ["/"],
        argument: "NAME",
        values: { SearchHit.matches("", in: $0).map(\.name) }
      ) {
        scene, argument in
        guard let argument else {
          scene.mode = .find("")
          return []
        }
        return find(&scene, argument)
      },
      Action(
        "form", .looking, "Changes between the feature form and the conductance form of the coefficients.", keys: ["c"],
        hint: { $0.focusUses("form") ? "other form" : nil },
        when: { $0.hasCoefficients && $0.forms.count > 1 }
      ) { scene, _ in
        scene.look.form = scene.look.form == .feature ? .conductance : .feature
        // Eigenvalues of the other form's A are no continuation.
        scene.network.spectra = []
        return []
      },
      Action(
        "output", .looking, "Shows the next output's target and prediction.", keys: ["o"],
        when: { $0.task.outputNames.count > 1 }
      ) { scene, _ in
        scene[LearningView.self].output = (scene[LearningView.self].output + 1) % scene.task.outputNames.count
        return []
      },
      Action("fit", .looking, "Fits the colour and axis ranges to what is shown now.", keys: ["r"]) { scene, _ in
        var scales = scene.network.scales
        scales.fit(to: scene)
        scene.network.scales = scales
        scene.say("Ranges are fitted to the present values.")
        return []
      },
      Action("dashboard", .looking, "All panes together.", keys: ["1"]) { scene, _ in
        scene.look.zoomed = false
        // The dashboard is the network's.
        if Views.named(scene.look.focus)?.showsNetwork == false { scene.look.focus = Views.home }
        return []
      },
    ]
    + Views.all.enumerated().map { index, view in
      let keys = Views.key(at: index).map { [$0] } ?? []
      return Action("view-\(view.name)", .looking, "Only \(view.name): \(view.summary).", keys: keys) { scene, _ in
        (scene.look.focus, scene.look.zoomed) = (view.name, true)
        return []
      }
    }

  private static func turnFocus(_ scene: inout Scene, by offset: Int) -> [Effect] {
    // On the whole screen all take turns, on the dashboard those that have a pane.
    let names = (scene.look.zoomed ? Views.all : Views.dashboard).map(\.name)
    let index = names.firstIndex(of: scene.look.focus) ?? 0
    scene.look.focus = names[(index + offset + names.count) % names.count]
    return []
  }

  private static func move(_ scene: inout Scene, down: Int = 0, right: Int = 0) -> [Effect] {
    let wiring = scene.model.wiring
    if down != 0 { scene.selection = scene.selection.movedDown(by: down, in: wiring) }
    if right != 0 { scene.selection = scene.selection.movedRight(by: right, in: wiring) }
    return []
  }
}
