import Experiments
import Spiking

// A spiking network beside the screen: begun, looked at, operated on, measured, searched.

extension Actions {
  private static let view = SpikesPicture.view
  private static let runs: @Sendable (Scene) -> Bool = { live($0) != nil }
  private static let canChange: @Sendable (Scene) -> Bool = { live($0) != nil && !$0.session.readOnly }

  /// The network that is not over.
  private static func live(_ scene: Scene) -> (id: Int, picture: SpikesPicture)? {
    guard let activity = scene.activity(shownBy: view), !activity.report.status.isOver, let picture = scene.spikes
    else {
      return nil
    }
    return (activity.id, picture)
  }

  private static func send(_ scene: Scene, _ commands: SpikeCommand...) -> [Effect] {
    guard let live = live(scene) else { return [] }
    return commands.map { .perform(live.id, ActivityOrder($0)) }
  }

  static let spiking: [Action] = spikeRunning + spikeOperating + spikeLooking + spikeMeasuring

  // MARK: Running

  private static let spikeRunning: [Action] = [
    Action(
      "spikes-pause", .spikes, "Pauses the spiking network, or lets it go on.", keys: ["space"], in: view,
      hint: { live($0)?.picture.status == .running ? "pause" : "go on" }, when: runs
    ) { scene, _ in
      guard let live = live(scene) else { return [] }
      let isRunning = live.picture.status == .running
      scene.say(isRunning ? "The network rests: . makes a millisecond, space goes on." : "The network goes on.")
      return [isRunning ? .pause(live.id) : .start(live.id)]
    },
    Action(
      "spikes-step", .spikes, "Makes the steps of one millisecond while paused, or that many steps.", keys: ["."],
      in: view, argument: "[STEPS]", hint: { live($0)?.picture.status == .running ? nil : "1 ms" },
      when: { live($0).map { $0.picture.status != .running } ?? false }
    ) { scene, argument in
      guard let live = live(scene) else { return [] }
      let millisecond = max(Int((1 / live.picture.network.step).rounded()), 1)
      guard let steps = number(argument, usual: millisecond, in: 1...1_000_000) else {
        scene.say("step takes a number of steps from 1 to 1000000, for example step 10.", isError: true)
        return []
      }
      return send(scene, .step(steps))
    },
    Action("spikes-slower", .spikes, "Halves the speed of the spiking network.", keys: ["["], in: view, when: runs) {
      scene, _ in speed(&scene, by: 0.5)
    },
    Action("spikes-faster", .spikes, "Doubles the speed of the spiking network.", keys: ["]"], in: view, when: runs) {
      scene, _ in speed(&scene, by: 2)
    },
    Action(
      "spikes-slow", .spikes, "Slow motion, a hundredth of real time, or the speed before it; slow 0.05 sets a speed.",
      keys: ["s"], in: view, argument: "[SPEED]",
      hint: { ($0.spikes?.speed ?? 1) > 0.011 ? "slow motion" : "as before" }, when: runs
    ) { scene, argument in
      guard let live = live(scene) else { return [] }
      if let argument {
        guard let wanted = Double(argument.trimmed), LiveSpikes.speeds.contains(wanted) else {
          scene.say(
            "slow takes seconds simulated in a second, from \(LiveSpikes.speeds.lowerBound) to "
              + "\(Int(LiveSpikes.speeds.upperBound)), for example slow 0.05.", isError: true)
          return []
        }
        return tell(&scene, wanted)
      }
      if live.picture.speed > 0.011 {
        scene[SpikesView.self].speedBefore = live.picture.speed
        return tell(&scene, 0.01)
      }
      return tell(&scene, scene[SpikesView.self].speedBefore ?? LiveSpikes.firstSpeed)
    },
    Action(
      "spikes-plasticity", .spikes, "Turns plasticity off, or on: plasticity on, plasticity off.", keys: ["t"],
      in: view,
      argument: "[on|off]", values: { _ in ["on", "off"] },
      hint: { live($0)?.picture.isLearning == true ? "stop learning" : "learn" }, when: canChange
    ) { scene, argument in
      guard let live = live(scene) else { return [] }
      guard let isOn = onOff(argument, now: live.picture.isLearning) else {
        scene.say("plasticity takes on or off.", isError: true)
        return []
      }
      scene.say(isOn ? "Excitatory synapses learn by spike timing." : "Weights stay as they are.")
      return send(scene, .learn(isOn))
    },
    Action(
      "spikes-homeostasis", .spikes,
      "Thresholds follow rates: homeostasis 0.1:10 corrects a tenth of the error every 500 ms towards 10 Hz; or off.",
      keys: ["H"], in: view, argument: "[RATE:HZ|off]", values: { _ in ["0.1:10", "0.5:10", "0.01:10", "off"] },
      when: canChange
    ) { scene, argument in homeostasis(&scene, argument) },
    Action(
      "bell", .spikes, "The selected neuron's spikes are heard as the terminal's bell: bell on, bell off, bell 12.",
      keys: ["b"], in: view, argument: "[on|off|NEURON]", values: { _ in ["on", "off"] },
      hint: { live($0)?.picture.listening == nil ? nil : "silence bell" }, when: runs
    ) { scene, argument in bell(&scene, argument) },
    Action(
      "spikes", .spikes,
      "Begins a spiking network that learns by spike timing; takes the options of 'ganglion spikes': --tau gamma:2:20 …",
      keys: ["n"], in: view, argument: "[OPTIONS]",
      values: { _ in ["--neurons 1000 --tau gamma:2:20 --stdp 0.01,0.0105,20,20", "--neurons 3000 --current 1.1"] },
      hint: { live($0) == nil ? "begin" : nil }, when: { !$0.session.readOnly }
    ) { scene, argument in
      (scene.look.focus, scene.look.zoomed) = (view, true)
      scene[SpikesView.self].selection = Selection(post: 0)
      scene[SpikesView.self].kept = []
      return [.begin(ActivityMaker(command: ("spikes " + (argument ?? "")).trimmed))]
    },
  ]

