import ArgumentParser
import Circuits
import Formats
import Foundation
import Learning
import Spiking
import Tasks
import Terminal

/// Something that went wrong though the command was right: exit status 1.
struct Failure: Error, CustomStringConvertible {
  var description: String
  init(_ description: String) { self.description = description }

  /// Runs `work`; what it throws (a disk that is full) is no wrong use.
  static func unless<Result>(_ work: () throws -> Result) throws -> Result {
    do { return try work() } catch { throw Failure("\(error)") }
  }
}

enum Exit {
  /// Says on standard error what went wrong, one sentence, and gives the exit status. Help is no error.
  static func report(_ error: any Error) -> Int32 {
    switch error {
    case is Failure, is NotFinite:
      Console.error("\(error)")
      return 1
    case let code as ExitCode: return code.rawValue
    case let error as TerminalError:
      Console.error("\(error) Those are train, evaluate, run and inspect; explore --plain tells in sentences.")
      return 2
    case is CircuitError, is TaskError, is FormatError, is LogProblem, is SpikingError:
      Console.error("\(error)")
      return 2
    default:
      let code = Ganglion.exitCode(for: error)
      if code == .success {
        Console.print(Ganglion.fullMessage(for: error))
        return 0
      }
      Console.error(Ganglion.message(for: error))
      return code == .validationFailure ? 2 : 1
    }
  }
}
