import Dispatch
import Learning

// Another set-up in the place of the present one, which is kept and can be returned to.

extension ExplorerProgram {
  /// Set-ups that are kept at most; the oldest is let go of first.
  static let keptRuns = 8

  /// Makes what is asked for in addition to what the present set-up was asked for.
  func begin(_ request: SetupRequest) {
    let whole = request.over(current.setup.request)
    let make = options.make
    begin(
      SetupMaker(request.title) {
        var setup = try make(whole)
        setup.request = whole
        return setup
      })
  }

  /// The present set-up from its first step on.
  func begin(restart setup: ExplorerSetup) { begin(SetupMaker("the first step") { setup }) }

  /// Makes a set-up on a queue of its own; keys and training go on meanwhile.
  func begin(_ maker: SetupMaker) {
    guard opening == nil else {
      scene.say("\(opening?.title ?? "") is being opened; wait until it is there.", isError: true)
      return
    }
    let opening = ExplorerSession.Opening(maker)
    self.opening = opening
    scene.message = .init(text: "Opening \(maker.title) …", isError: false, until: .infinity)
    let waker = backend.waker
    DispatchQueue.global(qos: .userInitiated).async { opening.make(maker, waker: waker) }
  }

  /// Puts what was made in the present one's place, or says why nothing came of it.
  func install(_ result: Result<ExplorerSession, any Error>) {
    let title = opening?.title ?? ""
    opening = nil
    needsFrame = true
    switch result {
    case .failure(let error): scene.say("\(error)", isError: true)
    case .success(let new):
      new.number = (sessions.map(\.number).max() ?? 0) + 1
      let trains = current.wantsTraining
      if current.endTold { current.wantsTraining = false }
      sessions.append(new)
      leave(for: sessions.count - 1)
      if sessions.count > Self.keptRuns {
        let oldest = sessions.removeFirst()
        _ = oldest.trainer.finish()
        forgotten.append(oldest.record)
        place -= 1
      }
      if trains { send(.resume) }
      scene.say("Opened \(title): \(scene.model.kind.title) learns \(scene.task.name). :back returns.")
    }
    tellOthers()
  }

  /// Goes to an earlier or later set-up.
  func turn(by offset: Int) {
    let target = place + offset
    guard opening == nil, sessions.indices.contains(target) else {
      scene.say("There is no \(offset < 0 ? "earlier" : "later") set-up to go to.", isError: true)
      return
    }
    leave(for: target)
    if current.wantsTraining { current.trainer.send(.resume) }
    scene.say(
      "Set-up \(place + 1) of \(sessions.count): \(scene.model.kind.title) learns \(scene.task.name), as it was left.")
    tellOthers()
  }

  /// Lets the present set-up rest and looks at another one in the same way.
  private func leave(for target: Int) {
    current.takeNews()
    current.trainer.send(.pause)
    let old = scene
    place = target
    scene.adoptLook(of: old)
    current.takeNews()
    current.owedSteps = 0
    drawnVersion = scene.snapshot.version
    (lastStiffness, drawingCost) = (-.infinity, nil)
    backend.redraw()
  }

  /// After a played run: tells that it ended, and opens the one that was recorded after it.
  func playNext() {
    guard !current.endTold else { return }
    current.endTold = true
    current.wantsTraining = current.setup.next != nil
    scene.say("The recorded run ended here, at step \(scene.snapshot.step); space goes on from it.")
    if let next = current.setup.next { begin(next.described) }
  }

  /// What the scene has to know about the set-ups that it does not show.
  private func tellOthers() {
    let others = sessions.indices.filter { $0 != place }
    scene.otherUnsavedSeconds = others.reduce(0) { $0 + sessions[$1].scene.unsavedSeconds }
    (scene.hasEarlier, scene.hasLater) = (place > 0, place + 1 < sessions.count)
    needsFrame = true
  }
}