  /// What is typed, or the usual where nothing is; `nil` for what is no number or outside the range.
  private static func number(_ argument: String?, usual: Int, in range: ClosedRange<Int>) -> Int? {
    let value = argument.map { Int($0.trimmed) } ?? usual
    return value.flatMap { range.contains($0) ? $0 : nil }
  }

  private static func onOff(_ argument: String?, now: Bool) -> Bool? {
    switch argument?.trimmed {
    case nil, "": !now
    case "on": true
    case "off": false
    default: nil
    }
  }

  private static func speed(_ scene: inout Scene, by factor: Double) -> [Effect] {
    guard let live = live(scene) else { return [] }
    return tell(&scene, live.picture.speed * factor)
  }

  private static func tell(_ scene: inout Scene, _ speed: Double) -> [Effect] {
    let speed = min(max(speed, LiveSpikes.speeds.lowerBound), LiveSpikes.speeds.upperBound)
    scene.say("The network makes \(Scene.number(speed)) s in a second, where it can.")
    return send(scene, .speed(speed))
  }

  private static func homeostasis(_ scene: inout Scene, _ argument: String?) -> [Effect] {
    guard let live = live(scene) else { return [] }
    let word = argument?.trimmed ?? (live.picture.homeostasis == nil ? "0.1:10" : "off")
    if word == "off" {
      scene.say("Homeostasis is off: thresholds stay as they are.")
      return send(scene, .homeostasis(nil))
    }
    let parts = word.split(separator: ":").map { Double($0) }
    guard (1...2).contains(parts.count), let rate = parts[0], let goal = parts.count > 1 ? parts[1] : 10 else {
      scene.say("homeostasis takes RATE:HZ or off, for example homeostasis 0.1:10.", isError: true)
      return []
    }
    let wanted = Homeostasis(goal: goal, rate: rate)
    do { try wanted.validate() } catch {
      scene.say("\(error)", isError: true)
      return []
    }
    scene.say(
      "Every \(Scene.number(wanted.interval)) ms \(Scene.number(rate * 100)) % of each rate's distance to "
        + "\(Scene.number(goal)) Hz is corrected by its threshold.")
    return send(scene, .homeostasis(wanted))
  }

