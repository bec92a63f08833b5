import CKernels
import Randomness

/// The state of one fit. A sweep solves for a, b and c in turn, each exactly while the two others stand still, from
/// where the last sweep ended or from where ``Acceleration`` says that the sweeps are heading.
///
/// That proposal is kept only if the error after the solution for a is no larger than the last sweep's: so the error
/// never rises, and swamps (collinear components, along which plain sweeps creep) are crossed in tens of sweeps instead
/// of thousands. It costs nothing where it is kept, for the sweep needs the same contraction, and half a sweep where
/// not.
struct AlternatingLeastSquares {
  private let tensor: PreparedTensor
  private let rank: Int
  private let pairs: Int
  private let nonNegative: Bool
  private let extrapolates: Bool
  private(set) var point: FactorPoint
  private var error = Double.infinity
  /// Where the last sweep began.
  private var before: FactorPoint?
  private var acceleration = Acceleration()
  private var update: FactorUpdate

  // x·c and mask·(c∘c), which the updates of a and b read.
  private var inner: [Double]
  private var innerMask: [Double]
  private var transposed: [Double]
  private var target: [[Double]]
  private var grams: [[Double]] = [[], [], []]

  init(_ tensor: PreparedTensor, _ options: CPFitOptions) {
    self.tensor = tensor
    rank = options.rank
    pairs = FactorUpdate.pairs(rank)
    nonNegative = options.nonNegative
    extrapolates = options.extrapolates
    update = FactorUpdate(rank: rank, nonNegative: nonNegative)
    let (shape, count) = (tensor.shape, rank)
    point = FactorPoint(rank: rank, factors: shape.map { [Double](repeating: 0, count: $0 * count) })
    let cells = shape[0] * shape[1]
    inner = [Double](repeating: 0, count: cells * rank)
    innerMask = [Double](repeating: 0, count: tensor.maskDepth > 0 ? cells * pairs : 0)
    transposed = [Double](repeating: 0, count: shape[2] * max(rank, tensor.maskDepth > 0 ? pairs : 0))
    target = point.factors
    draw(SeededGenerator(seed: options.seed))
  }

  /// Random starts. Non-negative ones are uniform. Others are the tensor contracted with normal vectors, other ones for
  /// each axis, made orthogonal: random mixtures of the components there are, no two alike. Along long axes normal
  /// vectors themselves are nearly orthogonal to all components, and of fits that start with them half stay where two
  /// share one component (measured: 100³, R = 4, noise 0.1; of these one in ten).
  private mutating func draw(_ generator: SeededGenerator) {
    var random = generator
    let (i, j, k) = (tensor.shape[0], tensor.shape[1], tensor.shape[2])
    guard !nonNegative else {
      for axis in 0..<3 { for entry in point.factors[axis].indices { point.factors[axis][entry] = random.unit() } }
      return
    }
    func normal(_ extent: Int) -> [Double] { (0..<extent * rank).map { _ in random.normal() } }
    gk_contract_last(tensor.level, i * j, k, rank, tensor.elements, normal(k), &inner)
    gk_reduce_second(tensor.level, i, j, rank, inner, normal(j), &point.factors[0])
    gk_reduce_first(tensor.level, i, j, rank, inner, normal(i), &point.factors[1])
    gk_contract_pairs(tensor.level, i, j, k, rank, tensor.elements, normal(i), normal(j), &transposed)
    for r in 0..<rank { for l in 0..<k { point.factors[2][l * rank + r] = transposed[r * k + l] } }
    point.orthonormalise()
  }

  /// The unexplained share of the sum of squares after one more sweep.
  mutating func sweep() -> Double {
    start()
    contractSecond()
    update.solve(rows: tensor.shape[1], target: target[1], grams: grams[1], into: &point.factors[1])
    contractLast()
    update.solve(rows: tensor.shape[2], target: target[2], grams: grams[2], into: &point.factors[2])
    error = value(axis: 2)
    point.balance()
    return error / tensor.squaredNorm
  }

  /// Chooses where the sweep begins, and solves for a there.
  private mutating func start() {
    let end = point
    if extrapolates, let before, var proposal = acceleration.proposal(from: before, to: end) {
      if nonNegative { proposal.raiseToZero() }
      point = proposal
      solveFirst()
      // The sweep reads b and c alone of the proposal; so it is judged with the a that belongs to them.
      if value(axis: 0) <= error {
        self.before = proposal
        return
      }
      acceleration.forgetHalf()
      point = end
    }
    solveFirst()
    before = end
  }

  private mutating func solveFirst() {
    contractFirst()
    update.solve(rows: tensor.shape[0], target: target[0], grams: grams[0], into: &point.factors[0])
  }

  // MARK: Contractions

