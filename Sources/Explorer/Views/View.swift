import Analysis
import Terminal

/// One way to look at the scene: a file conforms, a line in ``Views/all`` registers.
///
/// A view is a pure function from the scene to cells, at any size, also none; the same function draws it as a pane of the
/// dashboard and over the whole screen.
public protocol View: Sendable {
  /// What the palette and the focus call it.
  var name: String { get }
  /// One sentence for the help.
  var summary: String { get }
  /// The actions that mean most in this view, by name: their keys stand under that sentence.
  var actions: [String] { get }
  /// Stands in the frame's upper border.
  func title(_ scene: Scene) -> String
  /// What it remembers beside the scene; nothing unless told.
  associatedtype State: ViewState = NoState
  /// Where it stands on the dashboard; `nil` for views that are shown alone, or in the first pane while they have the focus.
  var slot: DashboardSlot? { get }
  /// What has to be computed of the present moment for what it shows now.
  func needs(_ scene: Scene) -> ViewNeeds
  /// Brings what depends on earlier frames up to date, before a frame that shows it.
  func settle(_ scene: inout Scene)
  /// The pictures it can show, by name, the first unless told; none where there is but one.
  func pictures(_ scene: Scene) -> [String]
  /// Draws inside the frame.
  func draw(_ scene: Scene, on canvas: inout Canvas)
  /// The selection a click at (x, y) of a canvas of that size makes, `nil` for none.
  func selection(_ scene: Scene, atX x: Int, y: Int, width: Int, height: Int) -> Selection?
  /// What a click there does to the scene: it selects what ``selection(_:atX:y:width:height:)`` finds, unless told.
  func click(_ scene: inout Scene, atX x: Int, y: Int, width: Int, height: Int)
  /// Whether moving the mouse with its button down is a click wherever it goes.
  var followsDrag: Bool { get }
  /// Whether it shows the network that is looked at, so that its keys mean something here.
  var showsNetwork: Bool { get }
  /// What the line below the panes tells while the view has the focus, the most important first; `nil` for the selected
  /// neuron or synapse.
  func inspector(_ scene: Scene) -> [String]?
}

extension View {
  /// Of the number that shows the view alone.
  public var key: String { Actions.named("view-\(name)")?.keys.first?.label ?? "" }
  public func click(_ scene: inout Scene, atX x: Int, y: Int, width: Int, height: Int) {
    if let found = selection(scene, atX: x, y: y, width: width, height: height) { scene.selection = found }
  }
  public var showsNetwork: Bool { true }
  public var followsDrag: Bool { false }
  public var slot: DashboardSlot? { nil }
  public func needs(_ scene: Scene) -> ViewNeeds { [] }
  public func settle(_ scene: inout Scene) {}
  public func inspector(_ scene: Scene) -> [String]? { nil }
  public func pictures(_ scene: Scene) -> [String] { [] }
  /// The picture it shows.
  public func picture(_ scene: Scene) -> String {
    let all = pictures(scene)
    return scene.views.pictures[name].flatMap { all.contains($0) ? $0 : nil } ?? all.first ?? ""
  }
  public func selection(_ scene: Scene, atX x: Int, y: Int, width: Int, height: Int) -> Selection? { nil }
}

/// What a view wants computed of the network at the probe's present moment.
public struct ViewNeeds: OptionSet, Sendable {
  public let rawValue: Int
  public init(rawValue: Int) { self.rawValue = rawValue }
  /// Activations, conductances and currents of the synapses.
  public static let gates = ViewNeeds(rawValue: 1)
  /// A, B, c, time constants and targets.
  public static let coefficients = ViewNeeds(rawValue: 2)
  /// Eigenvalues, which are computed away from the drawing thread.
  public static let spectrum = ViewNeeds(rawValue: 4)
  /// All of it also of what the moment is compared with, on the same data.
  public static let reference = ViewNeeds(rawValue: 8)

