/// What showing one frame cost.
public struct FrameCost: Sendable, Equatable {
  /// Bytes sent to the terminal.
  public var bytes: Int
  /// Of processor time.
  public var microseconds: Double

  public init(bytes: Int, microseconds: Double) {
    self.bytes = bytes
    self.microseconds = microseconds
  }
}

/// Something that shows grids and tells of keys. Used by one thread only, the one that made it; only a ``Waker`` may be
/// used from others.
public protocol ScreenBackend: AnyObject {
  /// In cells.
  var size: (width: Int, height: Int) { get }
  var colors: ColorTier { get }
  /// False where only ASCII can be shown; other characters are then replaced by their twins.
  var supportsUnicode: Bool { get }
  /// Interrupts ``waitForEvents(timeoutMilliseconds:)`` from any thread.
  var waker: Waker { get }
  /// Shows a grid; only what differs from the last one is sent.
  @discardableResult func present(_ grid: Grid) -> FrameCost
  /// Sleeps until something happens or the time is over (nil: for as long as it takes); empty in the latter case.
  func waitForEvents(timeoutMilliseconds: Int?) -> [TerminalEvent]
  /// Sends everything anew with the next frame, whatever is believed to be on the screen.
  func redraw()
  /// Rings the terminal's bell; nothing where there is none.
  func ring()
  /// Gives the terminal back. May be called more than once.
  func close()
}

extension ScreenBackend {
  public func ring() {}
  /// The richest characters that can be shown; whether the font has braille only the user can say.
  public var richestGlyphs: GlyphTier { supportsUnicode ? .braille : .ascii }
}

/// Why there is no screen. The descriptions are sentences for the user, with what to do.
public enum TerminalError: Error, Equatable, CustomStringConvertible {
  /// A stream is not a terminal; its name.
  case notATerminal(String)
  /// TERM is unset, "dumb" or otherwise unable to place text.
  case incapable(term: String)
  /// There is no description of TERM on this system.
  case unknownTerminal(term: String)
  /// The operating system refused; what was tried, and why not.
  case system(String, reason: String)
  /// There is one already in this process.
  case alreadyOpen

  public var description: String {
    switch self {
    case .notATerminal(let stream):
      "\(stream) is not a terminal, so there is no screen to draw on; run it in a terminal, or use a headless command."
    case .incapable(let term):
      term.isEmpty
        ? "TERM is not set, so the screen cannot be used; set it (TERM=xterm-256color), or use a headless command."
        : "TERM=\(term) cannot place text on a screen; set TERM=xterm-256color if yours can, or use a headless command."
    case .unknownTerminal(let term):
      "There is no description of TERM=\(term) on this system; try TERM=xterm-256color, or use a headless command."
    case .system(let action, let reason): "Cannot \(action): \(reason)."
    case .alreadyOpen: "The screen is in use already; close it first."
    }
  }
}
