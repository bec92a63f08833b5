import Experiments
import Learning

// What runs beside the screen: prepared, begun, followed, and its networks opened.

extension ExplorerProgram {
  func prepare(_ maker: ActivityMaker) {
    let context = ActivityContext(
      source: sessions.current.setup.source, activities: activities.all, make: options.activity)
    if activities.prepare(maker, context, waker: backend.waker) {
      scene.say("\(Self.preparing)\(maker.title) …")
    } else {
      scene.say("Something is being prepared; wait until it is there.", isError: true)
    }
  }

  /// Begins it and shows its picture.
  func begin(_ activity: any Activity) {
    // Both would share the cores, and the times that the activity measures would be too long.
    if activity.needsCores, scene.session.askedToTrain ?? scene.isTraining { activities.hold(sessions.current.number) }
    activities.begin(activity)
    if scene.message?.text.hasPrefix(Self.preparing) == true { scene.message = nil }
    scene.activities = activities.states
    if let view = scene.beside.last?.report.picture?.view, Views.named(view) != nil {
      (scene.look.focus, scene.look.zoomed) = (view, true)
    }
    pacer.needsFrame = true
  }

  private static let preparing = "Preparing: "

  /// Has the set-up that is looked at train, at once or when nothing needs the cores any more.
  func train() {
    let session = sessions.current
    session.wantsTraining = true
    if activities.needsCores { activities.hold(session.number) } else { session.send(.resume) }
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
    let found = activities.poll(time, shown: shownViews)
    activities.letGo()
    scene.session.waitsFor = activities.waits(sessions.current.number)
    guard let news = found else { return }
    scene.activities = activities.states
    if news.rings { backend.ring() }
    for problem in news.problems { scene.say(problem, isError: true) }
    pacer.needsFrame = true
  }

  /// The names of the views on the screen.
  var shownViews: [String] {
    Frame.panes(scene, width: backend.size.width, height: backend.size.height).map(\.view.name)
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
