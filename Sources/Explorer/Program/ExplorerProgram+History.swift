import Learning

// Looking back: going where a key, the mouse or time wants to go, and keeping what then is compared with.

extension ExplorerProgram {
  /// How often what is compared with follows a network that trains, s.
  private static let referenceInterval = 0.5

  /// Goes to the moment that is sought, walks on where the past is played, and keeps the reference up to date.
  ///
  /// - Returns: whether something is shown that was not.
  func followHistory(_ elapsed: Double, time: Double) -> Bool {
    guard let history = scene.past.history else { return false }
    var goal = scene.past.sought
    scene.past.sought = nil
    if goal == nil, scene.past.playback.isRunning { goal = walk(elapsed) }
    if let goal { go(goal, history) }
    let isNew = followReference(time)
    return goal != nil || isNew
  }

  private func go(_ goal: Past.Goal, _ history: WeightHistory) {
    switch goal {
    case .now:
      guard scene.isLookingBack else { return }
      scene.lookAtNow()
      scene.say("This is now again: step \(scene.snapshot.step).")
    case .step(let step):
      guard let state = history.state(at: step) else {
        scene.say("Nothing is recorded yet: the first step of training is the first moment.", isError: true)
        return
      }
      scene.lookBack(at: state)
    }
    scene.past.moments = history.moments
    updateReference()
    sessions.current.player.rerun(&scene)
    updateReading(time: now())
  }

  /// The moment to which time has brought the playback; now where the past is at its end.
  private func walk(_ elapsed: Double) -> Past.Goal? {
    scene.past.playback.owed += scene.past.playback.speed * elapsed
    let count = Int(scene.past.playback.owed)
    guard count > 0, let shown = scene.past.shown?.moment else { return nil }
    scene.past.playback.owed -= Double(count)
    let moments = scene.past.moments
    guard let index = moments.firstIndex(where: { $0.step > shown.step }) else {
      scene.past.playback.isRunning = false
      return .now
    }
    return .step(moments[min(index + count - 1, moments.count - 1)].step)
  }

  /// What then is compared with, by what is pinned; run over the same data when it is another one.
  private func updateReference() {
    guard let wanted = scene.wantedReference else {
      scene.past.reference = nil
      return
    }
    scene.past.reference = Past.Reference(
      step: wanted.step, isPin: wanted.isPin, values: wanted.values, connections: wanted.connections)
  }

  /// Whether the reference is a newer one by this: now moves on while it is compared with, a pin is put and let go.
  private func followReference(_ time: Double) -> Bool {
    let wanted = scene.wantedReference
    guard wanted?.step != scene.past.reference?.step || wanted?.isPin != scene.past.reference?.isPin else {
      return false
    }
    let isMoving = wanted?.isPin == false && scene.past.reference?.isPin == false
    if isMoving, time - lastReference < Self.referenceInterval { return false }
    lastReference = time
    updateReference()
    sessions.current.player.rerunReference(&scene)
    return true
  }

  /// Training that goes on from a moment of the past, in a set-up of its own beside this one.
  func fork(at state: WeightHistory.State, _ commands: [Command]) {
    let (setup, trainer, number) = (sessions.current.setup, sessions.current.trainer, sessions.current.number)
    guard sessions.openingTitle == nil else {
      scene.say("\(sessions.openingTitle ?? "") is being opened; wait until it is there.", isError: true)
      return
    }
    forking = (number, state.moment.step, commands)
    begin(
      SetupMaker("the fork of step \(state.moment.step)") {
        var fork = setup
        fork.progress = trainer.progress().fork(at: state, batch: setup.options.batch)
        fork.recipe.start = .fork(
          "step \(state.moment.step) of \(setup.model.kind.title) learning \(setup.task.name)")
        fork.recipe.commands = []
        (fork.start, fork.checkpoint, fork.script, fork.end, fork.following) = (nil, nil, [], nil, [])
        return fork
      })
  }

  /// Once the fork is looked at: knows its trunk, and does what was to be done there.
  func settleFork(_ new: ExplorerSession) {
    guard let forking else { return }
    self.forking = nil
    new.trunk = (forking.trunk, forking.step)
    for command in forking.commands { new.send(command) }
    scene.say(
      "This is a fork of step \(forking.step): values, masks and learning rate of then, the optimiser's memory begins anew. "
        + "b returns to its trunk.")
  }

  /// Tells the scene of the networks that share its past.
  func tellRelatives() {
    let current = sessions.current
    var relatives: [Past.Relative] = []
    for session in sessions.all where session !== current {
      if let trunk = current.trunk, trunk.number == session.number {
        relatives.append(.init(name: "trunk", step: trunk.step, snapshot: session.scene.newest))
      } else if let trunk = session.trunk, trunk.number == current.number {
        relatives.append(.init(name: "fork \(session.number)", step: trunk.step, snapshot: session.scene.newest))
      }
    }
    scene.past.relatives = relatives
  }
}
