import CKernels
import Testing

/// A way to compute: a level this processor has, and how synapses are walked.
struct Way: Sendable, CustomTestStringConvertible {
  var level: Int32
  var walk: Int32
  var testDescription: String {
    "\(String(cString: gk_level_name(level))), \(["automatic", "all pairs", "listed"][Int(walk)])"
  }

  static let all = (0..<Int32(GK_LEVELS)).filter { gk_level_available($0) == 1 }.flatMap { level in
    [GK_AUTOMATIC, GK_ALL_PAIRS, GK_LISTED].map { Way(level: level, walk: Int32($0)) }
  }
}

/// A buffer that starts 16 bytes off any larger alignment, full of NaN, with a canary behind its end.
private struct Room {
  static let canary: Float = 12_345
  private let allocation: UnsafeMutableBufferPointer<Float>
  let start: UnsafeMutablePointer<Float>
  let count: Int

  init(_ count: Int) {
    self.count = count
    let bytes = UnsafeMutableRawPointer.allocate(byteCount: (count + 5) * 4, alignment: 64)
    allocation = UnsafeMutableBufferPointer(
      start: bytes.bindMemory(to: Float.self, capacity: count + 5), count: count + 5)
    allocation.initialize(repeating: .nan)
    start = allocation.baseAddress! + 4
    start[count] = Self.canary
  }

  func close() {
    #expect(start[count] == Self.canary, "a kernel wrote behind the size it asked for")
    allocation.deallocate()
  }
}

extension Problem {
  func cell(_ way: Way) -> gk_ltc {
    gk_ltc(
      level: way.level, walk: way.walk, neurons: Int32(neurons), inputs: Int32(inputs), unfolds: Int32(unfolds))
  }

  /// A circuit of the family: the additive neurons of `ctrnn-synaptic`, which take the first three quantities.
  func circuit(_ way: Way) -> gk_circuit {
    var cell = gk_circuit()
    (cell.level, cell.walk) = (way.level, way.walk)
    (cell.neurons, cell.inputs, cell.unfolds) = (Int32(neurons), Int32(inputs), Int32(unfolds))
    (cell.activation, cell.strength) = (Int32(GK_SYNAPTIC), Int32(GK_WEIGHT))
    (cell.membrane, cell.leaks) = (Int32(GK_ADDITIVE_MEMBRANE), 1)
    (cell.solver, cell.stages, cell.b.0) = (Int32(GK_RUNGE_KUTTA), 1, 1)
    return cell
  }

  /// Forward and, if `backward`, backward; gradients are added onto `gradientBefore`.
  func run(_ way: Way, backward: Bool = true, gradientBefore: Float = 0) -> Outcome<Float> {
    let cell = cell(way)
    let rooms = [
      Room(gk_ltc_prepared_size(cell)), Room(gk_ltc_scratch_size(cell, Int32(rows))),
      Room(backward ? gk_ltc_tape_size(cell, Int32(rows), Int32(steps)) : 1),
    ]
    defer { for room in rooms { room.close() } }
    let (prepared, scratch, tape) = (rooms[0].start, rooms[1].start, rooms[2].start)
    var states = initial + [Float](repeating: .nan, count: steps * rows * neurons)
    var stateGradient = stateGradient
    var outcome = Outcome<Float>(
      states: [], parameterGradient: [Float](repeating: gradientBefore, count: parameters.count),
      inputGradient: [Float](repeating: .nan, count: steps * rows * inputs), initialGradient: [])
    gk_ltc_prepare(cell, parameters, connections, prepared)
    parameters.withUnsafeBufferPointer { parameters in
      connections.withUnsafeBufferPointer { connections in
        (drive + [0]).withUnsafeBufferPointer { drive in
          (elapsed + [0]).withUnsafeBufferPointer { elapsed in
            states.withUnsafeMutableBufferPointer { states in
              var pass = gk_pass(
                rows: Int32(rows), steps: Int32(steps), parameters: parameters.baseAddress!,
                connections: connections.baseAddress!, prepared: prepared, inputs: drive.baseAddress!,
                elapsed: elapsed.baseAddress!, states: states.baseAddress!, tape: tape, scratch: scratch,
                keeps_tape: backward ? 1 : 0)
              gk_ltc_forward(cell, &pass)
              guard backward else { return }
              // An empty array has no address to give.
              outcome.inputGradient.append(0)
              stateGradient.withUnsafeMutableBufferPointer { stateGradient in
                outcome.inputGradient.withUnsafeMutableBufferPointer { inputGradient in
                  outcome.parameterGradient.withUnsafeMutableBufferPointer { parameterGradient in
                    var gradient = gk_gradient(
                      states: stateGradient.baseAddress!, inputs: inputGradient.baseAddress!,
                      parameters: parameterGradient.baseAddress!)
                    gk_ltc_backward(cell, &pass, &gradient)
                  }
                }
              }
              outcome.inputGradient.removeLast()
            }
          }
        }
      }
    }
    outcome.states = states
    outcome.initialGradient = Array(stateGradient.prefix(rows * neurons))
    return outcome
  }
}
