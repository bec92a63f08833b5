import Glibc

extension CursesBackend {
  /// How to use the terminal.
  public struct Options: Sendable {
    /// The most colours to use; fewer where the terminal has fewer.
    public var colors: ColorTier
    public var mouse: Bool
    /// Frames bracketed by \e[?2026h … l, so that terminals that know it show no half frames.
    public var synchronizesOutput: Bool
    /// In place of the environment's TERM.
    public var term: String?

    /// `colors` is none where the environment has a NO_COLOR that is not empty (https://no-color.org).
    public init(colors: ColorTier? = nil, mouse: Bool = true, synchronizesOutput: Bool = true, term: String? = nil) {
      let noColor = getenv("NO_COLOR").map { $0.pointee != 0 } ?? false
      self.colors = colors ?? (noColor ? .none : .xterm256)
      self.mouse = mouse
      self.synchronizesOutput = synchronizesOutput
      self.term = term
    }
  }
}
