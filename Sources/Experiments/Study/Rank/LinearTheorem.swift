import LinearAlgebra
import Randomness
import RealModule

/// Why learning is low-rank, checked where it can be proved: in a linear recurrent network, h_t = W·h_{t−1} + B·u_t,
/// y_t = C·h_t, trained by gradient descent on W, B and C, every W^(k) = P·W^(k)·P with the projection P onto one space of
/// dimension d_in + d_out + 2·rank(W⁰) + 1 or less.
///
/// Proof: let V be spanned by the columns of B⁰, the rows of C⁰, columns and rows of W⁰, and h_0. While W lives in V⊗V,
/// columns of B and rows of C in V, every h_t and every λ_t = Wᵀ·λ_{t+1} + Cᵀ·e_t is in V; so are the gradients
/// ∂L/∂W = Σ λ_t·h_{t−1}ᵀ, ∂L/∂B = Σ λ_t·u_tᵀ and ∂L/∂C = Σ e_t·h_tᵀ, and whatever gradient descent adds up. Adam scales
/// every entry by itself and tanh every neuron: both leave V.
public struct LinearTheorem: Sendable {
  /// N, d_in, d_out, rank(W⁰).
  static let (neurons, inputs, outputs, rank) = (32, 3, 2, 2)
  static let (steps, rows) = (10, 8)
  static let updates = 300

  /// How a network is trained.
  package enum Way: String, Sendable, CaseIterable {
    case gradientDescent, adam
    /// Gradient descent, with h_t = tanh(…).
    case tanh
  }

  /// What was found; dimensions are those of the space that all W^(k) and their transposes span together, counted by
  /// singular values above 1e-7 of the largest.
  public struct Finding: Sendable, Equatable, Codable {
    /// d_in + d_out + 2·rank(W⁰) + 1, and N.
    public var bound: Int
    public var neurons: Int
    public var dimension: Int
    /// max_k ‖W^(k) − P·W^(k)·P‖ ÷ ‖W^(k)‖.
    public var outside: Double
    /// The same by Adam, and by gradient descent with tanh.
    public var dimensionWithAdam: Int
    public var outsideWithAdam: Double
    public var dimensionWithTanh: Int
    public var outsideWithTanh: Double
    /// The loss at the end ÷ the loss at the start, of the linear network by gradient descent.
    public var lossLeft: Double

    private enum CodingKeys: String, CodingKey {
      case bound = "bound"
      case neurons = "neurons"
      case dimension = "dimension"
      case outside = "outside"
      case dimensionWithAdam = "dimensionWithAdam"
      case outsideWithAdam = "outsideWithAdam"
      case dimensionWithTanh = "dimensionWithTanh"
      case outsideWithTanh = "outsideWithTanh"
      case lossLeft = "lossLeft"
    }
  }

  let seed: UInt64
  package init(seed: UInt64) { self.seed = seed }

  package func finding() throws -> Finding {
    let parts = try Way.allCases.map { try follow($0) }
    return Finding(
      bound: Self.inputs + Self.outputs + 2 * Self.rank + 1, neurons: Self.neurons, dimension: parts[0].dimension,
      outside: parts[0].outside, dimensionWithAdam: parts[1].dimension, outsideWithAdam: parts[1].outside,
      dimensionWithTanh: parts[2].dimension, outsideWithTanh: parts[2].outside, lossLeft: parts[0].lossLeft)
  }

  private func follow(_ way: Way) throws -> (dimension: Int, outside: Double, lossLeft: Double) {
    let n = Self.neurons
    var network = LinearNetwork(seed: seed, way: way)
    // The space that the theorem names, from the start alone.
    let start = network
    let spanning = Matrix<Double>(rows: n, columns: Self.inputs + Self.outputs + 2 * n + 1) { i, column in
      var at = column
      if at < Self.inputs { return start.b[i * Self.inputs + at] }
      at -= Self.inputs
      if at < Self.outputs { return start.c[at * n + i] }
      at -= Self.outputs
      if at < n { return start.w[i * n + at] }
      at -= n
      return at < n ? start.w[at * n + i] : start.h0[i]
    }
    let parts = try spanning.svd()
    let rank = parts.values.count { $0 > 1e-10 * parts.values[0] }
    let basis = Matrix<Double>(rows: n, columns: rank) { parts.u[$0, $1] }
    let projection = basis * basis.transpose
    var (outside, first, last) = (0.0, 0.0, 0.0)
    var seen: [[Double]] = []
    for update in 1...Self.updates {
      last = network.update(update)
      if update == 1 { first = last }
      let w = Matrix(rows: n, columns: n, elements: network.w)
      let kept = projection * w * projection
      let left = Matrix<Double>(rows: n, columns: n) { w[$0, $1] - kept[$0, $1] }
      outside = max(outside, left.frobeniusNorm / w.frobeniusNorm)
      if update % 15 == 0 { seen.append(network.w) }
    }
    let all = Matrix<Double>(rows: n, columns: 2 * n * seen.count) { i, column in
      let (moment, at) = (column / (2 * n), column % (2 * n))
      return at < n ? seen[moment][i * n + at] : seen[moment][(at - n) * n + i]
    }
    let values = try all.singularValues
    return (values.count { $0 > 1e-7 * values[0] }, outside, last / first)
  }
}

