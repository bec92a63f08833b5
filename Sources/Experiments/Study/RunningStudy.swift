import Learning

/// A study under way: its comparison, and what follows from it.
public final class RunningStudy: Activity {
  public let comparison: Comparison

  public init(_ comparison: Comparison) { self.comparison = comparison }

  public var version: Int { comparison.version }

  /// As the comparison's; when it is done the study's sentences are its progress.
  public func report() -> ActivityReport {
    var report = comparison.report()
    report.title = "study of synapses"
    if report.status == .finished, let table = report.picture?.value as? ComparisonTable {
      report.progress = SynapseStudy(table).sentences.joined(separator: " ")
    }
    return report
  }

  public func start() { comparison.start() }
  public func pause() { comparison.pause() }
  public func cancel() { comparison.cancel() }
  public func network(_ name: String) throws -> Setup { try comparison.network(name) }
}
