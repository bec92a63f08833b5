import Foundation
import Glibc
import Synchronization

/// What a program that was run to its end printed.
struct Finished {
  var status: Int
  var output, errors: String
}

/// Runs a program, found on the path, to its end; its input is empty.
///
/// Foundation's `Process` waits until every descendant has gone, and a tmux server stays.
func run(_ name: String, _ arguments: [String], environment changes: [String: String?] = [:]) throws -> Finished {
  var environment = ProcessInfo.processInfo.environment
  for (key, value) in changes { environment[key] = value }
  let (process, output, errors) = try spawning.withLock { _ in try start(name, arguments, environment) }
  // Both are short, and so neither pipe can fill while the other is read.
  let printed = FileHandle(fileDescriptor: output, closeOnDealloc: true).readDataToEndOfFile()
  let said = FileHandle(fileDescriptor: errors, closeOnDealloc: true).readDataToEndOfFile()
  var status: Int32 = 0
  while waitpid(process, &status, 0) < 0 && errno == EINTR {}
  return Finished(
    status: status & 0x7F == 0 ? Int(status >> 8) & 0xFF : 128 + Int(status & 0x7F),
    output: String(decoding: printed, as: UTF8.self), errors: String(decoding: said, as: UTF8.self))
}

/// One at a time, so that no program inherits the pipes of another, and holds them open for as long as it lives.
private let spawning = Mutex(())

private func start(_ name: String, _ arguments: [String], _ environment: [String: String]) throws -> (
  process: pid_t, output: Int32, errors: Int32
) {
  var (output, errors): ([Int32], [Int32]) = ([-1, -1], [-1, -1])
  guard pipe(&output) == 0, pipe(&errors) == 0 else { throw Failed(errno) }
  for end in output + errors { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
  var actions = posix_spawn_file_actions_t()
  posix_spawn_file_actions_init(&actions)
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
  posix_spawn_file_actions_adddup2(&actions, output[1], 1)
  posix_spawn_file_actions_adddup2(&actions, errors[1], 2)
  // The threads that tests run on block signals, and a server that inherits that could not even be told to end.
  var attributes = posix_spawnattr_t()
  posix_spawnattr_init(&attributes)
  posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
  var none = sigset_t()
  sigemptyset(&none)
  posix_spawnattr_setsigmask(&attributes, &none)
  let words = ([name] + arguments).map { strdup($0) } + [nil]
  let variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
  var process: pid_t = 0
  let problem = posix_spawnp(&process, name, &actions, &attributes, words, variables)
  posix_spawn_file_actions_destroy(&actions)
  posix_spawnattr_destroy(&attributes)
  for text in words + variables { free(text) }
  close(output[1])
  close(errors[1])
  guard problem == 0 else { throw Failed(problem) }
  return (process, output[0], errors[0])
}

struct Failed: Error {
  var reason: String
  init(_ reason: String) { self.reason = reason }
  init(_ number: Int32) { reason = String(cString: strerror(number)) }
}
