"""Writes TensorRank/Fixtures: small tensors as npy, and what share of their variance tensorly explains.

    pip install tensorly==0.10.0 numpy && python make_tensorly_fixtures.py

Each share is that of the best of 10 random starts, 2 000 sweeps at most, over the present entries. Starts are normal:
tensorly's own, uniform in [0, 1), all run into the worse of two optima of "scattered" at rank 1.
"""
import json
import os

import numpy as np
import tensorly
from tensorly.cp_tensor import CPTensor
from tensorly.decomposition import non_negative_parafac_hals, parafac

folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "TensorRank", "Fixtures")
os.makedirs(folder, exist_ok=True)
rng = np.random.default_rng(11)


def planted(shape, rank, noise, draw=rng.standard_normal):
    x = np.einsum("ir,jr,kr->ijk", *[draw((n, rank)) for n in shape])
    return x + noise * x.std() * rng.standard_normal(shape)


def walk(shape, rank, noise):
    """Weights that drift along a few directions and jitter in all of them, as training makes them; less the start."""
    a, b = rng.standard_normal((shape[0], rank)), rng.standard_normal((shape[1], rank))
    c = np.cumsum(rng.standard_normal((shape[2], rank)), axis=0)
    x = np.einsum("ir,jr,kr->ijk", a, b, c) + noise * np.cumsum(rng.standard_normal(shape), axis=2)
    return x - x[:, :, :1]


dead = rng.random((12, 10, 1)) < 0.3
tensors = {
    "planted3": (planted((6, 8, 4), 3, 0.1), None, False),
    "random": (rng.standard_normal((7, 6, 5)), None, False),
    "walk": (walk((12, 10, 40), 2, 0.3), None, False),
    "pruned": (walk((12, 10, 20), 2, 0.2), np.broadcast_to(~dead, (12, 10, 20)), False),
    "scattered": (planted((9, 8, 7), 2, 0.2), rng.random((9, 8, 7)) > 0.25, False),
    "nonnegative": (np.abs(planted((8, 9, 10), 3, 0.1, rng.random)), None, True),
}
cases = []
for name, (x, mask, nonnegative) in tensors.items():
    np.save(os.path.join(folder, f"{name}.npy"), x)
    if mask is not None:
        np.save(os.path.join(folder, f"{name}-mask.npy"), mask)
    known = np.ones(x.shape, bool) if mask is None else mask
    for rank in range(1, 5):
        best = -np.inf
        for seed in range(10):
            if nonnegative:
                model = non_negative_parafac_hals(x, rank, n_iter_max=2000, init="random", random_state=seed, tol=1e-10)
            else:
                draw = np.random.default_rng(seed)
                start = CPTensor((np.ones(rank), [draw.standard_normal((n, rank)) for n in x.shape]))
                model = parafac(x * known, rank, n_iter_max=2000, init=start, tol=1e-10,
                                mask=None if mask is None else known.astype(float))
            left = (x - tensorly.cp_to_tensor(model))[known]
            best = max(best, 1 - (left**2).sum() / (x[known] ** 2).sum())
        cases.append(dict(tensor=name, masked=mask is not None, nonNegative=nonnegative, rank=rank, explained=best))
        print(cases[-1], flush=True)
with open(os.path.join(folder, "tensorly.json"), "w") as file:
    json.dump(dict(tensorly=tensorly.__version__, numpy=np.__version__, cases=cases), file, indent=1)
