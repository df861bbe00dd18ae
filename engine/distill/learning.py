"""Trains the child of a generation on what search taught: the learning stage of a round.

Resumable after a kill and, on a CPU, reproducible bit by bit: batch number `n` follows from the seed and `n` alone, and
the length is counted in steps, never in seconds. Shape letters: `B` batch, `S` lessons.
"""

import copy
import hashlib
import math
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

import msgspec
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.distill.batches import batch_rows, made_ahead, planes_and_legal
from engine.distill.budget import learning_rate
from engine.distill.lessons import Lessons
from engine.distill.losses import drift, legal_log_policy, soft_policy_loss, soft_value_loss
from engine.distill.settings import LearningSettings
from engine.distill.targets import lesson_weights, value_targets
from engine.distill.training_state import (
    CPU,
    DamagedError,
    TrainingState,
    load_state,
    save_state,
    state_from,
    update_average,
)
from engine.domains.base import Rules
from engine.nets.policy_value_net import PolicyValueNet

_STATE_FILE = "learning.safetensors"
_CHECK_BATCH = 512


_SAVE_EVERY_S = 20.0
"""What a kill may cost; when a training is saved has no say in what comes out of it."""
_RECENT = 20
"""Steps that figures are means of."""


class LearningError(RuntimeError):
    """A training that went wrong in itself; the message says where."""


class AstrayError(LearningError):
    """A loss or a gradient is no number any more: with these settings the training leads nowhere."""


@dataclass(frozen=True, slots=True)
class Losses:
    """Mean losses, nats: of the policy and of the value; and divergence from the parent's prior."""

    policy: float
    value: float
    drift: float = 0.0

    @property
    def total(self) -> float:
        """Of policy and value."""
        return self.policy + self.value


@dataclass(frozen=True, slots=True)
class Learned:
    """How far a training is; figures are means over the last steps.

    Attributes:
        step: steps done. steps: of the whole training.
        losses: at these steps. gradient: norm before it was clipped. samples_per_s: lessons learned in a second.
        rate: learning rate of the last step.
        held_out: losses at the last check, None before the first. is_check: that was just now.
        parts: in which a batch is learned, more than 1 where the device has too little memory for all of it at once.
    """

    step: int
    steps: int
    losses: Losses
    gradient: float
    samples_per_s: float
    rate: float
    held_out: Losses | None
    is_check: bool
    parts: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class _Batch:
    planes: Tensor
    legal: Tensor
    policy: Tensor
    value: Tensor
    weights: Tensor

    def in_parts(self, count: int, device: torch.device) -> Iterator["_Batch"]:
        """The batch in so many parts, one after the other on `device`."""
        columns = (self.planes, self.legal, self.policy, self.value, self.weights)
        for part in zip(*(column.chunk(count) for column in columns), strict=True):
            yield _Batch(*(column.to(device, non_blocking=True) for column in part))


