/// A screen in memory, for tests and snapshots: events are scripted, frames are kept.
///
/// Every wait hands out the next scripted batch. When there is none left, a wait with a time limit really waits for the
/// ``waker`` that long, and one without reports ``TerminalEvent/hangup``, so that an event loop comes to its end.
public final class MemoryBackend: ScreenBackend {
  public private(set) var size: (width: Int, height: Int)
  public var colors: ColorTier
  public var supportsUnicode: Bool
  /// As it would be seen: filtered to the colours and characters of this backend.
  public private(set) var presented: Grid?
  /// How many frames were presented.
  public private(set) var frames = 0
  /// The times ``redraw()`` was called.
  public private(set) var redraws = 0
  /// The times ``ring()`` was called.
  public private(set) var rings = 0
  public private(set) var isClosed = false
  private var script: [[TerminalEvent]] = []
  private let pipe: WakePipe?

  public init(
    width: Int = 80, height: Int = 24, colors: ColorTier = .xterm256, supportsUnicode: Bool = true,
    events: [TerminalEvent] = []
  ) {
    size = (max(0, width), max(0, height))
    self.colors = colors
    self.supportsUnicode = supportsUnicode
    pipe = WakePipe()
    script = events.map { [$0] }
  }

  public var waker: Waker { Waker(pipe) }

  /// Appends events that will come together.
  public func enqueue(_ events: TerminalEvent...) { script.append(events) }
  /// Appends keys by their names, one a wait; names that are none are ignored.
  public func type(_ names: String...) { script += names.compactMap { Key($0) }.map { [.key($0)] } }

  /// Changes the size and scripts the event that tells of it.
  public func resize(to width: Int, _ height: Int) {
    size = (max(0, width), max(0, height))
    script.append([.resize])
  }

  @discardableResult public func present(_ grid: Grid) -> FrameCost {
    presented = grid.filtered(colors: colors, glyphs: supportsUnicode ? .braille : .ascii)
    frames += 1
    return FrameCost(bytes: 0, microseconds: 0)
  }

  public func waitForEvents(timeoutMilliseconds: Int?) -> [TerminalEvent] {
    if !script.isEmpty { return script.removeFirst() }
    guard let timeoutMilliseconds else { return [.hangup] }
    guard let pipe, pipe.wait(milliseconds: timeoutMilliseconds) else { return [] }
    return pipe.drain().woken ? [.wake] : []
  }

  public func redraw() { redraws += 1 }
  public func ring() { rings += 1 }
  public func close() { isClosed = true }
}
