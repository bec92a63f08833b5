#!/usr/bin/env python3
"""Measures the explorer as a person meets it, in a terminal of its own: start, keys, cost to training, idleness, memory.

    Benchmarks/screen/measure.py [.build/release/ganglion]

Needs tmux for the steps counted on screen. Prints medians and percentiles; takes about three minutes.
"""
import fcntl
import json
import os
import pty
import re
import select
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time

PROGRAM = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else ".build/release/ganglion")
TICK = os.sysconf("SC_CLK_TCK")


class Terminal:
    """The program in a pseudo-terminal; what it writes is read and thrown away but for what is waited for."""

    def __init__(self, *arguments, size=(160, 48)):
        self.start = time.perf_counter()
        self.process, self.file = pty.fork()
        if self.process == 0:
            os.environ.update(TERM="xterm-256color", LC_ALL="C.UTF-8", XDG_STATE_HOME=tempfile.mkdtemp())
            os.execv(PROGRAM, [PROGRAM, *arguments])
        fcntl.ioctl(self.file, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))

    def read(self, seconds):
        ready, _, _ = select.select([self.file], [], [], seconds)
        return os.read(self.file, 1 << 16) if ready else b""

    def drain(self, seconds):
        end, count = time.perf_counter() + seconds, 0
        while (left := end - time.perf_counter()) > 0:
            count += len(self.read(left))
        return count

    def wait(self, text, seconds=5):
        got, end = b"", time.perf_counter() + seconds
        while text not in got and time.perf_counter() < end:
            got += self.read(0.02)
        return time.perf_counter()

    def press(self, keys):
        os.write(self.file, keys)
        return time.perf_counter()

    def processor_seconds(self):
        fields = open(f"/proc/{self.process}/stat").read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICK

    def resident(self):
        return int(re.search(r"VmRSS:\s+(\d+)", open(f"/proc/{self.process}/status").read())[1]) / 1024

    def end(self):
        os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)
        os.close(self.file)


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def starting():
    first, moving = [], []
    for _ in range(9):
        one = Terminal()
        first.append(one.wait(b"States") - one.start)
        while not one.read(0.02):
            pass
        moving.append(time.perf_counter() - one.start)
        one.end()
    print(f"command to first frame {statistics.median(first):.3f} s, to the next {statistics.median(moving):.3f} s (of 9)")


def keys(count=200):
    one = Terminal()
    one.drain(3)
    times = []
    for number in range(count):
        one.drain(0.03 + 0.0137 * (number % 11))
        pressed = one.press(b"?")
        times.append(one.wait(b"esc") - pressed)
        one.press(b"\x1b")
        one.drain(0.15)
    print(
        f"key to screen while training, ms: median {1e3 * statistics.median(times):.1f}, 90 % "
        f"{1e3 * percentile(times, 0.9):.1f}, 99 % {1e3 * percentile(times, 0.99):.1f} (of {count}); "
        f"resident {one.resident():.0f} MB")
    one.end()


def cost(pairs=5, seconds=8):
    ratios = []
    for _ in range(pairs):
        without = json.loads(
            subprocess.run(
                [PROGRAM, "train", "--seed", "1", "--minutes", str(seconds / 60), "--json"], capture_output=True, text=True
            ).stdout.splitlines()[-1])["stepsPerSecond"]
        ratios.append((without, explored(seconds)))
    share = statistics.median(1 - shown / without for without, shown in ratios)
    print("steps/s without and with the explorer: " + ", ".join(f"{a:.0f}/{b:.0f}" for a, b in ratios))
    print(f"the explorer costs training {share:.1%} (median of {pairs} pairs)")


def explored(seconds):
    """Steps a second as counted on the screen between two looks."""
    name = f"measure{os.getpid()}"
    command = f"LC_ALL=C.UTF-8 XDG_STATE_HOME={tempfile.mkdtemp()} exec {PROGRAM} --seed 1"
    subprocess.run(["tmux", "-L", name, "-f", "/dev/null", "new-session", "-d", "-x", "160", "-y", "48", command], check=True)

    def look():
        screen = subprocess.run(["tmux", "-L", name, "capture-pane", "-p"], capture_output=True, text=True).stdout
        found = re.search(r"step ([\d  ]*\d)", screen)
        return time.perf_counter(), int(re.sub(r"\D", "", found[1]))

    time.sleep(1.5)
    start = look()
    time.sleep(seconds)
    end = look()
    subprocess.run(["tmux", "-L", name, "kill-server"])
    return (end[1] - start[1]) / (end[0] - start[0])


def idling(seconds=10):
    one = Terminal()
    one.drain(2)
    one.press(b" ,")  # training and the probe are paused
    one.drain(6)
    before = one.processor_seconds()
    written = one.drain(seconds)
    spent = one.processor_seconds() - before
    print(f"idle: {spent / seconds:.2%} of a core, {written} bytes written in {seconds} s")
    one.end()


starting()
keys()
cost()
idling()
