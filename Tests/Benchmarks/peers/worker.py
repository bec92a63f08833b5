"""The loop that every Python peer answers in: a JSON object a line in, one out.

  {"cell": "ltc", "mode": "train"|"infer", "neurons": 32, "threads": 1}   ->  {"ready": true} or {"error": "..."}
  {"run": 10}                                                             ->  {"seconds": 0.21}

A peer gives `prepare(request)`, which returns a function that makes one whole step (training: forward, backward, Adam;
inference: one time step of one sequence, the state carried on) and blocks until it is done.
"""
import json
import math
import sys
import time

BATCH, STEPS, INPUTS, UNFOLDS = 16, 32, 8, 6


def samples():
    """Inputs [B][T][M] and targets [B][T][1], the same numbers as Sources/Workloads makes."""
    inputs = [
        [[math.sin(0.1 * (k + 1) * t + row) for k in range(INPUTS)] for t in range(STEPS)] for row in range(BATCH)
    ]
    targets = [[[sum(step) / INPUTS] for step in row] for row in inputs]
    return inputs, targets


def serve(prepare):
    step = None
    for line in sys.stdin:
        request = json.loads(line)
        try:
            if "run" in request:
                start = time.perf_counter()
                for _ in range(request["run"]):
                    step()
                answer = {"seconds": time.perf_counter() - start}
            else:
                step = prepare(request)
                for _ in range(3):  # compiled, and compiled again for what the first returned
                    step()
                answer = {"ready": True}
        except Exception as problem:  # told to the one who asked, who leaves this line of the table out
            answer = {"error": f"{type(problem).__name__}: {problem}"}
        print(json.dumps(answer), flush=True)
