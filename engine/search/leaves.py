"""From gathered edges to journal-ready leaves: repetition along the line, priors from logits."""

import numpy as np
from numpy.typing import NDArray

from engine.compiled import kernel
from engine.search.evaluator import Evaluation
from engine.search.settings import SearchSettings


@kernel
def count_repetitions(links, states, line, line_offsets, parent, fresh):
    """Fill `repetitions` of the new states `fresh` [B]: how often each stood on its line before.

    Only states an even number of plies back can be equal, the nearest four plies back, and none lies further back than
    the last irreversible action.

    Args:
        states: [N], of the nodes. line: states before the roots, newest first; those of root `g` are
            `line[line_offsets[g] : line_offsets[g + 1]]`. Roots are the first nodes.
        parent: int32 [B], parent node of each new state.
    """
    for i in range(len(parent)):
        node, root = parent[i], np.int32(0)
        found = 0
        before = 0  # states before the root passed so far
        for back in range(1, np.int64(fresh[i].reversible) + 1):
            if node >= 0:
                key = states[node].key
                root, node = node, links[node].parent
            elif line_offsets[root] + before < line_offsets[root + 1]:
                key = line[line_offsets[root] + before].key
                before += 1
            else:
                break
            if back >= 4 and back % 2 == 0 and key == fresh[i].key:
                found += 1
        fresh[i].repetitions = min(found, 255)


@kernel
def softmax_rows(logits, offsets, temperature, priors):
    """Softmax of each row of a CSR of logits, float32, into `priors`."""
    for row in range(len(offsets) - 1):
        start, end = offsets[row], offsets[row + 1]
        top, bottom = -np.inf, np.inf
        for e in range(start, end):
            top = max(top, logits[e])
            bottom = min(bottom, logits[e])
        if top == bottom:  # no opinion: spare the exponentials
            for e in range(start, end):
                priors[e] = 1.0 / (end - start)
            continue
        total = 0.0
        for e in range(start, end):
            weight = np.exp((logits[e] - top) / temperature)
            priors[e] = weight
            total += weight
        for e in range(start, end):
            priors[e] /= total


@kernel
def sort_rows(bits, actions, offsets, sorted_bits, sorted_actions):
    """Sort each row by falling prior; ties keep their order. Non-negative float16 order like their bits.

    Every entry's place is the number of entries before it, which is counted without a branch: for the few dozen actions
    of a state that is several times faster than moving entries about.
    """
    longest = 0
    for row in range(len(offsets) - 1):
        longest = max(longest, offsets[row + 1] - offsets[row])
    keys = np.empty(longest, np.uint32)
    for row in range(len(offsets) - 1):
        start = offsets[row]
        count = offsets[row + 1] - start
        is_sorted = True
        for i in range(count):
            keys[i] = (np.uint32(bits[start + i]) << np.uint32(16)) | np.uint32(65535 - i)
            is_sorted = is_sorted and (i == 0 or keys[i] < keys[i - 1])
        for i in range(count):
            place = i
            if not is_sorted:
                place, key = 0, keys[i]
                for j in range(count):
                    place += keys[j] > key
            sorted_bits[start + place] = bits[start + i]
            sorted_actions[start + place] = actions[start + i]


def priors_from_logits(
    logits: NDArray[np.float32], actions: NDArray[np.uint16], offsets: NDArray[np.int32], temperature: float
) -> tuple[NDArray[np.uint16], NDArray[np.uint16]]:
    """Priors as they are stored and used: float16 bits [E] and their actions [E], sorted by falling prior in each row.

    Rounding comes before any use, so that a fold of the journal sees exactly the numbers that the search saw.
    """
    priors = np.empty(len(logits), np.float32)
    softmax_rows(logits, offsets, temperature, priors)
    bits = priors.astype(np.float16).view(np.uint16)
    sorted_bits, sorted_actions = np.empty_like(bits), np.empty_like(actions)
    sort_rows(bits, actions, offsets, sorted_bits, sorted_actions)
    return sorted_bits, sorted_actions


def mix_noise(evaluation: Evaluation, settings: SearchSettings, ply: int) -> Evaluation:
    """The evaluation of one state with Dirichlet noise in its priors (Silver et al. 2018); for training only.

    The noise is the same for the same seed and `ply`.
    """
    temperature = settings.policy_temperature
    weights = np.exp((evaluation.logits - evaluation.logits.max()) / temperature)
    random = np.random.default_rng((settings.seed, ply))
    noise = random.dirichlet(np.full(len(weights), settings.root_noise_alpha))
    mixed = (1.0 - settings.root_noise) * weights / weights.sum() + settings.root_noise * noise
    return Evaluation((temperature * np.log(np.maximum(mixed, 1e-9))).astype(np.float32), evaluation.wdl)
