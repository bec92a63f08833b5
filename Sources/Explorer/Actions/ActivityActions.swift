import Experiments

// What runs beside the screen, whatever it is.

extension Actions {
  static let activities: [Action] = [
    Action(
      "activity-pause", .program, "Lets what runs beside the screen rest, or go on: the newest, or that number.",
      argument: "[NUMBER]", values: numbers
    ) { scene, argument in
      guard let activity = chosen(&scene, argument) else { return [] }
      let runs = activity.report.status == .running
      scene.say("\(activity.id) \(activity.report.title): \(runs ? "paused" : "goes on").")
      return [runs ? .pause(activity.id) : .start(activity.id)]
    },
    Action(
      "activity-end", .program,
      "Ends (stops, cancels) what runs beside the screen: the newest, or that number; what is done stays.",
      keys: ["X"], argument: "[NUMBER]", values: numbers,
      hint: { $0.activity(shownBy: $0.look.focus)?.report.status.isOver == false ? "end" : nil }
    ) { scene, argument in
      guard let activity = chosen(&scene, argument) else { return [] }
      scene.say("\(activity.id) \(activity.report.title): ended.")
      return [.cancel(activity.id)]
    },
  ]

  private static let numbers: @Sendable (Scene) -> [String] = { scene in
    scene.beside.filter { !$0.report.status.isOver }.map { "\($0.id)" }
  }

  /// The activity of that number, or the newest that is not over; says so where there is none.
  private static func chosen(_ scene: inout Scene, _ argument: String?) -> ActivityState? {
    let open = scene.beside.filter { !$0.report.status.isOver }
    guard !open.isEmpty else {
      scene.say(
        "Nothing runs beside training, which space pauses and lets go on, and which ends with the program.",
        isError: true)
      return nil
    }
    guard let argument = argument?.trimmed, !argument.isEmpty else {
      // The one that is looked at before one that is not.
      let shown = scene.activity(shownBy: scene.look.focus)
      return open.first { $0.id == shown?.id } ?? open.last
    }
    if let activity = open.first(where: { "\($0.id)" == argument }) { return activity }
    scene.say(
      "There is no activity \(argument) that is not over: "
        + open.map { "\($0.id) is \($0.report.title), \($0.report.progress)" }.joined(separator: "; ") + ".",
      isError: true)
    return nil
  }
}
