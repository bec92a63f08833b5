import Dispatch

/// Steps a second, over windows of half a second.
struct StepRate {
  private var since = DispatchTime.now().uptimeNanoseconds
  private var steps = 0
  private(set) var perSecond = 0.0

  mutating func restart() { (since, steps) = (DispatchTime.now().uptimeNanoseconds, 0) }

  mutating func stepped() {
    steps += 1
    let elapsed = DispatchTime.now().uptimeNanoseconds - since
    guard elapsed > 500_000_000 || (perSecond == 0 && elapsed > 50_000_000) else { return }
    perSecond = Double(steps) * 1e9 / Double(elapsed)
    restart()
  }
}
