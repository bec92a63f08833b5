"""The network of `Spiking`'s benchmark in brian2: N neurons (80 % excite), K random synapses onto each, delay 1.5 ms,
gamma time constants, constant currents, STDP on the excitatory synapses. Prints seconds of processor time per simulated
second, without compilation.

    python brian2_peer.py {numpy,cpp} N K SECONDS {none,equal,drawn} {current,conductance}
"""
import resource
import sys

import brian2 as b
import numpy as np

target, N, K, seconds, mode, form = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]), sys.argv[5], sys.argv[6]
if target == "cpp":
    b.set_device("cpp_standalone", build_on_run=False, directory=None)
else:
    b.prefs.codegen.target = "numpy"
b.defaultclock.dt = 0.1 * b.ms
rng = np.random.default_rng(1)
E = N - round(0.2 * N)
taue, taui = 5 * b.ms, 10 * b.ms
if form == "current":
    equation = "dv/dt = (-v + I + ge - gi)/tau : 1 (unless refractory)"
else:
    equation = "dv/dt = (-v + I + ge*(4 - v) + gi*(-1 - v))/tau : 1 (unless refractory)"
neurons = b.NeuronGroup(
    N, equation + "\ndge/dt = -ge/taue : 1\ndgi/dt = -gi/taui : 1\ntau : second\nI : 1",
    threshold="v > 1", reset="v = 0", refractory=2 * b.ms, method="exact" if form == "current" else "exponential_euler",
)
neurons.tau = rng.gamma(4, 5, N) * b.ms
neurons.I = rng.uniform(0.9, 1.3, N)
wmax = 1 / np.sqrt(K)
source = np.concatenate([rng.choice(N - 1, K, replace=False) for _ in range(N)])
post = np.repeat(np.arange(N), K)
source = source + (source >= post)
excites = source < E
if mode == "none":
    exc = b.Synapses(neurons, neurons, "w : 1", on_pre="ge_post += w", delay=1.5 * b.ms)
else:
    constants = "Ap : 1\nAm : 1\ntp : second\ntm : second\n" if mode == "drawn" else ""
    space = {} if mode == "drawn" else dict(Ap=0.001 * wmax, Am=0.00105 * wmax, tp=20 * b.ms, tm=20 * b.ms)
    space["wmax"] = wmax
    exc = b.Synapses(
        neurons, neurons,
        "w : 1\n" + constants + "dApre/dt = -Apre/tp : 1 (event-driven)\ndApost/dt = -Apost/tm : 1 (event-driven)",
        on_pre="ge_post += w\nApre += Ap\nw = clip(w - Apost, 0, wmax)",
        on_post="Apost += Am\nw = clip(w + Apre, 0, wmax)", delay=1.5 * b.ms, namespace=space,
    )
exc.connect(i=source[excites], j=post[excites])
exc.w = 0.25 / np.sqrt(K)
if mode == "drawn":
    count = int(excites.sum())
    exc.Ap, exc.Am = rng.gamma(4, 0.001 * wmax / 4, count), rng.gamma(4, 0.00105 * wmax / 4, count)
    exc.tp, exc.tm = rng.gamma(4, 5, count) * b.ms, rng.gamma(4, 5, count) * b.ms
inh = b.Synapses(neurons, neurons, "w : 1", on_pre="gi_post += w", delay=1.5 * b.ms)
inh.connect(i=source[~excites], j=post[~excites])
inh.w = 1 / np.sqrt(K)
monitor = b.SpikeMonitor(neurons, record=False)
network = b.Network(neurons, exc, inh, monitor)
if target == "cpp":
    network.run(seconds * b.second)
    b.device.build(directory=None, compile=True, run=False, with_output=False)
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    b.device.run(b.device.project_dir, with_output=False, run_args=[])
    spent = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
else:
    network.run(0.1 * b.ms)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    network.run(seconds * b.second)
    spent = resource.getrusage(resource.RUSAGE_SELF).ru_utime - before
print(f"brian2 {target}: N {N} S {N * K} {mode} {form}: rate {monitor.num_spikes / N / seconds:.1f} Hz, {spent / seconds:.4f} s per s")
