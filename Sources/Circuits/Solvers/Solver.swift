/// One way to follow a differential equation over a time step: a file each, a line in ``Solvers/all``.
public protocol SolverKind: Sendable {
  /// What `--solver` takes.
  var name: String { get }
  /// As a sentence has it: "explicit Euler".
  var title: String { get }
  /// One line for `ganglion solvers`.
  var summary: String { get }
  /// p: the error at a fixed time falls as h^p. 0 where that means nothing.
  var order: Int { get }
  /// Whether a gradient can be taken through it.
  var isDifferentiable: Bool { get }
  /// |R(z)| of x' = R(h·λ)·x for ẋ = λ·x, z = h·λ: stable where at most 1. `nil` where every step is stable for a decaying
  /// circuit, or where the solver chooses its own step.
  func amplification(real: Double, imaginary: Double) -> Double?
}

extension SolverKind {
  public var isDifferentiable: Bool { true }
  public func amplification(real: Double, imaginary: Double) -> Double? { nil }
}

/// The solvers there are.
public enum Solvers {
  public static let all: [any SolverKind] = [
    SemiImplicit(), ExplicitEuler(), Heun(), RungeKutta4(), ExponentialEuler(), DormandPrince(), NoSolver(),
  ]

  /// - Throws: ``CircuitError`` naming the solvers there are.
  public static func named(_ name: String) throws -> any SolverKind {
    guard let kind = all.first(where: { $0.name == name }) else {
      throw CircuitError.unknown("solver", name, among: all.map(\.name))
    }
    return kind
  }
}

/// What a solver computes with.
enum Solver: Sendable {
  case fixed(any FixedStepper)
  case adaptive(any AdaptiveStepper)

  var stages: Int {
    switch self {
    case .fixed(let stepper): stepper.stages
    case .adaptive(let stepper): stepper.stages
    }
  }
}

/// A sub-step of given length, forward and backward.
protocol FixedStepper: Sendable {
  /// Evaluations a sub-step, each with a record on the tape.
  var stages: Int { get }
  /// x ← x after h. `records` has room for `stages` records.
  func step<S: CircuitScalar>(
    _ dynamics: Dynamics<S>, x: UnsafeMutablePointer<S>, h: S, records: UnsafeMutablePointer<S>)
  /// dx ← (∂x'/∂x)ᵀ·dx; adds ∂L/∂p to `gradient`.
  func stepBack<S: CircuitScalar>(
    _ dynamics: Dynamics<S>, dx: UnsafeMutablePointer<S>, h: S, records: UnsafeMutablePointer<S>,
    gradient: UnsafeMutablePointer<S>)
}

/// A whole time step in sub-steps of the solver's choosing; forward only.
protocol AdaptiveStepper: Sendable {
  var stages: Int { get }
  func advance<S: CircuitScalar>(
    _ dynamics: Dynamics<S>, x: UnsafeMutablePointer<S>, over elapsed: S, first: S, records: UnsafeMutablePointer<S>)
}

extension SolverKind {
  /// - Throws: ``CircuitError`` where the kind computes nothing by itself.
  var solver: Solver {
    get throws {
      if let stepper = self as? any FixedStepper { return .fixed(stepper) }
      if let stepper = self as? any AdaptiveStepper { return .adaptive(stepper) }
      throw CircuitError("'\(name)' solves no differential equation.")
    }
  }
}

/// The entry of cells that are maps from one step to the next.
struct NoSolver: SolverKind {
  let name = "none"
  let title = "no solver"
  let summary = "none: the cell is a map from one step to the next (RNN, GRU, LSTM, CfC, ReLU); nothing to solve"
  let order = 0
}

extension Model {
  /// - Throws: ``CircuitError`` where no gradient can be taken through the model's solver.
  public func checkTrainable() throws {
    let solver = try Solvers.named(specification.solver)
    guard solver.isDifferentiable else {
      throw CircuitError(
        "The solver '\(solver.name)' chooses its own steps and is for evaluation only: no gradient goes through it. "
          + "Train with: \(try kind.solvers.filter { try Solvers.named($0).isDifferentiable }.joined(separator: ", "))."
      )
    }
  }
}
