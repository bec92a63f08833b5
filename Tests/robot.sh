#!/bin/sh
# Plays every scenario of Tests/ExplorerTests/Scenarios at a real terminal (of tmux) and prints how long each took.
# With a program's path it is that one that is played.
cd "$(dirname "$0")/.." || exit 1
[ $# -gt 0 ] && GANGLION_EXECUTABLE=$(realpath "$1") && export GANGLION_EXECUTABLE
GANGLION_SCENARIO_TIMES=1 swift test -c release --filter 'TerminalScenarioTests' 2>&1 | grep -E '^[0-9.]+ s  |✘|Test run|Waited|error:'
