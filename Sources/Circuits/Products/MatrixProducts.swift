// The products of matrices that the scalar code of ProductCell and BackboneCell is made of. A matrix is [from j][to i], row
// after row, so both directions run along memory. Their kernel is `product` of CKernels/vectors/product.h.

/// s_i += Σ_j w_ji·y_j over contiguous i.
@inline(__always)
func addProduct<S: CircuitScalar>(
  _ w: UnsafePointer<S>, _ y: UnsafePointer<S>, rows: Int, columns n: Int, into s: UnsafeMutablePointer<S>
) {
  for j in 0..<rows {
    let (row, value) = (w + j * n, y[j])
    for i in 0..<n { s[i] += row[i] * value }
  }
}

/// The adjoint of ``addProduct``: with s = yᵀ·W, ∂y_j += Σ_i w_ji·∂s_i, and ∂w_ji += y_j·∂s_i where `present` is 1 (it is
/// everywhere if none is given).
@inline(__always)
func addAdjoint<S: CircuitScalar>(
  _ w: UnsafePointer<S>, present: UnsafePointer<S>? = nil, _ y: UnsafePointer<S>, _ ds: UnsafePointer<S>, rows: Int,
  columns n: Int, values dy: UnsafeMutablePointer<S>, weights dw: UnsafeMutablePointer<S>
) {
  for j in 0..<rows {
    let (row, d, value) = (w + j * n, dw + j * n, y[j])
    if let present {
      let here = present + j * n
      for i in 0..<n { d[i] += here[i] * value * ds[i] }
    } else {
      for i in 0..<n { d[i] += value * ds[i] }
    }
    // Four sums, so that an addition need not wait for the one before it.
    var (s0, s1, s2, s3) = (S(0), S(0), S(0), S(0))
    var i = 0
    while i + 4 <= n {
      s0 += row[i] * ds[i]
      s1 += row[i + 1] * ds[i + 1]
      s2 += row[i + 2] * ds[i + 2]
      s3 += row[i + 3] * ds[i + 3]
      i += 4
    }
    while i < n {
      s0 += row[i] * ds[i]
      i += 1
    }
    dy[j] += (s0 + s1) + (s2 + s3)
  }
}
