import Experiments
import Spiking
import Terminal

/// A spiking network while it runs and learns: who fires when, membranes, weights under STDP, and what it remembers.
struct SpikesView: View {
  static let name = SpikesPicture.view
  var name: String { Self.name }
  typealias State = SpikesViewState
  let summary =
    "a spiking network that runs: raster, membranes, weights under STDP, memory per spike, the search for more"
  let actions = [
    "spikes-pause", "spikes-step", "spikes-slow", "spikes-prune", "spikes-freeze", "spikes-silence",
    "spikes-plasticity", "spikes-undo", "spikes-capacity", "spikes-search", "show",
  ]
  var showsNetwork: Bool { false }

  static let invitation =
    "No spiking network runs yet. n begins one: 300 leaky integrate-and-fire neurons whose excitatory synapses learn by "
    + "spike timing. :spikes --neurons 1000 --tau gamma:2:20 --stdp 0.01,0.0105,20,20 begins another; it takes the options "
    + "of 'ganglion spikes'."

  func title(_ scene: Scene) -> String {
    guard let spikes = scene.spikes else { return "Spikes" }
    return "Spikes  \(spikes.network.neurons) neurons: \(Self.titles[picture(scene)] ?? "")"
  }

  private static let titles = [
    "live": "everything", "raster": "who fires when", "membranes": "potentials v, in units of the threshold",
    "constants": "time constants and windows", "plasticity": "weights under STDP",
    "memory": "capacity C against spikes S", "search": "more memory from fewer spikes",
  ]

  func pictures(_ scene: Scene) -> [String] {
    ["live", "raster", "membranes", "plasticity", "constants", "memory", "search"]
  }

  func inspector(_ scene: Scene) -> [String]? {
    guard let spikes = scene.spikes else { return ["no spiking network"] }
    return SpikesInspector.parts(scene, spikes)
  }

  /// Puts what a pruning would do into the question that asks for it, once that is measured.
  func settle(_ scene: inout Scene) {
    guard case .confirm(let question, let effects) = scene.mode, let effect = scene.spikes?.preview,
      case .perform(_, let order)? = effects.first, order.command as? SpikeCommand == .prune(effect.synapses)
    else { return }
    let sentence = SpikeQuestion.measured(effect)
    if !question.contains(sentence) { scene.mode = .confirm(question: sentence + " " + question, then: effects) }
  }

  func draw(_ scene: Scene, on canvas: inout Canvas) {
    guard let spikes = scene.spikes else {
      canvas.draw(Paragraph(Self.invitation, style: Ink.quiet), in: canvas.area.inset(left: 1, right: 1))
      return
    }
    let parts = canvas.area.rows([.cells(canvas.height < 6 ? 1 : 2), .weight(1)])
    canvas.inside(parts[0]) { SpikesStatus.draw(scene, spikes, on: &$0) }
    for (panel, rect) in places(scene, parts[1]) { canvas.inside(rect) { draw(panel, scene, spikes, on: &$0) } }
  }

  enum Panel { case raster, membranes, weights, constants, windows, forgetting, plane, trace, surrogate }

  /// Which panels stand where.
  func places(_ scene: Scene, _ area: Rect) -> [(Panel, Rect)] {
    func beside(_ left: Panel, _ right: Panel, _ rect: Rect) -> [(Panel, Rect)] {
      let isWide = rect.width >= 60
      let parts =
        isWide
        ? rect.columns([.weight(1), .cells(2), .weight(1)]) : rect.rows([.weight(1), .cells(1), .weight(1)])
      return [(left, parts[0]), (right, parts[2])]
    }
    switch picture(scene) {
    case "raster": return [(.raster, area)]
    case "membranes": return [(.membranes, area)]
    case "plasticity": return beside(.weights, .windows, area)
    case "constants": return beside(.constants, .windows, area)
    case "memory": return beside(.forgetting, .plane, area)
    case "search": return beside(.trace, .surrogate, area)
    default: return live(area)
    }
  }

  private func live(_ area: Rect) -> [(Panel, Rect)] {
    guard area.width >= 50, area.height >= 8 else { return [(.raster, area)] }
    let isLarge = area.width >= 110 && area.height >= 24
    let columns = area.columns([.weight(isLarge ? 1.7 : 1.6), .cells(2), .weight(1)])
    let membranes = isLarge ? min(max(area.height / 3, 6), 16) : max(area.height / 4, 2)
    let left = columns[0].rows([.weight(1), .cells(membranes)])
    let result = [(Panel.raster, left[0]), (.membranes, left[1])]
    guard isLarge else {
      let right = columns[2].rows([.weight(1), .cells(1), .weight(1)])
      return result + [(.weights, right[0]), (.constants, right[2])]
    }
    let right = columns[2].rows([
      .weight(1.2), .cells(1), .weight(0.8), .cells(1), .weight(1), .cells(1), .weight(1.2),
    ])
    let memory = right[6].columns([.weight(1), .cells(2), .weight(1)])
    return result + [
      (.weights, right[0]), (.constants, right[2]), (.windows, right[4]), (.forgetting, memory[0]), (.plane, memory[2]),
    ]
  }

