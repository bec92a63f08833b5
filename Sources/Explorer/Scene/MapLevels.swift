import Analysis
import Circuits
import LinearAlgebra
import Terminal

/// The cells of heat maps keep their level while values hardly change, so that they do not flicker: views with maps remember
/// in a ``Terminal/Quantiser`` what level each had when last drawn.
public enum MapLevels {
  /// Levels of a map.
  public static let count = 11
}

extension Scene {
  /// Lets the views that are shown bring up to date what depends on earlier frames.
  public mutating func settle(_ shown: [any View] = Views.all) {
    for view in shown { view.settle(&self) }
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
    guard look.showsDifference, let pin = network.pin else { return nil }
    return SynapseValues(quantity, connectivity, pin.reading, pin.values, pin.gradient, neurons)
  }

  /// The coefficients on screen: those of now, less the pinned ones where the difference is looked at.
  public var shownCoefficients: Coefficients<Double>? {
    guard var now = reading?.coefficients else { return nil }
    guard look.showsDifference, let before = network.pin?.reading.coefficients, network.pin?.form == look.form else {
      return now
    }
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
