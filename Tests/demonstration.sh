#!/usr/bin/env bash
# Whether the default demonstration gets better while one watches: trains the default task with what it suggests for
# training without an end (TaskData.Suggestion.openEnded), for the steps of five minutes, seeds 1–5 one after the other, and prints held-out loss against time, the last loss over the best, what
# the last state (not the best) reaches, and how many synapses stand closed. Fails where a seed misses a bound.
#
#     Tests/demonstration.sh [PROGRAM [FOLDER [OPTION…]]]
#
# FOLDER keeps logs and states; a seed whose log stands there is not trained again. OPTIONs go to `ganglion train`.
# STEPS: five minutes of the explorer on two cores (600 000 at 2 000 steps a second). SEEDS, THREADS: as named.
set -euo pipefail
home=$(cd "$(dirname "$0")/.." && pwd)
program=$(realpath "${1:-$home/.build/release/ganglion}")
folder=${2:-}
shift $(($# < 2 ? $# : 2))
if [ -z "$folder" ]; then
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
fi
mkdir -p "$folder"
steps=${STEPS:-600000}
seeds=${SEEDS:-1 2 3 4 5}
for seed in $seeds; do
  name="$folder/seed-$seed"
  if [ -e "$name.jsonl" ]; then continue; fi
  nice -n 19 "$program" train --task household --seed "$seed" --threads "${THREADS:-1}" --steps "$steps" --json \
    --learning-rate 0.000022 --schedule cosine:400000 \
    --out "$name.safetensors" "$@" > "$name.part"
  mv "$name.part" "$name.jsonl"
done
# The held-out part, as recorded, for the states that the last network goes through.
awk -F, 'NR == 1 { print "active,reactive,volts" } NR > 1 + 10 * 1440 { print $2 "," $3 "," $4 }' \
  "$home/assets/data/household-minute.csv" > "$folder/held-out.csv"
for seed in $seeds; do
  name="$folder/seed-$seed"
  "$program" evaluate --load "$name.checkpoint.safetensors" --json > "$name.last.json"
  "$program" run --load "$name.checkpoint.safetensors" --input "$folder/held-out.csv" --json > "$name.states.json"
done
exec python3 "$home/Tests/demonstration.py" "$folder" $seeds
