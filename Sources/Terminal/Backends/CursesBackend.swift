import CNcurses
import Glibc

/// A real terminal through ncurses. The only file that knows curses.
///
/// Curses does the drawing: what is on the screen, and with which escape sequences it becomes something else. Reading is
/// done here (``InputDecoder``), so that keys, mouse reports, signals and other threads are waited for in one place.
/// There can be only one at a time. Signals that end the process are reported as events while it is open, and the
/// terminal is given back in whatever way the process ends, except by SIGKILL.
public final class CursesBackend: ScreenBackend {
  public let colors: ColorTier
  public let supportsUnicode: Bool
  public var waker: Waker { Waker(pipe) }

  nonisolated(unsafe) private static var isOpen = false
  private static let mouseOn = "\u{1B}[?1000h\u{1B}[?1002h\u{1B}[?1006h"
  private static let synchronizedBegin = Array("\u{1B}[?2026h".utf8)
  private static let synchronizedEnd = Array("\u{1B}[?2026l".utf8)
  private static let mouseOff = "\u{1B}[?1006l\u{1B}[?1002l\u{1B}[?1000l"

  private let options: Options
  private let device: TerminalDevice
  private let screen: OpaquePointer
  private let streams: [UnsafeMutablePointer<FILE>]
  private let pipe: WakePipe
  private let capture: OutputCapture
  /// What the terminal really has; bright colours are bold ones where it has eight.
  private let colorCount: Int
  private var decoder = InputDecoder()
  private var clicks = ClickCounter()
  private var presented: Grid?
  private var pairs: [UInt32: Int32] = [:]
  private var isHungUp = false
  private var isClosed = false

  /// Takes over the terminal. Fails with a sentence for the user, and never ends the process.
  public convenience init(_ options: Options = Options()) throws(TerminalError) {
    try self.init(options, device: TerminalDevice.open(), size: nil)
  }

  /// A screen of that size on /dev/null, to be read with ``readBack()``: for tests.
  public convenience init(_ options: Options, nullDeviceOfWidth width: Int, height: Int) throws(TerminalError) {
    try self.init(options, device: TerminalDevice.null(), size: (width, height))
  }

  private init(_ options: Options, device: TerminalDevice, size: (width: Int, height: Int)?) throws(TerminalError) {
    guard !Self.isOpen else { throw .alreadyOpen }
    supportsUnicode = TerminalDevice.adoptLocale()
    let term = options.term ?? getenv("TERM").map { String(cString: $0) } ?? ""
    try Self.check(term, device.output)
    guard let pipe = WakePipe() else { throw .system("make a pipe", reason: String(cString: strerror(errno))) }
    // Before newterm: curses installs its own handlers only where there is none.
    if device.isTerminal { SignalRelay.install(pipe) }
    guard let output = TerminalDevice.stream(device.output, "w"), let input = TerminalDevice.stream(device.input, "r"),
      let screen = newterm(term, output, input)
    else {
      SignalRelay.remove()
      throw .unknownTerminal(term: term)
    }
    guard let capture = OutputCapture(of: fileno(output), terminal: device.output) else {
      let reason = String(cString: strerror(errno))
      endwin()
      SignalRelay.remove()
      throw .system("make a buffer in memory", reason: reason)
    }
    self.options = options
    self.device = device
    self.capture = capture
    self.screen = screen
    self.pipe = pipe
    streams = [output, input]
    // Until curses has been left and entered again it takes itself for a program that only moves the cursor, and writes
    // out after every movement: forty writes a frame, each waking the terminal, instead of one. The first frame enters.
    endwin()
    raw()
    noecho()
    nonl()
    // Otherwise curses stops drawing while there is input to be read.
    typeahead(-1)
    curs_set(0)
    if has_colors() {
      start_color()
      use_default_colors()
      colorCount = Int(gn_colors())
    } else {
      colorCount = 0
    }
    let available: ColorTier = colorCount >= 256 ? .xterm256 : colorCount >= 8 ? .sixteen : .none
    let order = ColorTier.allCases
    colors = order[min(order.firstIndex(of: available)!, order.firstIndex(of: options.colors)!)]
    if let size { resizeterm(Int32(clamping: max(1, size.height)), Int32(clamping: max(1, size.width))) }
    Self.isOpen = true
    protect()
  }

  deinit { close() }

