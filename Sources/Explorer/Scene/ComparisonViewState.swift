import Experiments
import Learning

/// A comparison as it is looked at: what came out so far, which rows are shown in which order, and which one is selected.
public struct ComparisonViewState: Sendable, Equatable {
  /// What rows are sorted by.
  public enum Order: String, Sendable, CaseIterable {
    case plan, error, parameters, neurons, synapses, model, rate, seconds
  }

  /// What a person chose, whatever there is in the table.
  public struct Choices: ViewState {
    public static var belongsToNetwork: Bool { false }
    public var order = Order.plan
    /// Only rows whose model, task or wiring contains it.
    public var filter = ""
    /// Index among the shown rows.
    public fileprivate(set) var selected = 0
    public init() {}
  }

  public let table: ComparisonTable
  public private(set) var choices: Choices

  public init(_ table: ComparisonTable, _ choices: Choices = Choices()) {
    (self.table, self.choices) = (table, choices)
  }

  public var order: Order {
    get { choices.order }
    set { choices.order = newValue }
  }
  public var filter: String {
    get { choices.filter }
    set { choices.filter = newValue }
  }
  public private(set) var selected: Int {
    get { choices.selected }
    set { choices.selected = newValue }
  }

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

  public mutating func select(_ index: Int) { selected = min(max(index, 0), max(rows.count - 1, 0)) }

  /// Changes order or filter and keeps the selected row selected.
  public mutating func rearrange(_ change: (inout ComparisonViewState) -> Void) {
    let row = row
    change(&self)
    selected = rows.firstIndex { $0.candidate == row?.candidate && $0.size == row?.size } ?? 0
  }

  /// What a letter stands for: sizes of it are points of one curve.
  private struct Curve: Hashable {
    var model: String
    var wiring: String
    var readout: String
    var equalisesParameters: Bool

    init(_ row: ComparisonTable.Row) {
      (model, wiring) = (row.candidate.model, row.candidate.wiring)
      (readout, equalisesParameters) = (row.candidate.readout.rawValue, row.size.equalisesParameters)
    }
  }

  /// The letter that stands for a model in the pictures, with its wiring, its readout and what is equal among its rivals: in
  /// the order of the plan.
  public func letter(_ row: ComparisonTable.Row) -> Character {
    var curves: [Curve] = []
    for row in table.rows where !curves.contains(Curve(row)) { curves.append(Curve(row)) }
    let index = curves.firstIndex(of: Curve(row)) ?? 0
    return Array("abcdefghijklmnopqrstuvwxyz")[index % 26]
  }

  public var isUnderWay: Bool { table.status == .running }

  /// How far it is, in some words.
  public var progress: String {
    switch table.status {
    case .running: "▶ \(table.progress)"
    case .waiting: "■ \(table.progress)"
    case .paused: "■ \(table.progress): space goes on"
    case .finished: "✓ \(table.progress)"
    case .cancelled: "■ \(table.progress)"
    case .failed: "! \(table.progress)"
    }
  }
}

extension Scene {
  /// The comparison that the Compare view shows, as it is looked at.
  public var comparison: ComparisonViewState? {
    get { picture(shownBy: ComparisonTable.view).map { ComparisonViewState($0, self[CompareView.self]) } }
    set { self[CompareView.self] = newValue?.choices ?? .init() }
  }
}
