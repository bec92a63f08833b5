import CKernels

/// A cell that is a map from one step to the next, whose products see the state and the inputs through dense layers:
///
///     a_0 = [h ; u],   a_l = φ(V_l·a_{l−1} + c_l) for l = 1 … L,   S_q = W_q·a_L,   h' = update(h, S, Δt)
///
/// Every unit of the backbone is shared by all neurons: no weight belongs to a synapse from one neuron to another, so the
/// wiring has no part in it and there is nothing to prune. The same ``ProductUpdate`` makes the states as without a backbone.
///
/// `backbone.l.weight` [N + M or B, B] (neurons before inputs), `backbone.l.bias` [B], a head [B, N] a product, and the
/// update's own. Cost of a step and row: O((N + M)·B + (L − 1)·B² + K·B·N); tape 2·L·B + K·N scalars.
struct BackboneCell<Scalar: CircuitScalar>: Cell {
  let wiring: Wiring
  let backbone: Backbone
  let update: any ProductUpdate<Scalar>
  let tensors: [TensorDeclaration]
  /// The kernel's description of this cell, or `nil` where the scalar code computes.
  let kernel: gk_backbone?

  var neurons: Int { wiring.neurons }
  var inputs: Int { wiring.inputs }
  var stateSize: Int { update.statesPerNeuron * wiring.neurons }
  /// K·N.
  var sums: Int { update.products.count * neurons }

  init(wiring: Wiring, backbone: Backbone, update: any ProductUpdate<Scalar>) {
    self.wiring = wiring
    self.backbone = backbone
    self.update = update
    let (n, b) = (wiring.neurons, backbone.units)
    kernel = Kernels.level(for: Scalar.self).flatMap { level in
      update.form.map { form in
        gk_backbone(
          level: level, form: Int32(form), neurons: Int32(n), inputs: Int32(wiring.inputs), units: Int32(b),
          layers: Int32(backbone.layers), activation: backbone.activation.form)
      }
    }
    func tensor(
      _ name: String, _ quantity: ParameterQuantity, _ shape: [Int], _ symbol: String, unit: String = "",
      _ meaning: String
    ) -> TensorDeclaration {
      let fan = Double(max(shape.reduce(0, +), 1))
      let r = (6 / fan).squareRoot()
      return TensorDeclaration(
        name, quantity, shape: shape, symbol: symbol, unit: unit, owner: .backbone,
        initializer: quantity.role == .bias ? .constant(0) : .uniform(-r...r), meaning: meaning)
    }
    tensors =
      (0..<backbone.layers).flatMap { l in
        [
          tensor(
            "backbone.\(l).weight", .backboneWeight, [l == 0 ? n + wiring.inputs : b, b], "V_\(l + 1)",
            "weight of backbone layer \(l + 1)"),
          tensor("backbone.\(l).bias", .backboneBias, [b], "c_\(l + 1)", "bias of backbone layer \(l + 1)"),
        ]
      } + update.products.map { tensor($0.name, $0.quantity, [b, n], $0.symbol, unit: $0.unit, $0.meaning) }
      + update.tensors(neurons: n)
  }

  /// Entries before layer `l`'s weights; of the heads for l = L.
  func offset(_ l: Int) -> Int {
    let b = backbone.units
    return l == 0 ? 0 : (neurons + inputs + 1) * b + (l - 1) * (b + 1) * b
  }
  var own: Int { offset(backbone.layers) + backbone.units * sums }

  /// z and a of every layer, then the heads' sums.
  var recordSize: Int { 2 * backbone.layers * backbone.units + sums }

  var preparedSize: Int { kernel.map(gk_backbone_prepared_size) ?? 0 }
  func tapeSize(rows: Int, steps: Int) -> Int {
    kernel.map { gk_backbone_tape_size($0, Int32(rows), Int32(steps)) } ?? steps * rows * recordSize
  }
  func scratchSize(rows: Int) -> Int {
    kernel.map { gk_backbone_scratch_size($0, Int32(rows)) } ?? recordSize + 3 * sums + 2 * backbone.units
  }

  func prepare(
    parameters: UnsafePointer<Scalar>, connections: UnsafePointer<Scalar>, into prepared: UnsafeMutablePointer<Scalar>
  ) {
    guard let kernel else { return }
    gk_backbone_prepare(kernel, parameters.float, prepared.float)
  }

  func forward(_ pass: Pass<Scalar>) {
    guard let kernel else { return scalarForward(pass) }
    withUnsafePointer(to: pass.kernel) { gk_backbone_forward(kernel, $0) }
  }

  func backward(_ pass: Pass<Scalar>, _ gradient: PassGradient<Scalar>) {
    guard let kernel else { return scalarBackward(pass, gradient) }
    withUnsafePointer(to: pass.kernel) { pass in
      withUnsafePointer(to: gradient.kernel) { gk_backbone_backward(kernel, pass, $0) }
    }
  }
}

extension Backbone.Activation {
  /// As the kernels name it.
  fileprivate var form: Int32 {
    let form =
      switch self {
      case .lecunTanh: GK_LECUN_TANH_UNIT
      case .tanh: GK_TANH_UNIT
      case .relu: GK_RELU_UNIT
      case .silu: GK_SILU_UNIT
      case .gelu: GK_GELU_UNIT
      }
    return Int32(form)
  }
}
