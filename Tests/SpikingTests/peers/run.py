"""Times `spiking-speed` and brian2 in turns on the same networks, and prints medians and ratios as a table.

    swift build -c release --package-path Tests/SpikingTests/peers
    venv/bin/python Tests/SpikingTests/peers/run.py Tests/SpikingTests/peers/.build/release/spiking-speed [ROUNDS]

The environment is that of Fixtures/make_brian2_spikes.py. Processor time, one thread each; absolute numbers mean
nothing on a shared machine, ratios within one run do.
"""
import os
import re
import statistics
import subprocess
import sys

ours, rounds = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 3
peer = os.path.join(os.path.dirname(os.path.abspath(__file__)), "brian2_peer.py")
environment = dict(os.environ, OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
CASES = [
    ("1000", "100", "none", "current"), ("1000", "100", "equal", "current"), ("1000", "100", "drawn", "current"),
    ("1000", "100", "equal", "conductance"),
]


def seconds(command):
    output = subprocess.run(command, env=environment, capture_output=True, text=True).stdout
    found = re.search(r"rate ([\d.]+) Hz, ([\d.]+) s per s", output)
    return float(found[1]), float(found[2])


print("| N | synapses | STDP | form | ours, s/s (Hz) | brian2 C++ (Hz) | brian2 numpy (Hz) | C++ ÷ ours | numpy ÷ ours |")
print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
for n, k, mode, form in CASES:
    results = {"ours": [], "cpp": [], "numpy": []}
    for turn in range(rounds):
        results["ours"].append(seconds([ours, n, k, "4", mode, form]))
        results["cpp"].append(seconds([sys.executable, peer, "cpp", n, k, "4", mode, form]))
        if turn == 0:
            results["numpy"].append(seconds([sys.executable, peer, "numpy", n, k, "0.5", mode, form]))
    rate = {name: statistics.median(r for r, _ in list_) for name, list_ in results.items()}
    time = {name: statistics.median(t for _, t in list_) for name, list_ in results.items()}
    print(
        f"| {n} | {int(n) * int(k)} | {mode} | {form} | " + " | ".join(f"{time[x]:.3f} ({rate[x]:.1f})" for x in time)
        + f" | {time['cpp'] / time['ours']:.1f} | {time['numpy'] / time['ours']:.0f} |", flush=True,
    )
