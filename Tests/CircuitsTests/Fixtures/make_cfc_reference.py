"""Reference values for the closed-form cells, computed by the field's own library.

    python3 -m venv v && v/bin/pip install torch ncps==1.0.1 numpy
    v/bin/python make_cfc_reference.py OUTPUT_FOLDER [SEED]

Writes cfc-cases.json: each mode without a backbone and with backbones of one to three layers and every activation, in
float64: parameters, inputs, irregular time steps, all states, loss = sum of sin(1 + 3k)·state over all states in order
([step][row][neuron], k counting from the initial state's first entry), and its gradients.

Arrays are [pre, post] with neurons before inputs. Everything is repeatable from SEED (default 1).
"""
import json, pathlib, sys
import numpy as np, torch
from ncps.torch import CfCCell

out = pathlib.Path(sys.argv[1]); out.mkdir(parents=True, exist_ok=True)
seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
N, M, R, T = 3, 2, 2, 4
CELLS = {"default": "cfc", "no_gate": "cfc-no-gate", "pure": "cfc-pure"}


def case(mode, units, layers, activation, seed):
    torch.manual_seed(seed)
    cell = CfCCell(M, N, mode=mode, backbone_activation=activation, backbone_units=units, backbone_layers=layers).double()
    r = np.random.default_rng(seed)
    with torch.no_grad():
        for p in cell.parameters(): p.add_(torch.tensor(r.uniform(-0.3, 0.3, p.shape)))
    x = torch.tensor(r.uniform(-1, 1, (T, R, M)), requires_grad=True)
    h0 = torch.tensor(r.uniform(-0.8, 0.8, (R, N)), requires_grad=True)
    dt = r.uniform(0.3, 1.7, T).round(6)
    h, states = h0, []
    for t in range(T):
        _, h = cell(x[t], h, float(dt[t]))
        states.append(h)
    states = torch.stack(states)
    k = torch.arange(R * N, (T + 1) * R * N, dtype=torch.float64).reshape(states.shape)
    loss = (torch.sin(1 + 3 * k) * states).sum()
    loss.backward()

    # The library's rows are [input, state]; here neurons come first.
    swap = lambda w: torch.cat([w[M:], w[:M]])
    values, gradients = {}, {}
    def put(name, p, is_first=False, split=False):
        for store, t in ((values, p), (gradients, p.grad)):
            t = t.detach().squeeze(0) if name in ("w_tau", "a") else t.detach()
            t = t.T if t.dim() == 2 else t
            t = swap(t) if is_first else t
            if split: store[name], store["sensory_" + name] = t[:N].tolist(), t[N:].tolist()
            else: store[name] = t.tolist()
    for l in range(layers):
        put(f"backbone.{l}.weight", cell.backbone[2 * l].weight, is_first=l == 0)
        put(f"backbone.{l}.bias", cell.backbone[2 * l].bias)
    heads = [("", cell.ff1)] if mode == "pure" else [
        ("_1", cell.ff1), ("_2", cell.ff2), ("_ta", cell.time_a), ("_tb", cell.time_b)]
    for end, linear in heads:
        put("w" + end, linear.weight, is_first=layers == 0, split=layers == 0)
        put("b" + end, linear.bias)
    if mode == "pure": put("w_tau", cell.w_tau); put("a", cell.A)
    return dict(cell=CELLS[mode] + ("-backbone" if layers else ""), neurons=N, inputs=M, rows=R,
                backbone=f"{units}x{layers}:{activation}" if layers else None, elapsed=dt.tolist(),
                input=x.tolist(), initialState=h0.tolist(), parameters=values, state=states.tolist(),
                loss=float(loss.detach()), gradient=gradients, inputGradient=x.grad.tolist(), initialGradient=h0.grad.tolist())


cases = [case(mode, 4, layers, activation, seed + i) for i, (mode, layers, activation) in enumerate([
    ("default", 0, "tanh"), ("no_gate", 0, "tanh"), ("pure", 0, "tanh"), ("default", 1, "lecun_tanh"),
    ("no_gate", 2, "lecun_tanh"), ("pure", 1, "relu"), ("default", 3, "silu"), ("default", 2, "gelu"),
    ("pure", 2, "tanh")])]
(out / "cfc-cases.json").write_text(json.dumps(cases))
print(len(cases), "cases, losses", [round(c["loss"], 4) for c in cases])
