"""mctx on JAX, with pgx for the rules, as a side."""

import time
from collections.abc import Callable, Sequence
from importlib.metadata import version
from typing import Any

import jax
import jax.numpy as jnp
import mctx
import numpy as np
import pgx

from engine.bench.peers import network as net
from engine.bench.peers.child import Answer, Tasks, serve

Array = Any
"""A jax.Array; JAX's types are not seen by the checks of this project."""

_made: dict[tuple[str, int, int], Callable[..., Any]] = {}


def versions() -> dict[str, str]:
    """Of the packages that count."""
    return {name: version(name) for name in ("jax", "jaxlib", "mctx", "pgx", "numpy")}


def outputs(network: str) -> Answer:
    """The network's outputs for `network.probe()`: [4, 10]."""
    shape = net.NETWORKS[network]
    planes = jnp.moveaxis(jnp.asarray(net.probe()), 1, -1)
    result = _forward(shape, _weights(shape), planes)
    return {"outputs": np.asarray(result).tolist()}


def lockstep(lines: Sequence[Sequence[int]], network: str, simulations: int, searches: int) -> Answer:
    """Gumbel searches of all `lines` (of equal length) at once, `searches` times over."""
    shape = net.NETWORKS[network]
    weights = _weights(shape)
    states = _states("connect_four", lines)
    key = (network, simulations, len(lines))
    if key not in _made:
        _made[key] = jax.jit(_search(shape, simulations))
    search = _made[key]
    started = time.perf_counter()
    for seed in range(searches):
        actions = search(weights, jax.random.PRNGKey(seed), states).action.block_until_ready()
    seconds = time.perf_counter() - started
    assert actions.shape == (len(lines),)
    return {"seconds": seconds, "simulations": searches * len(lines) * simulations}


def tree_bytes(game: str, roots: int, simulations: int) -> Answer:
    """Bytes of the arrays of mctx's tree for each of its nodes, the game states it keeps there (embeddings) apart.

    Taken from the shapes and types of the arrays that the search makes; nothing is computed.
    """
    env = pgx.make(game)
    states = jax.eval_shape(jax.vmap(env.init), jax.random.split(jax.random.PRNGKey(0), roots))

    def free(_: Array, planes: Array) -> tuple[Array, Array]:
        return jnp.zeros((len(planes), env.num_actions)), jnp.zeros(len(planes))

    policy = _policy(env, free, simulations)
    tree = jax.eval_shape(policy, [], jax.random.PRNGKey(0), states).search_tree
    nodes = roots * (simulations + 1)
    return {"bytes_a_node": _nbytes(tree) / nodes, "of_which_states": _nbytes(tree.embeddings) / nodes}


def _nbytes(arrays: Any) -> int:
    return sum(leaf.size * leaf.dtype.itemsize for leaf in jax.tree_util.tree_leaves(arrays))


def _states(game: str, lines: Sequence[Sequence[int]]) -> Any:
    env = pgx.make(game)
    states = jax.vmap(env.init)(jax.random.split(jax.random.PRNGKey(0), len(lines)))
    step = jax.jit(jax.vmap(env.step))
    for actions in zip(*lines, strict=True):
        states = step(states, jnp.asarray(actions))
    return states


def _search(shape: net.Network, simulations: int) -> Callable[..., Any]:
    def evaluate(weights: Sequence[Array], observation: Array) -> tuple[Array, Array]:
        discs = jnp.flip(observation.astype(jnp.float32), 1)  # [B, 6, 7, 2], lowest row first
        planes = jnp.concatenate((discs, jnp.ones_like(discs[..., :1])), -1)
        result = _forward(shape, weights, planes)
        wdl = jax.nn.softmax(result[:, net.COLUMNS :])
        return result[:, : net.COLUMNS], wdl[:, 0] - wdl[:, 2]

    return _policy(pgx.make("connect_four"), evaluate, simulations)


def _policy(env: Any, evaluate: Callable[..., tuple[Array, Array]], simulations: int) -> Callable[..., Any]:
    """Gumbel MuZero over the true rules of `env`, as mctx and pgx document it."""

    def step(weights: Any, _: Array, actions: Array, states: Any) -> tuple[Any, Any]:
        movers = states.current_player
        states = jax.vmap(env.step)(states, actions)
        logits, value = evaluate(weights, states.observation)
        over = states.terminated
        recurrent = mctx.RecurrentFnOutput(
            reward=states.rewards[jnp.arange(len(movers)), movers],
            discount=jnp.where(over, 0.0, -1.0),
            prior_logits=jnp.where(states.legal_action_mask, logits, jnp.finfo(logits.dtype).min),
            value=jnp.where(over, 0.0, value),
        )
        return recurrent, states

    def search(weights: Any, key: Array, states: Any) -> Any:
        logits, value = evaluate(weights, states.observation)
        root = mctx.RootFnOutput(prior_logits=logits, value=value, embedding=states)
        illegal = ~states.legal_action_mask
        return mctx.gumbel_muzero_policy(weights, key, root, step, simulations, invalid_actions=illegal)

    return search


def _weights(shape: net.Network) -> list[Array]:
    """The common weights in the layout that XLA is fastest with on a CPU: channels last."""
    drawn = net.weights(shape)
    filters, (dense, last) = drawn[: shape.convolutions], drawn[shape.convolutions :]
    by_cell = dense.reshape(-1, net.ROWS, net.COLUMNS, shape.hidden).transpose(1, 2, 0, 3).reshape(dense.shape)
    return [jnp.asarray(array) for array in (*(f.transpose(2, 3, 1, 0) for f in filters), by_cell, last)]


def _forward(shape: net.Network, weights: Sequence[Array], planes: Array) -> Array:
    """Outputs [B, 10] for planes [B, 6, 7, 3]."""
    signal = planes
    for filters in weights[: shape.convolutions]:
        layout = ("NHWC", "HWIO", "NHWC")
        signal = jax.nn.relu(jax.lax.conv_general_dilated(signal, filters, (1, 1), "SAME", dimension_numbers=layout))
    signal = signal.reshape(len(signal), -1)
    dense, last = weights[shape.convolutions :]
    return jax.nn.relu(signal @ dense) @ last


TASKS: Tasks = {"outputs": outputs, "lockstep": lockstep, "tree_bytes": tree_bytes}

if __name__ == "__main__":
    serve(versions(), TASKS)