class Learning:
    """A child in training: `run` takes it to the end.

    Attributes:
        steps: of the whole training.
        best: held-out losses of the weights that will be published, None before the first check.
        history: the held-out losses of every check so far.
    """

    def __init__(
        self,
        rules: Rules,
        parent: PolicyValueNet,
        lessons: Lessons,
        held_out: Lessons,
        settings: LearningSettings,
        seed: int,
        folder: Path,
        device: torch.device = CPU,
    ) -> None:
        """Prepare, and go on from the checkpoint in `folder` where there is one.

        Args:
            parent: what the child begins as; not changed.
            held_out: lessons of games that are not trained on; may be empty.

        Raises:
            CheckpointError: the checkpoint belongs to another training.
            ValueError: there is no lesson.
        """
        if not len(lessons):
            raise ValueError("there is nothing to learn: no lesson was kept")
        self._rules, self._settings, self._seed = rules, settings, seed
        self._lessons, self._held_out = lessons, held_out
        self._fmt = parent.architecture.fmt
        self._values = value_targets(lessons, settings.result_share)
        self._weights = lesson_weights(lessons, settings.surprise_share)
        self._device, self._parts = device, 1
        self._parent = copy.deepcopy(parent).to(device).eval() if settings.anchor > 0.0 else None
        self.steps = max(1, math.ceil(len(lessons) * settings.reuse / settings.batch))
        self.history: list[Losses] = []
        self._folder = folder
        decisive = [settings, seed, lessons.digest, held_out.digest]
        self._key = hashlib.sha256(msgspec.json.encode(decisive)).hexdigest()  # of all that decides what comes out
        self._best: dict[str, Tensor] | None = None
        self._best_at = -1
        self._state = self._begin(parent)

    @property
    def best(self) -> Losses | None:
        """See the class."""
        return self.history[self._best_at] if self._best_at >= 0 else None

    @property
    def is_over(self) -> bool:
        """All steps are done, or the held-out lessons got no better for long."""
        return self._state.step >= self.steps or self._has_stalled()

    @property
    def step(self) -> int:
        """Steps done."""
        return self._state.step

    def run(self) -> Iterator[Learned]:
        """Train to the end, and tell of every step; whoever stops listening can go on later.

        Raises:
            AstrayError: a loss is no number any more; the checkpoint is gone then, as nothing good comes of it.
            LearningError: the device has no memory for a single lesson.
            OSError: the checkpoint cannot be written.
        """
        state, recent = self._state, deque[tuple[Losses, float, float]](maxlen=_RECENT)
        try:
            with made_ahead(self._made, state.step) as batches:
                saved = began = time.perf_counter()
                while not self.is_over:
                    losses, gradient = self._step(next(batches))
                    if is_check := self._is_check(state.step):
                        self._check()
                    began, before = time.perf_counter(), began
                    if began - saved > _SAVE_EVERY_S:
                        self.save()
                        saved = began
                    recent.append((losses, gradient, began - before))
                    yield self._learned(recent, is_check=is_check)
        except AstrayError:
            (self._folder / _STATE_FILE).unlink(missing_ok=True)
            raise
        except (GeneratorExit, KeyboardInterrupt, LearningError):
            self.save()
            raise
        self.save()

    def averaged(self) -> PolicyValueNet:
        """The network as it would be published now."""
        return self._state.averaged_network()

    def child(self) -> PolicyValueNet:
        """The network to publish, on the CPU: the averaged weights that did best on the held-out lessons."""
        network = self._state.averaged_network()
        if self._best is not None:
            network.load_state_dict(self._best)
        return network.cpu()

    def save(self) -> None:
        """Write the checkpoint."""
        extra = {f"best.{name}": tensor for name, tensor in (self._best or {}).items()}
        about = {"history": msgspec.json.encode([[each.policy, each.value] for each in self.history]).decode()}
        about["best_at"] = str(self._best_at)
        save_state(self._state, self._folder / _STATE_FILE, self._key, extra, about)

    def _begin(self, parent: PolicyValueNet) -> TrainingState:
        state = self._kept(parent) or state_from(copy.deepcopy(parent).to(self._device), self._settings.weight_decay)
        state.network.train()
        return state

    def _kept(self, parent: PolicyValueNet) -> TrainingState | None:
        """The training as the checkpoint has it; None where there is none, or it is damaged and so worth nothing."""
        path = self._folder / _STATE_FILE
        extra: dict[str, Tensor] = {}
        about: dict[str, str] = {}
        decay = self._settings.weight_decay
        try:
            state = load_state(path, self._key, parent.architecture, decay, extra, about, self._device)
        except DamagedError:
            return None
        self._best = {name.removeprefix("best."): tensor for name, tensor in extra.items()} or None
        self._best_at = int(about["best_at"])
        self.history = [Losses(*each) for each in msgspec.json.decode(about["history"], type=list[list[float]])]
        return state

    def _made(self, number: int) -> _Batch:
        rows = batch_rows(len(self._lessons), self._settings.batch, self._seed, number)
        chosen = self._lessons.chosen(rows)
        return self._batch(chosen, self._values[rows], self._weights[rows])

    def _batch(self, lessons: Lessons, values: NDArray[np.float32], weights: NDArray[np.float32]) -> _Batch:
        planes, legal = planes_and_legal(self._rules, lessons.rows["state"], self._fmt)
        return _Batch(
            torch.from_numpy(planes).to(memory_format=torch.channels_last),
            torch.from_numpy(legal),
            torch.from_numpy(lessons.dense_policy(self._rules.num_actions)),
            torch.from_numpy(values),
            torch.from_numpy(weights),
        )

    def _step(self, batch: _Batch) -> tuple[Losses, float]:
        """One step; where the device's memory does not hold the batch, in twice as many parts."""
        while True:
            try:
                return self._taken(batch)
            except torch.OutOfMemoryError as error:
                if self._parts >= len(batch.weights):
                    text = f"{self._device} has too little memory to learn even a single lesson at a time"
                    raise LearningError(f"{text}; train on another device") from error
                self._parts *= 2
                if self._device.type == "cuda":
                    torch.cuda.empty_cache()

    def _taken(self, batch: _Batch) -> tuple[Losses, float]:
        """One step of the optimizer; the losses before it and the norm of the gradient."""
        state, settings = self._state, self._settings
        state.optimizer.zero_grad()
        sums = torch.zeros(3, device=self._device)
        for part in batch.in_parts(self._parts, self._device):
            by_weight = float(part.weights.sum()) / float(batch.weights.sum())
            by_count = len(part.weights) / len(batch.weights)
            policy, value, away = self._losses(part)
            loss = by_weight * (policy + settings.value_weight * value) + by_count * settings.anchor * away
            torch.autograd.backward(loss)
            sums += torch.stack((by_weight * policy, by_weight * value, by_count * away)).detach()
        norm = torch.nn.utils.clip_grad_norm_(state.network.parameters(), settings.clip)
        if not (torch.isfinite(sums).all() and torch.isfinite(norm)):
            raise AstrayError(f"the loss is no number any more at step {state.step}")
        for group in state.optimizer.param_groups:
            group["lr"] = self._rate()
        state.optimizer.step()
        state.step += 1
        update_average(state, settings.average_decay)
        return Losses(*sums.tolist()), norm.item()

    def _losses(self, part: _Batch) -> tuple[Tensor, Tensor, Tensor]:
        """Of the policy, of the value, and divergence from the parent."""
        # A GPU multiplies in bfloat16 at twice the speed and half the memory; on a CPU float32 is what is reproducible.
        with torch.autocast(self._device.type, torch.bfloat16, enabled=self._device.type == "cuda"):
            output = self._state.network(part.planes)
        logits = output.policy_logits.float()
        policy = soft_policy_loss(logits, part.legal, part.policy, part.weights)
        value = soft_value_loss(output.wdl_logits.float(), part.value, part.weights)
        if self._parent is None:
            return policy, value, torch.zeros((), device=self._device)
        with torch.no_grad():
            anchor = self._parent(part.planes).policy_logits
        return policy, value, drift(logits, anchor, part.legal)

    def _rate(self) -> float:
        return learning_rate(self._state.step / self.steps, self._settings.learning_rate)

    def _is_check(self, step: int) -> bool:
        return len(self._held_out) > 0 and step * self._settings.checks // self.steps > (
            (step - 1) * self._settings.checks // self.steps
        )

    def _check(self) -> None:
        """Ask the averaged weights about the held-out lessons, and keep them where they did best so far."""
        self.history.append(
            held_out_losses(self._rules, self._state.averaged_network(), self._held_out, self._settings)
        )
        if self.best is None or self.history[-1].total < self.best.total:
            self._best_at = len(self.history) - 1
            self._best = {name: tensor.clone() for name, tensor in self._state.average.items()}

    def _has_stalled(self) -> bool:
        return self._best_at >= 0 and len(self.history) - 1 - self._best_at >= self._settings.patience

    def _learned(self, recent: Sequence[tuple[Losses, float, float]], *, is_check: bool) -> Learned:
        losses, gradients, seconds = zip(*recent, strict=True)
        return Learned(
            step=self._state.step,
            steps=self.steps,
            losses=Losses(
                fmean(each.policy for each in losses),
                fmean(each.value for each in losses),
                fmean(each.drift for each in losses),
            ),
            gradient=fmean(gradients),
            samples_per_s=self._settings.batch / max(fmean(seconds), 1e-9),
            rate=self._rate(),
            held_out=self.history[-1] if self.history else None,
            is_check=is_check,
            parts=self._parts,
        )


