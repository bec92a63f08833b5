// The scalar code: reference of the kernels, and what computes in other precisions.
extension BackboneCell {
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func scalarForward(_ pass: Pass<Scalar>) {
    let (n, m, b, layers, size) = (neurons, inputs, backbone.units, backbone.layers, stateSize)
    let p = pass.parameters
    // A backbone has one sum a gate, not one over neurons and one over inputs: zeros stand for the second.
    let nothing = pass.scratch + recordSize
    nothing.update(repeating: 0, count: sums)
    for slice in 0..<pass.steps * pass.rows {
      let state = pass.states + slice * size
      let record = pass.keepsTape ? pass.tape + slice * recordSize : pass.scratch
      for l in 0..<layers {
        // A record is [z_1 B | a_1 B | … | z_L | a_L | heads K·N]; z begins as the bias, which lies behind its
        // weights.
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
    // Behind the record: zeros, ∂S of the heads, what `stepBack` says of the zeros (unused), ∂a and ∂z of a layer.
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
          // δ_l = ∂a_l ⊙ φ'(z_l),  ∂c_l = δ_l,  ∂V_l = a_{l−1}ᵀ·δ_l,  ∂a_{l−1} = δ_l·V_lᵀ.
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