  private static func bell(_ scene: inout Scene, _ argument: String?) -> [Effect] {
    guard let live = live(scene), let selection = scene.spikeSelection else { return [] }
    let word = argument?.trimmed ?? (live.picture.listening == nil ? "on" : "off")
    if word == "off" {
      scene.say("No spikes are heard.")
      return send(scene, .listen(nil))
    }
    guard let neuron = word == "on" ? selection.post : Int(word), (0..<live.picture.network.neurons).contains(neuron)
    else {
      scene.say("bell takes on, off, or a neuron from 0 to \(live.picture.network.neurons - 1).", isError: true)
      return []
    }
    scene.say("Every spike of neuron \(neuron) rings the bell; s makes it slow enough to be told apart.")
    return send(scene, .listen(neuron))
  }

  // MARK: Operating

  private static let spikeOperating: [Action] = [
    Action(
      "spikes-prune", .spikes,
      "Cuts the selected synapse, or brings it back; of a neuron all onto it, after a preview. Also PRE>POST.",
      keys: ["p"], in: view, argument: "[SYNAPSE]",
      hint: { scene in
        scene.spikeSynapse.map { $0.isPruned ? "restore" : "prune" }
          ?? (scene.spikeSelection?.pre == nil ? (fanInIsCut(scene) ? "restore fan-in" : "prune fan-in…") : nil)
      }, when: canChange
    ) { scene, argument in
      if let argument { return named(&scene, argument, then: "prune") }
      guard scene.spikeSelection?.pre != nil else { return pruneFanIn(&scene) }
      guard let synapse = scene.spikeSynapse, let name = name(scene) else { return [] }
      scene.say(
        "\(synapse.isPruned ? "Restored" : "Cut") \(name); u takes it back.")
      return send(scene, synapse.isPruned ? .restore([synapse.index]) : .prune([synapse.index]))
    },
    Action(
      "spikes-prune-neuron", .spikes,
      "Shows what cutting every synapse onto the selected neuron would do, and cuts if told to; or brings them back.",
      keys: ["P"], in: view, when: canChange
    ) { scene, _ in pruneFanIn(&scene) },
    Action(
      "spikes-freeze", .spikes,
      "Freezes the selected synapse, or all onto the selected neuron: they transmit and do not learn; or thaws them.",
      keys: ["f"], in: view,
      hint: { scene in
        if let synapse = scene.spikeSynapse { return synapse.isFrozen ? "thaw" : "freeze" }
        return fanInIsFrozen(scene) ? "thaw fan-in" : "freeze fan-in"
      }, when: canChange
    ) { scene, _ in
      guard scene.spikeSelection?.pre != nil else { return freezeFanIn(&scene) }
      guard let synapse = scene.spikeSynapse else { return [] }
      guard !synapse.isInhibitory, !synapse.isPruned else {
        scene.say(
          synapse.isPruned ? "What is pruned does not learn." : "Inhibitory synapses do not learn.", isError: true)
        return []
      }
      let name = name(scene) ?? ""
      scene.say(synapse.isFrozen ? "\(name) learns again." : "\(name) is frozen: it transmits and does not learn.")
      return send(scene, .freeze([synapse.index], !synapse.isFrozen))
    },
    Action(
      "spikes-freeze-neuron", .spikes, "Freezes every synapse onto the selected neuron, or thaws them.", keys: ["F"],
      in: view, when: canChange
    ) { scene, _ in freezeFanIn(&scene) },
    Action(
      "spikes-silence", .spikes, "Silences the selected neuron, so that it never fires, or wakes it.", keys: ["x"],
      in: view, hint: { $0.spikeDetail?.isSilenced == true ? "wake" : "silence" },
      when: { canChange($0) && $0.spikeDetail != nil }
    ) { scene, _ in
      guard let detail = scene.spikeDetail else { return [] }
      scene.say("Neuron \(detail.neuron) \(detail.isSilenced ? "may fire again" : "is silenced"); u takes it back.")
      return send(scene, .silence(detail.neuron, !detail.isSilenced))
    },
    Action(
      "spikes-undo", .spikes, "Takes the last change of the spiking network back: weights and masks as they were.",
      keys: ["u"], in: view, hint: { _ in "undo" },
      when: { scene in canChange(scene) && scene.spikes?.undoTitle != nil }
    ) { scene, _ in
      scene.say("Taken back: \(scene.spikes?.undoTitle ?? "").")
      return send(scene, .undo)
    },
    Action(
      "spikes-redo", .spikes, "Does again what was undone.", keys: ["ctrl-r"], in: view, hint: { _ in "redo" },
      when: { scene in canChange(scene) && scene.spikes?.redoTitle != nil }
    ) { scene, _ in
      scene.say("Done again: \(scene.spikes?.redoTitle ?? "").")
      return send(scene, .redo)
    },
  ]

