import Experiments
import Learning

// What runs beside the screen: prepared, begun, followed, and its networks opened.

extension ExplorerProgram {
  func prepare(_ maker: ActivityMaker) {
    let context = ActivityContext(source: sessions.current.setup.source, make: options.activity)
    if activities.prepare(maker, context, waker: backend.waker) {
      scene.say("Preparing: \(maker.title) …")
    } else {
      scene.say("Something is being prepared; wait until it is there.", isError: true)
    }
  }

  /// Begins it and shows its picture.
  func begin(_ activity: any Activity) {
    // Both would share the cores, and the times that the activity measures would be too long.
    if activity.needsCores, scene.isTraining { sessions.current.send(.pause) }
    activities.begin(activity)
    scene.activities = activities.states
    if let view = scene.activities.last?.report.picture?.view, Views.named(view) != nil {
      (scene.look.focus, scene.look.zoomed) = (view, true)
    }
    pacer.needsFrame = true
  }

  /// Brings what the scene knows of activities up to the present.
  func followActivities(_ time: Double) {
    if let result = activities.takePrepared() {
      pacer.needsFrame = true
      switch result {
      case .success(let activity): begin(activity)
      case .failure(let error): scene.say(options.describe(error), isError: true)
      }
    }
    guard let problems = activities.look(time) else { return }
    scene.activities = activities.states
    for problem in problems { scene.say(problem, isError: true) }
    pacer.needsFrame = true
  }

  /// Opens a network that an activity has trained.
  func openNetwork(_ id: Int, _ name: String, title: String) {
    guard let activity = activities.activity(id) else { return }
    let threads = sessions.current.setup.options.threads
    begin(
      SetupMaker(title) {
        var setup = try activity.network(name)
        setup.options.threads = threads
        return setup
      })
    (scene.look.focus, scene.look.zoomed) = (Views.home, false)
  }
}
