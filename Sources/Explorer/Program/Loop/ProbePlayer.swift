import Learning

/// Lets the probe run over the newest weights at the speed that the scene has.
struct ProbePlayer {
  /// Probe steps made before the first frame, so that the first picture is full.
  static let preroll = 240
  /// Steps made at once at most; more are not caught up with.
  static let most = 64

  private var probe: Probe
  /// Runs what the network is compared with along the same stretch, in step with the other.
  private var companion: Probe?
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
    for _ in 0..<steps {
      probe.advance(values: scene.snapshot.values, connections: scene.snapshot.connections)
      if let reference = scene.past.reference {
        companion?.advance(values: reference.values, connections: reference.connections)
      }
    }
    show(on: &scene)
  }

  /// Runs over the recent stretch again, for the network is another one now: what is shown is then of one network alone.
  mutating func rerun(_ scene: inout Scene) {
    scene.moments = []
    let end = max(probe.position, 1)
    let start = max(end - Self.stretch(scene), 0)
    probe.jump(to: start)
    for _ in start..<end { probe.advance(values: scene.snapshot.values, connections: scene.snapshot.connections) }
    rerunReference(&scene)
    show(on: &scene)
  }

  /// The same for what is compared with, whatever it is now.
  mutating func rerunReference(_ scene: inout Scene) {
    companion = nil
    guard let reference = scene.past.reference else { return }
    var fresh = Probe(model: probe.model, task: probe.task, series: probe.series)
    let end = max(probe.position, 1)
    let start = max(end - Self.stretch(scene), 0)
    fresh.jump(to: start, series: probe.series)
    for _ in start..<end { fresh.advance(values: reference.values, connections: reference.connections) }
    companion = fresh
    scene.past.reference?.moments = fresh.past
  }

  /// Steps of such a stretch: less of large networks, so that a key is answered soon.
  private static func stretch(_ scene: Scene) -> Int {
    max(min(preroll, preroll * 4096 / max(scene.neurons * scene.neurons, 1)), 24)
  }

  mutating func jump(to step: Int, series: Int?, _ scene: inout Scene) {
    probe.jump(to: step, series: series)
    companion?.jump(to: step, series: series)
    scene.network.spectra = []
    advance(1, &scene)
  }

  func show(on scene: inout Scene) {
    scene.moments = probe.past
    scene.network.momentTotal = probe.total
    if let companion { scene.past.reference?.moments = companion.past }
  }
}
