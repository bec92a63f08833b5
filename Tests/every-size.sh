#!/usr/bin/env bash
# Draws every view in every telling state at every size from 1×1 to 220×70: minutes of both cores.
set -euo pipefail
cd "$(dirname "$0")/.."
GANGLION_EVERY_SIZE=1 exec swift test -c release --filter WholeSweepTests
