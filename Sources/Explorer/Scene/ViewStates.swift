/// What one view remembers beside the scene that all share: a chosen axis, a sorted column, colours as last drawn.
///
/// A view that has such a state names it as its ``View/State``; nothing else has to know it.
public protocol ViewState: Sendable, Equatable {
  init()
  /// Whether it means something for one network only, and so is not taken along to another.
  static var belongsToNetwork: Bool { get }
}

extension ViewState {
  public static var belongsToNetwork: Bool { true }
  fileprivate func equals(_ other: (any ViewState)?) -> Bool { other as? Self == self }
}

/// Of views that remember nothing.
public struct NoState: ViewState {
  public init() {}
}

/// The states of all views, each by its type, and which picture each of them shows.
public struct ViewStates: Sendable, Equatable {
  /// By the view's name; the first picture where there is none.
  public var pictures: [String: String] = [:]
  private var states: [ObjectIdentifier: any ViewState] = [:]

  public init() {}

  subscript<State: ViewState>(_ type: State.Type) -> State {
    get { states[ObjectIdentifier(type)] as? State ?? State() }
    _modify {
      // Taken out meanwhile, so that large states are changed where they are.
      let key = ObjectIdentifier(type)
      var state = states.removeValue(forKey: key) as? State ?? State()
      defer { states[key] = state }
      yield &state
    }
  }

  /// Takes over what goes along to another network.
  mutating func adopt(_ other: ViewStates) {
    pictures = other.pictures
    for (key, state) in other.states where !type(of: state).belongsToNetwork { states[key] = state }
  }

  public static func == (one: Self, other: Self) -> Bool {
    one.pictures == other.pictures && one.states.count == other.states.count
      && one.states.allSatisfy { $0.value.equals(other.states[$0.key]) }
  }
}
