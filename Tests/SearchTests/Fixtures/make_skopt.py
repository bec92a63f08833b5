"""Makes skopt.json: what scikit-optimize finds on Branin and Hartmann-6, beside which our own search is tested.

    python3 -m venv venv && venv/bin/pip install "numpy<2.4" scikit-optimize
    OMP_NUM_THREADS=1 venv/bin/python make_skopt.py

20 seeds of gp_minimize with expected improvement, 10 initial points, everything else at its defaults; kept is the
least value seen after each call. About an hour of one core. A run that was stopped goes on where it was.
"""
import json
import os
import time
import warnings

import numpy as np
import skopt
from skopt import gp_minimize

warnings.filterwarnings("ignore")


def branin(x):
    """-5 <= x0 <= 10, 0 <= x1 <= 15; least value 0.397887 at three points."""
    a, b = x
    return float((b - 5.1 / (4 * np.pi**2) * a**2 + 5 / np.pi * a - 6) ** 2 + 10 * (1 - 1 / (8 * np.pi)) * np.cos(a) + 10)


A = np.array([[10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14]])
P = 1e-4 * np.array(
    [
        [1312, 1696, 5569, 124, 8283, 5886],
        [2329, 4135, 8307, 3736, 1004, 9991],
        [2348, 1451, 3522, 2883, 3047, 6650],
        [4047, 8828, 8732, 5743, 1091, 381],
    ]
)
ALPHA = np.array([1.0, 1.2, 3.0, 3.2])


def hartmann6(x):
    """The unit cube; least value -3.32237."""
    return float(-(ALPHA * np.exp(-(A * (np.array(x) - P) ** 2).sum(1))).sum())


here = os.path.dirname(os.path.abspath(__file__))
path = os.path.join(here, "skopt.json")
result = json.load(open(path)) if os.path.exists(path) else {"version": skopt.__version__, "branin": {}, "hartmann6": {}}
problems = [("branin", branin, [(-5.0, 10.0), (0.0, 15.0)], 60), ("hartmann6", hartmann6, [(0.0, 1.0)] * 6, 100)]
for seed in range(20):
    for name, function, space, calls in problems:
        if str(seed) in result[name]:
            continue
        started = time.time()
        run = gp_minimize(function, space, n_calls=calls, n_initial_points=10, acq_func="EI", random_state=seed)
        result[name][str(seed)] = [round(float(v), 6) for v in np.minimum.accumulate(run.func_vals)]
        print(name, seed, round(run.fun, 6), f"{time.time() - started:.0f} s", flush=True)
        json.dump(result, open(path, "w"), indent=0)
