import Analysis
import Circuits
import Learning
import Terminal

/// Ranges of colours and axes: fixed while playing, so that nothing flickers; re-fitted by a key.
public struct Scales: Sendable, Equatable {
  public var states = Scale(-1, 1)
  /// The range of each neuron's own state, for traces that are one row high.
  public var neurons: [Scale] = []
  /// Of what the matrix of synapses shows; fitted when first looked at.
  public var quantities: [SynapseQuantity: Scale] = [:]
  public var coefficients = Scale(-10, 10)
  /// Re and Im of eigenvalues.
  public var real = Scale(-20, 2)
  public var imaginary = Scale(-5, 5)

  public init() {}

  /// Fits them to what the scene shows now.
  mutating func fit(to scene: Scene) {
    let model = scene.model
    if let reversal = model.layout.tensor(.reversalPotential, of: .synapse)?.range {
      let potentials = reversal.map { Double(scene.snapshot.values[$0]) }
      states = Scale(min(-1, potentials.min() ?? -1), max(1, potentials.max() ?? 1))
    }
    if let shown = Scale.range(scene.moments.flatMap { $0.state.prefix(model.neurons) }) {
      states = Scale(min(-0.5, shown.low * 1.05), max(0.5, shown.high * 1.05))
    }
    neurons = (0..<model.neurons).map { neuron in
      let past = scene.moments.suffix(240).compactMap { neuron < $0.state.count ? $0.state[neuron] : nil }
      return Scale.range(past).map { Self.padded($0.low, $0.high) } ?? states
    }
    quantities = [:]
    for quantity in [SynapseQuantity.conductance, scene.quantity] where quantities[quantity] == nil {
      fit(quantity, to: scene)
    }
    // The diagonal of A is much larger than the rest, which is what one wants to see: the 95th percentile is the end.
    if let a = scene.wholeCoefficients?.a.elements.map(abs).filter({ $0 > 0 && $0.isFinite }).sorted(), !a.isEmpty {
      let end = a[Int(Double(a.count - 1) * 0.95)]
      coefficients = Scale(-end, end)
    }
    if let spectrum = scene.network.spectrum {
      let all = spectrum.a + spectrum.jacobian
      if let span = Scale.range(all.map(\.real)) {
        real = Scale(span.low * (span.low < 0 ? 1.5 : 0.5) - 0.1, max(span.high * 1.5, 0.5))
      }
      let height = all.map { abs($0.imaginary) }.max() ?? 0
      imaginary = Scale(-max(1.2 * height, 1), max(1.2 * height, 1))
    }
  }
}

extension Scales {
  func neuron(_ index: Int) -> Scale { index < neurons.count ? neurons[index] : states }

  /// A little wider than what was seen, and never so narrow that rounding would be drawn.
  private static func padded(_ low: Double, _ high: Double) -> Scale {
    let margin = max((high - low) * 0.1, 0.01)
    return Scale(low - margin, high + margin)
  }

  /// Widens the states' range, never narrows it, where a state left it: by a quarter, so that it happens seldom.
  mutating func expandStates(to values: some Sequence<Float>) {
    for (neuron, value) in values.enumerated() where neuron < neurons.count && value.isFinite {
      let (own, value) = (neurons[neuron], Double(value))
      if value < own.low || value > own.high {
        neurons[neuron] = Self.padded(min(own.low, value), max(own.high, value))
      }
    }
    guard let shown = Scale.range(Array(values)), shown.low < states.low || shown.high > states.high else { return }
    states = Scale(
      shown.low < states.low ? shown.low * 1.25 : states.low, shown.high > states.high ? shown.high * 1.25 : states.high
    )
  }
}

extension Scales {
  /// Widens the plane of the eigenvalues, never narrows it, where one left it.
  mutating func expandPlane(to spectrum: Spectrum) {
    let all = spectrum.a + spectrum.jacobian
    guard let span = Scale.range(all.map(\.real)), let height = Scale.range(all.map { abs($0.imaginary) }) else {
      return
    }
    if span.low < real.low || span.high > real.high {
      real = Scale(span.low < real.low ? span.low * 2 : real.low, span.high > real.high ? span.high * 2 : real.high)
    }
    if height.high > imaginary.high { imaginary = Scale(-2 * height.high, 2 * height.high) }
  }
}

extension Scales {
  /// The range of a quantity of the synapses; all of them are far from zero or none.
  func scale(_ quantity: SynapseQuantity) -> Scale {
    quantities[quantity] ?? (quantity.isDiverging ? Scale(-1, 1) : Scale(0, 1))
  }

  /// Fits the colours of one quantity. Gradients have a few large entries: the 95th percentile is the end.
  mutating func fit(_ quantity: SynapseQuantity, to scene: Scene) {
    if quantity == .activation {
      quantities[quantity] = Scale(0, 1)
      return
    }
    // A conductance is at most the weight: so the range does not depend on the moment.
    let measured = quantity == .conductance ? SynapseQuantity.weight : quantity
    guard let values = SynapseValues(measured, scene) else { return }
    let sizes = scene.connectivity.synapses.map { abs(values[$0.index(neurons: scene.neurons)]) }
      .filter { $0.isFinite && $0 > 0 }
    guard !sizes.isEmpty else { return }
    let percentile = quantity == .gradient || quantity == .sensitivity ? 0.95 : 1
    let end = percentile == 1 ? sizes.max()! : sizes.sorted()[Int(Double(sizes.count - 1) * percentile)]
    let diverges = scene.palette(quantity).kind == .diverging
    quantities[quantity] = Scale(diverges ? -end : 0, end)
  }
}

extension Scale {
  /// The least and greatest finite value, `nil` where there is none.
  static func range(_ values: [some BinaryFloatingPoint]) -> (low: Double, high: Double)? {
    let finite = values.map { Double($0) }.filter(\.isFinite)
    guard let low = finite.min(), let high = finite.max() else { return nil }
    return (low, high)
  }
}
