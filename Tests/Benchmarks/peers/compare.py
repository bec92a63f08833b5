"""Times ganglion and its peers in alternation and prints peer / ganglion: the median of the rounds, and their range.

Every one of them is a process of its own, bound to as many processors as it may have threads. Within a round they take
turns, so that a machine that changes its speed changes it for all of them.
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).parent


class Peer:
    def __init__(self, name, command, threads):
        self.name = name
        environment = dict(
            os.environ, OMP_NUM_THREADS=str(threads), MKL_NUM_THREADS=str(threads), XLA_FLAGS=(
                f"--xla_cpu_multi_thread_eigen={'true' if threads > 1 else 'false'}"))
        processors = ",".join(map(str, sorted(os.sched_getaffinity(0))[:threads]))
        self.process = subprocess.Popen(
            ["taskset", "-c", processors, *command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env=environment, stderr=subprocess.DEVNULL)
        self.count = 1

    def ask(self, **request):
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            return {"error": f"{self.name} ended"}
        return json.loads(line)

    def prepare(self, request, seconds):
        """Whether it can; sets how many steps make a turn of about `seconds`."""
        answer = self.ask(**request)
        if "error" in answer:
            return False
        self.count = 1
        while True:
            time = self.ask(run=self.count)["seconds"]
            if time > seconds / 3:
                self.count = max(1, round(self.count * seconds / time))
                return True
            self.count *= 4

    def turn(self):
        """Seconds a step."""
        return self.ask(run=self.count)["seconds"] / self.count

    def end(self):
        self.process.stdin.close()
        self.process.wait(timeout=30)


def scale(seconds):
    for factor, unit in ((1, "s"), (1e3, "ms"), (1e6, "µs")):
        if seconds * factor >= 1 or unit == "µs":
            return f"{seconds * factor:.3g} {unit}"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ours", required=True, help="the built Worker")
    parser.add_argument("--cells", default="ltc,cfc,cfc-backbone,lstm,gru")
    parser.add_argument("--neurons", default="8,16,32,64,128,256")
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--modes", default="train,infer")
    parser.add_argument("--peers", default="torch,jax", help="torch, compile (slow to start), jax")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=0.25, help="of a turn")
    parser.add_argument("--json", help="where every number goes")
    options = parser.parse_args()
    commands = {
        "torch": [sys.executable, HERE / "torch_peer.py"], "compile": [sys.executable, HERE / "torch_peer.py", "--compile"],
        "jax": [sys.executable, HERE / "jax_peer.py"],
    }
    rows = []
    for threads in map(int, options.threads.split(",")):
        ours = Peer("ganglion", [options.ours], threads)
        if threads == 1:
            ceiling(ours)  # before the peers begin, which keeps a core busy for seconds
        peers = [Peer(name, commands[name], threads) for name in options.peers.split(",")]
        for mode in options.modes.split(","):
            if mode == "infer" and threads > 1:
                continue  # one sequence, one step: nothing to share out
            for cell in options.cells.split(","):
                print(f"\n{cell}, {mode}, {threads} thread{'s' if threads > 1 else ''}: a step, and peer / ganglion")
                for neurons in map(int, options.neurons.split(",")):
                    request = {"cell": cell, "mode": mode, "neurons": neurons, "threads": threads}
                    row = measure(ours, peers, request, options)
                    if row:
                        rows.append(row)
        for one in (ours, *peers):
            one.end()
    if options.json:
        pathlib.Path(options.json).write_text("".join(json.dumps(row) + "\n" for row in rows))


def measure(ours, peers, request, options):
    if not ours.prepare(request, options.seconds):
        return None
    able = [peer for peer in peers if peer.prepare(request, options.seconds)]
    times = {one.name: [] for one in (ours, *able)}
    for _ in range(options.rounds):
        for one in (ours, *able):
            times[one.name].append(one.turn())
    own = times.pop("ganglion")
    line = f"  N {request['neurons']:4}  ganglion {scale(statistics.median(own)):>8}"
    row = dict(request, ganglion=own)
    for name, taken in times.items():
        ratios = sorted(peer / us for peer, us in zip(taken, own))
        line += (
            f"   {name} {scale(statistics.median(taken)):>8}  {statistics.median(ratios):6.1f} x"
            f" ({ratios[0]:.1f}-{ratios[-1]:.1f})")
        row[name] = taken
    print(line, flush=True)
    return row


def ceiling(ours):
    """What the arithmetic of one core allows, and how much of it training and inference reach."""
    count = 256_000_000
    found = ours.ask(ceiling=count)
    sigmoid, product = found["sigmoid"] / count * 1e9, found["multiplyAdd"] / count * 1e9
    print(f"{found['level']}: a sigmoid {sigmoid:.3f} ns, a multiply-add {product:.4f} ns, of one core, in registers")
    for neurons in (32, 64, 128, 256):
        ours.prepare({"cell": "ltc", "mode": "train", "neurons": neurons, "threads": 1}, 0.3)
        # A synapse-unfold: a gate and two sums forward; the gate again and eight operations backward.
        evaluations = 16 * 32 * 6 * neurons * neurons
        best = min(ours.turn() for _ in range(7)) / evaluations * 1e9
        bound = 2 * sigmoid + 10 * product
        print(f"  LTC, N {neurons}: {best:.3f} ns a synapse and sub-step, {bound / best:.0%} of the bound {bound:.3f} ns")


main()
