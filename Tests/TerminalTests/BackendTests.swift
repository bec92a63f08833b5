import Foundation
import Glibc
import Terminal
import Testing

// Curses is one per process: everything that opens it is in this suite.
@Suite("Backends", .serialized)
struct BackendTests {
  @Test("a memory backend plays its script and then ends")
  func memory() {
    let backend = MemoryBackend(width: 10, height: 2, colors: .none, supportsUnicode: false, events: [.interrupt])
    backend.type("a", "nonsense", "ctrl-r")
    backend.resize(to: 20, 3)
    #expect(backend.waitForEvents(timeoutMilliseconds: nil) == [.interrupt])
    #expect(backend.waitForEvents(timeoutMilliseconds: 0) == [.key(.character("a"))])
    #expect(backend.waitForEvents(timeoutMilliseconds: 0) == [.key(.control("r"))])
    #expect(backend.waitForEvents(timeoutMilliseconds: nil) == [.resize])
    #expect(backend.size == (20, 3))
    #expect(backend.waitForEvents(timeoutMilliseconds: 0).isEmpty)
    let waker = backend.waker
    for _ in 0..<10_000 { waker.wake() }
    #expect(backend.waitForEvents(timeoutMilliseconds: 0) == [.wake])
    #expect(backend.waitForEvents(timeoutMilliseconds: 0).isEmpty)
    Thread.detachNewThread { waker.wake() }
    #expect(backend.waitForEvents(timeoutMilliseconds: 10_000) == [.wake])
    #expect(backend.waitForEvents(timeoutMilliseconds: nil) == [.hangup])
    var canvas = Canvas(width: 20, height: 3)
    canvas.text(0, 0, "τ → ⠉", Style(.red))
    backend.present(canvas.grid)
    #expect(backend.presented?.text == "t > '\n\n")
    #expect(backend.presented?[0, 0].style == .plain)
  }

  @Test("curses shows the cells it was given, and only sends what changed")
  func curses() throws {
    // Debian's C.UTF-8 is always there.
    setenv("LC_ALL", "C.UTF-8", 1)
    let backend = try CursesBackend(
      .init(colors: .xterm256, term: "xterm-256color"), nullDeviceOfWidth: 40, height: 6)
    defer { backend.close() }
    #expect(backend.size == (40, 6))
    #expect(backend.colors == .xterm256)
    #expect(backend.supportsUnicode)
    #expect(throws: TerminalError.alreadyOpen) {
      try CursesBackend(.init(term: "xterm-256color"), nullDeviceOfWidth: 1, height: 1)
    }
    var canvas = Canvas(width: 40, height: 6)
    canvas.frame(title: "τ 漢字", style: Style(.blue), focused: true)
    canvas.text(1, 1, "⣀⣠⠤ e\u{301} ▓❄", Style(.orange).on(.black).bold())
    // More pairs than fit into eight bits.
    for i in 0..<38 * 2 {
      canvas.put(
        1 + i % 38, 2 + i / 38, "█", Style(foreground: Color(UInt8(16 + i)), background: Color(UInt8(255 - i))))
    }
    let first = backend.present(canvas.grid)
    #expect(first.bytes > 500)
    #expect(backend.readBack().text == canvas.grid.text)
    #expect(backend.readBack()[1, 1].style.attributes == .bold)
    #expect(backend.present(canvas.grid).bytes == 0)
    canvas.put(5, 4, "z")
    let small = backend.present(canvas.grid).bytes
    #expect(small > 0 && small < 40)
    backend.redraw()
    #expect(backend.present(canvas.grid).bytes > 500)
    // Pictures of other sizes than the screen's.
    backend.present(Grid(width: 3, height: 2, filledWith: GridCell("a")))
    #expect(backend.readBack().text == "aaa\naaa\n\n\n\n")
    backend.present(Grid(width: 300, height: 100, filledWith: GridCell("b")))
    #expect(backend.readBack() == Grid(width: 40, height: 6, filledWith: GridCell("b")))
    backend.present(Grid(width: 0, height: 0))
    #expect(backend.readBack().text == "\n\n\n\n\n")
  }

  @Test(
    "terminals with fewer colours", arguments: [("linux", ColorTier.sixteen), ("vt100", .none), ("xterm", .sixteen)])
  func fewColors(_ term: String, _ tier: ColorTier) throws {
    setenv("LC_ALL", "C", 1)
    let backend = try CursesBackend(.init(colors: .xterm256, term: term), nullDeviceOfWidth: 10, height: 2)
    defer { backend.close() }
    #expect(backend.colors == tier)
    #expect(!backend.supportsUnicode)
    var canvas = Canvas(width: 10, height: 2)
    for i in 0..<20 {
      canvas.put(i % 10, i / 10, "─", Style(foreground: Color(UInt8(i * 12)), background: Color(UInt8(255 - i))))
    }
    backend.present(canvas.grid)
    #expect(backend.readBack().text == "----------\n----------")
  }

  @Test("terminals that cannot be used are named")
  func refusals() {
    for (term, error) in [
      ("dumb", TerminalError.incapable(term: "dumb")), ("", .incapable(term: "")),
      ("no-such-terminal", .unknownTerminal(term: "no-such-terminal")),
    ] {
      #expect(throws: error) { try CursesBackend(.init(term: term), nullDeviceOfWidth: 1, height: 1) }
    }
    #expect(
      TerminalError.incapable(term: "dumb").description
        == "TERM=dumb cannot place text on a screen; set TERM=xterm-256color if yours can, or use a headless command.")
    #expect(
      TerminalError.notATerminal("Standard output").description
        == "Standard output is not a terminal, so there is no screen to draw on; run it in a terminal, or use a headless command."
    )
  }
}
