"""A liquid time-constant network for JAX, tuned: the strongest peer that could be written.

One compiled function makes a whole training step. The adjoint is analytic and recomputes the gates instead of storing
them; only the states of the sub-steps are kept. From 128 neurons on, the batch is walked in blocks, so that a block's
gates stay in the cache.
"""
import functools
import os

os.environ.setdefault("JAX_PLATFORMS", "cpu")

import jax
import jax.numpy as jnp

import worker

U = worker.UNFOLDS


def parameters(n, key):
    m = worker.INPUTS
    keys = iter(jax.random.split(key, 16))

    def uniform(shape, low, high):
        return jax.random.uniform(next(keys), shape, minval=low, maxval=high)

    def sign(shape):
        return jnp.where(jax.random.bernoulli(next(keys), 0.5, shape), 1.0, -1.0)

    return {
        "w": uniform((n, n), 0.001, 1.0), "mu": uniform((n, n), 0.3, 0.8), "sigma": uniform((n, n), 3.0, 8.0),
        "erev": sign((n, n)), "sensory_w": uniform((m, n), 0.001, 1.0), "sensory_mu": uniform((m, n), 0.3, 0.8),
        "sensory_sigma": uniform((m, n), 3.0, 8.0), "sensory_erev": sign((m, n)), "gleak": uniform((n,), 0.001, 1.0),
        "vleak": uniform((n,), -0.2, 0.2), "cm": uniform((n,), 0.4, 0.6), "input_w": jnp.ones(m),
        "input_b": jnp.zeros(m), "output_w": jnp.ones(1), "output_b": jnp.zeros(1),
    }


def gates(v, a, c):
    """s[b, j, i] = sigma(a_ji v_bj - c_ji)."""
    return jax.nn.sigmoid(a * v[:, :, None] - c)


def unfold(v, drive, w, we, a, c, cm, leak):
    """One sub-step; `drive` are the sensory sums, `leak` = gleak (numerator's part is in drive)."""
    s = gates(v, a, c)
    numerator = cm * v + drive[0] + (s * we).sum(1)
    denominator = cm + leak + drive[1] + (s * w).sum(1) + 1e-8
    return numerator / denominator, denominator


@functools.partial(jax.custom_vjp, nondiff_argnums=(8,))
def circuit(drives, v0, w, we, a, c, cm, leak, blocks):
    """States [T, B, N] of a whole sequence; drives [T, 2, B, N]."""
    return forward(drives, v0, w, we, a, c, cm, leak, blocks)[0]


def forward(drives, v0, w, we, a, c, cm, leak, blocks):
    def step(v, drive):
        kept = []
        for _ in range(U):
            before = v
            v, denominator = unfold(v, drive, w, we, a, c, cm, leak)
            kept.append((before, v, denominator))
        return v, (v, jax.tree.map(lambda *x: jnp.stack(x), *kept))

    _, (states, kept) = jax.lax.scan(step, v0, drives)
    return states, (kept, w, we, a, c, cm)