  /// Whether text can be placed on such a terminal at all. (newterm says too little, and initscr exits.)
  private static func check(_ term: String, _ descriptor: Int32) throws(TerminalError) {
    if term.isEmpty || term == "dumb" { throw .incapable(term: term) }
    var status: Int32 = 0
    guard setupterm(term, descriptor, &status) == OK else {
      // 1 is a printing terminal, 0 an unknown one, -1 no data base.
      if status == 1 { throw .incapable(term: term) }
      throw .unknownTerminal(term: term)
    }
    let absent = [0, -1]
    if absent.contains(tigetstr("cup").map { Int(bitPattern: $0) } ?? 0) { throw .incapable(term: term) }
  }

  public var size: (width: Int, height: Int) {
    isClosed ? (0, 0) : (Int(getmaxx(gn_stdscr())), Int(getmaxy(gn_stdscr())))
  }

  // MARK: Drawing

  @discardableResult public func present(_ grid: Grid) -> FrameCost {
    guard !isClosed, !isHungUp else { return FrameCost(bytes: 0, microseconds: 0) }
    let start = ThreadTime.microseconds
    let shown = grid.filtered(colors: colors, glyphs: supportsUnicode ? .braille : .ascii)
    var count = 0
    if put(shown) {
      // Of the terminal, which curses could not reach while a file stands in for it.
      if isendwin() { reset_prog_mode() }
      var bytes = capture.collect {
        wnoutrefresh(gn_stdscr())
        doupdate()
      }
      if options.synchronizesOutput && device.isTerminal && !bytes.isEmpty {
        bytes = Self.synchronizedBegin + bytes + Self.synchronizedEnd
      }
      device.write(bytes)
      count = bytes.count
    }
    return FrameCost(bytes: count, microseconds: ThreadTime.microseconds - start)
  }

  /// Hands the cells that changed to curses; whether there were any.
  private func put(_ grid: Grid) -> Bool {
    let window = gn_stdscr()
    let (width, height) = (min(grid.width, size.width), min(grid.height, size.height))
    // Of another size, all is drawn again: it happens on resizing only.
    let old = presented.flatMap { $0.width == grid.width && $0.height == grid.height ? $0 : nil }
    if old == nil { werase(window) }
    presented = grid
    var hasChanged = old == nil
    var scalars: [UInt32] = []
    for y in 0..<height {
      for x in 0..<width {
        let cell = grid.cells[y * grid.width + x]
        if let old, old.cells[y * grid.width + x] == cell { continue }
        if old == nil && cell == .blank { continue }
        hasChanged = true
        if cell.isContinuation { continue }
        scalars.removeAll(keepingCapacity: true)
        for scalar in cell.character.unicodeScalars { scalars.append(scalar.value) }
        let (pair, attributes) = appearance(cell.style)
        gn_put(window, Int32(y), Int32(x), scalars, Int32(scalars.count), Int32(attributes.rawValue), pair)
      }
    }
    return hasChanged
  }

  private func appearance(_ style: Style) -> (pair: Int32, attributes: Attributes) {
    guard colorCount > 0, style.foreground != nil || style.background != nil else { return (0, style.attributes) }
    var attributes = style.attributes
    var foreground = style.foreground.map { Int32($0.index) } ?? -1
    var background = style.background.map { Int32($0.index) } ?? -1
    if colorCount < 16 {
      if foreground >= 8 { attributes.insert(.bold) }
      foreground = foreground < 0 ? -1 : foreground % 8
      background = background < 0 ? -1 : background % 8
    }
    let key = UInt32(foreground + 1) << 16 | UInt32(background + 1)
    if let pair = pairs[key] { return (pair, attributes) }
    let pair = max(0, alloc_pair(foreground, background))
    // With few pairs curses gives old ones away; what it will give away must not be remembered.
    if colorCount >= 256 { pairs[key] = pair }
    return (pair, attributes)
  }

  public func ring() {
    guard !isClosed, !isHungUp, device.isTerminal else { return }
    device.write([7])
  }

  public func redraw() {
    guard !isClosed else { return }
    presented = nil
    clearok(gn_curscr(), true)
  }

  /// What curses believes to be on the screen; styles have attributes, but no colours.
  public func readBack() -> Grid {
    var grid = Grid(width: size.width, height: size.height)
    var scalars = [UInt32](repeating: 0, count: 8)
    for y in 0..<grid.height {
      for x in 0..<grid.width {
        var (bits, pair): (Int32, Int32) = (0, 0)
        let count = gn_read(gn_stdscr(), Int32(y), Int32(x), &scalars, &bits, &pair)
        let text = scalars.prefix(max(0, Int(count))).compactMap { Unicode.Scalar($0) }
        guard !text.isEmpty else { continue }
        let character = Character(String(String.UnicodeScalarView(text)))
        // The second half of a wide character reads as the character again.
        if grid[x, y].isContinuation { continue }
        grid.put(x, y, character, Style(attributes: Attributes(rawValue: UInt8(bits))), clip: grid.area)
      }
    }
    return grid
  }

