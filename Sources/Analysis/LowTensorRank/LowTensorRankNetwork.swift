import LinearAlgebra
import RealModule
import Randomness

/// A recurrent network whose weights change from trial to trial within a tensor of rank R:
///
///     W^(k) = Σ_r c_r^(k)·â_r·b̂_rᵀ,   τ·ẋ = −x + W^(k)·tanh(x) + Σ_r â_r·u_r + bias,   y = D·tanh(x) + offset
///
/// â, b̂ have length 1, c is smooth over trials (``TrialProcess``), inputs u act in preparation alone, one course a
/// condition, and lie in the span of the â; D is orthonormal (``OrthonormalDecoder``). x begins at 0; explicit Euler steps
/// of ``step``·τ.
///
/// After Pellegrino, Cayco-Gajic & Chadwick (2023, arXiv 2308.11567). Not as theirs: their inputs come from a neural
/// differential equation of 150 hidden units, ours are free courses, since a preparation of some steps has fewer numbers
/// than that equation has weights and its smoothness is kept by the penalty on controls; hidden trials are hidden from the
/// process over trials, while their recording counts; recordings are centred neuron by neuron and divided by one common
/// number, since an orthonormal decoder cannot scale.
package struct LowTensorRankNetwork: Sendable {
  package let trials, neurons, recorded, steps, preparation, rank, conditions: Int
  /// Δt/τ.
  package static let step = 0.2
  /// Of mean x² + mean u².
  package static let penalty = 0.01
  let decoder: OrthonormalDecoder
  package var values: [Double]

  /// The named parts of ``values``.
  package enum Part: String, Sendable, CaseIterable { case a, b, c, inputs, bias, decoder, offset }

  /// Drawn from `seed`; all sizes ≥ 1, `preparation` ≥ 0.
  package init(
    trials: Int, neurons: Int, recorded: Int, steps: Int, preparation: Int = 10, rank: Int, conditions: Int,
    seed: UInt64
  ) {
    (self.trials, self.neurons, self.recorded, self.steps) = (trials, neurons, recorded, steps)
    (self.preparation, self.rank, self.conditions) = (preparation, rank, conditions)
    decoder = OrthonormalDecoder(outputs: recorded, neurons: neurons)
    values = []
    for part in Part.allCases {
      var random = SeededGenerator(seed: seed).stream(UInt64(values.count) + 1)
      let count = count(of: part)
      switch part {
      case .a, .decoder: values += (0..<count).map { _ in random.normal() }
      // Near a, so that every component begins with a direction that sustains itself: at right angles to it activity
      // decays, and 3 000 steps of 0.001 are not enough to turn b around.
      case .b: values += (0..<count).map { values[$0] + 0.5 * random.normal() }
      case .c: values += (0..<count).map { _ in 1.5 + 0.1 * random.normal() }
      case .inputs: values += (0..<count).map { _ in random.normal() }
      case .bias, .offset: values += [Double](repeating: 0, count: count)
      }
    }
  }

  private func count(of part: Part) -> Int {
    switch part {
    case .a, .b: neurons * rank
    case .c: trials * rank
    case .inputs: conditions * preparation * rank
    case .bias: neurons
    case .decoder: decoder.parameters
    case .offset: recorded
    }
  }

  /// Where a part stands in ``values``: a, b neurons × R; c trials × R before smoothing; inputs conditions × preparation ×
  /// R; the decoder's reflectors.
  package func range(of part: Part) -> Range<Int> {
    var first = 0
    for other in Part.allCases {
      if other == part { break }
      first += count(of: other)
    }
    return first..<first + count(of: part)
  }

  /// neurons × R with columns of length 1, and the lengths they had.
  private func unit(_ part: Part) -> (columns: [Double], lengths: [Double]) {
    var columns = Array(values[range(of: part)])
    var lengths = [Double](repeating: 0, count: rank)
    for r in 0..<rank {
      for i in 0..<neurons { lengths[r] += columns[i * rank + r] * columns[i * rank + r] }
      lengths[r] = max(lengths[r].squareRoot(), 1e-300)
      for i in 0..<neurons { columns[i * rank + r] /= lengths[r] }
    }
    return (columns, lengths)
  }

  /// â, b̂ (neurons × R) and the smoothed c (trials × R).
  package func factors(_ process: TrialProcess) -> (a: Matrix<Double>, b: Matrix<Double>, c: Matrix<Double>) {
    let z = Matrix(rows: trials, columns: rank, elements: Array(values[range(of: .c)]))
    return (
      Matrix(rows: neurons, columns: rank, elements: unit(.a).columns),
      Matrix(rows: neurons, columns: rank, elements: unit(.b).columns), process.smoothed(z)
    )
  }

  /// D, recorded × neurons.
  package var decoding: Matrix<Double> {
    let columns = Matrix(
      rows: decoder.long, columns: decoder.short, elements: decoder.columns(values[range(of: .decoder)]))
    return recorded >= neurons ? columns : columns.transpose
  }

  /// What a pass found.
  package struct Outcome: Sendable {
    /// Mean squared error over the fitted entries, over the tested ones (nan where there are none), and with the penalty.
    package var fitted, tested, loss: Double
    /// ∂loss/∂values.
    package var gradient: [Double]
    /// Trials × recorded × time.
    package var outputs: [Double]
  }

  /// One pass over all trials. `targets`, `fitted` and `tested` are trials × recorded × time, `condition` one a trial.
  package func pass(
    targets: [Double], fitted: [Bool], tested: [Bool], condition: [Int], process: TrialProcess,
    wantsGradient: Bool = true
  ) -> Outcome {
    let (n, o, all) = (neurons, recorded, preparation + steps)
    let (a, aLengths) = unit(.a)
    let (b, bLengths) = unit(.b)
    let c = factors(process).c.elements
    let (inputs, bias) = (Array(values[range(of: .inputs)]), Array(values[range(of: .bias)]))
    let offset = Array(values[range(of: .offset)])
    let columns = decoder.columns(values[range(of: .decoder)])
    let tall = o >= n
    // D as rows of outputs, contiguous over neurons.
    var d = [Double](repeating: 0, count: o * n)
    for k in 0..<o { for i in 0..<n { d[k * n + i] = tall ? columns[k * n + i] : columns[i * o + k] } }
    let share = 1 / Double(max(fitted.count { $0 }, 1))
    let stateShare = Self.penalty / Double(trials * all * n)
    let inputShare = preparation > 0 ? Self.penalty / Double(trials * preparation * rank) : 0
    var (fittedSum, testedSum, penaltySum) = (0.0, 0.0, 0.0)
    var outputs = [Double](repeating: 0, count: targets.count)
    var (da, db) = ([Double](repeating: 0, count: n * rank), [Double](repeating: 0, count: n * rank))
    var dc = [Double](repeating: 0, count: trials * rank)
    var dInputs = [Double](repeating: 0, count: inputs.count)
    var (dBias, dOffset) = ([Double](repeating: 0, count: n), [Double](repeating: 0, count: o))
    var dd = [Double](repeating: 0, count: o * n)
    var x = [Double](repeating: 0, count: (all + 1) * n)
    var rates = x
    var (sums, drives) = ([Double](repeating: 0, count: all * rank), [Double](repeating: 0, count: all * rank))
    var errors = [Double](repeating: 0, count: steps * o)
    var (dx, dRate) = ([Double](repeating: 0, count: n), [Double](repeating: 0, count: n))
    let h = Self.step
    for k in 0..<trials {
      let course = condition[k] * preparation * rank
      for i in 0..<n { (x[i], rates[i]) = (0, 0) }
      for t in 0..<all {
        for r in 0..<rank {
          var sum = 0.0
          for j in 0..<n { sum += b[j * rank + r] * rates[t * n + j] }
          sums[t * rank + r] = sum
          let u = t < preparation ? inputs[course + t * rank + r] : 0
          penaltySum += inputShare * u * u
          drives[t * rank + r] = c[k * rank + r] * sum + u
        }
        for i in 0..<n {
          var drive = bias[i] - x[t * n + i]
          for r in 0..<rank { drive += a[i * rank + r] * drives[t * rank + r] }
          let next = x[t * n + i] + h * drive
          x[(t + 1) * n + i] = next
          rates[(t + 1) * n + i] = Double.tanh(next)
          penaltySum += stateShare * next * next
        }
      }
      for t in 0..<steps {
        let row = (preparation + t + 1) * n
        for q in 0..<o {
          var y = offset[q]
          for i in 0..<n { y += d[q * n + i] * rates[row + i] }
          let entry = (k * o + q) * steps + t
          outputs[entry] = y
          let error = y - targets[entry]
          if tested[entry] { testedSum += error * error }
          if fitted[entry] { fittedSum += error * error }
          errors[t * o + q] = fitted[entry] ? 2 * share * error : 0
        }
      }
      guard wantsGradient else { continue }
      for i in 0..<n { dx[i] = 0 }
      for t in (0..<all).reversed() {
        // State t + 1: its reading, its penalty, then the step that led to it.
        let row = (t + 1) * n
        for i in 0..<n { dRate[i] = 0 }
        if t >= preparation {
          for q in 0..<o {
            let error = errors[(t - preparation) * o + q]
            if error == 0 { continue }
            dOffset[q] += error
            for i in 0..<n {
              dRate[i] += d[q * n + i] * error
              dd[q * n + i] += error * rates[row + i]
            }
          }
        }
        for i in 0..<n {
          dx[i] += dRate[i] * (1 - rates[row + i] * rates[row + i]) + 2 * stateShare * x[row + i]
          dBias[i] += h * dx[i]
          dRate[i] = 0
        }
        for r in 0..<rank {
          var dDrive = 0.0
          for i in 0..<n {
            dDrive += a[i * rank + r] * dx[i]
            da[i * rank + r] += h * dx[i] * drives[t * rank + r]
          }
          dDrive *= h
          dc[k * rank + r] += dDrive * sums[t * rank + r]
          if t < preparation {
            let index = course + t * rank + r
            dInputs[index] += dDrive + 2 * inputShare * inputs[index]
          }
          let dSum = dDrive * c[k * rank + r]
          for j in 0..<n {
            db[j * rank + r] += dSum * rates[t * n + j]
            dRate[j] += dSum * b[j * rank + r]
          }
        }
        for i in 0..<n {
          dx[i] = (1 - h) * dx[i] + dRate[i] * (1 - rates[t * n + i] * rates[t * n + i])
        }
      }
    }
    let testedCount = tested.count { $0 }
    var outcome = Outcome(
      fitted: fittedSum * share, tested: testedCount > 0 ? testedSum / Double(testedCount) : .nan,
      loss: fittedSum * share + penaltySum, gradient: [], outputs: outputs)
    guard wantsGradient else { return outcome }
    var dColumns = [Double](repeating: 0, count: columns.count)
    for k in 0..<o { for i in 0..<n { dColumns[tall ? k * n + i : i * o + k] = dd[k * n + i] } }
    let z = process.adjoint(Matrix(rows: trials, columns: rank, elements: dc)).elements
    outcome.gradient =
      unitAdjoint(da, a, aLengths) + unitAdjoint(db, b, bLengths) + z + dInputs + dBias
      + decoder.adjoint(dColumns, values[range(of: .decoder)], columns: columns) + dOffset
    return outcome
  }

  /// Through columns ÷ lengths: (g − (g·ĉ)·ĉ)/length.
  private func unitAdjoint(_ gradient: [Double], _ columns: [Double], _ lengths: [Double]) -> [Double] {
    var result = gradient
    for r in 0..<rank {
      var along = 0.0
      for i in 0..<neurons { along += gradient[i * rank + r] * columns[i * rank + r] }
      for i in 0..<neurons {
        result[i * rank + r] = (gradient[i * rank + r] - along * columns[i * rank + r]) / lengths[r]
      }
    }
    return result
  }
}
