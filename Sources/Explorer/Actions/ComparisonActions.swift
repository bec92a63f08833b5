import Experiments
import Learning
import Terminal

// Comparing models: begun from the command line or here, sorted, filtered, and opened row by row.

extension Actions {
  private static let view = ComparisonTable.view
  private static let hasRows: @Sendable (Scene) -> Bool = { $0.comparison?.rows.isEmpty == false }

  static let comparing: [Action] = [
    Action(
      "compare-pause", .compare, "Pauses the comparison, or lets it go on.", keys: ["space"], in: view,
      hint: { $0.comparison?.isUnderWay == true ? "pause" : "go on" },
      when: { $0.activity(shownBy: view)?.report.status.isOver == false }
    ) { scene, _ in
      guard let comparison = scene.activity(shownBy: view) else { return [] }
      let runs = comparison.report.status == .running
      scene.say(runs ? "The comparison is paused: space goes on." : "The comparison goes on.")
      return [runs ? .pause(comparison.id) : .start(comparison.id)]
    },
    Action(
      "compare-open", .compare, "Opens the trained model of the selected row; :back returns.", keys: ["enter"],
      in: view,
      hint: { $0.comparison?.row?.done ?? 0 > 0 ? "open model" : nil }, when: hasRows
    ) { scene, _ in
      guard let comparison = scene.activity(shownBy: view), let row = scene.comparison?.row else { return [] }
      let title = "\(row.candidate.model) with \(row.candidate.neurons) neurons"
      guard row.done > 0 else {
        let name = "\(row.title) with \(row.candidate.neurons) neurons"
        scene.say(
          comparison.report.status.isOver
            ? "No run of \(name) was made to its end before the comparison ended: compare again."
            : "No run of \(name) has ended yet: wait for one.", isError: true)
        return []
      }
      return [.openNetwork(of: comparison.id, name: row.candidate.name, title: title)]
    },
    Action(
      "compare-sort", .compare, "Sorts by the next column, or by one: compare-sort error.", keys: ["s"], in: view,
      argument: "COLUMN", values: { _ in ComparisonViewState.Order.allCases.map(\.rawValue) }, hint: { _ in "sort" },
      when: { $0.comparison != nil }
    ) { scene, argument in sort(&scene, argument) },
    Action(
      "compare-filter", .compare, "Shows only rows that contain a text (a model, a task, a wiring), or all again.",
      keys: ["f"], in: view, argument: "TEXT", values: { scene in scene.comparison.map(Self.models) ?? [] },
      hint: { $0.comparison?.filter.isEmpty == false ? "show all" : "filter" }, when: { $0.comparison != nil }
    ) { scene, argument in
      let text = argument?.filter { $0 != " " } ?? ""
      if text.isEmpty, scene.comparison?.filter.isEmpty == true {
        scene.mode = .palette("compare-filter ")
      } else {
        scene.comparison?.rearrange { $0.filter = text }
      }
      return []
    },
    Action(
      "compare-up", .compare, "Selects the row above.", keys: ["up", "k"], in: view, when: { $0.comparison != nil }
    ) { scene, _ in
      scene.comparison?.move(by: -1)
      return []
    },
    Action(
      "compare-down", .compare, "Selects the row below.", keys: ["down", "j"], in: view, when: { $0.comparison != nil }
    ) { scene, _ in
      scene.comparison?.move(by: 1)
      return []
    },
    Action(
      "compare", .compare,
      "Trains several models alike and shows who wins; takes the options of 'ganglion compare': --models ltc,gru …",
      argument: "OPTIONS", values: { _ in ["--models ltc,gru,lstm --neurons 8,16 --minutes 2"] },
      when: { !$0.session.readOnly }
    ) { scene, argument in
      (scene.look.focus, scene.look.zoomed) = (view, true)
      guard let argument else {
        scene.say(scene.comparison == nil ? CompareView.invitation : "Sort with s, filter with f, open with enter.")
        return []
      }
      return [.begin(ActivityMaker(command: "compare \(argument)"))]
    },
    Action(
      "study", .compare,
      "Answers a question of the papers by training; takes the words of 'ganglion study': synapses --budget 10 …",
      argument: "WORDS", values: { _ in ["synapses --tasks power --budget 5"] }, when: { !$0.session.readOnly }
    ) { scene, argument in
      guard let argument else {
        scene.say("study takes a question, for example study synapses --tasks power --budget 5.", isError: true)
        return []
      }
      return [.begin(ActivityMaker(command: "study \(argument)"))]
    },
  ]

  private static func models(_ comparison: ComparisonViewState) -> [String] {
    var models: [String] = []
    for row in comparison.table.rows where !models.contains(row.candidate.model) { models.append(row.candidate.model) }
    return models
  }

  private static func sort(_ scene: inout Scene, _ argument: String?) -> [Effect] {
    guard let comparison = scene.comparison else { return [] }
    let all = ComparisonViewState.Order.allCases
    let next = all[((all.firstIndex(of: comparison.order) ?? 0) + 1) % all.count]
    guard let order = argument.map(ComparisonViewState.Order.init(rawValue:)) ?? next else {
      scene.say(
        "compare-sort takes a column: \(all.map(\.rawValue).joined(separator: ", ")).", isError: true)
      return []
    }
    scene.comparison?.rearrange { $0.order = order }
    scene.say("Rows are sorted by \(order == .plan ? "the order of the plan" : order.rawValue).")
    return []
  }
}
