"""Makes gaussian-process.json: likelihood and predictions of scikit-learn's Gaussian process, Matérn 5/2 with a length
per coordinate, amplitude and noise given, nothing fitted.

    venv/bin/python make_gaussian_process.py        (the environment of make_skopt.py)
"""
import json
import os

import numpy as np
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import ConstantKernel, Matern, WhiteKernel

rng = np.random.default_rng(4)
X = np.round(rng.random((12, 3)), 6)
y = np.round(np.sin(5 * X[:, 0]) + X[:, 1] ** 2 - 0.5 * X[:, 2] + 0.05 * rng.standard_normal(12), 6)
lengths, amplitude, noise = [0.4, 0.9, 2.5], 1.3, 0.05
kernel = ConstantKernel(amplitude**2) * Matern(lengths, nu=2.5) + WhiteKernel(noise**2)
scaled = (y - y.mean()) / y.std()
process = GaussianProcessRegressor(kernel, optimizer=None, alpha=1e-10 * amplitude**2).fit(X, scaled)
Z = np.vstack([np.round(rng.random((5, 3)), 6), X[:2]])
mean, deviation = process.predict(Z, return_std=True)
# scikit-learn's deviation counts the noise of a new observation; ours is the function's.
deviation = np.sqrt(np.maximum(deviation**2 - noise**2, 0))
here = os.path.dirname(os.path.abspath(__file__))
json.dump(
    {
        "points": X.tolist(), "values": y.tolist(), "lengths": lengths, "amplitude": amplitude, "noise": noise,
        "logLikelihood": float(process.log_marginal_likelihood_value_), "at": Z.tolist(),
        "mean": (mean * y.std() + y.mean()).tolist(), "deviation": (deviation * y.std()).tolist(),
    },
    open(os.path.join(here, "gaussian-process.json"), "w"), indent=0,
)
