"""Makes brian2-spikes.json: one recurrent network, and every spike that brian2 finds in it, for four kinds of neurons.

    python3 -m venv venv && venv/bin/pip install brian2 "numpy<2.4"
    venv/bin/python make_brian2_spikes.py

100 neurons (80 excite, 20 inhibit), 10 synapses and 2 of 20 inputs onto each, gamma-distributed membrane time constants,
delays of 0 to 3 ms, one second at 0.1 ms. Weights and currents are multiples of 1/4096, so that a Float holds them.
brian2 holds a refractory neuron one step fewer than t_ref/dt: its t_ref is 2 ms + dt where ours is 2 ms. The
conductance form uses brian2's exponential Euler on the *mean* conductance of a step, which is g at its start times a
constant; membranes then follow the same rule as ours.
"""
import json
import os

import brian2 as b
import numpy as np

b.prefs.codegen.target = "numpy"
N, E, K, M, STEPS, DT = 100, 80, 10, 20, 10_000, 0.1
rng = np.random.default_rng(13)


def dyadic(x):
    return np.round(np.asarray(x) * 4096) / 4096


membrane = np.round(rng.gamma(3.0, 10 / 3.0, N) + 0.5, 6)
current = dyadic(rng.uniform(0.7, 1.15, N))
edges = []
for i in range(N):
    for j in rng.choice([k for k in range(N) if k != i], K, replace=False):
        weight = rng.uniform(0.1, 0.5) if j < E else rng.uniform(0.3, 1.2)
        edges.append([int(j), i, float(dyadic(weight)), int(rng.integers(0, 31))])
    for m in rng.choice(M, 2, replace=False):
        edges.append([N + int(m), i, float(dyadic(rng.uniform(0.2, 1.0))), int(rng.integers(0, 2)) * 5])
train = np.argwhere(rng.random((STEPS, M)) < 0.02 * DT)  # 20 Hz: columns step, channel

EQUATIONS = {
    "current": "dv/dt = (-v + I + ge - gi)/tau : 1 (unless refractory)",
    "conductance": "dv/dt = (-v + I + mean_e*ge*(Ee - v) + mean_i*gi*(Ei - v))/tau : 1 (unless refractory)",
}
SHARED = """
dge/dt = -ge/taue : 1
dgi/dt = -gi/taui : 1
tau : second
I : 1
"""


def run(form, reset):
    b.start_scope()
    b.defaultclock.dt = DT * b.ms
    taue, taui = 5 * b.ms, 8 * b.ms
    space = dict(
        taue=taue, taui=taui, Ee=4.0, Ei=-1.0,
        mean_e=float(-np.expm1(-DT / 5) * 5 / DT), mean_i=float(-np.expm1(-DT / 8) * 8 / DT),
    )
    neurons = b.NeuronGroup(
        N, EQUATIONS[form] + SHARED, threshold="v > 1", reset="v = 0" if reset == "rest" else "v -= 1",
        refractory=(2 + DT) * b.ms, method="exact" if form == "current" else "exponential_euler", namespace=space,
    )
    neurons.tau = membrane * b.ms
    neurons.I = current
    inputs = b.SpikeGeneratorGroup(M, train[:, 1], train[:, 0] * DT * b.ms)
    # A conductance of the same weight does more, driven by Ee - v: a quarter keeps the rates alike.
    scale = 1.0 if form == "current" else 0.25
    objects = []
    for source, first, variable, keep in [
        (neurons, 0, "ge", lambda j: j < E), (neurons, 0, "gi", lambda j: E <= j < N), (inputs, N, "ge", lambda j: j >= N),
    ]:
        chosen = [e for e in edges if keep(e[0])]
        synapses = b.Synapses(source, neurons, "w : 1", on_pre=f"{variable}_post += w")
        synapses.connect(i=[e[0] - first for e in chosen], j=[e[1] for e in chosen])
        synapses.w = [e[2] * scale for e in chosen]
        synapses.delay = np.array([e[3] for e in chosen]) * DT * b.ms
        objects.append(synapses)
    monitor = b.SpikeMonitor(neurons)
    network = b.Network(neurons, inputs, monitor, *objects)
    network.run(STEPS * DT * b.ms)
    steps = np.round(monitor.t / b.ms / DT).astype(int)
    order = np.lexsort((np.array(monitor.i), steps))
    print(form, reset, len(order), "spikes,", round(len(order) / N, 1), "Hz")
    return {
        "form": form, "reset": reset, "scale": scale,
        "steps": steps[order].tolist(), "neurons": np.array(monitor.i)[order].tolist(),
    }


result = {
    "brian2": b.__version__, "neurons": N, "excitatory": E, "inputs": M, "steps": STEPS, "step": DT,
    "tau": membrane.tolist(), "current": current.tolist(), "edges": edges,
    "inputSteps": train[:, 0].tolist(), "inputChannels": train[:, 1].tolist(),
    "runs": [run(f, r) for f in ("current", "conductance") for r in ("rest", "subtract")],
}
here = os.path.dirname(os.path.abspath(__file__))
json.dump(result, open(os.path.join(here, "brian2-spikes.json"), "w"), separators=(",", ":"))
