import Learning
import Terminal

// Walking through the past of the weights, and forking from it.

extension Actions {
  private static let view = HistoryView.name
  private static let hasPast: @Sendable (Scene) -> Bool = { $0.past.history?.isEmpty == false }

  static let lookingBack: [Action] = [
    Action(
      "history", .history,
      "Shows the network as it was after that step: history 1500; also first, best, now, +10 and -10 moments.",
      argument: "[STEP | first | best | now | ±N]", values: { _ in ["first", "best", "now", "-10", "+10"] }
    ) { scene, argument in
      (scene.look.focus, scene.look.zoomed) = (view, true)
      if let argument { seek(&scene, argument.trimmed.lowercased()) }
      return []
    },
    Action(
      "history-back", .history, "One recorded moment back; ( does it in every view.", keys: ["left", "h"], in: view,
      hint: { hasPast($0) ? "back" : nil }
    ) { scene, _ in walk(&scene, -1) },
    Action(
      "history-ahead", .history, "One recorded moment ahead; ) does it in every view.", keys: ["right", "l"], in: view,
      hint: { $0.isLookingBack ? "ahead" : nil }
    ) { scene, _ in walk(&scene, 1) },
    Action("earlier", .history, "Looks one recorded moment further back, in any view.", keys: ["("]) { scene, _ in
      walk(&scene, -1)
    },
    Action(
      "later", .history, "Looks one recorded moment ahead, in any view.", keys: [")"],
      hint: { $0.isLookingBack ? "later" : nil }
    ) { scene, _ in walk(&scene, 1) },
    Action("history-far-back", .history, "A tenth of the recorded moments back.", keys: ["page-up"], in: view) {
      scene, _ in walk(&scene, -tenth(scene))
    },
    Action("history-far-ahead", .history, "A tenth of the recorded moments ahead.", keys: ["page-down"], in: view) {
      scene, _ in walk(&scene, tenth(scene))
    },
    Action(
      "history-first", .history, "To the first recorded moment.", keys: ["home"], in: view,
      hint: { hasPast($0) ? "first" : nil }
    ) { scene, _ in
      seek(&scene, "first")
      return []
    },
    Action("now", .history, "Shows the network of now again; esc does it too.", keys: ["end"], in: view) { scene, _ in
      scene.past.sought = .now
      return []
    },
    Action("intervention-before", .history, "To the last intervention before the moment shown.", keys: ["{"]) {
      scene, _ in intervention(&scene, ahead: false)
    },
    Action("intervention-after", .history, "To the next intervention after the moment shown.", keys: ["}"]) {
      scene, _ in intervention(&scene, ahead: true)
    },
    Action(
      "play", .history, "Plays the past forward from the moment shown, or holds it.", keys: ["t"],
      hint: { $0.past.playback.isRunning ? "hold" : $0.focusUses("play") && hasPast($0) ? "play" : nil }
    ) { scene, _ in play(&scene) },
    Action("play-slower", .history, "Halves the speed at which the past is played.", keys: ["["], in: view) {
      scene, _ in speed(&scene, scene.past.playback.speed / 2)
    },
    Action("play-faster", .history, "Doubles the speed at which the past is played.", keys: ["]"], in: view) {
      scene, _ in speed(&scene, scene.past.playback.speed * 2)
    },
    Action(
      "play-speed", .history, "So many recorded moments a second: play-speed 30.", argument: "MOMENTS",
      values: { _ in ["1", "8", "30", "120"] }
    ) { scene, argument in
      guard let speed = argument.flatMap({ Double($0.trimmed) }), speed > 0, speed.isFinite else {
        scene.say("play-speed takes moments a second, for example play-speed 30.", isError: true)
        return []
      }
      return Self.speed(&scene, speed)
    },
    Action(
      "history-compare", .history, "Shows then alone, beside now (or the pinned moment), or as a difference.",
      keys: ["d"], in: view, argument: "[alone | beside | difference]",
      values: { _ in HistoryView.Comparison.allCases.map(\.rawValue) },
      hint: { $0[HistoryView.self].comparison.next.hint }
    ) { scene, argument in
      guard
        let wanted = argument.map({ HistoryView.Comparison(rawValue: $0.trimmed) })
          ?? scene[HistoryView.self].comparison.next
      else {
        scene.say("history-compare takes alone, beside or difference.", isError: true)
        return []
      }
      scene[HistoryView.self].comparison = wanted
      scene.say(wanted.sentence)
      return []
    },
    Action(
      "fork", .history,
      "Trains on from the moment shown, in a set-up of its own with the masks of then; the present one is kept.",
      keys: ["y"], hint: { $0.isLookingBack ? "fork here" : nil }, when: { !$0.session.readOnly }
    ) { scene, _ in
      guard let state = scene.past.shown ?? scene.past.history?.state(at: .max) else {
        scene.say("Nothing is recorded yet that could be forked from: train a step first.", isError: true)
        return []
      }
      return [.fork(state, [])]
    },
  ]