  /// Of the selected synapse: "5→12".
  private static func name(_ scene: Scene) -> String? {
    guard let synapse = scene.spikeSynapse, let selection = scene.spikeSelection, let spikes = scene.spikes else {
      return nil
    }
    return "\(spikes.network.name(source: synapse.source))→\(selection.post)"
  }

  private static func fanInIsCut(_ scene: Scene) -> Bool {
    guard let detail = scene.spikeDetail, !detail.synapses.isEmpty else { return false }
    return detail.synapses.allSatisfy(\.isPruned)
  }

  private static func fanInIsFrozen(_ scene: Scene) -> Bool {
    let learning = scene.spikeDetail?.synapses.filter { !$0.isInhibitory && !$0.isPruned } ?? []
    return !learning.isEmpty && learning.allSatisfy(\.isFrozen)
  }

  private static func pruneFanIn(_ scene: inout Scene) -> [Effect] {
    guard let live = live(scene), let detail = scene.spikeDetail else { return [] }
    guard !detail.synapses.isEmpty else {
      scene.say("Neuron \(detail.neuron) has no synapses onto it.", isError: true)
      return []
    }
    if fanInIsCut(scene) {
      scene.say("The \(detail.synapses.count) synapses onto neuron \(detail.neuron) are back.")
      return send(scene, .restore(detail.synapses.map(\.index)))
    }
    let present = detail.synapses.filter { !$0.isPruned }
    let indices = present.map(\.index)
    scene.mode = .confirm(
      question: SpikeQuestion.prune(present, of: detail, in: live.picture.network),
      then: [.perform(live.id, ActivityOrder(SpikeCommand.prune(indices)))])
    return send(scene, .preview(indices))
  }

  private static func freezeFanIn(_ scene: inout Scene) -> [Effect] {
    guard let detail = scene.spikeDetail else { return [] }
    let learning = detail.synapses.filter { !$0.isInhibitory && !$0.isPruned }
    guard !learning.isEmpty else {
      scene.say("No synapse onto neuron \(detail.neuron) learns.", isError: true)
      return []
    }
    let thaws = learning.allSatisfy(\.isFrozen)
    let what = "The \(learning.count) excitatory synapses onto neuron \(detail.neuron)"
    scene.say(thaws ? "\(what) learn again." : "\(what) are frozen: they transmit and do not learn.")
    return send(scene, .freeze(learning.filter { $0.isFrozen == thaws }.map(\.index), !thaws))
  }

  // MARK: Looking

