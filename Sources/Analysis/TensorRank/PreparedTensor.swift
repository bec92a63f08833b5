import CKernels

/// A tensor with its axes permuted so that its contractions run fast, with what every fit of it needs. Made once, read by all restarts.
///
/// The last axis is the longest, for vectors lie along it; or the axis along which the mask does not change (pruned
/// synapses stay pruned through training), for then the mask's contractions cost a K-th.
struct PreparedTensor: Sendable {
  /// Axis n here is axis `order[n]` of the tensor given.
  let order: [Int]
  let shape: [Int]
  /// What the entries are divided by, exactly: a power of two near the largest where squares might overflow or vanish,
  /// else 1.
  let scale: Double
  let elements: [Double]
  /// 1 present, 0 missing: I·J·`maskDepth` numbers.
  let mask: [Double]
  /// 0 without a mask, 1 where it is the same along the last axis, otherwise K.
  let maskDepth: Int
  let squaredNorm: Double
  let level = gk_best_level()

  init(_ tensor: Tensor3) {
    // A stable order: of axes equally long the first comes first.
    let byLength = [0, 1, 2].sorted { (tensor.shape[$0], $0) < (tensor.shape[$1], $1) }
    var last = byLength[2]
    let constant = tensor.present.flatMap { present in
      byLength.last { Self.isConstant(present, tensor.shape, along: $0) }
    }
    if let constant { last = constant }
    order = [0, 1, 2].filter { $0 != last } + [last]
    let permuted = tensor.permuted(order)
    shape = permuted.shape
    let plain = Self.squares(permuted)
    if 1e-200...1e200 ~= plain {
      (scale, elements, squaredNorm) = (1, permuted.elements, plain)
    } else {
      let largest = permuted.elements.reduce(0) { max($0, $1.magnitude) }
      let scale = largest > 0 ? largest.binade : 1
      let scaled = Tensor3(checked: shape, permuted.elements.map { $0 / scale }, nil)
      (self.scale, elements, squaredNorm) = (scale, scaled.elements, Self.squares(scaled))
    }
    if let present = permuted.present {
      maskDepth = constant != nil ? 1 : shape[2]
      let step = constant != nil ? shape[2] : 1
      mask = stride(from: 0, to: present.count, by: step).map { present[$0] ? 1 : 0 }
    } else {
      maskDepth = 0
      mask = []
    }
  }

  /// Σ entry²: the residual of no components.
  private static func squares(_ tensor: Tensor3) -> Double {
    let shape = tensor.shape
    return gk_residual(
      gk_best_level(), shape[0], shape[1], shape[2], 0, tensor.elements, tensor.elements, 0, [], [], [])
  }

  private static func isConstant(_ present: [Bool], _ shape: [Int], along axis: Int) -> Bool {
    let step = [shape[1] * shape[2], shape[2], 1][axis]
    return present.indices.allSatisfy { $0 / step % shape[axis] == 0 || present[$0] == present[$0 - step] }
  }

  /// Σ over present entries of (x − Σ_r a·b·c)², entry by entry: exact where the difference of large sums is not.
  func residual(_ point: FactorPoint) -> Double {
    var transposed = [Double](repeating: 0, count: shape[2] * point.rank)
    point.transposeLast(into: &transposed)
    // The kernel looks at no mask where its depth is 0, but wants an address.
    return gk_residual(
      level, shape[0], shape[1], shape[2], point.rank, elements, mask.isEmpty ? elements : mask, maskDepth,
      point.factors[0], point.factors[1], transposed)
  }
}

/// Three factors, extent × R each, row-major.
struct FactorPoint: Sendable {
  let rank: Int
  var factors: [[Double]]

  /// The last factor, R × extent.
  func transposeLast(into transposed: inout [Double]) {
    let source = factors[2]
    let depth = source.count / rank
    for k in 0..<depth { for r in 0..<rank { transposed[r * depth + k] = source[k * rank + r] } }
  }

  /// Columns of every factor get length 1 and become orthogonal, as many as the axis has entries; zeros stay.
  mutating func orthonormalise() {
    for axis in 0..<3 {
      let extent = factors[axis].count / rank
      for r in 0..<rank {
        for s in 0..<(r < extent ? r : 0) {
          var product = 0.0
          for start in stride(from: 0, to: extent * rank, by: rank) {
            product += factors[axis][start + r] * factors[axis][start + s]
          }
          for start in stride(from: 0, to: extent * rank, by: rank) {
            factors[axis][start + r] -= product * factors[axis][start + s]
          }
        }
        let length = self.length(axis, r)
        if length > 0 { scale(axis, r, by: 1 / length) }
      }
    }
  }

  private func length(_ axis: Int, _ r: Int) -> Double {
    var sum = 0.0
    for entry in stride(from: r, to: factors[axis].count, by: rank) {
      sum += factors[axis][entry] * factors[axis][entry]
    }
    return sum.squareRoot()
  }

  private mutating func scale(_ axis: Int, _ r: Int, by factor: Double) {
    for entry in stride(from: r, to: factors[axis].count, by: rank) { factors[axis][entry] *= factor }
  }

  /// Columns of a component get equal lengths on the three axes; their product stays.
  mutating func balance() {
    for r in 0..<rank {
      let lengths = (0..<3).map { length($0, r) }
      let product = lengths[0] * lengths[1] * lengths[2]
      guard product > 0, product.isFinite else { continue }
      let common = product.root3
      for axis in 0..<3 { scale(axis, r, by: common / lengths[axis]) }
    }
  }

  /// No negative entries.
  mutating func raiseToZero() {
    for axis in 0..<3 { for entry in factors[axis].indices { factors[axis][entry] = max(0, factors[axis][entry]) } }
  }
}

extension Double {
  /// ∛ of a positive number: a power of two near it, then Newton's steps, the same bits on every machine.
  fileprivate var root3: Double {
    var root = Double(sign: .plus, exponent: exponent / 3, significand: 1)
    for _ in 0..<60 {
      let next = (2 * root + self / (root * root)) / 3
      if next == root { break }
      root = next
    }
    return root
  }
}
