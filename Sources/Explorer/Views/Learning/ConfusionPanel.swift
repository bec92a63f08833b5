import Learning
import Tasks
import Terminal

/// Answers against truth over the probe's recent moments: for classes a table of counts, for labels hits and misses each.
struct ConfusionPanel: Widget {
  private let title: String
  private let columns: [Table.Column]
  private let rows: [Table.Row]

  init(_ scene: Scene) {
    let names = scene.task.outputNames
    switch scene.task.kind {
    case .regression: (title, columns, rows) = ("", [], [])
    case .classes:
      let counts = Self.confusion(scene, classes: names.count)
      title = "truth ↓ answer →, last \(scene.moments.count) moments"
      columns =
        [Table.Column("")] + names.indices.map { Table.Column(String($0).fitted(to: 4), .right) }
        + [Table.Column("hits", .right)]
      rows = names.indices.map { truth in
        let all = counts[truth].reduce(0, +)
        let share = all > 0 ? "\(Int((Double(counts[truth][truth]) / Double(all) * 100).rounded())) %" : "–"
        return Table.Row(
          ["\(truth) \(names[truth])"] + counts[truth].map { $0 == 0 ? "·" : "\($0)" } + [share],
          cellStyles: [truth + 1: Ink.good.bold()])
      }
    case .labels:
      title = "answers, last \(scene.moments.count) moments"
      columns =
        [Table.Column("")]
        + ["yes✓", "yes✗", "no✓", "no✗", "hits"].map { Table.Column($0, .right) }
      rows = names.indices.map { label in
        let tally = Self.tally(scene, label: label)
        let all = tally.reduce(0, +)
        let share = all > 0 ? "\(Int((Double(tally[0] + tally[2]) / Double(all) * 100).rounded())) %" : "–"
        return Table.Row([names[label]] + tally.map { "\($0)" } + [share])
      }
    }
  }

  var height: Int { rows.isEmpty ? 0 : rows.count + 2 }

  func draw(on canvas: inout Canvas) {
    guard !rows.isEmpty else { return }
    canvas.text(0, 0, title, .plain.bold(), maxWidth: canvas.width)
    canvas.draw(Table(columns, rows: rows, gap: 1), in: canvas.area.inset(top: 1))
  }

  /// [truth][answer].
  static func confusion(_ scene: Scene, classes: Int) -> [[Int]] {
    var counts = [[Int]](repeating: [Int](repeating: 0, count: classes), count: classes)
    for moment in scene.moments where moment.counts && moment.output.count >= classes {
      guard let target = moment.target.first, let truth = Int(exactly: target.rounded()),
        (0..<classes).contains(truth)
      else { continue }
      // The first of the largest; what is not a number never wins.
      var best = 0
      for index in 0..<classes where moment.output[index] > moment.output[best] || moment.output[best].isNaN {
        best = index
      }
      counts[truth][best] += 1
    }
    return counts
  }

  /// Yes and right, yes and wrong, no and right, no and wrong.
  static func tally(_ scene: Scene, label: Int) -> [Int] {
    var tally = [0, 0, 0, 0]
    for moment in scene.moments where moment.counts && label < min(moment.output.count, moment.target.count) {
      let (answer, truth) = (moment.output[label] > 0, moment.target[label] > 0.5)
      tally[(answer ? 0 : 2) + (answer == truth ? 0 : 1)] += 1
    }
    return tally
  }
}