  private mutating func contractFirst() {
    let (i, j, k) = (tensor.shape[0], tensor.shape[1], tensor.shape[2])
    // m_ir = Σ_jk b_jr·c_kr·x_ijk in two steps: inner [I·J][R] = x·c, then over j. The second axis reads the same
    // inner.
    point.transposeLast(into: &transposed)
    gk_contract_last(tensor.level, i * j, k, rank, tensor.elements, transposed, &inner)
    gk_reduce_second(tensor.level, i, j, rank, inner, point.factors[1], &target[0])
    guard tensor.maskDepth > 0 else {
      // Nothing missing: one Gram matrix for all rows i, (bᵀb)∘(cᵀc) entry by entry.
      grams[0] = Self.hadamard(gram(1), gram(2))
      return
    }
    // Something missing: a Gram matrix of its own for each row, G_i[r, s] = Σ_jk mask_ijk·b_jr·b_js·c_kr·c_ks, made
    // by the same two contractions with the packed products of columns in the role of the factors.
    let squares = self.squares(2)
    if tensor.maskDepth == 1 {
      let sums = Self.columnSums(squares, pairs)
      for cell in 0..<i * j {
        for q in 0..<pairs { innerMask[cell * pairs + q] = tensor.mask[cell] * sums[q] }
      }
    } else {
      FactorPoint(rank: pairs, factors: [[], [], squares]).transposeLast(into: &transposed)
      gk_contract_last(tensor.level, i * j, k, pairs, tensor.mask, transposed, &innerMask)
    }
    grams[0] = [Double](repeating: 0, count: i * pairs)
    gk_reduce_second(tensor.level, i, j, pairs, innerMask, self.squares(1), &grams[0])
  }

  private mutating func contractSecond() {
    let (i, j) = (tensor.shape[0], tensor.shape[1])
    gk_reduce_first(tensor.level, i, j, rank, inner, point.factors[0], &target[1])
    guard tensor.maskDepth > 0 else {
      grams[1] = Self.hadamard(gram(0), gram(2))
      return
    }
    grams[1] = [Double](repeating: 0, count: j * pairs)
    gk_reduce_first(tensor.level, i, j, pairs, innerMask, squares(0), &grams[1])
  }

  private mutating func contractLast() {
    let (i, j, k) = (tensor.shape[0], tensor.shape[1], tensor.shape[2])
    // m_kr = Σ_ij a_ir·b_jr·x_ijk with the new a and b, as [R][K], transposed for the update.
    gk_contract_pairs(tensor.level, i, j, k, rank, tensor.elements, point.factors[0], point.factors[1], &transposed)
    for r in 0..<rank { for l in 0..<k { target[2][l * rank + r] = transposed[r * k + l] } }
    guard tensor.maskDepth > 0 else {
      grams[2] = Self.hadamard(gram(0), gram(1))
      return
    }
    gk_contract_pairs(tensor.level, i, j, tensor.maskDepth, pairs, tensor.mask, squares(0), squares(1), &transposed)
    // One Gram matrix for all k where the mask is the same for all of them.
    grams[2] = [Double](repeating: 0, count: tensor.maskDepth * pairs)
    for q in 0..<pairs {
      for l in 0..<tensor.maskDepth { grams[2][l * pairs + q] = transposed[q * tensor.maskDepth + l] }
    }
  }

  /// The error from what the update of `axis` works with: ‖x‖² − 2·⟨m, f⟩ + Σ fᵀGf. Where that difference of large
  /// numbers has lost its digits (a share below 1e-6 keeps nine of them), entry by entry.
  private func value(axis: Int) -> Double {
    let (factor, target, grams) = (point.factors[axis], target[axis], grams[axis])
    let shared = grams.count == pairs
    var sum = tensor.squaredNorm
    for row in 0..<tensor.shape[axis] {
      let start = row * rank
      var entry = shared ? 0 : row * pairs
      for r in 0..<rank {
        let here = factor[start + r]
        // fᵀGf over the packed upper triangle: entries beside the diagonal stand for two.
        sum -= 2 * target[start + r] * here
        for s in r..<rank {
          sum += (s == r ? 1 : 2) * grams[entry] * here * factor[start + s]
          entry += 1
        }
      }
    }
    return sum < 1e-6 * tensor.squaredNorm ? tensor.residual(point) : sum
  }

  // MARK: Products of columns

  /// fᵀf of a factor, packed.
  private func gram(_ axis: Int) -> [Double] { Self.columnSums(squares(axis), pairs) }

  /// Row by row the products f_r·f_s, r ≤ s: extent × pairs.
  private func squares(_ axis: Int) -> [Double] {
    let factor = point.factors[axis]
    let extent = tensor.shape[axis]
    var result = [Double](repeating: 0, count: extent * pairs)
    var entry = 0
    for row in 0..<extent {
      for r in 0..<rank {
        let here = factor[row * rank + r]
        for s in r..<rank {
          result[entry] = here * factor[row * rank + s]
          entry += 1
        }
      }
    }
    return result
  }

  private static func columnSums(_ rows: [Double], _ columns: Int) -> [Double] {
    var sums = [Double](repeating: 0, count: columns)
    for start in stride(from: 0, to: rows.count, by: columns) {
      for column in 0..<columns { sums[column] += rows[start + column] }
    }
    return sums
  }

  private static func hadamard(_ left: [Double], _ right: [Double]) -> [Double] { zip(left, right).map { $0 * $1 } }
}
