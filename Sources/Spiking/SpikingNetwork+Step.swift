import RealModule

extension SpikingNetwork {
  /// One step. `inputSpikes` are input channels (0 ..< M) that fire in it; one named twice fires twice.
  public func advance(inputSpikes: [Int32] = []) {
    integrate()
    findSpikes()
    for neuron in spikes { send(Int(neuron)) }
    for input in inputSpikes where input >= 0 && Int(input) < inputs { send(neurons + Int(input)) }
    deliver()
    if isLearning { plasticity?.postsynaptic(spikes, now: Int32(truncatingIfNeeded: now), weight: weight.pointer) }
    reset()
    regulate()
    spikeCount += spikes.count
    now += 1
  }

  /// Step 1. Between two events the equations are linear, and are integrated without an error of the step:
  ///
  /// - current form: v(t + h) = v·e^(−h/τ) + (1 − e^(−h/τ))·I + P_e·s_e − P_i·s_i, P of ``NeuronModel/propagator``;
  /// - conductance form: with the *mean* conductances over the step, which are known exactly, v decays towards
  ///   (I + ḡ_e·E_e + ḡ_i·E_i)/(1 + ḡ_e + ḡ_i) at the rate (1 + ḡ_e + ḡ_i)/τ. That is exact for constant conductances
  ///   and of order 2 in the step for decaying ones (the first Magnus term), whatever τ_m is.
  func integrate() {
    let n = neurons
    let (v, decay, gain) = (membrane.pointer, membraneDecay.pointer, currentGain.pointer)
    let (pe, pi) = (excitatoryGain.pointer, inhibitoryGain.pointer)
    let (e, i, input, free) = (excitatory.pointer, inhibitory.pointer, current.pointer, resumes.pointer)
    let (de, di, time) = (excitatoryDecay, inhibitoryDecay, Double(now))
    switch model.synapses {
    case .current:
      for k in 0..<n {
        // Refractory neurons are computed too and keep v by choice: the loop has no branch. Conductances decay after
        // they acted.
        let next = decay[k] * v[k] + gain[k] * input[k] + (pe[k] * e[k] - pi[k] * i[k])
        v[k] = free[k] <= time ? next : v[k]
        e[k] *= de
        i[k] *= di
      }
    case .conductance(_, _, let reversalE, let reversalI):
      let leak = leakRate.pointer
      // The last vector may reach beyond N: buffers are padded with zeros.
      for k in stride(from: 0, to: n, by: Lanes.scalarCount) {
        // In units of one step: h/τ, and the mean conductances times h/τ.
        let (rest, old) = (lanes(leak, k), lanes(v, k))
        let (ge, gi) = (lanes(pe, k) * lanes(e, k), lanes(pi, k) * lanes(i, k))
        // (1 + ḡ_e + ḡ_i)·h/τ, and the potential towards which v moves at that rate.
        let rate = rest + ge + gi
        let goal = (rest * lanes(input, k) + ge * reversalE + gi * reversalI) / rate
        let next = goal + (old - goal) * Spiking.decay(rate)
        setLanes(v, k, old.replacing(with: next, where: lanes(free, k) .<= Lanes(repeating: time)))
      }
      for k in 0..<n {
        e[k] *= de
        i[k] *= di
      }
    }
  }

  @inline(__always)
  private func lanes(_ pointer: UnsafeMutablePointer<Double>, _ k: Int) -> Lanes {
    UnsafeRawPointer(pointer + k).assumingMemoryBound(to: Lanes.self).pointee
  }

  @inline(__always)
  private func setLanes(_ pointer: UnsafeMutablePointer<Double>, _ k: Int, _ value: Lanes) {
    UnsafeMutableRawPointer(pointer + k).assumingMemoryBound(to: Lanes.self).pointee = value
  }

  /// Step 2.
  private func findSpikes() {
    spikes.removeAll(keepingCapacity: true)
    let (v, limit, free, silent) = (membrane.pointer, threshold.pointer, resumes.pointer, silenced.pointer)
    let time = Double(now)
    // Spikes are rare: eight neurons are asked at once whether any of them is above its threshold.
    var first = 0
    while first < neurons {
      let end = min(first + 8, neurons)
      if end - first == 8 {
        let a = UnsafeRawPointer(v + first).assumingMemoryBound(to: SIMD8<Double>.self)
        let b = UnsafeRawPointer(limit + first).assumingMemoryBound(to: SIMD8<Double>.self)
        if !any(a.pointee .> b.pointee) {
          first = end
          continue
        }
      }
      for k in first..<end where v[k] > limit[k] && free[k] <= time && !silent[k] { spikes.append(Int32(k)) }
      first = end
    }
  }

  /// Puts the bundles of a source into the slots of the steps in which they arrive.
  private func send(_ source: Int) {
    let slots = arrivals.count
    for index in connectivity.firstBundle[source]..<connectivity.firstBundle[source + 1] {
      // A ring of as many slots as the longest delay needs: a bundle is touched when it is sent and when it arrives
      // only.
      let slot = (now + Int(connectivity.bundles[Int(index)].delay)) % slots
      arrivals[slot].append(index)
    }
  }

  /// Step 3.
  private func deliver() {
    let slot = now % arrivals.count
    guard !arrivals[slot].isEmpty else { return }
    let weights = weight.pointer
    let (e, i) = (excitatory.pointer, inhibitory.pointer)
    let learning = isLearning ? plasticity : nil
    connectivity.targets.withUnsafeBufferPointer { targets in
      // A bundle has a synapse, so there is a base address.
      let targets = targets.baseAddress!
      for index in arrivals[slot] {
        let due = connectivity.bundles[Int(index)]
        let (start, count) = (Int(due.start), Int(due.count))
        // A bundle is what one source sends with one delay and one sign: contiguous targets and weights.
        let goal = due.inhibitory ? i : e
        if let learning, !due.inhibitory {
          learning.presynaptic(
            start..<start + count, now: Int32(truncatingIfNeeded: now), weight: weights, target: targets, into: goal)
        } else {
          for s in start..<start + count { goal[Int(targets[s])] += Double(weights[s]) }
        }
        eventCount += count
      }
    }
    arrivals[slot].removeAll(keepingCapacity: true)
  }

  /// Step 5.
  private func reset() {
    let (v, limit, free) = (membrane.pointer, threshold.pointer, resumes.pointer)
    let resume = Double(now + 1 + held)
    for neuron in spikes {
      let k = Int(neuron)
      switch model.reset {
      case .rest: v[k] = model.resetPotential
      case .subtract: v[k] -= limit[k] - model.resetPotential
      }
      free[k] = resume
    }
  }
}
