import RealModule

/// The dense layers that all neurons of a closed-form cell share, between [h ; u] and the heads.
public struct Backbone: Sendable, Hashable, Codable, CustomStringConvertible {
  /// B, units a layer.
  public var units: Int
  /// L.
  public var layers: Int
  public var activation: Activation

  private enum CodingKeys: String, CodingKey {
    case units = "units"
    case layers = "layers"
    case activation = "activation"
  }

  /// Defaults as in `ncps`.
  public init(units: Int = 128, layers: Int = 1, activation: Activation = .lecunTanh) {
    self.units = units
    self.layers = layers
    self.activation = activation
  }

  /// What each unit makes of its sum, as `ncps` names them.
  public enum Activation: String, Sendable, Codable, CaseIterable {
    /// 1.7159·tanh(0.666·z); LeCun et al. 1998, DOI 10.1007/3-540-49430-8_2.
    case lecunTanh = "lecun_tanh"
    case tanh, relu
    /// z·σ(z); Hendrycks & Gimpel 2016, arXiv 1606.08415.
    case silu
    /// z·½(1 + erf(z/√2)); the same source.
    case gelu
  }

  /// "128x1:lecun_tanh": units, layers (1 unless told) and activation (lecun_tanh unless told).
  ///
  /// - Throws: ``CircuitError`` that says what is wrong.
  public init(_ text: String) throws {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let sizes = parts[0].lowercased().split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard (1...2).contains(sizes.count), let units = sizes[0], let layers = sizes.count == 2 ? sizes[1] : 1 else {
      throw CircuitError(
        "'\(text)' is no backbone: write UNITS, UNITSxLAYERS or UNITSxLAYERS:ACTIVATION, for example 128x1:lecun_tanh.")
    }
    guard parts.count == 1 || Activation(rawValue: parts[1]) != nil else {
      throw CircuitError.unknown("activation", parts[1], among: Activation.allCases.map(\.rawValue))
    }
    self.init(
      units: units, layers: layers, activation: parts.count == 1 ? .lecunTanh : Activation(rawValue: parts[1])!)
    try check()
  }

  public var description: String { "\(units)x\(layers):\(activation.rawValue)" }

  func check() throws {
    guard (1...4096).contains(units), (1...16).contains(layers) else {
      throw CircuitError(
        "A backbone of \(layers) layer\(layers == 1 ? "" : "s") of \(units) units cannot be made: use 1 to 4096 units "
          + "and 1 to 16 layers.")
    }
  }
}

extension Backbone.Activation {
  @inline(__always)
  func value<S: CircuitScalar>(_ z: S) -> S {
    switch self {
    case .lecunTanh: S(1.7159) * S.tanh(S(0.666) * z)
    case .tanh: S.tanh(z)
    case .relu: max(z, 0)
    case .silu: z * logistic(z)
    case .gelu: z * S(0.5) * (1 + S.erf(z * S(0.5).squareRoot()))
    }
  }

  /// The derivative at z, where the value is `a`.
  @inline(__always)
  func slope<S: CircuitScalar>(_ z: S, value a: S) -> S {
    switch self {
    case .lecunTanh:
      return S(0.666) * (S(1.7159) - a * a / S(1.7159))
    case .tanh: return 1 - a * a
    case .relu: return z > 0 ? 1 : 0
    case .silu:
      let s = logistic(z)
      return s * (1 + z * (1 - s))
    case .gelu:
      let density = S.exp(-z * z / 2) / (2 * S.pi).squareRoot()
      return S(0.5) * (1 + S.erf(z * S(0.5).squareRoot())) + z * density
    }
  }
}
