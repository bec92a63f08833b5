import Circuits
import Experiments
import Learning
import Terminal

// The tensor rank of the weight history: fitted beside training, looked at component by component, and acted upon.

extension Actions {
  private static let view = RankView.name
  private static let hasFits: @Sendable (Scene) -> Bool = { $0.rankPicture?.fits.isEmpty == false }
  /// Of a component's energy that counts as inside it, unless told.
  private static let usualShare = 0.95

  static let ranking: [Action] = [
    Action(
      "rank", .history,
      "Fits the tensor rank of the weights through learning beside training: rank w --ranks 1:6 --restarts 5.",
      argument: "[TENSOR] [OPTIONS]",
      values: { scene in RankView.tensors(scene).map { "\($0) --ranks 1:6" } }
    ) { scene, argument in fit(&scene, argument ?? "") },
    Action(
      "rank-again", .history, "Fits again, with what has been learned since.", keys: ["r", "enter"], in: view,
      hint: { $0.past.history == nil ? nil : $0.rankPicture == nil ? "fit" : "fit again" }
    ) { scene, _ in
      guard let request = scene.rankPicture?.request else { return fit(&scene, "") }
      return fit(&scene, request)
    },
    Action(
      "component-next", .history, "The next component of the fit.", keys: ["down", "j"], in: view,
      hint: { hasFits($0) ? "component" : nil }
    ) { scene, _ in
      scene[RankView.self].component = min(scene[RankView.self].component + 1, max((scene.rankFit?.rank ?? 1) - 1, 0))
      return []
    },
    Action("component-previous", .history, "The component before.", keys: ["up", "k"], in: view) { scene, _ in
      scene[RankView.self].component = max(min(scene[RankView.self].component, (scene.rankFit?.rank ?? 1) - 1) - 1, 0)
      return []
    },
    Action(
      "rank-more", .history, "Looks at the fit with one component more.", keys: ["right", "l"], in: view,
      hint: { hasFits($0) ? "more" : nil }
    ) { scene, _ in choose(&scene, 1) },
    Action("rank-fewer", .history, "Looks at the fit with one component fewer.", keys: ["left", "h"], in: view) {
      scene, _ in choose(&scene, -1)
    },
    Action(
      "rank-prune", .history,
      "Cuts every synapse outside the chosen component, after a preview; rank-prune 0.9 keeps 90 % of its energy.",
      keys: ["p"], in: view, argument: "[SHARE]", values: { _ in ["0.95", "0.9", "0.8"] },
      hint: { hasFits($0) ? "prune outside…" : nil }, when: { !$0.session.readOnly }
    ) { scene, argument in
      guard let found = outside(&scene, argument) else { return [] }
      guard let preview = PrunePreview(found.synapses, what: found.words, in: scene) else {
        scene.say("There is nothing left to cut outside \(found.component).", isError: true)
        return []
      }
      scene.mode = .preview(preview)
      return []
    },
    Action(
      "rank-freeze", .history,
      "Freezes every synapse outside the chosen component, after a question; rank-freeze 0.9 keeps 90 % of its energy free.",
      keys: ["f"], in: view, argument: "[SHARE]", values: { _ in ["0.95", "0.9", "0.8"] },
      hint: { hasFits($0) ? "freeze outside…" : nil }, when: { !$0.session.readOnly }
    ) { scene, argument in
      guard let found = outside(&scene, argument) else { return [] }
      let moving = found.synapses.filter { !scene.isFrozen($0) }
      guard !moving.isEmpty else {
        scene.say("Everything outside \(found.component) is frozen already.", isError: true)
        return []
      }
      let wiring = scene.model.wiring
      let names = moving.map { "\(wiring.sourceName($0.pre))>\(wiring.neuronNames[$0.post])" }
      let values = moving.reduce(0) { $0 + scene.model.parameters(of: $1).count }
      scene.mode = .confirm(
        question:
          "Freeze \(found.words)? \(values) values of \(moving.count) synapses stop moving, \(found.inside) synapses "
          + "and everything else go on learning. The loss stays as it is. enter freezes, u takes it back, esc leaves "
          + "everything as it is.",
        then: [.send(.freeze("synapses:" + names.joined(separator: ";")))])
      return []
    },
  ]

  private static func fit(_ scene: inout Scene, _ text: String) -> [Effect] {
    do { return fit(&scene, try RankRequest(text)) } catch {
      scene.say("\(error)", isError: true)
      return []
    }
  }

  private static func fit(_ scene: inout Scene, _ request: RankRequest) -> [Effect] {
    (scene.look.focus, scene.look.zoomed) = (view, true)
    guard let history = scene.past.history else {
      scene.say("The weights of this network are not recorded, so that there is nothing to fit.", isError: true)
      return []
    }
    let (model, snapshot) = (scene.model, scene.newest)
    return [
      .begin(
        ActivityMaker("rank \(request.tensor ?? "of the weights")") { _ in
          try RankActivity(request, history: history, model: model, snapshot: snapshot)
        })
    ]
  }

  private static func choose(_ scene: inout Scene, _ offset: Int) -> [Effect] {
    guard let fits = scene.rankPicture?.fits, let now = scene.rankFit,
      let index = fits.firstIndex(where: { $0.rank == now.rank })
    else {
      scene.say("Nothing is fitted yet: r fits.")
      return []
    }
    scene[RankView.self].rank = fits[min(max(index + offset, 0), fits.count - 1)].rank
    return []
  }

  /// The present synapses of the tensor that do not belong to the strongest ones which together hold `share` of the
  /// component's energy.
  private static func outside(
    _ scene: inout Scene, _ argument: String?
  ) -> (synapses: [Synapse], inside: Int, words: String, component: String)? {
    guard let picture = scene.rankPicture, let fit = scene.rankFit else {
      scene.say("Nothing is fitted yet: r fits.", isError: true)
      return nil
    }
    guard let share = argument.map({ Double($0.trimmed) }) ?? usualShare, share > 0, share < 1 else {
      scene.say("Say which share of the component is kept, between 0 and 1: for example 0.9.", isError: true)
      return nil
    }
    let component = scene.rankComponent
    let parts = picture.synapses(of: component, in: fit, scene)
    let whole = parts.reduce(0) { $0 + $1.size * $1.size }
    var (inside, sum) = (0, 0.0)
    while inside < parts.count, sum < share * whole {
      sum += parts[inside].size * parts[inside].size
      inside += 1
    }
    let name = "component \(component + 1) of \(fit.rank) of \(picture.tensor)"
    let rest = parts.dropFirst(inside).map(\.synapse)
    return (
      rest, inside,
      "everything of \(picture.tensor) outside \(name) (\(inside) synapses hold \(Int((share * 100).rounded())) % of it)",
      name
    )
  }
}
