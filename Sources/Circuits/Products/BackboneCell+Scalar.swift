// The scalar code: reference of the kernels, and what computes in other precisions.
extension BackboneCell {
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func scalarForward(_ pass: Pass<Scalar>) {
    let (n, m, b, layers, size) = (neurons, inputs, backbone.units, backbone.layers, stateSize)
    let p = pass.parameters
    let nothing = pass.scratch + recordSize
    nothing.update(repeating: 0, count: sums)
    for slice in 0..<pass.steps * pass.rows {
      let state = pass.states + slice * size
      let record = pass.keepsTape ? pass.tape + slice * recordSize : pass.scratch
      for l in 0..<layers {
        let (w, z) = (p + offset(l), record + 2 * l * b)
        let a = z + b
        z.update(from: p + offset(l + 1) - b, count: b)
        if l == 0 {
          addProduct(w, state, rows: n, columns: b, into: z)
          addProduct(w + n * b, pass.inputs + slice * m, rows: m, columns: b, into: z)
        } else {
          addProduct(w, z - b, rows: b, columns: b, into: z)
        }
        for i in 0..<b { a[i] = backbone.activation.value(z[i]) }
      }
      let (last, heads) = (record + (2 * layers - 1) * b, record + 2 * layers * b)
      heads.update(repeating: 0, count: sums)
      for q in 0..<sums / max(n, 1) {
        addProduct(p + offset(layers) + q * b * n, last, rows: b, columns: n, into: heads + q * n)
      }
      update.step(
        n, ProductStep(state: state, recurrent: heads, sensory: nothing, elapsed: pass.elapsed[slice], own: p + own),
        into: pass.states + (slice + pass.rows) * size)
    }
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func scalarBackward(_ pass: Pass<Scalar>, _ gradient: PassGradient<Scalar>) {
    let (n, m, b, layers, size) = (neurons, inputs, backbone.units, backbone.layers, stateSize)
    let (p, d) = (pass.parameters, gradient.parameters)
    let nothing = pass.scratch + recordSize
    let (dHeads, dNothing) = (nothing + sums, nothing + 2 * sums)
    let (da, dz) = (nothing + 3 * sums, nothing + 3 * sums + b)
    nothing.update(repeating: 0, count: sums)
    for slice in (0..<pass.steps * pass.rows).reversed() {
      let (state, dState) = (pass.states + slice * size, gradient.states + slice * size)
      let (u, du) = (pass.inputs + slice * m, gradient.inputs + slice * m)
      let record = pass.tape + slice * recordSize
      let next = slice + pass.rows
      update.stepBack(
        n,
        ProductStep(
          state: state, recurrent: record + 2 * layers * b, sensory: nothing, elapsed: pass.elapsed[slice],
          own: p + own),
        next: pass.states + next * size, nextGradient: gradient.states + next * size, stateGradient: dState,
        recurrentGradient: dHeads, sensoryGradient: dNothing, gradient: d + own)
      da.update(repeating: 0, count: b)
      let last = record + (2 * layers - 1) * b
      for q in 0..<sums / max(n, 1) {
        let head = offset(layers) + q * b * n
        addAdjoint(p + head, last, dHeads + q * n, rows: b, columns: n, values: da, weights: d + head)
      }
      du.update(repeating: 0, count: m)
      for l in (0..<layers).reversed() {
        let (z, w) = (record + 2 * l * b, offset(l))
        let bias = offset(l + 1) - b
        for i in 0..<b {
          dz[i] = da[i] * backbone.activation.slope(z[i], value: z[b + i])
          d[bias + i] += dz[i]
        }
        if l == 0 {
          addAdjoint(p + w, state, dz, rows: n, columns: b, values: dState, weights: d + w)
          addAdjoint(p + w + n * b, u, dz, rows: m, columns: b, values: du, weights: d + w + n * b)
        } else {
          da.update(repeating: 0, count: b)
          addAdjoint(p + w, z - b, dz, rows: b, columns: b, values: da, weights: d + w)
        }
      }
    }
  }
}

/// s_i += Σ_j w_ji·y_j over contiguous i.
@inline(__always)
private func addProduct<S: CircuitScalar>(
  _ w: UnsafePointer<S>, _ y: UnsafePointer<S>, rows: Int, columns n: Int, into s: UnsafeMutablePointer<S>
) {
  for j in 0..<rows {
    let (row, value) = (w + j * n, y[j])
    for i in 0..<n { s[i] += row[i] * value }
  }
}

/// The adjoint of ``addProduct``: ∂y_j += Σ_i w_ji·∂s_i and ∂w_ji += y_j·∂s_i.
@inline(__always)
private func addAdjoint<S: CircuitScalar>(
  _ w: UnsafePointer<S>, _ y: UnsafePointer<S>, _ ds: UnsafePointer<S>, rows: Int, columns n: Int,
  values dy: UnsafeMutablePointer<S>, weights dw: UnsafeMutablePointer<S>
) {
  for j in 0..<rows {
    let (row, d, value) = (w + j * n, dw + j * n, y[j])
    for i in 0..<n { d[i] += value * ds[i] }
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