  /// What a reading is asked for.
  var reading: Reading.Parts {
    Reading.Parts(contains(.gates) ? [.gates] : []).union(contains(.coefficients) ? [.coefficients] : [])
  }
}

/// A view's pane where several are shown together.
public struct DashboardSlot: Sendable, Equatable {
  public enum Corner: Sendable, CaseIterable {
    case upperLeft, upperRight, lowerLeft, lowerRight
  }
  public var corner: Corner
  /// Of several views for one pane the focused one is shown, otherwise the most important.
  public var importance: Int

  public init(_ corner: Corner, importance: Int) { (self.corner, self.importance) = (corner, importance) }
}

/// The views there are, in the order of their keys.
public enum Views {
  public static let all: [any View] = [
    CircuitView(), StatesView(), SynapsesView(), CoefficientsView(), LearningView(), CompareView(), HistoryView(),
    RankView(), SpikesView(),
  ]
  /// Those with a pane of their own.
  public static let dashboard: [any View] = all.filter { $0.slot != nil }
  /// The name of the one that has the focus at first.
  public static let home = dashboard.first?.name ?? all[0].name

  public static func named(_ name: String) -> (any View)? { all.first { $0.name == name } }

  /// The key that shows the view at that index of ``all`` alone: 2 to 9 and 0, then the same digits with alt; `nil` for
  /// those beyond, which the palette shows by name. 1 is the dashboard.
  static func key(at index: Int) -> String? {
    let digits = ["2", "3", "4", "5", "6", "7", "8", "9", "0"]
    if index < digits.count { return digits[index] }
    return index < 2 * digits.count ? "alt-" + digits[index - digits.count] : nil
  }
}

extension Scene {
  /// The view that the keys speak to.
  var focusedView: (any View)? { Views.named(look.focus) }

  /// Whether the keys speak to a view for which that action means much.
  func focusUses(_ action: String) -> Bool { focusedView?.actions.contains(action) == true }
}

/// Colours with a meaning, the same in every view.
enum Ink {
  static let quiet = Style(.gray)
  static let frame = Style(Color(240))
  static let focus = Style(Color(75))
  static let state = Style(Color(80))
  static let target = Style(Color(250))
  static let prediction = Style(.orange)
  static let training = Style(Color(75))
  static let heldOut = Style(.orange)
  static let good = Style(.green)
  static let warning = Style(.yellow)
  static let error = Style(.red)
  static let excitatory = Style(.orange)
  static let inhibitory = Style(Color(75))
  /// Gap junctions.
  static let electrical = Style(Color(80))
  static let selected = Style(attributes: .bold)
  /// Text on top of everything else in a picture.
  static let bright = Style(.white).bold()
}

extension Scene {
  /// A number as panes write it: three digits, a typographic minus, always the same width class.
  static func number(_ value: some BinaryFloatingPoint, digits: Int = 3) -> String {
    NumberText.label(Double(value), digits: digits)
  }

  /// With its sign, also above zero: "+0.012".
  static func signed(_ value: Double, digits: Int = 2) -> String {
    (value > 0 ? "+" : "") + number(value, digits: digits)
  }

  /// Fixed-point with sign room, for columns that should not jump: "-0.41", " 0.07".
  static func fixed(_ value: some BinaryFloatingPoint) -> String {
    guard value.isFinite else { return number(value) }
    if abs(value) >= 100 { return number(value) }
    let hundredths = Int((abs(Double(value)) * 100).rounded())
    let text = "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
    return (value < 0 && hundredths > 0 ? "−" : " ") + text
  }
}

extension String {
  /// Without what follows its last comma, colon or double blank, as often as needed to fit: a title keeps its name.
  func shortened(to columns: Int) -> String {
    var text = self
    while text.terminalColumns > columns {
      let ends = [", ", ": ", "  "].compactMap { text.lastRange(of: $0)?.lowerBound }
      guard let end = ends.max() else { return text }
      text = String(text[..<end])
    }
    return text
  }

  private func lastRange(of separator: String) -> Range<Index>? { ranges(of: separator).last }
}
