"""Losses of 30 Adam steps of a tiny network with one hidden layer, by PyTorch in double precision: what learns is the hidden
biases, masks of the hidden units, the readout, or everything. Writes torch-losses.json beside this file.

    python make_torch_losses.py        # torch 2.13.0
"""
import json
import math
import pathlib

import torch

MASK = (1 << 64) - 1
M, H, O, COUNT, STEPS, SEED, RATE = 5, 37, 7, 23, 30, 4, 0.01
CLASSES = 6


class Generator:
    """SplitMix64, its streams and draws as in Sources/Randomness."""

    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)

    def stream(self, number):
        mixed = Generator(self.state ^ ((number * 0xD1B54A32D192ED03) & MASK))
        mixed.next()
        return Generator(mixed.next())

    def unit(self):
        return (self.next() >> 11) * 2.0**-53

    def normal(self):
        total = -6.0
        for _ in range(12):
            total += self.unit()
        return total


def single(x):
    return x.float().double()


torch.set_default_dtype(torch.float64)
w = single(torch.tensor([[0.5 * math.sin(0.3 + 1.1 * (j * M + i)) for i in range(M)] for j in range(H)]))
v = single(torch.tensor([[0.5 * math.cos(0.2 + 0.9 * (j * O + o)) for o in range(O)] for j in range(H)]))
x = single(torch.tensor([[math.sin(1 + 0.7 * (n * M + i)) for i in range(M)] for n in range(COUNT)]))
labels = torch.tensor([n * 5 % CLASSES for n in range(COUNT)])
draws = Generator(SEED).stream(3)
b = single(torch.tensor([draws.normal() / math.sqrt(M) for _ in range(H)]))
chance = Generator(SEED).stream(5)
scores = single(torch.tensor([-0.1 + 0.2 * chance.unit() for _ in range(H)]))


def losses(kind):
    tensors = {"w": w.clone(), "v": v.clone(), "b": b.clone(), "s": scores.clone()}
    learning = {"biases": "b", "masks": "s", "output": "v", "full": "wvb"}[kind]
    for name in learning:
        tensors[name].requires_grad_(True)
    adam = torch.optim.Adam([tensors[name] for name in learning], lr=RATE)
    found = []
    for step in range(STEPS):
        adam.zero_grad()
        a = torch.relu(x @ tensors["w"].T + tensors["b"])
        if kind == "masks":
            a = a * torch.sigmoid(100 ** (step / (STEPS - 1)) * tensors["s"])
        loss = torch.nn.functional.cross_entropy((a @ tensors["v"])[:, :CLASSES], labels)
        loss.backward()
        adam.step()
        found.append(loss.item())
    return found


path = pathlib.Path(__file__).with_name("torch-losses.json")
path.write_text(json.dumps({k: losses(k) for k in ["biases", "masks", "output", "full"]}, indent=0) + "\n")
