"""The other side of SpeedTests.swift: fits with tensorly on numpy, one thread, and says what processor time each took.

Reads lines "FILE RANK SWEEPS SEED" (sweeps 0: until it converges, by tensorly's own criterion), answers
"SECONDS SWEEPS EXPLAINED".

    pip install tensorly==0.10.0 numpy
    TENSORLY_PYTHON=python3 swift test -c release -Xswiftc -enable-testing --filter SpeedTests
"""
import os
import sys
import time

for name in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ[name] = "1"
# Held to a processor's kernels by someone else's settings, numpy's own BLAS would be slower than it can be.
for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
    os.environ.pop(name, None)

import numpy as np  # noqa: E402
import tensorly  # noqa: E402
from tensorly.decomposition import parafac  # noqa: E402

tensors = {}
for line in sys.stdin:
    path, rank, sweeps, seed = line.split()
    if path not in tensors:
        tensors[path] = np.load(path)
    x = tensors[path]
    made = []
    options = dict(n_iter_max=int(sweeps), tol=0) if int(sweeps) else dict(n_iter_max=1000, tol=1e-8)
    # Sweeps are counted in a second run, untimed.
    start = time.process_time()
    model = parafac(x, int(rank), init="random", random_state=int(seed), **options)
    seconds = time.process_time() - start
    if int(sweeps) == 0:
        _, made = parafac(x, int(rank), init="random", random_state=int(seed), return_errors=True, **options)
    explained = 1 - ((x - tensorly.cp_to_tensor(model)) ** 2).sum() / (x**2).sum()
    print(seconds, len(made) or int(sweeps), explained, flush=True)
