import Circuits
import Terminal

extension Scene {
  /// How the network is looked at; goes along to another network.
  public struct Look: Sendable {
    public var selection = Selection(post: 0)
    /// The pane the keys speak to, by its view's name.
    public var focus = Views.home
    public var zoomed = false
    public var form = CoefficientForm.feature
    /// Whether matrices show the difference to the pinned moment.
    public var showsDifference = false
    public var diverging = Palette.blueOrange
    public var sequential = Palette.viridis
    public var glyphs = GlyphTier.braille
    /// What the terminal can show at most.
    public var richestGlyphs = GlyphTier.braille
    public var probePaused = false
    /// Probe steps a second.
    public var probeSpeed = 10.0
    /// Whether the picture stands still while training goes on.
    public var standsStill = false
    public var typedLines = TypedLines()
    /// Where the borders between panes stand.
    public var splits = Splits()
  }

  /// Looks at this network as another scene does at its own: colours, characters, panes, speed, and the selection where it
  /// exists. What belongs to the network (losses, moments, ranges, a pinned moment) stays.
  mutating func adoptLook(of other: Scene) {
    let own = look
    look = other.look
    (look.selection, look.showsDifference, look.standsStill) = (own.selection, own.showsDifference, own.standsStill)
    if !forms.contains(look.form) { look.form = own.form }
    views.adopt(other.views)
    session.readOnly = other.session.readOnly
    (activities, stats) = (other.activities, other.stats)
    (mode, message, time) = (other.mode, other.message, other.time)
    let name = other.model.wiring.neuronNames[min(other.selection.post, max(other.neurons - 1, 0))]
    let wiring = model.wiring
    guard let post = wiring.neuronNames.firstIndex(of: name) else { return }
    selection = Selection(post: post)
    guard let pre = other.selection.pre else { return }
    let source = other.model.wiring.sourceName(pre)
    let index =
      wiring.neuronNames.firstIndex(of: source) ?? wiring.inputNames.firstIndex(of: source).map { neurons + $0 }
    if let index, wiring.has(Synapse(pre: index, post: post)) { selection.pre = index }
  }
}
