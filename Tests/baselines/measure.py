#!/usr/bin/env python3
"""What simple and strong methods of the trade reach on the bundled tasks: the figures that `baselines` in Sources/Tasks name.

    python3 -m venv /tmp/baselines && /tmp/baselines/bin/pip install scikit-learn==1.9.*
    /tmp/baselines/bin/python Tests/baselines/measure.py

Inputs, targets, splits in time order and error measures are those of the tasks. Trees and scikit-learn's histogram gradient
boosting are drawn with seeds 0-4: mean and standard deviation. Nothing is searched for; the settings stand below.
"""
import csv
import datetime
import pathlib

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import balanced_accuracy_score
from sklearn.preprocessing import StandardScaler

DATA = pathlib.Path(__file__).resolve().parents[2] / "assets" / "data"
SEEDS = range(5)


def table(name):
    with open(DATA / name) as file:
        return list(csv.DictReader(file))


def clock(times):
    """Sine and cosine of the time of day and of the day of the week."""
    hour = np.array([t.hour + t.minute / 60 for t in times]) / 24
    day = np.array([t.weekday() for t in times]) / 7
    return np.stack([f(2 * np.pi * x) for x in (hour, day) for f in (np.sin, np.cos)], 1)


def history(inputs, steps):
    """Row t: the inputs of steps t, t-1, ..., t-steps+1; before the beginning the first row stands."""
    padded = np.concatenate([np.repeat(inputs[:1], steps - 1, 0), inputs])
    return np.concatenate([padded[steps - 1 - lag : len(padded) - lag] for lag in range(steps)], 1)


def tell(task, method, values):
    values = np.atleast_1d(values)
    spread = f" ± {values.std(ddof=1):.4f}" if len(values) > 1 else ""
    print(f"{task:22} {method:42} {values.mean():.4f}{spread}", flush=True)


def regression(task, inputs, target, valid, split, lags):
    """Squared error ÷ variance of the held-out targets."""
    asked = np.arange(split, len(inputs))[valid[split:]]
    truth = target[asked]

    def nmse(answer):
        return np.mean((answer - truth) ** 2) / np.var(truth)

    known = np.arange(split - 1)[valid[: split - 1]]
    for steps in (1, lags):
        rows = history(inputs, steps)
        scaler = StandardScaler().fit(rows[known])
        ridge = Ridge(1.0).fit(scaler.transform(rows[known]), target[known])
        tell(task, f"ridge, {steps} h of the inputs", nmse(ridge.predict(scaler.transform(rows[asked]))))
        trees = [
            nmse(
                HistGradientBoostingRegressor(max_iter=300, learning_rate=0.1, random_state=seed)
                .fit(rows[known], target[known])
                .predict(rows[asked])
            )
            for seed in SEEDS
        ]
        tell(task, f"boosted trees, {steps} h of the inputs", trees)


def traffic():
    rows = table("traffic.csv")
    times = [datetime.datetime.strptime(r["hour"], "%Y-%m-%d %H") for r in rows]
    volume = np.array([float(r["volume"]) for r in rows])
    holidays = {t.date() for t, r in zip(times, rows) if float(r["holiday"]) > 0}
    inputs = np.column_stack(
        [volume]
        + [[float(r[name]) for r in rows] for name in ("temp_K", "clouds_pct")]
        + [[float(t.date() in holidays) for t in times], clock(times)]
    )
    # The step before a gap is no forecast of one hour and does not count.
    hours = np.array([(b - a).total_seconds() / 3600 for a, b in zip(times, times[1:])])
    regression("traffic", inputs[:-1], volume[1:], hours == 1, len(rows) * 3 // 4, 24)


def power():
    rows = table("power-hourly.csv")
    times = [datetime.datetime.strptime(r["t"], "%Y-%m-%dT%H") for r in rows]
    active = np.array([float(r["Global_active_power"]) for r in rows])
    names = ("Global_active_power", "Global_reactive_power", "Voltage")
    names += ("Sub_metering_1", "Sub_metering_2", "Sub_metering_3")
    inputs = np.column_stack([[[float(r[name]) for name in names] for r in rows], clock(times)])
    regression("power", inputs[:-1], active[1:], np.ones(len(rows) - 1, bool), len(rows) * 3 // 4, 24)


def household():
    rows = table("household-minute.csv")
    names = ("Global_active_power", "Global_reactive_power", "Voltage")
    inputs = np.array([[float(r[name]) for name in names] for r in rows])
    split = 10 * 1440
    for label in ("kitchen", "laundry", "heater"):
        truth = np.array([int(float(r[label])) for r in rows])
        for steps in (1, 30):
            features = history(inputs, steps)
            scaler = StandardScaler().fit(features[:split])
            logistic = LogisticRegression(class_weight="balanced", max_iter=2000)
            logistic.fit(scaler.transform(features[:split]), truth[:split])
            answer = logistic.predict(scaler.transform(features[split:]))
            tell(f"household, {label}", f"logistic, {steps} min", balanced_accuracy_score(truth[split:], answer))
            for weight, word in ((None, "boosted trees"), ("balanced", "boosted trees, balanced")):
                trees = []
                for seed in SEEDS:
                    model = HistGradientBoostingClassifier(max_iter=200, class_weight=weight, random_state=seed)
                    model.fit(features[:split], truth[:split])
                    trees.append(balanced_accuracy_score(truth[split:], model.predict(features[split:])))
                tell(f"household, {label}", f"{word}, {steps} min", trees)


if __name__ == "__main__":
    print("held-out squared error ÷ variance (smaller is better)")
    power()
    traffic()
    print("held-out balanced accuracy (larger is better)")
    household()
