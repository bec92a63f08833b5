import RealModule
import Search
import Spiking

/// What distinguishes one kind of network of the study from another: everything else is the same for all.
public struct SpikeCondition: Sendable, Equatable, Codable {
  /// τ_m, ms.
  public var timeConstant: Spread
  /// A₊, A₋, τ₊ and τ₋; nil for fixed weights.
  public var plasticity: PlasticityRule?

  public init(timeConstant: Spread, plasticity: PlasticityRule?) {
    (self.timeConstant, self.plasticity) = (timeConstant, plasticity)
  }

  /// Means that nobody has optimised: τ_m 20 ms, as of the independent report; depression a fifth stronger than
  /// potentiation, so that weights neither all grow nor all vanish.
  static let (meanTime, amplitude, ratio, window) = (20.0, 0.005, 1.2, 20.0)
  /// Shape of drawn constants: standard deviation mean/√2.
  static let shape = 2.0

  /// Which of the two is drawn (by a gamma distribution) and not equal.
  public struct Kind: Sendable, Hashable, Codable {
    public var drawnNeurons, drawnPlasticity: Bool

    public init(drawnNeurons: Bool, drawnPlasticity: Bool) {
      (self.drawnNeurons, self.drawnPlasticity) = (drawnNeurons, drawnPlasticity)
    }

    /// Equal both, neurons drawn, STDP drawn, both drawn.
    public static let all = [(false, false), (true, false), (false, true), (true, true)].map {
      Kind(drawnNeurons: $0.0, drawnPlasticity: $0.1)
    }

    public var name: String {
      "\(drawnNeurons ? "drawn" : "equal") neurons, \(drawnPlasticity ? "drawn" : "equal") STDP"
    }

    /// What a search may change: means always, shapes where something is drawn (a large shape is nearly equal).
    public var dimensions: [SearchDimension] {
      var result = [
        SearchDimension("mean τ (ms)", 5...60, scale: .logarithmic),
        SearchDimension("A₊", 0.0005...0.02, scale: .logarithmic),
        SearchDimension("A₋/A₊", 0.5...3, scale: .logarithmic),
        SearchDimension("τ₊ (ms)", 8...50, scale: .logarithmic),
        SearchDimension("τ₋ (ms)", 8...50, scale: .logarithmic),
      ]
      if drawnNeurons { result.append(SearchDimension("shape of τ", 0.7...20, scale: .logarithmic)) }
      if drawnPlasticity { result.append(SearchDimension("shape of STDP", 0.7...20, scale: .logarithmic)) }
      return result
    }

    /// The condition at a point of ``dimensions``; nil for what nobody has optimised.
    ///
    /// - Parameter maximum: the largest weight.
    public func condition(_ point: [Double]? = nil, maximum: Float) -> SpikeCondition {
      typealias Usual = SpikeCondition
      let means = point ?? [Usual.meanTime, Usual.amplitude, Usual.ratio, Usual.window, Usual.window]
      var shapes = point.map { Array($0.dropFirst(5)) } ?? [Usual.shape, Usual.shape]
      let neuronShape = drawnNeurons ? shapes.removeFirst() : 0
      let plasticityShape = drawnPlasticity ? shapes.removeLast() : 0
      func constant(_ mean: Double) -> Spread {
        drawnPlasticity ? .gamma(shape: plasticityShape, mean: mean) : .equal(mean)
      }
      return SpikeCondition(
        timeConstant: drawnNeurons ? .gamma(shape: neuronShape, mean: means[0]) : .equal(means[0]),
        plasticity: PlasticityRule(
          potentiation: constant(means[1]), depression: constant(means[1] * means[2]),
          potentiationTime: constant(means[3]), depressionTime: constant(means[4]), bounds: .soft, maximum: maximum))
    }
  }

  /// Spread of τ without STDP: equal, as the independent report drew it, and three forms of one mean and variance.
  public static let still: [(name: String, condition: SpikeCondition)] = {
    let spreads: [(String, Spread)] = [
      ("equal", .equal(meanTime)), ("gamma 2", .gamma(shape: 2, mean: meanTime)),
      ("gamma 4", .gamma(shape: 4, mean: meanTime)), ("normal 4", .normal(shape: 4, mean: meanTime)),
      ("uniform 4", .uniform(shape: 4, mean: meanTime)),
    ]
    return spreads.map { ("\($0) neurons, fixed weights", SpikeCondition(timeConstant: $1, plasticity: nil)) }
  }()
}
