#!/bin/sh
# Captures of every view at 80x24 and 160x48 in braille, ASCII and without colours, from a real terminal (of tmux), into
# a folder: Tests/captures.sh PROGRAM FOLDER [ARGUMENTS…]. Each NAME.txt as it looks, NAME.ansi with its colours.
[ $# -ge 2 ] || { echo "usage: $0 PROGRAM FOLDER [ARGUMENTS…]" >&2; exit 2; }
program=$(realpath "$1"); folder=$2; shift 2
mkdir -p "$folder" || exit 1
socket=ganglion-captures-$$
state=$(mktemp -d)
trap 'tmux -L $socket kill-server 2>/dev/null; rm -rf "$state"' EXIT INT TERM

# Waits until so many keys have had their effect, which the program tells in a file.
settled() {
  tries=0
  while [ "$(cat "$state/settled" 2>/dev/null || echo -1)" -lt "$1" ]; do
    tries=$((tries + 1))
    [ $tries -gt 1000 ] && { echo "waited in vain for key $1" >&2; exit 1; }
    sleep 0.02
  done
}

for size in 80x24 160x48; do
  for tier in braille ascii nocolour; do
    case $tier in braille) flag= ;; ascii) flag=--ascii ;; nocolour) flag=--no-color ;; esac
    rm -f "$state/settled"
    tmux -L $socket -u -f /dev/null new-session -d -x "${size%x*}" -y "${size#*x}" \
      "LC_ALL=C.UTF-8 TERM=tmux-256color XDG_STATE_HOME='$state' GANGLION_SETTLED='$state/settled' '$program' explore $flag $*"
    settled 0
    # Some seconds of training, so that there is something to see.
    sleep 4
    keys=0
    for view in dashboard circuit states synapses coefficients learning; do
      keys=$((keys + 1))
      tmux -L $socket send-keys "$keys"
      settled $keys
      sleep 0.2
      tmux -L $socket capture-pane -p >"$folder/$view-$size-$tier.txt"
      tmux -L $socket capture-pane -e -p >"$folder/$view-$size-$tier.ansi"
    done
    keys=$((keys + 1))
    tmux -L $socket send-keys '?'
    settled $keys
    tmux -L $socket capture-pane -p >"$folder/help-$size-$tier.txt"
    tmux -L $socket kill-server
  done
done
ls "$folder" | wc -l
