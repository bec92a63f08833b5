import CKernels

/// A cell that is a map from one step to the next: K products of a matrix with [h ; u] (a gate
/// each, or the one sum of a plain network), and what a neuron makes of them.
///
///     S_q = W_q·[h ; u],   (h', …) = update(h, S, Δt)
///
/// The cells differ in their ``ProductUpdate`` only, each in a file of its own under `Cells`. Sums of neurons and of inputs are
/// kept apart, because a gated recurrent unit treats them differently. No differential equation: no solver, no state-dependent
/// coefficients. Weights are masked once a training step (`prepare`), so that the inner loops have no branch.
///
/// Cost of a step and row: O(K·N·(N + M)); tape 2·K·N scalars.
struct ProductCell<Scalar: CircuitScalar>: Cell {
  let wiring: Wiring
  let update: any ProductUpdate<Scalar>
  /// One pair of tensors a product, then the update's own.
  let tensors: [TensorDeclaration]
  /// The kernel's description of this cell, or `nil` where the scalar code computes.
  let kernel: gk_products?

  var neurons: Int { wiring.neurons }
  var inputs: Int { wiring.inputs }
  var stateSize: Int { update.statesPerNeuron * wiring.neurons }
  private var products: Int { update.products.count }
  private var synapses: Int { (neurons + inputs) * neurons }

  init(wiring: Wiring, update: any ProductUpdate<Scalar>) {
    self.wiring = wiring
    self.update = update
    let (n, m) = (wiring.neurons, wiring.inputs)
    kernel = Kernels.level(for: Scalar.self).flatMap { level in
      update.form.map { gk_products(level: level, form: Int32($0), neurons: Int32(n), inputs: Int32(m)) }
    }
    tensors =
      update.products.flatMap { product in
        TensorDeclaration.synapses(
          product.name, product.quantity, n, m, symbol: product.symbol, unit: product.unit, initializer: .fanIn(n + m),
          meaning: product.meaning)
      }.filter { update.isRecurrent || $0.owner == .sensorySynapse } + update.tensors(neurons: n)
  }

  /// Rows of a product's tensors that come before the inputs': 0 where nothing recurs.
  private var firstInput: Int { update.isRecurrent ? neurons : 0 }
  private var productSize: Int { (firstInput + inputs) * neurons }

  var preparedSize: Int { kernel.map(gk_products_prepared_size) ?? products * productSize }
  func tapeSize(rows: Int, steps: Int) -> Int {
    kernel.map { gk_products_tape_size($0, Int32(rows), Int32(steps)) } ?? steps * rows * 2 * products * neurons
  }
  func scratchSize(rows: Int) -> Int {
    kernel.map { gk_products_scratch_size($0, Int32(rows)) } ?? 2 * products * neurons
  }

  func prepare(
    parameters: UnsafePointer<Scalar>, connections: UnsafePointer<Scalar>, into prepared: UnsafeMutablePointer<Scalar>
  ) {
    guard let kernel else { return scalarPrepare(parameters, connections, into: prepared) }
    gk_products_prepare(kernel, parameters.float, connections.float, prepared.float)
  }

  func forward(_ pass: Pass<Scalar>) {
    guard let kernel else { return scalarForward(pass) }
    withUnsafePointer(to: pass.kernel) { gk_products_forward(kernel, $0) }
  }

  func backward(_ pass: Pass<Scalar>, _ gradient: PassGradient<Scalar>) {
    guard let kernel else { return scalarBackward(pass, gradient) }
    withUnsafePointer(to: pass.kernel) { pass in
      withUnsafePointer(to: gradient.kernel) { gk_products_backward(kernel, pass, $0) }
    }
  }
}

// The scalar code: reference of the kernels, and what computes in other precisions.
extension ProductCell {
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  private func scalarPrepare(
    _ parameters: UnsafePointer<Scalar>, _ connections: UnsafePointer<Scalar>,
    into prepared: UnsafeMutablePointer<Scalar>
  ) {
    let present = connections + (neurons - firstInput) * neurons
    for q in 0..<products {
      let (w, masked) = (parameters + q * productSize, prepared + q * productSize)
      for at in 0..<productSize { masked[at] = w[at] * present[at] }
    }
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  private func scalarForward(_ pass: Pass<Scalar>) {
    let (n, m, k, rows, size) = (neurons, inputs, products, pass.rows, stateSize)
    let own = pass.parameters + products * productSize
    var tape = pass.tape
    for t in 0..<pass.steps {
      for r in 0..<rows {
        let slice = t * rows + r
        let (state, next) = (pass.states + slice * size, pass.states + (slice + rows) * size)
        // [K][N] sums over neurons, then [K][N] over inputs; kept on the tape they are all that backward needs.
        let recurrent = pass.keepsTape ? tape : pass.scratch
        let sensory = recurrent + k * n
        if pass.keepsTape { tape += 2 * k * n }
        recurrent.update(repeating: 0, count: 2 * k * n)
        for q in 0..<k {
          let w = pass.prepared + q * productSize
          if firstInput > 0 { addProduct(w, state, rows: n, columns: n, into: recurrent + q * n) }
          addProduct(
            w + firstInput * n, pass.inputs + slice * m, rows: m, columns: n, into: sensory + q * n)
        }
        update.step(
          n, ProductStep(state: state, recurrent: recurrent, sensory: sensory, elapsed: pass.elapsed[slice], own: own),
          into: next)
      }
    }
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  private func scalarBackward(_ pass: Pass<Scalar>, _ gradient: PassGradient<Scalar>) {
    let (n, m, k, rows, size) = (neurons, inputs, products, pass.rows, stateSize)
    let own = pass.parameters + products * productSize
    let present = pass.connections + (neurons - firstInput) * n
    let dRecurrent = pass.scratch
    let dSensory = dRecurrent + k * n
    for t in (0..<pass.steps).reversed() {
      for r in 0..<rows {
        let slice = t * rows + r
        let state = pass.states + slice * size
        let recurrent = pass.tape + slice * 2 * k * n
        let dState = gradient.states + slice * size
        update.stepBack(
          n,
          ProductStep(
            state: state, recurrent: recurrent, sensory: recurrent + k * n, elapsed: pass.elapsed[slice], own: own),
          next: pass.states + (slice + rows) * size, nextGradient: gradient.states + (slice + rows) * size,
          stateGradient: dState, recurrentGradient: dRecurrent, sensoryGradient: dSensory,
          gradient: gradient.parameters + products * productSize)
        // ∂S of both kinds are there; each product gives ∂h or ∂u and its weights' gradient.
        let (u, du) = (pass.inputs + slice * m, gradient.inputs + slice * m)
        du.update(repeating: 0, count: m)
        for q in 0..<k {
          let (w, dw) = (pass.prepared + q * productSize, gradient.parameters + q * productSize)
          if firstInput > 0 {
            addAdjoint(w, present: present, state, dRecurrent + q * n, rows: n, columns: n, values: dState, weights: dw)
          }
          addAdjoint(
            w + firstInput * n, present: present + firstInput * n, u, dSensory + q * n, rows: m, columns: n, values: du,
            weights: dw + firstInput * n)
        }
      }
    }
  }
}
