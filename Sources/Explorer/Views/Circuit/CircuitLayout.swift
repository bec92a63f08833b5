import Circuits
import Terminal

/// Where the circuit's neurons stand: a column a layer, sensed things at the left, what is done at the right.
struct CircuitLayout {
  struct Column {
    var title: String
    /// Neurons, and inputs from N on.
    var members: [Int]
    var x: Int
    var width: Int
  }
  struct Box {
    /// The left end of the node's text.
    var x: Int
    var y: Int
    var width: Int
    /// Number of the column.
    var layer: Int
    var right: Int { x + width }
  }

  let columns: [Column]
  /// By neuron, and input from N on.
  let boxes: [Box]
  let showsValues: Bool
  /// Columns of a node before its name: the swatch and a blank.
  static let lead = 3

  /// - Returns: `nil` where there is no room for every neuron and for lines between them.
  init?(_ wiring: Wiring, width: Int, height: Int) {
    let n = wiring.neurons
    var columns: [Column] = []
    if wiring.inputs > 0 {
      columns.append(Column(title: "inputs", members: Array(n..<n + wiring.inputs), x: 0, width: 0))
    }
    for layer in [Wiring.Layer.sensory, .inter, .command, .motor] {
      let members = (0..<n).filter { wiring.layers[$0] == layer }
      if !members.isEmpty { columns.append(Column(title: layer.rawValue, members: members, x: 0, width: 0)) }
    }
    guard n > 0, let most = columns.map(\.members.count).max(), most <= height - 1 else { return nil }
    func widths(_ longest: Int, values: Bool) -> [Int] {
      columns.map { column in
        let name = column.members.map { wiring.sourceName($0).terminalColumns }.max() ?? 0
        // The last column is for a sign of its own: a synapse to itself.
        return Self.lead + min(name, longest) + (values ? 6 : 0) + 1
      }
    }
    let gaps = max(columns.count - 1, 1)
    // As much as can be told with lines that can still be followed.
    let choices = [(16, true, 12), (12, true, 9), (12, false, 8), (10, false, 6), (9, false, 4)]
    guard
      let choice = choices.first(where: { longest, values, gap in
        widths(longest, values: values).reduce(0, +) + gaps * gap <= width
      })
    else { return nil }
    showsValues = choice.1
    let own = widths(choice.0, values: choice.1)
    let spare = width - own.reduce(0, +)
    var boxes = [Box](repeating: Box(x: 0, y: 0, width: 0, layer: 0), count: n + wiring.inputs)
    var used = 0
    for layer in columns.indices {
      columns[layer].width = own[layer]
      columns[layer].x = used + (columns.count > 1 ? spare * layer / gaps : 0)
      used += own[layer]
      let members = columns[layer].members
      for (rank, member) in members.enumerated() {
        let y = 1 + ((2 * rank + 1) * (height - 1)) / (2 * members.count)
        boxes[member] = Box(x: columns[layer].x, y: y, width: own[layer], layer: layer)
      }
    }
    self.columns = columns
    self.boxes = boxes
  }

  /// The neuron or input whose text is at (x, y).
  func member(atX x: Int, y: Int) -> Int? {
    boxes.firstIndex { $0.y == y && x >= $0.x && x < $0.right }
  }

  /// The way of a synapse in dots (2×4 a cell), from where it leaves to where it ends; `nil` for one to itself.
  func path(_ synapse: Synapse) -> [(x: Double, y: Double)]? {
    guard synapse.pre != synapse.post else { return nil }
    let (from, to) = (boxes[synapse.pre], boxes[synapse.post])
    let (y0, y1) = (Double(from.y * 4 + 2), Double(to.y * 4 + 2))
    let leaves = Double(from.right * 2)
    if from.layer < to.layer { return [(leaves, y0), (Double(to.x * 2 - 1), y1)] }
    if from.layer > to.layer { return [(Double(from.x * 2 - 1), y0), (Double(to.right * 2), y1)] }
    // Within a layer: a bow on the right side (on the left side of the last layer).
    let isLast = from.layer == columns.count - 1 && columns.count > 1
    let side = isLast ? -1.0 : 1.0
    let start = isLast ? Double(from.x * 2 - 1) : leaves
    let bow = min(3 + abs(y1 - y0) / 4, 14)
    return (0...8).map { step in
      let t = Double(step) / 8
      return (start + side * bow * 4 * t * (1 - t), y0 + (y1 - y0) * t)
    }
  }
}

extension [(x: Double, y: Double)] {
  /// The point at a share of the way, by pieces of equal number.
  func point(at share: Double) -> (x: Double, y: Double) {
    guard count > 1 else { return first ?? (0, 0) }
    let at = Swift.min(Swift.max(share, 0), 1) * Double(count - 1)
    let piece = Swift.min(Int(at), count - 2)
    let rest = at - Double(piece)
    return (
      self[piece].x + (self[piece + 1].x - self[piece].x) * rest,
      self[piece].y + (self[piece + 1].y - self[piece].y) * rest
    )
  }
}
