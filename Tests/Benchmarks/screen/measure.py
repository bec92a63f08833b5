#!/usr/bin/env python3
"""Measures the explorer as a person meets it, in a terminal of its own: start, keys, cost to training, idleness, memory.

    Tests/Benchmarks/screen/measure.py [.build/release/ganglion]

Needs tmux for what is read from the screen. Prints medians and percentiles; takes about three minutes.
"""
import fcntl
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

    def drain(self, seconds, frame=None):
        """Bytes; with `frame` also how often that came."""
        end, count, frames = time.perf_counter() + seconds, 0, 0
        while (left := end - time.perf_counter()) > 0:
            got = self.read(left)
            count += len(got)
            frames += got.count(frame) if frame else 0
        return (count, frames) if frame else count

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

    def main_seconds(self):
        """Of the first thread, which draws."""
        return int(open(f"/proc/{self.process}/task/{self.process}/schedstat").read().split()[0]) / 1e9

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


def cost(width, height, *arguments, seconds=60):
    """As the program measures it: turns of 0.75 s with and without drawing, reading, probing; the median of neighbours."""
    name = f"measure{os.getpid()}-{width}-{len(arguments)}-{time.monotonic_ns()}"

    def tmux(*words):
        return subprocess.run(["tmux", "-L", name, *words], capture_output=True, text=True, check=True).stdout

    command = f"LC_ALL=C.UTF-8 XDG_STATE_HOME={tempfile.mkdtemp()} exec {PROGRAM} --seed 1 {' '.join(arguments)}"
    tmux("-f", "/dev/null", "new-session", "-d", "-x", str(width), "-y", str(height), command)
    time.sleep(2)
    tmux("send-keys", f":measure-cost {seconds}", "Enter")
    end, found = time.perf_counter() + seconds + 10, None
    while not found and time.perf_counter() < end:
        time.sleep(0.5)
        screen = re.sub(r"[┤├│┌└┐┘\s]+", " ", tmux("capture-pane", "-p"))
        found = re.search(r"Training makes (\S+) steps/s while drawing and (\S+) without: (.*?(?:%|chance))", screen)
    tmux("kill-server")
    print(
        f"{width}x{height} {' '.join(arguments)}: " + (
            f"{found[1]} steps/s while drawing, {found[2]} without: {found[3]} ({seconds} s)" if found else "not found"))


def frames(width, height, *arguments, seconds=8):
    """Processor time of the drawing thread (reading, drawing, curses, waiting) and bytes, a second and a frame."""
    one = Terminal("--seed", "1", *arguments, size=(width, height))
    one.drain(3)
    before = one.main_seconds()
    written = one.drain(seconds, frame=b"\x1b[?2026h")
    spent = one.main_seconds() - before
    one.end()
    print(
        f"{width}x{height}: {written[1] / seconds:.1f} frames/s, {1e3 * spent / written[1]:.2f} ms and "
        f"{written[0] / written[1]:.0f} bytes a frame, {spent / seconds:.1%} of a core")


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
for size in ((80, 24), (160, 48), (200, 60)):
    frames(*size)
for size in ((80, 24), (160, 48)):
    for threads in ("1", "2"):
        cost(*size, "--threads", threads)
idling()
