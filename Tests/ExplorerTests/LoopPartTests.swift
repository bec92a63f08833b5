@testable import Explorer
import Dispatch
import Synchronization
import Testing

@Suite("Parts of the loop") struct LoopPartTests {
  @Test("a pending value is taken once, replaced by a newer one, and let go of without the lock")
  func pending() {
    let numbers = Pending<Int>()
    #expect(numbers.take() == nil && numbers.newest == nil)
    numbers.put(1)
    numbers.put(2)
    #expect(numbers.newest == 2 && numbers.newest == 2)
    #expect(numbers.take() == 2 && numbers.take() == nil && numbers.newest == nil)

    // One that looks into its own box while it ends.
    final class Curious: Sendable {
      let box: Pending<Curious>
      let ended: @Sendable () -> Void
      init(_ box: Pending<Curious>, ended: @escaping @Sendable () -> Void) { (self.box, self.ended) = (box, ended) }
      deinit {
        _ = box.newest
        ended()
      }
    }
    let (box, ends) = (Pending<Curious>(), Counter())
    box.put(Curious(box) { ends.add() })
    box.put(Curious(box) { ends.add() })
    #expect(ends.value == 1)
    _ = box.take()
    #expect(ends.value == 2)

    // Every value that many queues put and take is seen at most once, and none that nobody put.
    let values = Pending<Int>()
    let seen = Mutex<[Int]>([])
    DispatchQueue.concurrentPerform(iterations: 8) { index in
      for number in 0..<500 {
        if index % 2 == 0 {
          values.put(4 * number + index / 2)
        } else if let value = values.take() {
          seen.withLock { $0.append(value) }
        }
      }
    }
    let all = seen.withLock { $0 }
    #expect(Set(all).count == all.count && all.allSatisfy { (0..<2000).contains($0) })
  }

  private final class Counter: Sendable {
    private let count = Mutex(0)
    var value: Int { count.withLock { $0 } }
    func add() { count.withLock { $0 += 1 } }
  }

  @Test("frames keep their beat, are fewer where training would pay for them, and answers come in between")
  func pace() {
    let moving = FramePacer.Motion(isTraining: false, probeSpeed: 20)
    var pacer = FramePacer(rate: 20)
    #expect(pacer.dueIn(0) <= 0)
    pacer.shown(at: 0, moving)
    #expect(!pacer.needsFrame && abs(pacer.dueIn(0) - 0.05) < 1e-12)
    // Late by a bit: the next is still on the beat.
    pacer.shown(at: 0.06, moving)
    #expect(abs(pacer.dueIn(0.06) - 0.04) < 1e-12)
    // Late by much: at least half a period is left.
    pacer.shown(at: 5, moving)
    #expect(abs(pacer.dueIn(5) - 0.025) < 1e-12)
    // An answer is due at once, the next one a thirtieth of a second later, and neither moves the beat.
    pacer.owesAnswer = true
    #expect(pacer.dueIn(5.01) <= 0)
    pacer.shown(at: 5.01, moving)
    #expect(!pacer.owesAnswer && abs(pacer.dueIn(5.01) - 0.015) < 1e-12)
    pacer.owesAnswer = true
    #expect(abs(pacer.dueIn(5.01) - 0.015) < 1e-12)

    // Half the frames where the probe is held.
    #expect(pacer.period(.init(isTraining: false, probeSpeed: 0)) == 0.1)
    #expect(pacer.period(.init(isTraining: true, probeSpeed: 20)) == 0.05)
    // 2 % of a core at most while training, a fifth of the frames at least.
    for _ in 0..<200 { pacer.drew(in: 0.002) }
    #expect(abs(pacer.period(.init(isTraining: true, probeSpeed: 20)) - 0.1) < 1e-9)
    for _ in 0..<200 { pacer.drew(in: 1) }
    #expect(pacer.period(.init(isTraining: true, probeSpeed: 20)) == 0.25)
    #expect(pacer.period(.init(isTraining: false, probeSpeed: 20)) == 0.05 && pacer.framesShown == 400)
  }
}