  private static let spikeLooking: [Action] = [
    Action("spikes-up", .spikes, "Selects the neuron before.", keys: ["up", "k"], in: view, when: runs) { scene, _ in
      move(&scene, by: -1)
    },
    Action("spikes-down", .spikes, "Selects the neuron behind.", keys: ["down", "j"], in: view, when: runs) {
      scene, _ in move(&scene, by: 1)
    },
    Action(
      "spikes-page-up", .spikes, "Selects a neuron a twentieth of all before.", keys: ["page-up"], in: view, when: runs
    ) {
      scene, _ in move(&scene, by: -page(scene))
    },
    Action(
      "spikes-page-down", .spikes, "Selects a neuron a twentieth of all behind.", keys: ["page-down"], in: view,
      when: runs
    ) { scene, _ in move(&scene, by: page(scene)) },
    Action(
      "spikes-left", .spikes, "Selects the previous synapse onto the neuron, or the neuron itself.",
      keys: ["left", "h"], in: view, when: runs
    ) { scene, _ in turn(&scene, by: -1) },
    Action(
      "spikes-right", .spikes, "Selects the next synapse onto the neuron.", keys: ["right", "l"], in: view, when: runs
    ) { scene, _ in turn(&scene, by: 1) },
    Action(
      "spikes-find", .spikes, "Selects a neuron by its number, or a synapse: find 12, find 5>12.", keys: ["/"],
      in: view,
      argument: "[NEURON]", when: runs
    ) { scene, argument in
      guard let argument else {
        scene.mode = .palette("find ")
        return []
      }
      return named(&scene, argument, then: nil)
    },
    Action(
      "spikes-keep", .spikes, "Keeps the selected neuron's membrane beside others, or lets go of it.", keys: ["w"],
      in: view,
      hint: { scene in
        guard let selection = scene.spikeSelection else { return nil }
        return scene[SpikesView.self].kept.contains(selection.post) ? "let go" : "keep membrane"
      }, when: runs
    ) { scene, _ in
      guard let neuron = scene.spikeSelection?.post else { return [] }
      let isKept = !scene[SpikesView.self].kept.contains(neuron)
      scene[SpikesView.self].kept.removeAll { $0 == neuron }
      if isKept { scene[SpikesView.self].kept = scene[SpikesView.self].kept.suffix(6) + [neuron] }
      scene.say(isKept ? "Neuron \(neuron)'s membrane stays in sight." : "Neuron \(neuron)'s membrane is let go of.")
      return send(scene, .follow(neuron, isKept))
    },
    Action(
      "spikes-narrower", .spikes, "A column of the raster is a shorter time.", keys: ["+"], in: view, when: runs
    ) { scene, _ in width(&scene, by: -1) },
    Action("spikes-wider", .spikes, "A column of the raster is a longer time.", keys: ["-"], in: view, when: runs) {
      scene, _ in width(&scene, by: 1)
    },
    Action(
      "spikes-dimension", .spikes, "Shows what the search believes along its next dimension.", keys: ["d"], in: view,
      hint: { $0.spikeSearch != nil && SpikesView().picture($0) == "search" ? "next dimension" : nil },
      when: { $0.spikeSearch != nil }
    ) { scene, _ in
      let count = max(scene.spikeSearch?.dimensions.count ?? 1, 1)
      scene[SpikesView.self].dimension = (scene[SpikesView.self].dimension + 1) % count
      return []
    },
  ]

  private static func page(_ scene: Scene) -> Int { max((scene.spikes?.network.neurons ?? 0) / 20, 1) }

  private static func select(_ scene: inout Scene, _ selection: Selection) -> [Effect] {
    scene[SpikesView.self].selection = selection
    return send(scene, .select(neuron: selection.post, synapse: scene.spikeSynapse?.index))
  }

  private static func move(_ scene: inout Scene, by offset: Int) -> [Effect] {
    guard let neurons = scene.spikes?.network.neurons else { return [] }
    let now = scene[SpikesView.self].selection.post
    return select(&scene, Selection(post: min(max(now + offset, 0), neurons - 1)))
  }

  private static func turn(_ scene: inout Scene, by offset: Int) -> [Effect] {
    guard let selection = scene.spikeSelection, let sources = scene.spikeDetail?.synapses.map(\.source),
      !sources.isEmpty
    else { return [] }
    let entry = selection.pre.flatMap(sources.firstIndex) ?? -1
    let target = min(entry + offset, sources.count - 1)
    return select(&scene, Selection(post: selection.post, pre: target < 0 ? nil : sources[target]))
  }

