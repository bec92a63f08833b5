import Foundation
import Terminal

// Writing files, which nobody waits for before the end.

extension ExplorerProgram {
  /// Has the best or the newest state written; a file that is there already only after a question, for that cannot be
  /// undone.
  func write(_ path: String, newest: Bool, overwriting: Bool) {
    if !overwriting, FileManager.default.fileExists(atPath: path) {
      scene.mode = .confirm(
        question: "\(path) is there already. enter writes over it, which cannot be undone; esc keeps it.",
        then: [.overwrite(path, newest: newest)])
      return
    }
    scene.message = .init(text: "Writing \(path) …", isError: false, until: .infinity)
    saver.save(sessions.current, to: path, newest: newest, .asked)
  }

  /// Lets training be saved in case of need where that is worth it, and tells what came of what was written.
  func followSaves() {
    for session in sessions.all {
      session.autosave?.isWanted = session.scene.unsavedSeconds > Autosaver.least
    }
    for (request, result) in saver.takeDone() {
      pacer.needsFrame = true
      switch request.reason {
      case .asked: tellSaved(request, result)
      case .periodic:
        if let told = autosaver?.told(result) {
          scene.say(told.sentence, isError: told.isError)
        }
      case .leaving:
        if case .success = result { keptIn.append(request.path) }
      }
    }
  }

  private func tellSaved(_ request: Saver.Request, _ result: Result<Void, any Error>) {
    switch result {
    case .success:
      if request.path.hasSuffix(".safetensors") || !request.newest {
        // It may have been let go of meanwhile.
        let session = sessions.all.first { $0.number == request.number }
        session?.scene.session.savedSeconds = request.trainedSeconds
        tellOthers()
      }
      scene.say("\(request.newest ? "The newest state" : "The best model so far") is in \(request.path).")
    case .failure(let error): scene.say("\(error)", isError: true)
    }
  }

  /// Ends everything. What is being written is waited for, with a sentence on the screen; who does not want to wait
  /// presses ctrl-c.
  func leave(_ end: ExplorerEnd) -> ExplorerEnd {
    activities.cancelAll()
    if end != .quit, let path = options.autosave {
      // A file for every set-up that was trained and not saved.
      for session in sessions.all where session.scene.unsavedSeconds > 0.5 {
        saver.save(session, to: path.numbered(session.number), .leaving)
      }
    }
    let ended = Pending<Bool>()
    queue.async { [queue, trainers = sessions.all.map(\.trainer), waker = backend.waker] in
      for trainer in trainers { _ = trainer.finish() }
      // Behind what their last measurements may have had saved.
      queue.async {
        ended.put(true)
        waker.wake()
      }
    }
    // Pictures that are asked for by number show no farewell.
    waitUntil(ended, hasScreen: end != .hangup && options.frames == nil)
    followSaves()
    // What was sent in the last moment has been answered by now.
    if ended.newest == true { for session in sessions.all { session.takeNews() } }
    return end
  }

  private func waitUntil(_ ended: Pending<Bool>, hasScreen: Bool) {
    var hasScreen = hasScreen
    while ended.newest != true {
      // Without a terminal there is nobody to tell, and nobody who could press a key.
      guard hasScreen else {
        queue.sync {}
        continue
      }
      let events = backend.waitForEvents(timeoutMilliseconds: 150)
      if events.contains(where: { [.interrupt, .key(.control("c"))].contains($0) }) { return }
      hasScreen = !events.contains(.hangup)
      if !events.isEmpty || ended.newest == true { continue }
      let what = saver.paths.first.map { "\($0) is written" } ?? "the present step is made"
      scene.message = .init(text: "Leaving when \(what); ctrl-c leaves now.", isError: false, until: .infinity)
      show()
    }
  }
}
