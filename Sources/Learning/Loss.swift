import CKernels
import Circuits
import Tasks

/// The loss that goes with a kind of target, with its gradient beside it.
///
/// - Regression: mean squared error over outputs, ½-free, as `torch.nn.MSELoss`: Σ w·Σ_o (y − z)²/O ÷ Σ w.
/// - Labels: binary cross-entropy of the logits, log(1 + e^(−y)) and log(1 + e^y), positives weighted, mean over labels.
/// - Classes: cross-entropy of the softmax of the logits, log Σ e^(y_c) − y_z.
///
/// w are the batch's weights: a step whose target is missing, or a warm-up step, has 0.
public struct Loss: Sendable {
  public let kind: TargetKind
  /// Of labels; as the kernel takes them.
  private let positives: [Float]
  /// Of the kernels, or `nil` where the scalar code computes.
  private let level: Int32?

  public init(_ kind: TargetKind) {
    self.kind = kind
    if case .labels(let positives) = kind { self.positives = positives.map { Float($0) } } else { positives = [] }
    level = Kernels.level
  }

  /// Adds up the weighted loss over `samples`, time steps × rows, and, if `gradient` is given, fills ∂L/∂y.
  ///
  /// `outputs` and `gradient` are [samples][O], `targets` [samples][K], `weights` [samples]; `total` = Σ w over the *whole*
  /// batch, > 0, so that slices of the batch add up. Returns this slice's part of the mean.
  @_specialize(where S == Float)
  @_specialize(where S == Double)
  public func accumulate<S: CircuitScalar>(
    outputs: UnsafePointer<S>, outputCount o: Int, targets: UnsafePointer<S>, targetCount k: Int,
    weights: UnsafePointer<S>, samples: Int, total: S, gradient: UnsafeMutablePointer<S>?
  ) -> S {
    if let level, S.self == Float.self, case .labels = kind, o == k {
      let labels = gk_labels(level: level, slices: Int32(samples), labels: Int32(o), total: Float(total))
      return S(gk_label_loss(labels, outputs.float, targets.float, weights.float, positives, gradient?.float))
    }
    var sum: S = 0
    for sample in 0..<samples {
      let (y, z) = (outputs + sample * o, targets + sample * k)
      let dy = gradient.map { $0 + sample * o }
      guard weights[sample] > 0 else {
        dy?.update(repeating: 0, count: o)
        continue
      }
      let weight = weights[sample] / total
      switch kind {
      case .regression:
        for c in 0..<o {
          let error = y[c] - z[c]
          sum += weight * error * error / S(o)
          dy?[c] = 2 * weight * error / S(o)
        }
      case .labels(let positives):
        for c in 0..<o {
          let share = weight / S(o) * (z[c] > 0 ? S(positives[c]) : 1)
          // log(1 + e^x) = max(x, 0) + log(1 + e^(−|x|)), which overflows for no x.
          let x = z[c] > 0 ? -y[c] : y[c]
          let e = S.exp(-abs(x))
          sum += share * (max(x, 0) + S.log(onePlus: e))
          dy?[c] = share * (z[c] > 0 ? -1 : 1) * (x < 0 ? e : 1) / (1 + e)
        }
      case .classes:
        let label = Int(z[0])
        var largest = y[0]
        for c in 1..<max(o, 1) { largest = max(largest, y[c]) }
        var partition: S = 0
        for c in 0..<o { partition += S.exp(y[c] - largest) }
        sum += weight * (S.log(partition) + largest - y[label])
        if let dy {
          for c in 0..<o { dy[c] = weight * (S.exp(y[c] - largest) / partition - (c == label ? 1 : 0)) }
        }
      }
    }
    return sum
  }
}