/// The network of ``LinearTheorem``, in double precision; a task of its own: follow a fixed linear system.
struct LinearNetwork {
  var w, b, c: [Double]
  let h0: [Double]
  private let way: LinearTheorem.Way
  /// [T][rows][d].
  private let inputs, targets: [Double]
  private var moments: [[Double]]

  init(seed: UInt64, way: LinearTheorem.Way) {
    self.way = way
    let (n, m, o) = (LinearTheorem.neurons, LinearTheorem.inputs, LinearTheorem.outputs)
    var random = SeededGenerator(seed: seed)
    func normal(_ count: Int, _ scale: Double) -> [Double] { (0..<count).map { _ in scale * random.normal() } }
    b = normal(n * m, 1 / Double(m).squareRoot())
    c = normal(o * n, 1 / Double(n).squareRoot())
    h0 = normal(n, 0.3)
    w = [Double](repeating: 0, count: n * n)
    for _ in 0..<LinearTheorem.rank {
      let (left, right) = (normal(n, 1), normal(n, 0.5 / Double(n)))
      for i in 0..<n { for j in 0..<n { w[i * n + j] += left[i] * right[j] } }
    }
    let slices = LinearTheorem.steps * LinearTheorem.rows
    inputs = normal(slices * m, 1)
    // z_t = 0.8·z_{t−1} + M·u_t: memory is needed, so W has to learn.
    let mixing = normal(o * m, 0.6)
    var targets = [Double](repeating: 0, count: slices * o)
    for slice in 0..<slices {
      for k in 0..<o {
        let before = slice >= LinearTheorem.rows ? targets[(slice - LinearTheorem.rows) * o + k] : 0
        var sum = 0.8 * before
        for j in 0..<m { sum += mixing[k * m + j] * inputs[slice * m + j] }
        targets[slice * o + k] = sum
      }
    }
    self.targets = targets
    moments = [w, b, c].flatMap { [[Double](repeating: 0, count: $0.count), [Double](repeating: 0, count: $0.count)] }
  }

  /// One update; the loss before it.
  mutating func update(_ number: Int) -> Double {
    let (n, m, o) = (LinearTheorem.neurons, LinearTheorem.inputs, LinearTheorem.outputs)
    let (steps, rows) = (LinearTheorem.steps, LinearTheorem.rows)
    var states = [Double](repeating: 0, count: (steps + 1) * rows * n)
    for r in 0..<rows { for i in 0..<n { states[r * n + i] = h0[i] } }
    var errors = [Double](repeating: 0, count: steps * rows * o)
    var loss = 0.0
    let count = Double(steps * rows * o)
    for slice in 0..<steps * rows {
      let (before, next) = (slice * n, (slice + rows) * n)
      for i in 0..<n {
        var sum = 0.0
        for j in 0..<n { sum += w[i * n + j] * states[before + j] }
        for k in 0..<m { sum += b[i * m + k] * inputs[slice * m + k] }
        states[next + i] = way == .tanh ? Self.squash(sum) : sum
      }
      for k in 0..<o {
        var sum = -targets[slice * o + k]
        for i in 0..<n { sum += c[k * n + i] * states[next + i] }
        errors[slice * o + k] = 2 * sum / count
        loss += sum * sum / count
      }
    }
    var (dw, db, dc) = (w.map { _ in 0.0 }, b.map { _ in 0.0 }, c.map { _ in 0.0 })
    var adjoint = [Double](repeating: 0, count: (steps + 1) * rows * n)
    for slice in (0..<steps * rows).reversed() {
      let (before, next) = (slice * n, (slice + rows) * n)
      for i in 0..<n {
        for k in 0..<o {
          adjoint[next + i] += c[k * n + i] * errors[slice * o + k]
          dc[k * n + i] += errors[slice * o + k] * states[next + i]
        }
        if way == .tanh { adjoint[next + i] *= 1 - states[next + i] * states[next + i] }
        let lambda = adjoint[next + i]
        for j in 0..<n {
          dw[i * n + j] += lambda * states[before + j]
          adjoint[before + j] += w[i * n + j] * lambda
        }
        for k in 0..<m { db[i * m + k] += lambda * inputs[slice * m + k] }
      }
    }
    w = moved(w, dw, 0, number)
    b = moved(b, db, 2, number)
    c = moved(c, dc, 4, number)
    return loss
  }

  /// Gradient descent with rate 0.05, or Adam with 0.003.
  private mutating func moved(_ values: [Double], _ gradient: [Double], _ slot: Int, _ number: Int) -> [Double] {
    guard way == .adam else { return zip(values, gradient).map { $0 - 0.05 * $1 } }
    var (decayed, decayedSquare) = (1.0, 1.0)
    for _ in 0..<number { (decayed, decayedSquare) = (decayed * 0.9, decayedSquare * 0.999) }
    var result = values
    for i in values.indices {
      moments[slot][i] = 0.9 * moments[slot][i] + 0.1 * gradient[i]
      moments[slot + 1][i] = 0.999 * moments[slot + 1][i] + 0.001 * gradient[i] * gradient[i]
      let size = (moments[slot + 1][i] / (1 - decayedSquare)).squareRoot() + 1e-8
      result[i] -= 0.003 * moments[slot][i] / (1 - decayed) / size
    }
    return result
  }

  private static func squash(_ value: Double) -> Double { Double.tanh(value) }
}
