import Circuits

extension Scene {
  /// Looks at this network as another scene does at its own: colours, characters, panes, speed, and the selection where it
  /// exists. What belongs to the network (losses, moments, ranges, a pinned moment) stays.
  mutating func adoptLook(of other: Scene) {
    focus = other.focus
    zoomed = other.zoomed
    shown = other.shown
    (diverging, sequential) = (other.diverging, other.sequential)
    (glyphs, richestGlyphs) = (other.glyphs, other.richestGlyphs)
    (probePaused, probeSpeed) = (other.probePaused, other.probeSpeed)
    (readOnly, stats) = (other.readOnly, other.stats)
    (activities, comparisonChoices) = (other.activities, other.comparisonChoices)
    (typedLines, splits) = (other.typedLines, other.splits)
    (mode, message, time) = (other.mode, other.message, other.time)
    if forms.contains(other.form) { form = other.form }
    if output >= task.outputNames.count { output = 0 }
    let name = other.model.wiring.neuronNames[min(other.selection.post, max(other.neurons - 1, 0))]
    let wiring = model.wiring
    guard let post = wiring.neuronNames.firstIndex(of: name) else { return }
    selection = Selection(post: post)
    guard let pre = other.selection.pre else { return }
    let source = other.model.wiring.sourceName(pre)
    let place =
      wiring.neuronNames.firstIndex(of: source) ?? wiring.inputNames.firstIndex(of: source).map { neurons + $0 }
    if let place, wiring.has(Synapse(pre: place, post: post)) { selection.pre = place }
  }
}
