import Learning

/// Lets the probe run over the newest weights at the speed that the scene has.
struct ProbePlayer {
  /// Probe steps made before the first frame, so that the first picture is full.
  static let preroll = 240
  /// Steps made at once at most; more are not caught up with.
  static let most = 64

  private var probe: Probe
  /// Steps that the time has brought and that are not made yet, some of one.
  private var owed = 0.0

  /// A probe that comes from where the sequence has most to show.
  init(_ setup: Setup, _ snapshot: Snapshot) {
    probe = Probe(model: setup.model, task: setup.task)
    probe.jump(to: probe.mostEventful(window: Self.preroll))
    for _ in 0..<Self.preroll { probe.advance(values: snapshot.values, connections: snapshot.connections) }
  }

  /// Nothing is owed for the time in which nobody looked.
  mutating func forgetTime() { owed = 0 }

  /// Time passes that will be played later.
  mutating func pass(_ seconds: Double, _ scene: Scene) { owed += seconds * scene.look.probeSpeed }

  /// Time passes; whether the scene has new moments by that.
  mutating func play(_ seconds: Double, _ scene: inout Scene) -> Bool {
    pass(seconds, scene)
    let steps = min(Int(owed), Self.most)
    owed = min(owed - Double(steps), 1)
    if steps > 0 { advance(steps, &scene) }
    return steps > 0
  }

  mutating func advance(_ steps: Int, _ scene: inout Scene) {
    // Let go of first, so that the past is added to where it stands.
    scene.moments = []
    for _ in 0..<steps { probe.advance(values: scene.snapshot.values, connections: scene.snapshot.connections) }
    show(on: &scene)
  }

  mutating func jump(to step: Int, series: Int?, _ scene: inout Scene) {
    probe.jump(to: step, series: series)
    scene.network.spectra = []
    advance(1, &scene)
  }

  func show(on scene: inout Scene) {
    scene.moments = probe.past
    scene.network.momentTotal = probe.total
  }
}
