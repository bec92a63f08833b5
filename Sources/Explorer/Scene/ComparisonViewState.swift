import Experiments
import Learning

/// A comparison as it is looked at: what came out so far, which rows are shown in which order, and which one is selected.
public struct ComparisonViewState: Sendable, Equatable {
  /// What rows are sorted by.
  public enum Order: String, Sendable, CaseIterable {
    case plan, error, parameters, neurons, synapses, model, rate, seconds
  }

  public var table: ComparisonTable
  public var order = Order.plan
  /// Only rows whose model, task or wiring contains it.
  public var filter = ""
  /// Place among the shown rows.
  public private(set) var selected = 0

  public init(_ table: ComparisonTable) { self.table = table }

  /// The rows shown, in order; those without a value last.
  public var rows: [ComparisonTable.Row] {
    let wanted = filter.lowercased()
    let shown = table.rows.filter { row in
      wanted.isEmpty
        || [row.candidate.model, row.title.lowercased(), row.task, row.candidate.wiring].contains {
          $0.contains(wanted)
        }
    }
    func sorted(_ key: (ComparisonTable.Row) -> Double?) -> [ComparisonTable.Row] {
      shown.enumerated().sorted { one, other in
        (key(one.element) ?? .infinity, one.offset) < (key(other.element) ?? .infinity, other.offset)
      }.map(\.element)
    }
    switch order {
    case .plan: return shown
    case .error: return sorted(\.mean)
    case .parameters: return sorted { Double($0.parameters) }
    case .neurons: return sorted { Double($0.candidate.neurons) }
    case .synapses: return sorted { Double($0.synapses) }
    case .model:
      return shown.enumerated().sorted { ($0.element.title, $0.offset) < ($1.element.title, $1.offset) }.map(\.element)
    case .rate: return sorted(\.learningRate)
    case .seconds: return sorted(\.seconds)
    }
  }

  /// The row the keys speak of.
  public var row: ComparisonTable.Row? {
    let rows = rows
    return rows.isEmpty ? nil : rows[min(selected, rows.count - 1)]
  }

  public mutating func move(by offset: Int) { select(min(selected, max(rows.count - 1, 0)) + offset) }

  public mutating func select(_ place: Int) { selected = min(max(place, 0), max(rows.count - 1, 0)) }

  /// Changes order or filter and keeps the selected row selected.
  public mutating func rearrange(_ change: (inout ComparisonViewState) -> Void) {
    let row = row
    change(&self)
    selected = rows.firstIndex { $0.candidate == row?.candidate && $0.size == row?.size } ?? 0
  }

  /// The letter that stands for a model in the pictures: its place in the plan.
  public func letter(_ row: ComparisonTable.Row) -> Character {
    var models: [String] = []
    for row in table.rows where !models.contains(row.candidate.model) { models.append(row.candidate.model) }
    let place = models.firstIndex(of: row.candidate.model) ?? 0
    return Array("abcdefghijklmnopqrstuvwxyz")[place % 26]
  }

  public var isUnderWay: Bool {
    switch table.status {
    case .measuring, .running: true
    case .paused, .finished, .cancelled, .failed: false
    }
  }

  /// How far it is, in some words.
  public var progress: String {
    let left = table.secondsLeft.map { ", about \(Self.duration($0)) left" } ?? ""
    let percent = "\(Int(table.share * 100)) %"
    switch table.status {
    case .measuring: return "▶ measuring how long a step takes"
    case .running: return "▶ \(percent)\(left)"
    case .paused: return "■ paused at \(percent): space goes on"
    case .finished: return "✓ done in \(Self.duration(table.seconds))"
    case .cancelled: return "■ ended at \(percent)"
    case .failed(let sentence): return "! \(sentence)"
    }
  }

  private static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e9 else { return "?" }
    let whole = Int(seconds.rounded())
    return whole < 100 ? "\(whole) s" : "\((whole + 30) / 60) min"
  }
}
