"""Reads what Tests/demonstration.sh made: a table of held-out loss against time, bounds, and closed synapses."""

import array
import csv
import json
import math
import statistics
import struct
import sys

SECONDS = [1, 3, 10, 30, 60, 120, 180, 240, 300]
# last ÷ best held-out loss at most, the heater's balanced accuracy at least, share of closed synapses below.
RATIO, HEATER, CLOSED = 1.05, 0.90, 1 / 3


def tensors(path):
    """The file's Float tensors by name, without their prefix, and its metadata."""
    data = open(path, "rb").read()
    (size,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + size])
    found = {}
    for name, entry in header.items():
        if name != "__metadata__" and entry["dtype"] == "F32":
            first, end = entry["data_offsets"]
            found[name.removeprefix("rnn_cell.")] = array.array("f", data[8 + size + first : 8 + size + end])
    return found, header["__metadata__"]


def logistic(x):
    return 1 / (1 + math.exp(-x)) if x > -700 else 0.0


def synapses(name, rows):
    """Of every present synapse: mean activation s, largest conductance w·s; and over all synapses and minutes the
    share with s < 0.01 (what the matrix marks as closed) and of conductances below a tenth of the largest weight."""
    values, metadata = tensors(f"{name}.checkpoint.safetensors")
    channels = json.loads(metadata["origin"])["inputs"]
    states = json.load(open(f"{name}.states.json"))["state"]
    inputs = [
        [
            values["input_w"][k] * (float(x) - channel["offset"]) / channel["scale"] + values["input_b"][k]
            for k, (x, channel) in enumerate(zip(row, channels))
        ]
        for row in rows
    ]
    neurons = len(values["cm"])
    largest = max(
        w for p, m in (("", "sparsity_mask"), ("sensory_", "sensory_sparsity_mask"))
        for w, mask in zip(values[p + "w"], values[m]) if mask
    )
    means, peaks, shut, below, count = [], [], 0, 0, 0
    for prefix, source in (("", states), ("sensory_", inputs)):
        parts = (values[prefix + part] for part in ("sparsity_mask", "w", "mu", "sigma"))
        for index, (mask, w, mu, sigma) in enumerate(zip(*parts)):
            if not mask:
                continue
            activations = [logistic(sigma * (y[index // neurons] - mu)) for y in source]
            means.append(statistics.fmean(activations))
            peaks.append(max(w, 0) * max(activations))
            shut += sum(s < 0.01 for s in activations)
            below += sum(w * s < largest / 10 for s in activations)
            count += len(activations)
    return means, peaks, shut / count, below / count


def main(folder, seeds):
    rows = list(csv.reader(open(f"{folder}/held-out.csv")))[1:]
    table, failed = [], False
    print("seed  " + "".join(f"{s:>6} s" for s in SECONDS) + "    best  at step  last/best  heater  kitchen  laundry  "
          "synapses  closed  s < 0.01  below a tenth")
    for seed in seeds:
        name = f"{folder}/seed-{seed}"
        lines = [json.loads(line) for line in open(f"{name}.jsonl")]
        curve = [(line["step"], line["heldOut"]) for line in lines if "done" not in line]
        steps = curve[-1][0]
        moments = [min(curve, key=lambda m: abs(m[0] - s / 300 * steps))[1] for s in SECONDS]
        at, best = min(curve, key=lambda m: m[1])
        metrics = json.load(open(f"{name}.last.json"))["metrics"]
        told = [metrics[f"balancedAccuracy {label}"] for label in ("heater", "kitchen", "laundry")]
        means, peaks, shut, below = synapses(name, rows)
        closed = sum(s < 0.01 or g < 0.01 * max(peaks) for s, g in zip(means, peaks)) / len(means)
        ratio = moments[-1] / best
        table.append([*moments, best, ratio, *told, closed, shut, below])
        print(f"{seed:>4}  " + "".join(f"{m:8.3f}" for m in moments) + f"  {best:6.3f}  {at:>7}  {ratio:9.3f}  "
              f"{told[0]:6.3f}  {told[1]:7.3f}  {told[2]:7.3f}  {len(means):>8}  {closed:6.2f}  {shut:8.2f}  {below:13.2f}")
        failed |= not (ratio <= RATIO and told[0] >= HEATER and closed < CLOSED)
    columns = list(zip(*table))
    for title, of in (("mean", statistics.fmean), ("±", lambda c: statistics.stdev(c) if len(c) > 1 else 0.0)):
        value = [of(column) for column in columns]
        print(f"{title:>4}  " + "".join(f"{v:8.3f}" for v in value[:-8]) + f"  {value[-8]:6.3f}  {'':7}  {value[-7]:9.3f}  "
              f"{value[-6]:6.3f}  {value[-5]:7.3f}  {value[-4]:7.3f}  {'':8}  {value[-3]:6.2f}  {value[-2]:8.2f}  {value[-1]:13.2f}")
    print(f"{steps} steps stand for 300 s. Bounds for every seed: last/best ≤ {RATIO}, heater ≥ {HEATER:.2f}, closed < 1/3: "
          + ("missed." if failed else "kept."))
    return failed


sys.exit(main(sys.argv[1], sys.argv[2:]))
