/// A matrix with orthonormal columns (or rows, where it is wide) as a product of Householder reflections: orthonormal
/// for any parameters, so that an optimiser needs no constraint.
///
/// L = max(O, N), H = min(O, N): reflectors v_1 … v_H of length L; the first H columns of H_1·…·H_H with H_h = I −
/// 2·v·vᵀ/‖v‖² are O×N, or their transpose is. Building and its adjoint take O(H²·L) each.
struct OrthonormalDecoder {
  let outputs, neurons: Int
  var long: Int { max(outputs, neurons) }
  var short: Int { min(outputs, neurons) }
  var parameters: Int { long * short }

  /// L×H, row-major.
  func columns(_ v: ArraySlice<Double>) -> [Double] {
    var y = [Double](repeating: 0, count: long * short)
    for h in 0..<short { y[h * short + h] = 1 }
    for h in (0..<short).reversed() { reflect(&y, v, h) }
    return y
  }

  private func reflector(_ v: ArraySlice<Double>, _ h: Int) -> (first: Int, scale: Double) {
    let first = v.startIndex + h * long
    var square = 0.0
    for i in 0..<long { square += v[first + i] * v[first + i] }
    return (first, square > 0 ? 2 / square : 0)
  }

  private func projected(_ y: [Double], _ v: ArraySlice<Double>, _ first: Int) -> [Double] {
    var w = [Double](repeating: 0, count: short)
    for i in 0..<long {
      let value = v[first + i]
      for h in 0..<short { w[h] += value * y[i * short + h] }
    }
    return w
  }

  private func reflect(_ y: inout [Double], _ v: ArraySlice<Double>, _ h: Int) {
    let (first, scale) = reflector(v, h)
    let w = projected(y, v, first)
    for i in 0..<long {
      let value = scale * v[first + i]
      for h in 0..<short { y[i * short + h] -= value * w[h] }
    }
  }

  /// ∂L/∂v from ∂L/∂columns; a reflection undoes itself, so nothing in between is kept.
  func adjoint(_ gradient: [Double], _ v: ArraySlice<Double>, columns: [Double]) -> [Double] {
    var (g, y) = (gradient, columns)
    var result = [Double](repeating: 0, count: parameters)
    for h in 0..<short {
      let (first, scale) = reflector(v, h)
      reflect(&y, v, h)
      let w = projected(y, v, first)
      let s = projected(g, v, first)
      var both = 0.0
      for r in 0..<short { both += s[r] * w[r] }
      for i in 0..<long {
        var sum = 0.0
        for r in 0..<short { sum += g[i * short + r] * w[r] + y[i * short + r] * s[r] }
        result[h * long + i] = -scale * sum + scale * scale * both * v[first + i]
      }
      reflect(&g, v, h)
    }
    return result
  }
}
