import Experiments
import Learning

// Another set-up instead of the present one, which is kept and can be returned to.

extension ExplorerProgram {
  /// Makes the present set-up's recipe with one thing changed.
  func begin(_ change: RecipeChange) {
    let (recipe, make) = (sessions.current.setup.recipe, options.make)
    begin(SetupMaker(change.title) { try make(recipe.applying(change)) })
  }

  /// The present set-up from its first step on.
  func begin(restart setup: Setup) { begin(SetupMaker("the first step") { setup }) }

  /// Makes a set-up on a queue of its own; keys and training go on meanwhile.
  func begin(_ maker: SetupMaker) {
    if let title = sessions.openingTitle {
      scene.say("\(title) is being opened; wait until it is there.", isError: true)
      return
    }
    sessions.open(maker, waker: backend.waker)
    scene.message = .init(text: "Opening \(maker.title) …", isError: false, until: .infinity)
  }

  /// Puts what was made in the present one's place, or says why nothing came of it.
  func install(_ result: Result<ExplorerSession, any Error>, title: String) {
    pacer.needsFrame = true
    switch result {
    case .failure(let error):
      forking = nil
      scene.say("\(error)", isError: true)
    case .success(let new):
      let old = sessions.current
      let trains = old.wantsTraining
      if old.endTold { old.wantsTraining = false }
      old.rest()
      sessions.add(new)
      keep(new)
      lookAnew(after: old)
      if trains { train() }
      scene.say("Opened \(title): \(scene.model.kind.title) learns \(scene.task.name). :back returns.")
      settleFork(new)
    }
    tellOthers()
  }

  /// Goes to an earlier or later set-up.
  func switchSetup(by offset: Int) {
    let old = sessions.current
    guard sessions.openingTitle == nil, sessions.move(by: offset) else {
      scene.say("There is no \(offset < 0 ? "earlier" : "later") set-up to go to.", isError: true)
      return
    }
    old.rest()
    lookAnew(after: old)
    if sessions.current.wantsTraining { train() }
    scene.say(
      "Set-up \(sessions.index + 1) of \(sessions.all.count): \(scene.model.kind.title) learns \(scene.task.name), as it "
        + "was left.")
    tellOthers()
  }

  /// What a new set-up needs that has its number: it is saved in case of need, and its training stands among what runs.
  func keep(_ session: ExplorerSession) {
    autosaver?.follow(session, saver, time)
    activities.follow(session.trainer, of: session.number, kept: sessions.all.map(\.number))
    scene.activities = activities.states
  }

  /// Looks at the current set-up in the way in which another one was looked at.
  private func lookAnew(after old: ExplorerSession) {
    activities.forgetHeld()
    scene.adoptLook(of: old.scene)
    scene.activities = activities.states
    sessions.current.takeNews()
    sessions.current.player.forgetTime()
    drawnVersion = scene.snapshot.version
    reading.beginAnew()
    drawingCost = nil
    backend.redraw()
  }

  /// After a played run: tells that it ended, and opens the one that was recorded after it.
  func playNext() {
    let session = sessions.current
    guard !session.endTold else { return }
    session.endTold = true
    let following = session.setup.following
    session.wantsTraining = !following.isEmpty
    scene.say("The recorded run ended here, at step \(scene.snapshot.step); space goes on from it.")
    guard let next = following.first else { return }
    let threads = session.setup.options.threads
    begin(
      SetupMaker("the next recorded run, \(next.header.recipe.data?.title ?? "")") {
        // There is one: `following` is not empty.
        try CommandLog.played(following, threads: threads)!
      })
  }

  /// What the scene has to know about the set-ups that it does not show.
  func tellOthers() {
    scene.session.otherUnsavedSeconds = sessions.others.reduce(0) { $0 + $1.scene.unsavedSeconds }
    tellRelatives()
    (scene.session.hasEarlier, scene.session.hasLater) = (sessions.hasEarlier, sessions.hasLater)
    pacer.needsFrame = true
  }
}
