import Foundation
import Synchronization

/// Whether someone pressed Ctrl-C (or sent SIGTERM): asked between two steps. A second time ends the program at once.
enum Interrupt {
  private static let flag = Atomic<Bool>(false)

  static var happened: Bool { flag.load(ordering: .relaxed) }

  static func watch() {
    // Made here, so that the handler touches nothing but an atomic that exists.
    flag.store(false, ordering: .relaxed)
    // A parent may have started us with these blocked.
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM] { sigaddset(&signals, number) }
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    for number in [SIGINT, SIGTERM] {
      signal(number) { number in
        Interrupt.flag.store(true, ordering: .relaxed)
        signal(number, SIG_DFL)
      }
    }
  }
}
