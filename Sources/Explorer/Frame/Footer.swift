import Analysis
import Circuits
import Terminal

/// The two lines at the bottom: everything about the selection, and the keys that work now.
enum Footer {
  static func draw(_ scene: Scene, in rect: Rect, on canvas: inout Canvas) {
    canvas.inside(rect) { canvas in
      canvas.text(1, 0, inspector(scene, width: canvas.width - 2), .plain.bold(), maxWidth: canvas.width - 1)
      drawHints(scene, on: &canvas)
    }
  }

  /// The hints of the actions that can be used now, in the table's order, as many as fit.
  private static func drawHints(_ scene: Scene, on canvas: inout Canvas) {
    var end = canvas.width - 1
    let hinted = Actions.hinted(scene)
    // The command line, help and the way out are always there; the others as many as fit.
    for always in [true, false] {
      var x = 1
      for (action, hint) in hinted {
        guard let key = action.keys.first, ["palette", "help", "quit"].contains(action.name) == always else { continue }
        let width = "\(key.label) \(hint)".terminalColumns
        if always { end -= width + 2 } else if x + width > end { break }
        let start = always ? end + 2 : x
        let used = canvas.text(start, 1, key.label, Ink.focus.bold())
        canvas.text(start + used + 1, 1, hint, Ink.quiet)
        x += width + 2
      }
    }
  }

  /// One line about the selection, the most important first.
  static func inspector(_ scene: Scene, width: Int) -> String {
    var parts: [String]
    if let own = Views.named(scene.look.focus)?.inspector(scene) {
      parts = own
    } else if let synapse = scene.selection.synapse {
      parts = synapseParts(scene, synapse)
    } else {
      parts = neuronParts(scene, scene.selection.post)
    }
    var line = parts.first ?? ""
    for part in parts.dropFirst() where line.terminalColumns + part.terminalColumns + 2 <= width { line += "  " + part }
    return line
  }

  /// What the line about the selection tells of the present moment.
  static func needs(_ scene: Scene) -> ViewNeeds {
    if scene.focusedView?.inspector(scene) != nil { return [] }
    return scene.selection.synapse == nil ? .coefficients : .gates
  }

  private static func synapseParts(_ scene: Scene, _ synapse: Synapse) -> [String] {
    let model = scene.model
    let index = synapse.index(neurons: scene.neurons)
    var parts = ["synapse \(model.wiring.name(of: synapse))"]
    let own = model.parameters(of: synapse)
    if let sign = model.sign(of: synapse) {
      parts[0] += scene.snapshot.values[sign] < 0 ? " inhibitory" : " excitatory"
    }
    if scene.isPruned(synapse) { parts.append("× pruned") }
    if scene.isFrozen(synapse) { parts.append("❄ frozen") }
    for (name, flat) in own { parts.append(value(scene, name: name, flat: flat)) }
    if let readings = scene.reading?.synapses {
      let unit = scene.unit(.conductance)
      parts.append("\(scene.openSymbol) \(Scene.number(readings.conductance[index]))\(unit.isEmpty ? "" : " " + unit)")
      parts.append("I \(Scene.number(readings.current[index]))")
    }
    if let weight = model.weight(of: synapse), let tensor = model.layout.locate(weight)?.tensor {
      let gradient = scene.snapshot.gradient[weight]
      // Of the past there is none.
      if !scene.isLookingBack { parts.append("∂L/∂\(tensor.declaration.symbol) \(Scene.number(gradient, digits: 2))") }
    }
    return parts
  }

  private static func neuronParts(_ scene: Scene, _ neuron: Int) -> [String] {
    let model = scene.model
    guard neuron < model.neurons else { return [] }
    var parts = ["neuron \(model.wiring.neuronNames[neuron])"]
    if scene.isFrozen(neuron: neuron) { parts.append("❄ frozen") }
    if let state = scene.moments.last?.state, neuron < state.count { parts.append("v \(Scene.number(state[neuron]))") }
    if let coefficients = scene.reading?.coefficients {
      parts.append("τ \(scene.duration(coefficients.timeConstants[neuron]))")
      parts.append("x∞ \(Scene.number(coefficients.targets[neuron]))")
    }
    for (name, flat) in model.parameters(ofNeuron: neuron) { parts.append(value(scene, name: name, flat: flat)) }
    if neuron < scene.masks.fanIn.count {
      parts.append("\(scene.masks.fanIn[neuron]) in, \(scene.masks.fanOut[neuron]) out")
    }
    return parts
  }

  /// "w 0.42 nS".
  static func value(_ scene: Scene, name: String, flat: Int) -> String {
    let declared = scene.model.layout[name]?.declaration
    let unit = scene.unit(declared?.unit ?? "")
    return "\(declared?.symbol ?? name) \(Scene.number(scene.snapshot.values[flat]))\(unit.isEmpty ? "" : " \(unit)")"
  }
}