  private func draw(_ panel: Panel, _ scene: Scene, _ spikes: SpikesPicture, on canvas: inout Canvas) {
    switch panel {
    case .raster: canvas.draw(SpikeRasterPanel(scene, spikes))
    case .membranes: canvas.draw(MembranePanel(scene, spikes))
    case .weights: canvas.draw(SpikeWeightsPanel(scene, spikes))
    case .constants: canvas.draw(TimeConstantPanel(scene, spikes))
    case .windows: canvas.draw(PlasticityWindowPanel(scene, spikes))
    case .forgetting: canvas.draw(ForgettingPanel(scene, spikes))
    case .plane: canvas.draw(EfficiencyPanel(scene, spikes))
    case .trace: canvas.draw(SearchTracePanel(scene.spikeSearch))
    case .surrogate: canvas.draw(SurrogatePanel(scene.spikeSearch, scene[SpikesView.self].dimension))
    }
  }

  /// A click on the raster selects the first neuron of its row.
  func click(_ scene: inout Scene, atX x: Int, y: Int, width: Int, height: Int) {
    guard let spikes = scene.spikes else { return }
    let area = Rect(x: 0, y: 0, width: width, height: height)
    let body = area.rows([.cells(height < 6 ? 1 : 2), .weight(1)])[1]
    for case (.raster, let rect) in places(scene, body) where rect.contains(x: x, y: y) {
      let panel = SpikeRasterPanel(scene, spikes)
      if let neuron = panel.neuron(atY: y - rect.y, height: rect.height) {
        scene[SpikesView.self].selection = Selection(post: neuron)
      }
    }
  }
}

/// What stands above the panels: the state of the run, and C, S and 𝓔 together.
enum SpikesStatus {
  static func draw(_ scene: Scene, _ spikes: SpikesPicture, on canvas: inout Canvas) {
    let state: (text: String, style: Style) =
      switch spikes.status {
      case .running: ("▶ \(speed(spikes))", Ink.good)
      case .waiting, .paused: ("■ paused: space goes on", Ink.warning)
      case .finished, .cancelled: ("■ ended: n begins another", Ink.warning)
      case .failed(let sentence): ("! \(sentence)", Ink.error)
      }
    var x = canvas.text(0, 0, state.text, state.style.bold())
    let network = spikes.network
    let inhibitory = network.neurons - network.excitatory
    x += line(
      [
        "t \(Scene.number(spikes.time / 1_000, digits: 4)) s", "rate \(Scene.number(spikes.rate)) Hz",
        spikes.isLearning ? "plasticity on" : "plasticity off",
        spikes.pruned > 0 ? "\(spikes.pruned) ×" : "", spikes.frozen > 0 ? "\(spikes.frozen) ❄" : "",
        spikes.silenced.isEmpty ? "" : "\(spikes.silenced.count) silenced",
        spikes.synchrony.map { "synchrony χ \(Scene.number($0, digits: 2))" } ?? "",
        "\(network.excitatory) E, \(inhibitory) I", "\(NumberText.grouped(network.synapses)) synapses",
      ], x: x + 2, y: 0, on: &canvas)
    guard canvas.height > 1 else { return }
    let used = canvas.text(0, 1, memory(scene, spikes), Ink.bright)
    var others: [String] = []
    if let search = scene.activity(shownBy: SpikesPicture.view, part: MemorySearch.Picture.part) {
      others.append("search: \(search.report.progress)")
    }
    if let homeostasis = spikes.homeostasis {
      others.append(
        "homeostasis \(Scene.number(homeostasis.rate)) to \(Scene.number(homeostasis.goal)) Hz by "
          + homeostasis.means.rawValue)
    }
    if let silent = spikes.silentShare { others.append("\(Scene.number(silent * 100, digits: 2)) % silent") }
    if let neuron = spikes.listening { others.append("♪ neuron \(neuron)") }
    _ = line(others, x: used + 2, y: 1, on: &canvas)
  }

  private static func speed(_ spikes: SpikesPicture) -> String {
    let wanted = "\(Scene.number(spikes.speed, digits: 2))× real time"
    let isSlower = spikes.reached > 0 && spikes.reached < 0.8 * spikes.speed && spikes.time > 2_000 * spikes.speed
    return isSlower ? "\(Scene.number(spikes.reached, digits: 2))× of \(wanted)" : wanted
  }

  /// C, S and 𝓔 as last measured, never one of them alone.
  static func memory(_ scene: Scene, _ spikes: SpikesPicture) -> String {
    if let capacity = scene.spikeCapacity,
      scene.activity(shownBy: SpikesPicture.view, part: CapacityMeasurement.Picture.part)?.report.status.isOver == false
    {
      guard let outcome = capacity.outcome else { return "C, S, 𝓔: \(capacity.inputs) of \(capacity.wanted) inputs" }
      return "\(triple(outcome)) (\(capacity.inputs) of \(capacity.wanted) inputs)"
    }
    guard let last = spikes.measured.last else { return "C, S, 𝓔 not measured yet: c measures" }
    return "\(triple(last.outcome)) at \(Scene.number(last.time / 1_000)) s"
  }

  static func triple(_ outcome: MemoryExperiment.Outcome) -> String {
    "C \(Scene.number(outcome.memory.total))  S \(Scene.number(outcome.activity))  𝓔 \(Scene.number(outcome.efficiency))"
  }

  /// As many as fit, those that are empty left out.
  private static func line(_ parts: [String], x: Int, y: Int, on canvas: inout Canvas) -> Int {
    var column = x
    for part in parts where !part.isEmpty {
      guard column + part.terminalColumns <= canvas.width else { break }
      column += canvas.text(column, y, part, Ink.quiet) + 2
    }
    return column - x
  }
}
