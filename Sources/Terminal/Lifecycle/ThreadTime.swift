import Glibc

/// Processor time that the calling thread has used: what work costs, however many others want the processor meanwhile.
public enum ThreadTime {
  /// In microseconds, since the thread began.
  public static var microseconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1e6 + Double(time.tv_nsec) / 1e3
  }
}
