import Experiments
import Tasks

/// An activity that is still to be made: data have to be read, a plan to be checked. Made away from the drawing thread.
public struct ActivityMaker: Sendable, Equatable {
  /// What the footer says is being prepared: "compare --models ltc,gru".
  public var title: String
  public var make: @Sendable (ActivityContext) throws -> any Activity

  public init(_ title: String, make: @escaping @Sendable (ActivityContext) throws -> any Activity) {
    self.title = title
    self.make = make
  }

  /// From a line as behind `ganglion` on the command line: "compare --models ltc,gru".
  public init(command: String) {
    self.init(command) { try $0.activity(from: command.split(separator: " ").map(String.init)) }
  }

  /// By title: what two closures do cannot be compared.
  public static func == (one: Self, other: Self) -> Bool { one.title == other.title }
}

/// What an activity may be made from.
public struct ActivityContext: Sendable {
  /// The data that are looked at, for whoever names none.
  public var source: DataSource
  /// What runs beside the screen, rests, or is over and still shown, oldest first.
  public var activities: [any Activity]
  private let make: (@Sendable ([String], DataSource) throws -> any Activity)?

  init(
    source: DataSource, activities: [any Activity] = [],
    make: (@Sendable ([String], DataSource) throws -> any Activity)?
  ) {
    (self.source, self.activities, self.make) = (source, activities, make)
  }

  /// - Throws: an error that says which word is wrong.
  public func activity(from words: [String]) throws -> any Activity {
    guard let make else {
      throw ActivityError("\(words.first ?? "This") cannot be done here: use ganglion \(words.first ?? "--help").")
    }
    return try make(words, source)
  }
}
