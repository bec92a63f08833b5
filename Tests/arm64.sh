#!/usr/bin/env bash
# The kernels on arm64, under emulation: every kind of cell, forward and backward, against the same program on this machine
# with the same kind of vectors. Needs qemu-user-static, gcc-aarch64-linux-gnu and libc6-dev-arm64-cross; about a minute.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
flags=(-O2 -Wall -Werror -I Sources/CKernels/include)
sources=(Tests/arm64/passes.c Sources/CKernels/*/*.c)
clang "${flags[@]}" "${sources[@]}" -o "$work/here" -lm
objects=()
for source in "${sources[@]}"; do
  object="$work/$(basename "$source" .c).o"
  clang --target=aarch64-linux-gnu --sysroot=/usr/aarch64-linux-gnu -isystem /usr/aarch64-linux-gnu/include "${flags[@]}" \
    -c "$source" -o "$object"
  objects+=("$object")
done
aarch64-linux-gnu-gcc -static "${objects[@]}" -o "$work/there" -lm
"$work/here" > "$work/here.out"
qemu-aarch64-static "$work/there" > "$work/there.out"
python3 - "$work/here.out" "$work/there.out" <<'PYTHON'
import array, math, sys


def parts(path):
    data, at = open(path, "rb").read(), 0
    while at < len(data):
        title = data[at:at + 64].rstrip(b"\0").decode()
        count = int.from_bytes(data[at + 64:at + 72], "little")
        yield title, array.array("f", data[at + 72:at + 72 + 4 * count])
        at += 72 + 4 * count


worst, cases = (0, ""), 0
for (title, here), (other, there) in zip(parts(sys.argv[1]), parts(sys.argv[2]), strict=True):
    assert title == other and len(here) == len(there)
    assert all(map(math.isfinite, there)), f"{title}: not finite"
    size = math.sqrt(sum(x * x for x in here))
    error = math.sqrt(sum((x - y) ** 2 for x, y in zip(here, there))) / size if size else 0
    assert any(there) == any(here)
    worst, cases = max(worst, (error, title)), cases + 1
print(f"{cases} results, largest relative difference {worst[0]:.1e} ({worst[1]})")
# One fuses products and sums, the other does not: some roundings of 6e-8 each, through a few dozen operations.
sys.exit(worst[0] > 1e-5)
PYTHON
