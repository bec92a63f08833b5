"""Makes brian2-stdp.json: the weights that brian2's own STDP example ends with, for ten seeds.

    venv/bin/python make_brian2_stdp.py        (the environment of make_brian2_spikes.py)

The example (`examples/synapses/STDP.py` of brian2, after Song, Miller & Abbott 2000): 1 000 Poisson inputs of 15 Hz
onto one neuron, tau_m 10 ms, tau_pre = tau_post = 20 ms, g_max 0.01, ratio 1.05, 100 s, Euler steps of 0.1 ms.
Kept are 101 quantiles of w/g_max per seed, and the neuron's spike count.
"""
import json
import os
import sys

import brian2 as b
import numpy as np

b.set_device("cpp_standalone", build_on_run=False, directory=None)
N = 1000
taum, taupre, taupost, taue = 10 * b.ms, 20 * b.ms, 20 * b.ms, 5 * b.ms
Ee, vt, vr, El = 0 * b.mV, -54 * b.mV, -60 * b.mV, -74 * b.mV
F, gmax, dApre = 15 * b.Hz, 0.01, 0.01
dApost = -dApre * taupre / taupost * 1.05
dApost *= gmax
dApre *= gmax

runs = []
for seed in range(10):
    b.device.reinit()
    b.device.activate(build_on_run=False, directory=None)
    b.start_scope()
    b.seed(seed)
    inputs = b.PoissonGroup(N, rates=F)
    neuron = b.NeuronGroup(
        1, "dv/dt = (ge*(Ee - v) + El - v)/taum : volt\ndge/dt = -ge/taue : 1",
        threshold="v > vt", reset="v = vr", method="euler",
    )
    synapses = b.Synapses(
        inputs, neuron,
        "w : 1\ndApre/dt = -Apre/taupre : 1 (event-driven)\ndApost/dt = -Apost/taupost : 1 (event-driven)",
        on_pre="ge += w\nApre += dApre\nw = clip(w + Apost, 0, gmax)",
        on_post="Apost += dApost\nw = clip(w + Apre, 0, gmax)",
    )
    synapses.connect()
    synapses.w = "rand()*gmax"
    monitor = b.SpikeMonitor(neuron)
    network = b.Network(inputs, neuron, synapses, monitor)
    network.run(100 * b.second)
    b.device.build(directory=None, compile=True, run=True)
    w = np.array(synapses.w) / gmax
    runs.append({"seed": seed, "spikes": int(monitor.num_spikes), "quantiles": np.round(np.quantile(w, np.linspace(0, 1, 101)), 5).tolist()})
    print(seed, monitor.num_spikes, round(w.mean(), 4), round((w < 0.1).mean(), 4), round((w > 0.9).mean(), 4), flush=True)

here = os.path.dirname(os.path.abspath(__file__))
json.dump({"brian2": b.__version__, "runs": runs}, open(os.path.join(here, "brian2-stdp.json"), "w"), indent=0)