  /// What would change the network of now is asked about while then is looked at: it means a fork.
  static func askingForFork(_ effects: [Effect], _ scene: inout Scene) -> [Effect] {
    let commands = effects.compactMap { effect -> Command? in
      if case .send(let command) = effect, command.changesNetwork { command } else { nil }
    }
    guard !commands.isEmpty, let state = scene.past.shown else { return effects }
    let step = NumberText.grouped(state.moment.step)
    if commands.contains(.undo) || commands.contains(.redo) {
      scene.say(
        "You look back at step \(step), where nothing was done yet: esc returns to now, then u undoes.", isError: true)
      return []
    }
    scene.network.predictedChange = nil
    scene.mode = .confirm(
      question:
        "You look back at step \(step): what is done there makes a fork, a network of its own that trains on from then. "
        + "The present one stays as it is, and b returns to it. enter forks and does it, esc leaves everything as it is.",
      then: [.fork(state, commands)])
    return []
  }

  private static func tenth(_ scene: Scene) -> Int { max((scene.past.history?.moments.count ?? 0) / 10, 1) }

  /// To another moment, `count` further on; beyond the last is now.
  private static func walk(_ scene: inout Scene, _ count: Int) -> [Effect] {
    guard let moments = scene.past.history?.moments, !moments.isEmpty else {
      scene.say("Nothing is recorded yet: the first step of training is the first moment.", isError: true)
      return []
    }
    scene.past.playback.isRunning = false
    var here = scene.past.shown?.moment.step
    if case .step(let step)? = scene.past.sought { here = step }
    // From now, the first one back is the last that is older than what was shown.
    let index =
      here.map { step in (moments.lastIndex { $0.step <= step } ?? 0) + count }
      ?? (count > 0 ? moments.count : (moments.lastIndex { $0.step < scene.newest.step } ?? 0) + count + 1)
    scene.past.sought = index >= moments.count ? .now : .step(moments[max(index, 0)].step)
    return []
  }

  /// "1500", "first", "best", "now", "-10".
  private static func seek(_ scene: inout Scene, _ text: String) {
    guard let moments = scene.past.history?.moments, let first = moments.first else {
      scene.say("Nothing is recorded yet: the first step of training is the first moment.", isError: true)
      return
    }
    scene.past.playback.isRunning = false
    switch text {
    case "now": scene.past.sought = .now
    case "first": scene.past.sought = .step(first.step)
    case "best":
      guard let best = scene.newest.bestStep else {
        scene.say("The held-out error has not been measured yet.", isError: true)
        return
      }
      scene.past.sought = .step(best)
    default:
      if text.first == "+" || text.first == "-", let count = Int(text) {
        _ = walk(&scene, count)
        return
      }
      guard let step = Int(text.filter { $0 != " " }), step >= 0 else {
        scene.say("history takes a step's number, first, best or now: for example history 1500.", isError: true)
        return
      }
      scene.past.sought = .step(step)
      if let found = moments.last(where: { $0.step <= step }) ?? moments.first, found.step != step {
        scene.say("Step \(step) was not kept; the moment before it is step \(found.step).")
      }
    }
  }

  private static func intervention(_ scene: inout Scene, ahead: Bool) -> [Effect] {
    let here = scene.snapshot.step
    let steps = scene.newest.marks.map(\.step)
    guard let step = ahead ? steps.first(where: { $0 > here }) : steps.last(where: { $0 < here }) else {
      scene.say("There is no intervention \(ahead ? "after" : "before") step \(NumberText.grouped(here)).")
      return []
    }
    scene.past.playback.isRunning = false
    scene.past.sought = .step(step)
    if let mark = scene.newest.marks.last(where: { $0.step == step }) {
      scene.say("\(mark.kind.sign) \(mark.label) at step \(NumberText.grouped(step)).")
    }
    return []
  }

  private static func play(_ scene: inout Scene) -> [Effect] {
    if scene.past.playback.isRunning {
      scene.past.playback.isRunning = false
      scene.say("The past is held: t plays it on.")
      return []
    }
    guard hasPast(scene) else {
      scene.say("Nothing is recorded yet that could be played.", isError: true)
      return []
    }
    if !scene.isLookingBack { seek(&scene, "first") }
    (scene.past.playback.isRunning, scene.past.playback.owed) = (true, 0)
    scene.say(
      "The past plays, \(Scene.number(scene.past.playback.speed)) moments a second; [ and ] change that in History.")
    return []
  }

  private static func speed(_ scene: inout Scene, _ wanted: Double) -> [Effect] {
    scene.past.playback.speed = min(max(wanted, 0.25), 512)
    scene.say("The past is played at \(Scene.number(scene.past.playback.speed)) recorded moments a second.")
    return []
  }
}
