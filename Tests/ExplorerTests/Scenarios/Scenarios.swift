// The list. Every scenario begins with training under way and ends, unsaid, with q and exit status 0.
extension Scenario {
  static let all: [Scenario] = training + operating + looking + program

  private static let training = [
    Scenario("it trains from the start", .see("▶ training"), .see("∘ held-out"), .see("lr 0.01")),
    Scenario("space pauses, space goes on", .press("space"), .see("■ paused"), .press("space"), .see("▶ training")),
    Scenario(
      "keys in one breath, the first before training has begun", .press("space", "space", "space"), .see("■ paused"),
      .press("space", "space", "space", "space"), .see("■ paused")),
    Scenario(
      "single steps while paused", .press("space"), .see("■ paused"), .see(". one step"), .press(".", ".", "."),
      .see("■ paused")),
    Scenario(
      "many steps by name", .press("space", ":"), .type("step 40"), .press("enter"), .see("■ paused"), .see("step ")),
    Scenario(
      "the learning rate by keys", .press("+"), .see("The learning rate is 0.0125 now."), .press("-"),
      .see("The learning rate is 0.01 now.")),
    Scenario(
      "the learning rate by name, marked on the curve", .press(":"), .type("learning-rate 0.125"), .press("enter"),
      .see("lr 0.125"), .see("≈ The learning rate is 0.125")),
    Scenario("rewind to the first weights", .press("R"), .see("All values are back at the first ones"), .see("↺")),
    Scenario(
      "nothing changes where one may only look", readOnly: true, .see("■ read-only"), .press("p"),
      .see("This is read-only: nothing can be changed."), .press("space"), .see("■ read-only")),
  ]

  private static let operating = [
    Scenario(
      "cut, take back, cut again", .press("space"), .see("synapse "), .press("p"), .see("× pruned"), .see("Pruned "),
      .press("u"), .see("Undone: prune"), .gone("× pruned  w"), .press("ctrl-r"), .see("Done again: prune"),
      .see("× pruned  w")),
    Scenario("the same key cuts and restores", .press("p"), .see("Pruned "), .press("p"), .see("Restored ")),
    Scenario(
      "freeze and thaw a synapse", .press("f"), .see("❄ frozen  w"), .see("Froze synapse:"), .press("f"),
      .see("Thawed "),
      .gone("❄ frozen  w")),
    Scenario("freeze a whole neuron", .press("esc"), .see("neuron "), .press("F"), .see("❄ frozen")),
    Scenario(
      "freeze a tensor by name: preview, and freeze", .press(":"), .type("freeze mu"), .press("enter"), .see("enter "),
      .press("enter"), .see("Froze mu: ")),
    Scenario(
      "a neuron's synapses: preview, and leave it", .press("space", "esc", "p"), .see("Cut all synapses of"),
      .see("esc leaves everything"), .press("esc"), .see("Nothing was cut.")),
    Scenario(
      "the weakest half: preview, and cut", .press("space", ":"), .type("prune-weakest 0.5"), .press("enter"),
      .see("Cut the weakest"), .press("enter"), .see("Pruned "), .see(" of ")),
    Scenario(
      "type a value", .gone("No step has been made"), .press("space", "e"), .see("new value:"), .type("0.625"),
      .press("enter"), .see("w 0.625"),
      .see("◆")),
    Scenario(
      "a value that cannot be is refused in a sentence", .press("e"), .type("-3"), .press("enter"),
      .see("cannot be -3.0")),
    Scenario("what is no number is refused", .press("e"), .type("abc"), .press("enter"), .see("'abc' is no number")),
    Scenario("think better of it", .press("e"), .type("9"), .press("esc"), .gone("new value:")),
    Scenario(
      "another tensor of the synapse", .press("space", ":"), .type("edit mu 0.25"), .press("enter"), .see("μ 0.25"),
      .press("u"), .see("Undone: edit")),
  ]

  private static let looking = [
    Scenario(
      "every view by its number", .press("2"), .see("2 Circuit"), .press("3"), .see("3 States"), .press("4"),
      .see("4 Conductances"), .press("5"), .see("5 Coefficients"), .press("6"), .see("6 Learning"), .press("1"),
      .see("┌ 5 Coefficients")),
    Scenario("zoom and back", .press("z"), .gone("┌ "), .press("esc"), .see("┌ ")),
    Scenario(
      "from pane to pane", .press("z", "tab"), .see("4 Conductances"), .press("tab"), .see("5 Coefficients"),
      .press("shift-tab"), .see("4 Conductances")),
    Scenario(
      "pictures of the states", .press("3", "v"), .see("States v over time"), .press("v"), .see("phase portrait"),
      .press("V"), .see("States v over time")),
    Scenario(
      "quantities of the synapses", .press("4", "v"), .see("Activations s"), .press("v"), .see("Currents I"),
      .press(":"),
      .type("show sensitivity"), .press("enter"), .see("Sensitivity")),
    Scenario(
      "one form of the coefficients and the other", .press("5"), .see("feature form"), .press("c"),
      .see("conductance form"), .press("c"), .see("feature form")),
    Scenario("linear axes", .press("6", "v"), .see("(linear)"), .press("v"), .see("(log)")),
    Scenario(
      "find a neuron", .press("/"), .type("inter 0"), .press("enter"), .see("neuron inter 0"), .press("right"),
      .see("→inter 0")),
    Scenario(
      "nobody is called that", .press("/"), .type("nobody"), .press("enter"),
      .see("No neuron's or tensor's name contains 'nobody'.")),
    Scenario(
      "pin a moment, see the difference", .press("4", "m"), .see("minus the pinned"), .press("d"),
      .gone("minus the pinned"), .press("m"), .see("The pinned moment is let go")),
    Scenario("fit the ranges", .press("r"), .see("Ranges are fitted")),
    Scenario(
      "quarter blocks, ASCII, braille", .press("g"), .see("quarter blocks"), .press("g"), .see("ASCII letters"),
      .press("g"), .see("braille dots")),
    Scenario("other colours", .press("C"), .see("purple"), .press("C", "C", "C"), .see("blue")),
  ]

  private static let program = [
    Scenario(
      "hold the probe, a moment more, let it run", .press(","), .see("The probe is held"), .press("n", ","),
      .see("The probe runs."), .press("]"), .see("The probe makes 20 steps a second.")),
    Scenario(
      "help tells where one is, searches, and runs", .press("4", "?"), .see("4 synapses: a matrix"), .type("form"),
      .see("conductance form"), .press("esc"), .gone("Keys and commands"), .press("?"), .type("rewind"),
      .see("All values back"), .press("enter"), .see("All values are back")),
    Scenario(
      "the palette completes", .press(":"), .type("rew"), .see("rewind"), .press("tab"), .see(":rewind"),
      .press("enter"), .see("All values are back")),
    Scenario("no such command", .press(":"), .type("zzz"), .press("enter"), .see("There is no command 'zzz'")),
    Scenario("a key that does nothing says so", .press("Z"), .see("The key Z does nothing here")),
    Scenario(
      "the window shrinks and grows", .resize(40, 10), .see("ganglion needs 60×16"), .resize(80, 24), .see("? help"),
      .resize(160, 48), .see("5 Coefficients"), .resize(61, 17), .see("? help")),
    Scenario("what drawing costs", .press("S"), .see("µs drawn"), .press("S"), .gone("µs drawn")),
    Scenario(
      "a small screen has the same keys", size: (80, 24), .see("q quit"), .press("2"), .see("2 Circuit"), .see("into "),
      .press("4"), .see("1 open"), .press("5"), .see("of ∂f/∂x")),
  ]
}
