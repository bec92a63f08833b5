// The model forward and backward on one part of a batch: input map, cell, readout.

import CKernels

extension Model {
  /// Fills `workspace.states[1...]` and `workspace.outputs` from its inputs, elapsed times and initial states.
  ///
  /// `parameters` has P entries, `connections` (N + M)×N, `prepared` the cell's ``Cell/preparedSize``, made from both by
  /// ``Cell/prepare(parameters:connections:into:)``. Runs the first `steps` steps (all by default).
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func forward(
    _ workspace: Workspace<Scalar>, parameters: UnsafePointer<Scalar>, connections: UnsafePointer<Scalar>,
    prepared: UnsafePointer<Scalar>, keepsTape: Bool, steps: Int? = nil
  ) {
    let m = inputs
    let steps = steps ?? workspace.steps
    let (gain, offset) = (parameters + inputMapOffset, parameters + inputMapOffset + m)
    let (raw, mapped) = (workspace.inputs.pointer, workspace.mapped.pointer)
    for slice in 0..<steps * workspace.rows {
      if hasInputMap {
        for k in 0..<m { mapped[slice * m + k] = raw[slice * m + k] * gain[k] + offset[k] }
      } else {
        for k in 0..<m { mapped[slice * m + k] = raw[slice * m + k] }
      }
    }
    cell.forward(
      pass(workspace, parameters: parameters, connections: connections, prepared: prepared, keepsTape: keepsTape, steps)
    )
    readoutForward(workspace, parameters: parameters + readoutOffset, steps: steps)
  }

  /// Fills `workspace.gradient` (P, overwritten) from `workspace.outputGradient`, after a forward pass that kept its tape.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func backward(
    _ workspace: Workspace<Scalar>, parameters: UnsafePointer<Scalar>, connections: UnsafePointer<Scalar>,
    prepared: UnsafePointer<Scalar>
  ) {
    let m = inputs
    workspace.gradient.zero()
    workspace.stateGradient.zero()
    let gradient = workspace.gradient.pointer
    readoutBackward(workspace, parameters: parameters + readoutOffset, gradient: gradient + readoutOffset)
    cell.backward(
      pass(
        workspace, parameters: parameters, connections: connections, prepared: prepared, keepsTape: true,
        workspace.steps),
      PassGradient(
        states: workspace.stateGradient.pointer, inputs: workspace.mappedGradient.pointer, parameters: gradient))
    guard hasInputMap else { return }
    let (dGain, dOffset) = (gradient + inputMapOffset, gradient + inputMapOffset + m)
    let (raw, mapped) = (workspace.inputs.pointer, workspace.mappedGradient.pointer)
    for slice in 0..<workspace.steps * workspace.rows {
      for k in 0..<m {
        dGain[k] += mapped[slice * m + k] * raw[slice * m + k]
        dOffset[k] += mapped[slice * m + k]
      }
    }
  }

  private func pass(
    _ workspace: Workspace<Scalar>, parameters: UnsafePointer<Scalar>, connections: UnsafePointer<Scalar>,
    prepared: UnsafePointer<Scalar>, keepsTape: Bool, _ steps: Int
  ) -> Pass<Scalar> {
    Pass(
      rows: workspace.rows, steps: steps, parameters: parameters, connections: connections, prepared: prepared,
      inputs: workspace.mapped.pointer, elapsed: workspace.elapsed.pointer, states: workspace.states.pointer,
      tape: workspace.tape.pointer, scratch: workspace.scratch.pointer, keepsTape: keepsTape)
  }

  /// The kernel of a dense readout, or `nil` where the scalar code computes.
  var readoutKernel: gk_readout? {
    readoutLevel.map {
      gk_readout(level: $0, neurons: Int32(neurons), outputs: Int32(outputs), state: Int32(cell.stateSize))
    }
  }

  private func readoutForward(_ workspace: Workspace<Scalar>, parameters: UnsafePointer<Scalar>, steps: Int) {
    let (n, o, size, rows) = (neurons, outputs, cell.stateSize, workspace.rows)
    if let readoutKernel {
      return gk_readout_forward(
        readoutKernel, steps * rows, (workspace.states.pointer + rows * size).float, parameters.float,
        (parameters + n * o).float, workspace.outputs.pointer.float, workspace.scratch.pointer.float)
    }
    for slice in 0..<steps * rows {
      let x = workspace.states.pointer + (slice + rows) * size
      let y = workspace.outputs.pointer + slice * o
      switch readout {
      case .motorAffine: for k in 0..<o { y[k] = x[k] * parameters[k] + parameters[o + k] }
      case .dense:
        for k in 0..<o { y[k] = parameters[n * o + k] }
        for j in 0..<n { for k in 0..<o { y[k] += x[j] * parameters[j * o + k] } }
      }
    }
  }

  private func readoutBackward(
    _ workspace: Workspace<Scalar>, parameters: UnsafePointer<Scalar>, gradient: UnsafeMutablePointer<Scalar>
  ) {
    let (n, o, size, rows) = (neurons, outputs, cell.stateSize, workspace.rows)
    if let readoutKernel {
      return gk_readout_backward(
        readoutKernel, workspace.steps * rows, (workspace.states.pointer + rows * size).float, parameters.float,
        workspace.outputGradient.pointer.float, (workspace.stateGradient.pointer + rows * size).float,
        gradient.float, (gradient + n * o).float, workspace.scratch.pointer.float)
    }
    for slice in 0..<workspace.steps * rows {
      let x = workspace.states.pointer + (slice + rows) * size
      let dx = workspace.stateGradient.pointer + (slice + rows) * size
      let dy = workspace.outputGradient.pointer + slice * o
      switch readout {
      case .motorAffine:
        for k in 0..<o {
          gradient[k] += dy[k] * x[k]
          gradient[o + k] += dy[k]
          dx[k] = dy[k] * parameters[k]
        }
      case .dense:
        for k in 0..<o { gradient[n * o + k] += dy[k] }
        for j in 0..<n {
          var sum: Scalar = 0
          for k in 0..<o {
            gradient[j * o + k] += dy[k] * x[j]
            sum += dy[k] * parameters[j * o + k]
          }
          dx[j] = sum
        }
      }
    }
  }
}
