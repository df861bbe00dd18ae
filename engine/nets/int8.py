"""A generation in 8-bit integers: faster on many CPUs, and only used where it still says the same.

The exported network is quantised statically (QDQ format, weights by channel) on positions that the generation itself
plays, and compared with the exact one on other positions of that kind. Which parts are quantised is tried from the
fastest plan to the most careful one; the first whose policy has the same top action in at least 99 of 100 positions is
kept in the data folder. If none has, only the finding is kept, so that nobody has to try again.

How 8-bit sums are rounded depends on the processor, so a finding holds for one machine and one ONNX Runtime.
"""

import contextlib
import io
import logging
import platform
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from engine.domains.registry import rules
from engine.generations.card import ONNX_FILE, GenerationError, sha256
from engine.generations.registry import Generation, data_folder
from engine.nets.onnx_evaluator import NetworkFileError, OnnxEvaluator, runtime_version
from engine.nets.sample_positions import sample_positions
from engine.search.evaluator import Evaluation, Evaluator, Leaves

NEEDED_AGREEMENT = 0.99
"""Share of positions in which the top action must be the exact network's."""
CALIBRATION_POSITIONS = 512
CHECKED_POSITIONS = 2000

_ROWS = 128
"""Positions evaluated at once here: bounds the memory of a calibration."""
_CHECK_FILE = "check.json"


class QuantisationError(ValueError):
    """A network that cannot be quantised; the message names it and says why."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Which part of a network is quantised.

    Attributes:
        text: for people.
        kinds: ONNX operators that are quantised; empty = all that can be.
        spared: nodes with one of these in their names stay exact.
    """

    text: str
    kinds: tuple[str, ...] = ()
    spared: tuple[str, ...] = ()


PLANS = (
    Plan("the whole network"),
    Plan("all but the heads", (), ("/policy/", "/value/")),
    Plan("the convolutions of the blocks", ("Conv",), ("/stem/", "/policy/", "/value/")),
)
"""The fastest first."""


class Int8Check(msgspec.Struct, frozen=True, kw_only=True):
    """What was found when a generation was quantised.

    Attributes:
        weights_sha256: the generation's weights.
        made_by: machine and runtime the finding holds for.
        plan: text of the plan that was kept, or of the one that agreed best.
        agreement: share of positions with the exact network's top action, in [0, 1].
        value_error: mean absolute error of the expected result, which lies in [-1, 1].
        positions: how many were compared.
        model_sha256: hash of the kept file, or "" where none was good enough.
    """

    weights_sha256: str
    made_by: str
    plan: str
    agreement: float
    value_error: float
    positions: int
    model_sha256: str

    @property
    def is_accepted(self) -> bool:
        """Whether there is a quantised network to be used."""
        return bool(self.model_sha256)


def known_check(generation: Generation) -> Int8Check | None:
    """What was found about a generation on this machine, or None where nobody has looked."""
    try:
        check = msgspec.json.decode((_folder(generation) / _CHECK_FILE).read_bytes(), type=Int8Check)
    except (OSError, msgspec.DecodeError):
        return None
    is_ours = (check.weights_sha256, check.made_by) == (generation.card.weights_sha256, _made_by())
    return check if is_ours else None


def int8_model(generation: Generation) -> Path:
    """The quantised network of a generation.

    Raises:
        GenerationError: it was not made yet, was refused, or its file is damaged; the message says which.
    """
    check = known_check(generation)
    name = generation.card.id
    if check is None:
        raise GenerationError(f"{name}: not quantised on this machine yet; run: arborist doctor --generation {name}")
    if not check.is_accepted:
        raise GenerationError(
            f"{name}: int8 is refused: its top action is the exact one's in {check.agreement:.1%} of "
            f"{check.positions} positions, {NEEDED_AGREEMENT:.0%} are needed"
        )
    path = _folder(generation) / ONNX_FILE
    try:
        is_whole = sha256(path.read_bytes()) == check.model_sha256
    except OSError as error:
        raise GenerationError(f"{name}: cannot read {path} ({error.strerror})") from error
    if not is_whole:
        raise GenerationError(f"{name}: {path} is damaged; run: arborist doctor --generation {name}")
    return path


