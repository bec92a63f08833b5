/// A tensor with three axes of extents I×J×K, row-major, as a value. What the axes mean is the caller's: post × pre ×
/// training for weights, neurons × neurons × training, trials × neurons × time.
///
/// Entries may be missing (pruned synapses, masked recordings): they are kept as zero and take part in no fit.
package struct Tensor3: Sendable, Equatable {
  package let shape: [Int]
  /// I·J·K entries, the last axis fastest; 0 where missing.
  package let elements: [Double]
  /// Which entries are known, in the order of `elements`; nil if all are.
  package let present: [Bool]?

  package var count: Int { elements.count }
  package var presentCount: Int { present?.count { $0 } ?? count }

  /// Throws where the shape is not three positive extents with `elements.count` entries, or a present entry is not
  /// finite. A mask that leaves nothing out counts as none.
  package init(shape: [Int], elements: [Double], present: [Bool]? = nil) throws(TensorRankError) {
    guard shape.count == 3, shape.allSatisfy({ $0 > 0 }) else { throw .illegalShape(shape) }
    let (pair, first) = shape[0].multipliedReportingOverflow(by: shape[1])
    let (all, second) = pair.multipliedReportingOverflow(by: shape[2])
    guard !first, !second else { throw .illegalShape(shape) }
    guard elements.count == all else { throw .wrongCount(expected: all, actual: elements.count) }
    if let present, present.count != all { throw .wrongCount(expected: all, actual: present.count) }
    self.shape = shape
    guard let present, present.contains(false) else {
      if let wrong = elements.firstIndex(where: { !$0.isFinite }) {
        throw .notFinite(index: Self.index(wrong, in: shape))
      }
      self.elements = elements
      self.present = nil
      return
    }
    var kept = elements
    for position in kept.indices {
      if !present[position] {
        kept[position] = 0
      } else if !kept[position].isFinite {
        throw .notFinite(index: Self.index(position, in: shape))
      }
    }
    self.elements = kept
    self.present = present
  }

  /// Entry (i, j, k) is `entry(i, j, k)`; an extent below 1 is a programming error.
  package init(_ i: Int, _ j: Int, _ k: Int, _ entry: (Int, Int, Int) -> Double) throws(TensorRankError) {
    var elements: [Double] = []
    elements.reserveCapacity(i * j * k)
    for a in 0..<i { for b in 0..<j { for c in 0..<k { elements.append(entry(a, b, c)) } } }
    try self.init(shape: [i, j, k], elements: elements)
  }

  /// A tensor that is known to be whole: same checks made by the caller.
  init(checked shape: [Int], _ elements: [Double], _ present: [Bool]?) {
    self.shape = shape
    self.elements = elements
    self.present = present
  }

  package subscript(i: Int, j: Int, k: Int) -> Double { elements[(i * shape[1] + j) * shape[2] + k] }

  /// Σ entry² over the present entries.
  package var squaredNorm: Double { elements.reduce(0) { $0 + $1 * $1 } }

  /// The same tensor with the axes in another order: axis n of the result is axis `order[n]` of this one.
  package func permuted(_ order: [Int]) -> Tensor3 {
    guard order != [0, 1, 2] else { return self }
    let strides = [shape[1] * shape[2], shape[2], 1]
    let extents = order.map { shape[$0] }
    func permute<Element>(_ source: [Element]) -> [Element] {
      var result: [Element] = []
      result.reserveCapacity(source.count)
      for i in 0..<extents[0] {
        for j in 0..<extents[1] {
          var position = i * strides[order[0]] + j * strides[order[1]]
          for _ in 0..<extents[2] {
            result.append(source[position])
            position += strides[order[2]]
          }
        }
      }
      return result
    }
    return Tensor3(checked: extents, permute(elements), present.map(permute))
  }

  /// Every slice along `axis` less the first: what changed since the start. An entry is missing where it is missing now
  /// or was at the start.
  package func subtractingStart(along axis: Int = 2) throws(TensorRankError) -> Tensor3 {
    guard 0...2 ~= axis else { throw .illegalAxis(axis) }
    let strides = [shape[1] * shape[2], shape[2], 1]
    var changed = elements
    var known = present
    for position in elements.indices {
      let start = position - position / strides[axis] % shape[axis] * strides[axis]
      changed[position] -= elements[start]
      if let present, !(present[position] && present[start]) {
        known![position] = false
        changed[position] = 0
      }
    }
    return Tensor3(checked: shape, changed, known)
  }

  /// At most `count` slices along `axis`, evenly spread, the first and the last among them.
  package func thinned(to count: Int, along axis: Int = 2) throws(TensorRankError) -> Tensor3 {
    guard 0...2 ~= axis else { throw .illegalAxis(axis) }
    guard count >= 2, shape[axis] > count else { return self }
    let kept = (0..<count).map { ($0 * (shape[axis] - 1) + (count - 1) / 2) / (count - 1) }
    let order = [axis] + [0, 1, 2].filter { $0 != axis }
    let turned = permuted(order)
    let size = turned.shape[1] * turned.shape[2]
    func chosen<Element>(_ source: [Element]) -> [Element] {
      kept.flatMap { source[$0 * size..<($0 + 1) * size] }
    }
    let result = Tensor3(
      checked: [count, turned.shape[1], turned.shape[2]], chosen(turned.elements), turned.present.map(chosen))
    return result.permuted((0..<3).map { axis in order.firstIndex(of: axis)! })
  }

  static func index(_ position: Int, in shape: [Int]) -> [Int] {
    [position / (shape[1] * shape[2]), position / shape[2] % shape[1], position % shape[2]]
  }
}
