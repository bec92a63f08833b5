import Circuits
import Learning
import Terminal

/// Has the pruning or restoring that is previewed measured on the held-out data, once, while the preview is read.
struct PruneTest {
  /// What was asked for, and where the answer comes.
  private var asked: (synapses: [Synapse], answer: Pending<PruneEffect>)?

  /// Whether the preview says something new by this.
  mutating func follow(_ session: ExplorerSession, waker: Waker) -> Bool {
    guard case .preview(var preview) = session.scene.mode else {
      asked = nil
      return false
    }
    if let asked, asked.synapses == preview.synapses {
      guard let effect = asked.answer.take() else { return false }
      preview.effect = effect
      session.scene.mode = .preview(preview)
      return true
    }
    let answer = Pending<PruneEffect>()
    asked = (preview.synapses, answer)
    session.trainer.measurePruneEffect(
      of: preview.synapses, restoring: preview.restores,
      at: session.scene.past.shown
    ) { effect in
      answer.put(effect)
      waker.wake()
    }
    return false
  }
}
