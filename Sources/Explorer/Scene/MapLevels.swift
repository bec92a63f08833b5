import Analysis
import Circuits
import LinearAlgebra
import Terminal

/// The memory that keeps the cells of heat maps from flickering: what level each had when last drawn.
///
/// Views only read it; ``Scene/settle()`` writes it before a frame.
public struct MapLevels: Sendable, Equatable {
  /// Levels of a map.
  public static let count = 11
  var synapses = Quantiser()
  var quantity = SynapseQuantity.conductance
  var a = Quantiser()
  /// Of B and c.
  var inputs = Quantiser()
  var form = CoefficientForm.feature
  var isDifference = false
  public init() {}
}

extension Scene {
  /// Brings what depends on earlier frames up to date: ranges that were never fitted, levels of the maps.
  public mutating func settle() {
    let quantity = quantity
    if scales.quantities[quantity] == nil {
      var scales = scales
      scales.fit(quantity, to: self)
      self.scales = scales
    }
    if levels.quantity != quantity || levels.form != form || levels.isDifference != showsDifference {
      levels = MapLevels()
      (levels.quantity, levels.form, levels.isDifference) = (quantity, form, showsDifference)
    }
    if let matrix = synapseMatrix() {
      _ = levels.synapses.quantise(
        matrix, scale: scales.scale(quantity), palette: palette(quantity), levels: MapLevels.count)
    }
    if let shown = shownCoefficients {
      _ = levels.a.quantise(shown.a.elements, scale: scales.coefficients, palette: diverging, levels: MapLevels.count)
      _ = levels.inputs.quantise(
        shown.inputsAndConstant, scale: scales.coefficients, palette: diverging, levels: MapLevels.count)
    }
  }

  /// The shown quantity, [post, pre] over neurons and then inputs, 0 where there is no synapse; the difference to the
  /// pinned moment where that is looked at.
  public func synapseMatrix() -> [Double]? {
    guard let now = SynapseValues(quantity, self) else { return nil }
    let before = pinnedSynapses()
    let (n, columns) = (neurons, neurons + model.inputs)
    var matrix = [Double](repeating: 0, count: n * columns)
    for synapse in connectivity.synapses {
      let index = synapse.index(neurons: n)
      matrix[synapse.post * columns + synapse.pre] = before.map { now[index] - $0[index] } ?? now[index]
    }
    return matrix
  }

  private func pinnedSynapses() -> SynapseValues? {
    guard showsDifference, let pin else { return nil }
    return SynapseValues(quantity, connectivity, pin.reading, pin.values, pin.gradient, neurons)
  }

  /// The coefficients on screen: those of now, less the pinned ones where the difference is looked at.
  public var shownCoefficients: Coefficients<Double>? {
    guard var now = reading?.coefficients else { return nil }
    guard showsDifference, let before = pin?.reading.coefficients, pin?.form == form else { return now }
    now.a = now.a - before.a
    now.b = now.b - before.b
    for i in now.c.indices { now.c[i] -= before.c[i] }
    return now
  }
}

extension Coefficients {
  /// B and c side by side, row by row: N×(M + 1).
  var inputsAndConstant: [Scalar] {
    let m = b.columns
    var values: [Scalar] = []
    values.reserveCapacity(c.count * (m + 1))
    for i in c.indices {
      for k in 0..<m { values.append(b[i, k]) }
      values.append(c[i])
    }
    return values
  }
}