  // MARK: Waiting

  public func waitForEvents(timeoutMilliseconds: Int?) -> [TerminalEvent] {
    if isHungUp || isClosed { return [.hangup] }
    let deadline = timeoutMilliseconds.map { ContinuousClock.now + .milliseconds($0) }
    while true {
      var wait: Int32 = -1
      if let deadline {
        let left = (deadline - .now) / .milliseconds(1)
        wait = Int32(clamping: Int(max(0, min(left.rounded(.up), 1e9))))
      }
      if decoder.isUndecided { wait = wait < 0 ? Self.escapeDelay : min(wait, Self.escapeDelay) }
      var sources = [
        pollfd(fd: device.input, events: Int16(POLLIN), revents: 0),
        pollfd(fd: pipe.readEnd, events: Int16(POLLIN), revents: 0),
      ]
      let ready = poll(&sources, 2, wait)
      var events: [TerminalEvent] = []
      if ready > 0 {
        if sources[1].revents != 0 { events += readPipe() }
        if sources[0].revents != 0 { events += readKeys(Int32(sources[0].revents)) }
      } else if ready == 0 {
        events = decoder.settle()
        if events.isEmpty, let deadline, .now >= deadline { return [] }
      }
      if !events.isEmpty { return events }
    }
  }

  /// Milliseconds after which an escape is the key and not the beginning of a sequence.
  private static let escapeDelay: Int32 = 25

  private func readKeys(_ state: Int32) -> [TerminalEvent] {
    guard state & POLLIN != 0, let bytes = device.read() else {
      isHungUp = true
      return [.hangup]
    }
    var events: [TerminalEvent] = []
    for event in decoder.decode(bytes) {
      if event == .key(.control("z")) { events += suspend() } else { events.append(clicks.count(event)) }
    }
    return events
  }

  private func readPipe() -> [TerminalEvent] {
    let (woken, signals) = pipe.drain()
    var events: [TerminalEvent] = []
    for signal in signals {
      switch signal {
      case SIGWINCH: if let event = adoptSize(), events.last != event { events.append(event) }
      case SIGTSTP: events += suspend()
      case SIGCONT: events += resume()
      case SIGINT: events.append(.interrupt)
      case SIGHUP: events.append(.hangup)
      default: events.append(.terminate(signal))
      }
    }
    return woken ? events + [.wake] : events
  }

  private func adoptSize() -> TerminalEvent? {
    guard let new = device.size else { return nil }
    if new == size { return nil }
    resizeterm(Int32(clamping: new.height), Int32(clamping: new.width))
    presented = nil
    return .resize
  }

  // MARK: Coming and going

  /// What has to be undone when the screen is left, for whatever reason.
  private func protect() {
    guard let modes = device.modes else { return }
    CrashRestore.install(terminal: device.output, modes: modes)
    StandardErrorCapture.begin()
    if options.mouse { device.write(Self.mouseOn) }
  }

  private func leave() {
    if options.mouse && device.isTerminal { device.write(Self.mouseOff) }
    curs_set(1)
    endwin()
    device.restoreModes()
    CrashRestore.remove()
    StandardErrorCapture.release()
  }

  /// Ctrl-Z: gives the terminal back, stops, and comes back when continued.
  private func suspend() -> [TerminalEvent] {
    guard device.isTerminal else { return [] }
    leave()
    SignalRelay.stop()
    curs_set(0)
    protect()
    return resume()
  }

  /// Takes the terminal again, as whoever had it meanwhile left it, and paints the last picture.
  private func resume() -> [TerminalEvent] {
    guard device.isTerminal else { return [] }
    reset_prog_mode()
    if options.mouse { device.write(Self.mouseOn) }
    let last = presented
    let event = adoptSize()
    redraw()
    if let last, event == nil { present(last) }
    return event.map { [$0] } ?? []
  }

  public func close() {
    guard !isClosed else { return }
    leave()
    isClosed = true
    SignalRelay.remove()
    delscreen(screen)
    for stream in streams { fclose(stream) }
    device.close()
    Self.isOpen = false
  }
}
