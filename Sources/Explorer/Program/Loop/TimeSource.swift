import Dispatch

/// Where the loop has its time from: the machine's clock, or a hand that steps it in tests.
public struct TimeSource: Sendable {
  /// Seconds since some moment; never goes back.
  public var now: @Sendable () -> Double

  public init(now: @escaping @Sendable () -> Double) { self.now = now }

  /// Seconds since this was called.
  public static func sinceStart() -> TimeSource {
    let start = DispatchTime.now().uptimeNanoseconds
    return TimeSource { Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9 }
  }
}
