"""Whether a generation may run in bfloat16 on this processor: only where that is faster and still says the same.

What is computed so is said in `engine.nets.half_trunk`; the demand is the one 8-bit integers must meet. Loads torch
only to measure.
"""

import platform
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import msgspec

from engine.domains.registry import rules
from engine.generations.card import GenerationError
from engine.generations.registry import Generation, data_folder
from engine.nets.int8 import CHECKED_POSITIONS, NEEDED_AGREEMENT, top_agreement, value_error
from engine.nets.sample_positions import sample_positions
from engine.search.evaluator import Evaluator

_CHECK_FILE = "check.json"
_WORTH_IT = 1.3
"""How much faster than in float32 a convolution must be for bfloat16 to be thought of at all."""
_TURNS = 5


class Bf16Check(msgspec.Struct, frozen=True, kw_only=True):
    """What was found when a generation was run in bfloat16.

    Attributes:
        weights_sha256: the generation's weights.
        made_by: machine and library the finding holds for.
        agreement: share of positions with the exact network's top action, in [0, 1].
        value_error: mean absolute error of the expected result, which lies in [-1, 1].
        positions: how many were compared.
    """

    weights_sha256: str
    made_by: str
    agreement: float
    value_error: float
    positions: int

    @property
    def is_accepted(self) -> bool:
        """Whether it may be used."""
        return self.agreement >= NEEDED_AGREEMENT


def known_bf16(generation: Generation) -> Bf16Check | None:
    """What was found about a generation on this machine, or None where nobody has looked."""
    try:
        check = msgspec.json.decode(_path(generation).read_bytes(), type=Bf16Check)
    except (OSError, msgspec.DecodeError):
        return None
    is_ours = (check.weights_sha256, check.made_by) == (generation.card.weights_sha256, _made_by())
    return check if is_ours else None


def check_bf16(
    generation: Generation,
    exact: Evaluator,
    half: Evaluator,
    *,
    checked: int = CHECKED_POSITIONS,
    progress: Callable[[str], None] = lambda _: None,
) -> Bf16Check:
    """Compare `half` with `exact` on positions that the generation itself plays, and keep the finding.

    Args:
        generation: whose evaluators these are.
        exact: the network in float32.
        half: the same with its trunk in bfloat16.
        checked: positions compared.
        progress: told in words what is being done.

    Raises:
        GenerationError: the data folder cannot be written.
    """
    card = generation.card
    progress(f"bfloat16: playing positions for {card.id}")
    held_out = sample_positions(rules(card.domain), exact, checked, seed=2)
    expected, found = exact.evaluate(held_out), half.evaluate(held_out)
    check = Bf16Check(
        weights_sha256=card.weights_sha256,
        made_by=_made_by(),
        agreement=top_agreement(held_out, expected, found),
        value_error=value_error(expected, found),
        positions=checked,
    )
    path = _path(generation)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        scratch = path.with_suffix(".tmp")
        scratch.write_bytes(msgspec.json.encode(check))
        scratch.replace(path)
    except OSError as error:
        raise GenerationError(f"what was found was not saved in {path.parent}: {error.strerror}") from error
    return check


def is_bf16_fast() -> bool:
    """Whether this processor convolves clearly faster in bfloat16 than in float32; loads torch and tries."""
    import torch

    from engine.nets.policy_value_net import channels_last

    best: dict[torch.dtype, float] = {}
    with torch.inference_mode():
        convolve = channels_last(torch.nn.Conv2d(64, 64, 3, padding=1))
        planes = torch.ones(64, 64, 8, 8).contiguous(memory_format=torch.channels_last)
        for dtype in (torch.float32, torch.bfloat16):
            convolve, planes = convolve.to(dtype), planes.to(dtype)
            convolve(planes)
            times = []
            for _ in range(_TURNS):
                start = time.perf_counter()
                convolve(planes)
                times.append(time.perf_counter() - start)
            best[dtype] = min(times)
    return best[torch.float32] > _WORTH_IT * best[torch.bfloat16]


def _path(generation: Generation) -> Path:
    return data_folder() / "cache" / "bf16" / generation.card.weights_sha256[:32] / _CHECK_FILE


def _made_by() -> str:
    return f"{platform.node()}, {platform.machine()}, torch {version('torch')}"