def backward(blocks, kept, g_states):
    kept, w, we, a, c, cm = kept
    batch = g_states.shape[1]

    def pull(g, before, after, denominator):
        """The adjoint of a sub-step for a block of the batch."""
        gn = g / denominator
        gd = -gn * after
        s = gates(before, a, c)
        gs = gn[:, None, :] * we + gd[:, None, :] * w
        gx = gs * s * (1 - s)
        gv = (gx * a).sum(2) + cm * gn
        return gv, (
            gn, gd, (s * gd[:, None, :]).sum(0), (s * gn[:, None, :]).sum(0),
            (gx * before[:, :, None]).sum(0), -gx.sum(0), (gn * before + gd).sum(0), gd.sum(0))

    def add(total, x):
        return jax.tree.map(jnp.add, total, x)

    def sub_step(g, before, after, denominator):
        if blocks == 1:
            return pull(g, before, after, denominator)
        cut = [x.reshape(blocks, batch // blocks, -1) for x in (g, before, after, denominator)]
        zeros = (jnp.zeros_like(w),) * 4 + (jnp.zeros_like(cm),) * 2

        def block(total, one):
            gv, (gn, gd, *sums) = pull(*one)
            return add(total, tuple(sums)), (gv, gn, gd)

        sums, (gv, gn, gd) = jax.lax.scan(block, zeros, tuple(cut))
        return gv.reshape(batch, -1), (gn.reshape(batch, -1), gd.reshape(batch, -1), *sums)

    def step(carry, one):
        g, totals = carry
        g_state, (before, after, denominator) = one
        g = g + g_state
        g_drive = (jnp.zeros_like(g), jnp.zeros_like(g))
        for u in reversed(range(U)):
            g, (gn, gd, *sums) = sub_step(g, before[u], after[u], denominator[u])
            g_drive = add(g_drive, (gn, gd))
            totals = add(totals, tuple(sums))
        return (g, totals), jnp.stack(g_drive)

    zeros = (jnp.zeros_like(w),) * 4 + (jnp.zeros_like(cm),) * 2
    (g_v0, (g_w, g_we, g_a, g_c, g_cm, g_leak)), g_drives = jax.lax.scan(
        step, (jnp.zeros_like(g_states[0]), zeros), (g_states, kept), reverse=True)
    return g_drives, g_v0, g_w, g_we, g_a, g_c, g_cm, g_leak


circuit.defvjp(forward, backward)


def drive(p, x):
    """Sums of the sensory synapses and the leak, [2, B, N]."""
    s = gates(x * p["input_w"] + p["input_b"], p["sensory_sigma"], p["sensory_sigma"] * p["sensory_mu"])
    return jnp.stack([
        (s * (p["sensory_w"] * p["sensory_erev"])).sum(1) + p["gleak"] * p["vleak"],
        (s * p["sensory_w"]).sum(1),
    ])


def outputs(p, x, v0, blocks):
    """x [T, B, M] -> outputs [T, B, 1] and the last state."""
    states = circuit(
        jax.vmap(functools.partial(drive, p))(x), v0, p["w"], p["w"] * p["erev"], p["sigma"], p["sigma"] * p["mu"],
        p["cm"] * U, p["gleak"], blocks)
    return states[:, :, :1] * p["output_w"] + p["output_b"], states[-1]


def constrain(p):
    return {k: jnp.maximum(v, 0.0) if k in ("w", "sensory_w", "gleak", "cm") else v for k, v in p.items()}


@functools.partial(jax.jit, static_argnums=(6,), donate_argnums=(0, 1, 2, 3))
def train(p, first, second, count, x, z, blocks):
    v0 = jnp.zeros((x.shape[1], p["cm"].shape[0]))
    value, g = jax.value_and_grad(lambda p: jnp.mean((outputs(p, x, v0, blocks)[0] - z) ** 2))(p)
    norm = jnp.sqrt(sum(jnp.vdot(v, v) for v in g.values()))
    g = jax.tree.map(lambda v: v * jnp.minimum(1.0, 1.0 / (norm + 1e-6)), g)
    count = count + 1
    first = jax.tree.map(lambda m, v: 0.9 * m + 0.1 * v, first, g)
    second = jax.tree.map(lambda m, v: 0.999 * m + 0.001 * v * v, second, g)
    rate = 1e-3 * jnp.sqrt(1 - 0.999**count) / (1 - 0.9**count)
    p = jax.tree.map(lambda v, m, s: v - rate * m / (jnp.sqrt(s) + 1e-8), p, first, second)
    return constrain(p), first, second, count, value


@jax.jit
def infer(p, x, v):
    """One time step of one sequence."""
    d = drive(p, x)
    for _ in range(U):
        v, _ = unfold(v, d, p["w"], p["w"] * p["erev"], p["sigma"], p["sigma"] * p["mu"], p["cm"] * U, p["gleak"])
    return v[:, :1] * p["output_w"] + p["output_b"], v


def prepare(request):
    if request["cell"] != "ltc":
        raise ValueError("only the LTC is written for JAX")
    n = request["neurons"]
    p = parameters(n, jax.random.PRNGKey(1))
    x, z = (jnp.swapaxes(jnp.array(v), 0, 1) for v in worker.samples())
    if request["mode"] == "infer":
        state = jnp.zeros((1, n))

        def step():
            nonlocal state
            y, state = infer(p, x[0, :1], state)
            y.block_until_ready()

        return step
    zeros = jax.tree.map(jnp.zeros_like, p)
    held = [p, zeros, jax.tree.map(jnp.copy, zeros), jnp.zeros(())]
    blocks = 1 if n < 128 else 4 if n < 256 else 16

    def step():
        *held[:], value = train(*held, x, z, blocks)
        value.block_until_ready()

    return step


def check():
    """The analytic adjoint against automatic differentiation of the same equations."""
    p = parameters(8, jax.random.PRNGKey(2))
    x, z = (jnp.swapaxes(jnp.array(v), 0, 1) for v in worker.samples())
    v0 = jnp.zeros((worker.BATCH, 8))

    def plain(p):
        def step(v, d):
            for _ in range(U):
                v, _ = unfold(
                    v, d, p["w"], p["w"] * p["erev"], p["sigma"], p["sigma"] * p["mu"], p["cm"] * U, p["gleak"])
            return v, v

        _, states = jax.lax.scan(step, v0, jax.vmap(functools.partial(drive, p))(x))
        return jnp.mean((states[:, :, :1] * p["output_w"] + p["output_b"] - z) ** 2)

    expected = jax.grad(plain)(p)
    for blocks in (1, 4):
        found = jax.grad(lambda p: jnp.mean((outputs(p, x, v0, blocks)[0] - z) ** 2))(p)
        for name, value in expected.items():
            error = jnp.linalg.norm(found[name] - value) / jnp.maximum(jnp.linalg.norm(value), 1e-12)
            assert error < 1e-4, (name, float(error))


if __name__ == "__main__":
    check()
    worker.serve(prepare)