def has_begun(folder: Path) -> bool:
    """Whether something was learned in the folder of a round, so that its lessons are settled."""
    return (folder / _STATE_FILE).is_file()


def held_out_losses(rules: Rules, network: PolicyValueNet, lessons: Lessons, settings: LearningSettings) -> Losses:
    """Mean losses of `network` on lessons, all counting alike.

    Raises:
        ValueError: there is no lesson.
    """
    if not len(lessons):
        raise ValueError("no lesson to measure on")
    policy, value = lesson_losses(rules, network, lessons, settings)
    return Losses(float(policy.mean()), float(value.mean()))


def lesson_losses(
    rules: Rules, network: PolicyValueNet, lessons: Lessons, settings: LearningSettings
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Losses of `network` on each of `lessons`, nats: of the policy [S] and of the value [S]."""
    network.eval()
    device = next(network.parameters()).device
    values = torch.from_numpy(value_targets(lessons, settings.result_share))
    policies, worths = [np.zeros(0)], [np.zeros(0)]
    with torch.inference_mode():
        for first in range(0, len(lessons), _CHECK_BATCH):
            rows = np.arange(first, min(first + _CHECK_BATCH, len(lessons)))
            planes, legal = planes_and_legal(rules, lessons.rows["state"][rows], network.architecture.fmt)
            output = network(torch.from_numpy(planes).to(device).contiguous(memory_format=torch.channels_last))
            targets = torch.from_numpy(lessons.chosen(rows).dense_policy(rules.num_actions)).to(device)
            log_policy = legal_log_policy(output.policy_logits, torch.from_numpy(legal).to(device))
            log_chances = torch.log_softmax(output.wdl_logits, 1)
            policies.append(-(targets * log_policy).sum(1).double().cpu().numpy())
            worths.append(-(values[rows].to(device) * log_chances).sum(1).double().cpu().numpy())
    return np.concatenate(policies), np.concatenate(worths)