def make_int8(
    generation: Generation,
    exact: Evaluator,
    *,
    calibration: int = CALIBRATION_POSITIONS,
    checked: int = CHECKED_POSITIONS,
    progress: Callable[[str], None] = lambda _: None,
) -> Int8Check:
    """Quantise a generation, check it against `exact`, and keep the finding and, if it is good enough, the network.

    Args:
        generation: one with an ONNX file.
        exact: evaluator of the same generation in float32.
        calibration: positions that ranges of activations are taken from.
        checked: other positions, that it is judged by.
        progress: told in words what is being done.

    Raises:
        GenerationError: its ONNX file is missing or damaged, or the data folder cannot be written.
    """
    card = generation.card
    model = generation.verified_file(ONNX_FILE)
    progress(f"int8: playing positions for {card.id}")
    domain = rules(card.domain)
    ranges = sample_positions(domain, exact, calibration, seed=1)
    held_out = sample_positions(domain, exact, checked, seed=2)
    expected = exact.evaluate(held_out)
    best = Int8Check(
        weights_sha256=card.weights_sha256,
        made_by=_made_by(),
        plan="",
        agreement=0.0,
        value_error=0.0,
        positions=checked,
        model_sha256="",
    )
    with tempfile.TemporaryDirectory() as scratch:
        for plan in PLANS:
            progress(f"int8: quantising {plan.text} of {card.id}")
            target = Path(scratch) / "int8.onnx"
            try:
                quantise(model, target, plan, ranges)
                quantised = OnnxEvaluator(target, name=card.id, weights_hash=card.weights_sha256, fmt=exact.fmt or "")
            except (QuantisationError, NetworkFileError):
                continue  # a plan may fit this network or not
            found = quantised.evaluate(held_out)
            agreement = top_agreement(held_out, expected, found)
            if agreement <= best.agreement:
                continue
            best = msgspec.structs.replace(
                best, plan=plan.text, agreement=agreement, value_error=value_error(expected, found)
            )
            if agreement >= NEEDED_AGREEMENT:
                content = target.read_bytes()
                best = msgspec.structs.replace(best, model_sha256=sha256(content))
                _keep(generation, best, content)
                return best
    _keep(generation, best, b"")
    return best


def quantise(model: Path, target: Path, plan: Plan, ranges: Leaves) -> None:
    """Write `model` to `target` in 8-bit integers.

    Args:
        model: an ONNX file in float32.
        target: the file to write.
        plan: which part of it.
        ranges: leaves whose features the ranges of activations are taken from.

    Raises:
        QuantisationError: ONNX Runtime cannot quantise this network in this way.
    """
    # Slow to import, and only needed here.
    import onnx
    from onnxruntime import quantization
    from onnxruntime.quantization.shape_inference import quant_pre_process

    assert ranges.features is not None
    prepared = target.with_suffix(".prepared.onnx")
    try:
        with _silence():
            quant_pre_process(str(model), str(prepared))
            graph = onnx.load(str(prepared)).graph
            quantization.quantize_static(
                str(prepared),
                str(target),
                _Reader(graph.input[0].name, ranges.features),
                quant_format=quantization.QuantFormat.QDQ,
                per_channel=True,
                activation_type=quantization.QuantType.QUInt8,
                weight_type=quantization.QuantType.QInt8,
                # Cutting off the rarest activations was measured a little closer than keeping all of their range.
                calibrate_method=quantization.CalibrationMethod.Percentile,
                op_types_to_quantize=list(plan.kinds) or None,
                nodes_to_exclude=[node.name for node in graph.node if any(word in node.name for word in plan.spared)],
            )
    except Exception as error:  # ONNX and ONNX Runtime raise a dozen classes without a common base
        raise QuantisationError(f"{model}: cannot be quantised ({plan.text}): {error}") from error


def top_agreement(leaves: Leaves, expected: Evaluation, found: Evaluation) -> float:
    """Share of leaves in which both evaluations have the same top action."""
    return float(np.mean(_top_actions(leaves, expected) == _top_actions(leaves, found)))


def value_error(expected: Evaluation, found: Evaluation) -> float:
    """Mean absolute difference of the expected results (win - loss, in [-1, 1])."""
    difference = expected.wdl - found.wdl  # [B, 3]
    return float(np.mean(np.abs(difference[:, 0] - difference[:, 2])))


def _top_actions(leaves: Leaves, evaluation: Evaluation) -> NDArray[np.int64]:
    """The place of each leaf's largest logit among its own: int64 [B]."""
    rows = zip(leaves.offsets[:-1], leaves.offsets[1:], strict=True)
    return np.array([np.argmax(evaluation.logits[start:end]) for start, end in rows], np.int64)


class _Reader:
    """Hands planes to a calibration, some rows at a time."""

    def __init__(self, name: str, planes: NDArray[np.float32]) -> None:
        self._batches = iter([{name: planes[start : start + _ROWS]} for start in range(0, len(planes), _ROWS)])

    def get_next(self) -> dict[str, NDArray[np.float32]] | None:
        """The next batch by input, or None after the last."""
        return next(self._batches, None)


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    """Keep what ONNX Runtime prints and logs while quantising from the screen."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            yield
    finally:
        logging.disable(before)


def _keep(generation: Generation, check: Int8Check, model: bytes) -> None:
    folder = _folder(generation)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if model:
            _write(folder / ONNX_FILE, model)
        else:
            (folder / ONNX_FILE).unlink(missing_ok=True)
        _write(folder / _CHECK_FILE, msgspec.json.encode(check))
    except OSError as error:
        raise GenerationError(f"the quantised network was not saved in {folder}: {error.strerror}") from error


def _write(path: Path, content: bytes) -> None:
    scratch = path.with_suffix(".tmp")
    scratch.write_bytes(content)
    scratch.replace(path)


def _folder(generation: Generation) -> Path:
    return data_folder() / "cache" / "int8" / generation.card.weights_sha256[:32]


def _made_by() -> str:
    return f"{platform.node()}, {platform.machine()}, ONNX Runtime {runtime_version()}"
