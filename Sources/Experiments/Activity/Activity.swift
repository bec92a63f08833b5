import Learning

/// Something that runs beside the screen: it trains, compares, searches or waits for a machine far away, on queues of its
/// own, while someone looks at something else.
///
/// Nothing that follows an activity knows which one it is: the explorer keeps a list of them, shows what each says of
/// itself, and lets a person pause or end it. To add one, make a type that conforms, in a file of its own, and name it in
/// one line where words of a command line become activities; a view that draws its ``ActivityReport/picture`` is optional.
///
/// All of it may be called from any thread. None of it waits for work that is under way.
public protocol Activity: AnyObject, Sendable {
  /// Counts up whenever ``report()`` would say something new. Cheap, for it is asked many times a second.
  var version: Int { get }

  /// What there is to be said at this moment, whole.
  func report() -> ActivityReport

  /// Begins, or goes on after ``pause()``; nothing where it runs or is over.
  func start()

  /// Rests as soon as it can, until ``start()``; nothing where it does not run.
  func pause()

  /// Ends it for good. What is done stays.
  func cancel()

  /// Whether it wants this machine's cores, so that training beside it would take them away from it.
  var needsCores: Bool { get }

  /// Seconds between two looks at it that somebody notices, while it runs and its picture is on the screen.
  var interval: Double { get }

  /// Does what a person asks of it in its own terms, as soon as it can; nothing where it does not know such a command.
  func perform(_ command: any ActivityCommand)

  /// A network that it has trained, by the name under which its picture lists it. Costly: not for the drawing thread.
  ///
  /// - Throws: ``CircuitError`` where there is none, or not yet.
  func network(_ name: String) throws -> Setup
}

extension Activity {
  public var needsCores: Bool { true }
  public var interval: Double { 0.25 }
  public func perform(_ command: any ActivityCommand) {}

  public func network(_ name: String) throws -> Setup {
    throw ActivityError("\(report().title) has no network '\(name)' that could be opened.")
  }
}

/// Something that only one kind of activity understands.
public protocol ActivityCommand: Sendable, Equatable {}

/// Where an activity stands.
public enum ActivityStatus: Sendable, Equatable {
  /// Not begun.
  case waiting
  case running, paused, finished
  /// Ended before everything was done.
  case cancelled
  /// With the sentence that says why, and what to do.
  case failed(String)

  /// Whether nothing will come any more.
  public var isOver: Bool {
    switch self {
    case .finished, .cancelled, .failed: true
    case .waiting, .running, .paused: false
    }
  }
}

/// What an activity says of itself at one moment: a value.
public struct ActivityReport: Sendable {
  /// What it is, in few words: "comparison on power".
  public var title: String
  public var status: ActivityStatus
  /// 0…1; `nil` where it is not known.
  public var share: Double?
  /// One line: "42 %, about 3 min left".
  public var progress: String
  /// What went wrong without ending it, a sentence.
  public var problem: String?
  /// What a view draws.
  public var picture: ActivityPicture?
  /// Counts up with everything that is to be heard.
  public var bells = 0

  public init(
    title: String, status: ActivityStatus, share: Double? = nil, progress: String = "", problem: String? = nil,
    picture: ActivityPicture? = nil
  ) {
    (self.title, self.status, self.share) = (title, status, share)
    (self.progress, self.problem, self.picture) = (progress, problem, picture)
  }
}

/// A value, and the name of the view that knows how to draw it. A view shows one activity at a time, or one for each part
/// of what it shows.
public struct ActivityPicture: Sendable {
  public var view: String
  public var part: String
  public var value: any Sendable

  public init(view: String, part: String = "", _ value: any Sendable) {
    (self.view, self.part, self.value) = (view, part, value)
  }

  /// Whether only one of the two can be shown.
  public func replaces(_ other: ActivityPicture?) -> Bool { view == other?.view && part == other?.part }
}

/// Why an activity cannot do what it was asked for, a sentence.
public struct ActivityError: Error, Sendable, CustomStringConvertible {
  public var description: String
  public init(_ sentence: String) { description = sentence }
}