  /// Selects "12" or "5>12", and says where there is no such one. Of another neuron only the network knows the synapses.
  private static func named(_ scene: inout Scene, _ text: String, then: String?) -> [Effect] {
    guard let neurons = scene.spikes?.network.neurons else { return [] }
    let numbers = text.replacing("→", with: ">").split(separator: ">").map { Int($0.trimmingBlanks) }
    guard (1...2).contains(numbers.count), let last = numbers.last ?? nil, numbers.allSatisfy({ $0 != nil }),
      numbers.allSatisfy({ (0..<neurons).contains($0!) })
    else {
      scene.say(
        "'\(text)' is neither a neuron from 0 to \(neurons - 1) nor a synapse: write 12 or 5>12.", isError: true)
      return []
    }
    let selection = Selection(post: last, pre: numbers.count == 2 ? numbers[0] : nil)
    let effects = select(&scene, selection)
    guard then != nil else { return effects }
    guard scene.spikeSynapse != nil else {
      scene.say("Selected \(text): p cuts it, if there is such a synapse.")
      return effects
    }
    return effects + run(line: "spikes-prune", on: &scene)
  }

  private static func width(_ scene: inout Scene, by offset: Int) -> [Effect] {
    let all = SpikesViewState.widths
    let entry = all.firstIndex(of: scene[SpikesView.self].width) ?? 2
    scene[SpikesView.self].width = all[min(max(entry + offset, 0), all.count - 1)]
    scene.say("A column is \(scene[SpikesView.self].width) ms.")
    return []
  }

  // MARK: Measuring and searching

  private static let spikeMeasuring: [Action] = [
    Action(
      "spikes-capacity", .spikes,
      "Measures what the network remembers as it is now, on a copy: C(d), C, S and 𝓔 = C/S; or over that many inputs.",
      keys: ["c"], in: view, argument: "[INPUTS]", hint: { _ in "measure C, S, 𝓔" }, when: runs
    ) { scene, argument in
      guard let inputs = number(argument, usual: 2_000, in: 200...100_000) else {
        scene.say("capacity takes a number of inputs from 200 to 100000, for example capacity 2000.", isError: true)
        return []
      }
      return [
        .begin(
          ActivityMaker("the capacity of the network as it is") { context in
            try CapacityMeasurement(of: newest(context), measured: inputs)
          })
      ]
    },
    Action(
      "spikes-search", .spikes,
      "Looks for a network that remembers longer with fewer spikes, by Bayesian search; or over that many networks.",
      keys: ["o"], in: view, argument: "[NETWORKS]",
      hint: { $0.spikeSearch == nil ? "more memory, fewer spikes" : nil },
      when: runs
    ) { scene, argument in
      guard let trials = number(argument, usual: 40, in: 4...2_000) else {
        scene.say("search takes a number of networks from 4 to 2000, for example search 40.", isError: true)
        return []
      }
      scene.views.pictures[SpikesView.name] = "search"
      return [
        .begin(
          ActivityMaker("the search for more memory with fewer spikes") { context in
            let live = try newest(context)
            return try MemorySearch(from: live.run, trials: trials, seed: live.run.seed)
          })
      ]
    },
    Action(
      "spikes-adopt", .spikes, "Runs the best network that the search has found until now.", keys: ["a"], in: view,
      hint: { $0.spikeSearch?.best == nil ? nil : "run the best" },
      when: { $0.spikeSearch?.best != nil && !$0.session.readOnly }
    ) { scene, _ in
      scene.views.pictures[SpikesView.name] = "live"
      return [
        .begin(
          ActivityMaker("the best network found") { context in
            guard let run = context.activities.lazy.compactMap({ ($0 as? MemorySearch)?.bestRun() }).last else {
              throw ActivityError("The search has found no network yet: wait for one.")
            }
            return try LiveSpikes(run)
          })
      ]
    },
  ]

  private static func newest(_ context: ActivityContext) throws -> LiveSpikes {
    guard let live = context.activities.compactMap({ $0 as? LiveSpikes }).last else {
      throw ActivityError("No spiking network runs: begin one with :spikes.")
    }
    return live
  }
}

extension Substring {
  fileprivate var trimmingBlanks: String { filter { $0 != " " } }
}
