#!/usr/bin/env bash
# The tests under the sanitizers, each in a build of its own beside the others; silent but for a line each. About half an
# hour on two cores. Fails where one of them warns.
#
#     Tests/sanitizers.sh [thread] [address] [undefined]     all three unless named
#
# thread     trainer, observers, probe, comparisons, and the explorer under a scripted backend.
# address    what reads files, commands and terminal input, the trainer and its checkpoints, the loop of the explorer.
# undefined  the kernels in C, with the address sanitizer too, driven by Tests/sanitizers-kernels.sh.
#
# What is the tool's and not ours:
# - The thread sanitizer cannot see inside Synchronization.Mutex on Linux: a futex word is waited for by a system call that it
#   does not know, and the smallest correct program warns. So the sources are copied and a pthread lock with the same
#   interface stands in the place of Mutex; nothing else is changed.
# - It warns of the standard library's empty array (one shared object whose counts are written by every thread) where
#   DequeModule grows from it; `tests` below names that pattern.
# - The address sanitizer cannot unwind through the curses library: leaks are not looked for (detect_leaks=0).
set -euo pipefail
home=$(cd "$(dirname "$0")/.." && pwd)
work=${SANITIZER_FOLDER:-$(mktemp -d)}
mkdir -p "$work"
chosen=("$@")
if [ ${#chosen[@]} -eq 0 ]; then chosen=(thread address undefined); fi

# A tree like ours in $1, with a build folder that is kept if SANITIZER_FOLDER is.
copy() {
  mkdir -p "$1"
  (cd "$home" && tar -cf - Package.swift Sources Tests/[A-Z]* assets) | tar -xf - -C "$1"
}

pthread_lock() {
  for target in "$1"/Sources/*/ "$1"/Tests/*Tests/; do
    grep -rqw Mutex "$target" --include='*.swift' || continue
    cat > "$target/Mutex.swift" <<'SWIFT'
import Glibc

/// The interface of Synchronization.Mutex over a pthread lock, which the thread sanitizer understands.
final class Mutex<Value: ~Copyable>: @unchecked Sendable {
  private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private var value: Value

  init(_ value: consuming sending Value) {
    self.value = value
    pthread_mutex_init(lock, nil)
  }

  deinit {
    pthread_mutex_destroy(lock)
    lock.deallocate()
  }

  func withLock<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    return try body(&value)
  }
}
SWIFT
  done
}

status=0
check() {
  local name=$1 filter=$2 log=$work/$1.log
  shift 2
  local folder=$work/$name
  copy "$folder"
  if [ "$name" = thread ]; then pthread_lock "$folder"; fi
  if ! (cd "$folder" && "$@" swift test --filter "$filter" "--sanitize=$name") > "$log" 2>&1; then
    status=1
    echo "$name: failed; the end of $log:"
    tail -n 20 "$log"
  fi
  local warnings
  warnings=$(grep -cE 'WARNING: ThreadSanitizer|ERROR: AddressSanitizer|runtime error:' "$log" || true)
  if [ "$warnings" -ne 0 ]; then
    status=1
    grep -m 5 -A 12 -E 'WARNING: ThreadSanitizer|ERROR: AddressSanitizer|runtime error:' "$log"
  fi
  echo "$name: $warnings warnings; $(grep -E 'Test run with' "$log" | tail -n 1)"
}

printf 'race:_swiftEmptyArrayStorage\nrace:_swift_retain_\n' > "$work/known-races"
for name in "${chosen[@]}"; do
  case $name in
    thread)
      check thread 'TrainerTests|ObserverTests|ComparisonTests|DeterminismTests|ProgramTests|SavingTests|LoopPartTests|OpeningTests|ActivityTests' \
        env TSAN_OPTIONS="halt_on_error=0 suppressions=$work/known-races"
      ;;
    address)
      check address 'FormatsTests|ModelFileTests|CheckpointTests|ReplayTests|KeyTests|TrainerTests|ProgramTests|ScenarioTests' \
        env ASAN_OPTIONS=detect_leaks=0
      ;;
    undefined)
      # The kernels with the compiler's own address and undefined-behaviour checks, every public one with odd sizes.
      "$home/Tests/sanitizers-kernels.sh" || status=1
      ;;
    *)
      echo "There is no sanitizer '$name': thread, address, undefined." >&2
      exit 2
      ;;
  esac
done
exit $status
