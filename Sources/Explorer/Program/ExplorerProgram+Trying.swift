import Circuits
import Learning
import Synchronization

// What a pruning or restoring would do, measured while its preview is read.

/// The synapses that were asked for, and what came of it; from the training queue to the drawing thread.
final class Trials: Sendable {
  private let box = Mutex<(synapses: [Synapse], trial: Trial?)?>(nil)

  func forget() { box.withLock { $0 = nil } }

  /// Whether they were asked for already, and the answer if there is one; asked for by this otherwise.
  func ask(_ synapses: [Synapse]) -> (known: Bool, trial: Trial?) {
    box.withLock { box in
      if let box, box.synapses == synapses { return (true, box.trial) }
      box = (synapses, nil)
      return (false, nil)
    }
  }

  func answer(_ synapses: [Synapse], _ trial: Trial) {
    box.withLock { box in if box?.synapses == synapses { box?.trial = trial } }
  }
}

extension ExplorerProgram {
  /// Has the open preview tried on the held-out data, once, and shows what came of it.
  func tryPreview() {
    guard case .preview(var preview) = scene.mode else { return trials.forget() }
    let synapses = preview.synapses
    let (known, trial) = trials.ask(synapses)
    if let trial, preview.trial != trial {
      preview.trial = trial
      scene.mode = .preview(preview)
      needsFrame = true
    }
    guard !known else { return }
    let (trials, waker) = (trials, backend.waker)
    current.trainer.tryOut(synapses, restoring: preview.restores) { trial in
      trials.answer(synapses, trial)
      waker.wake()
    }
  }
}
