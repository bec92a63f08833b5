"""ncps on PyTorch, as its users run it (`--compile`: through torch.compile)."""
import sys

import torch
from ncps.torch import CfC, LTC
from ncps.wirings import FullyConnected

import worker

COMPILE = "--compile" in sys.argv


class Gated(torch.nn.Module):
    """PyTorch's own recurrent layers with a linear readout."""

    def __init__(self, kind, neurons):
        super().__init__()
        self.layer = kind(worker.INPUTS, neurons, batch_first=True)
        self.readout = torch.nn.Linear(neurons, 1)

    def forward(self, x, state=None):
        y, state = self.layer(x, state)
        return self.readout(y), state


def network(cell, neurons):
    if cell == "ltc":
        return LTC(worker.INPUTS, FullyConnected(neurons, 1), ode_unfolds=worker.UNFOLDS)
    if cell == "cfc":
        return CfC(worker.INPUTS, neurons, proj_size=1, backbone_layers=0, backbone_units=0)
    if cell == "cfc-backbone":
        return CfC(worker.INPUTS, neurons, proj_size=1)
    layers = {"rnn": torch.nn.RNN, "lstm": torch.nn.LSTM, "gru": torch.nn.GRU}
    if cell not in layers:
        raise ValueError(f"ncps has no '{cell}'")
    return Gated(layers[cell], neurons)


def prepare(request):
    torch.manual_seed(1)
    torch.set_num_threads(request["threads"])
    model = network(request["cell"], request["neurons"])
    run = torch.compile(model) if COMPILE else model
    inputs, targets = (torch.tensor(x) for x in worker.samples())
    if request["mode"] == "infer":
        model.eval()
        x, state = inputs[:1, :1], None

        def step():
            nonlocal state
            with torch.inference_mode():
                _, state = run(x, state)

        return step
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)

    def step():
        optimizer.zero_grad()
        loss = torch.nn.functional.mse_loss(run(inputs)[0], targets)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()

    return step


worker.serve(prepare)
