"""Trains generation 0 of a domain from recorded games: what people would play here, and who went on to win.

Resumable after a kill at any moment, cancellable, and reproducible: on a CPU, with a budget of samples, the same
settings give the same weights bit for bit, whether or not the training was interrupted.
"""

import hashlib
import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import torch

from engine.distill.batches import Batch, batch_stream
from engine.distill.budget import Budget, BudgetError, learning_rate
from engine.distill.dataset import Dataset, GameFilter, GameSource, cached_dataset
from engine.distill.held_out import agreement, figures
from engine.distill.losses import policy_loss, value_loss
from engine.distill.measure import answers
from engine.distill.training_state import TrainingState, fresh_state, load_state, save_state, update_average
from engine.domains import registry as domains
from engine.domains.base import Rules
from engine.generations.card import Card
from engine.generations.registry import Generation, Registry
from engine.nets.architecture import Architecture
from engine.nets.policy_value_net import PolicyValueNet, fresh_network
from engine.nets.publish import publish

_STATE_FILE = "state.safetensors"
_LOG_FILE = "log.jsonl"
_GLANCE = 4096  # held-out positions measured at every checkpoint
_SHUFFLE, _DRAW = 1, 2  # streams of random numbers made of one seed


class BaseTrainingSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that decides what weights come out.

    Attributes:
        id: of the generation made.
        name: of the generation, for people.
        domain: its domain.
        architecture: its network.
        files: game files; none = the untrained network of `seed` is published.
        budget: how long to train; not needed without files.
        game_filter: which games to use.
        batch: samples in a step.
        learning_rate: highest learning rate of AdamW, see `budget.learning_rate`.
        weight_decay: of AdamW, on matrices and kernels only.
        value_weight: weight of the value loss beside the policy loss.
        average_decay: of the moving average of the weights, a step; the average is what is published.
        clip: largest norm of the gradient.
        seed: of first weights, samples and shuffling.
        threads: torch threads.
        licence: of the weights, for the card.
    """

    id: str
    name: str
    domain: str
    architecture: Architecture
    files: tuple[GameSource, ...] = ()
    budget: Budget | None = None
    game_filter: GameFilter = GameFilter()
    batch: int = 256
    learning_rate: float = 2e-3
    weight_decay: float = 0.02
    value_weight: float = 1.0
    average_decay: float = 0.999
    clip: float = 2.0
    seed: int = 1
    threads: int = 2
    licence: str = "GPL-3.0-or-later"


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """Where a training is.

    Attributes:
        stage: "reading", "training", "measuring" or "saving".
        text: one line for people.
        used: share of the budget used, in [0, 1].
        samples: samples trained on.
        samples_per_s: since the last report.
        policy_loss: mean over the last report's steps, nats; nan before the first.
        value_loss: the same of the value.
        remaining_s: expected seconds of training left.
    """

    stage: str
    text: str
    used: float = 0.0
    samples: int = 0
    samples_per_s: float = 0.0
    policy_loss: float = float("nan")
    value_loss: float = float("nan")
    remaining_s: float = float("nan")


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """How often a training reports and saves; decides nothing about the weights.

    Attributes:
        report_s: seconds between reports.
        checkpoint_s: seconds between checkpoints: what a kill may cost.
    """

    report_s: float = 10.0
    checkpoint_s: float = 300.0


USUAL_PACE = Pace()


def train_base(
    settings: BaseTrainingSettings,
    registry: Registry,
    folder: Path,
    tell: Callable[[Progress], None] = lambda _: None,
    should_stop: Callable[[], bool] = lambda: False,
    *,
    resume: bool = False,
    replace: bool = False,
    pace: Pace = USUAL_PACE,
) -> Generation | None:
    """Train, measure and publish a generation; None if it was stopped, its checkpoint then being saved.

    Args:
        settings: what to train.
        registry: where the generation goes.
        folder: for the checkpoint, the samples drawn and the log; made if need be.
        tell: called with progress.
        should_stop: asked after every step.
        resume: go on from the checkpoint in `folder`, if there is one.
        replace: whether a generation of the same id may be replaced.
        pace: how often to report and to save.

    Raises:
        BudgetError: there are files but no budget.
        GameFileError: a game file cannot be used.
        CheckpointError: the checkpoint belongs to other settings or is damaged.
        GenerationError: the generation cannot be written.
    """
    if not settings.files:
        network = fresh_network(settings.architecture, settings.seed)
        return publish(registry, network, _card(settings, None, {}, 0), replace=replace)
    folder.mkdir(parents=True, exist_ok=True)
    data = cached_dataset(
        folder,
        domains.rules(settings.domain),
        settings.files,
        settings.game_filter,
        _seed(settings, _DRAW),
        lambda text: tell(Progress(stage="reading", text=text)),
    )
    state = train_on(settings, data, folder, tell, should_stop, resume=resume, pace=pace)
    if state is None:
        return None
    return _measured_and_published(settings, data, state, registry, tell, replace=replace)


def train_on(
    settings: BaseTrainingSettings,
    data: Dataset,
    folder: Path,
    tell: Callable[[Progress], None] = lambda _: None,
    should_stop: Callable[[], bool] = lambda: False,
    *,
    resume: bool = False,
    pace: Pace = USUAL_PACE,
) -> TrainingState | None:
    """Train on samples that are already drawn, until the budget is used; None if it was stopped.

    Args and errors are as in `train_base`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(settings.threads)
    state = _starting_state(settings, folder, resume=resume)
    run = _Run(settings, domains.rules(settings.domain), data, state, folder, tell, pace)
    return state if run.train(should_stop) else None


def _measured_and_published(
    settings: BaseTrainingSettings,
    data: Dataset,
    state: TrainingState,
    registry: Registry,
    tell: Callable[[Progress], None],
    *,
    replace: bool,
) -> Generation:
    tell(Progress(stage="measuring", text=f"measuring on {len(data.held_out):,} held-out positions", used=1.0))
    network = state.averaged_network()
    metrics = held_out_figures(domains.rules(settings.domain), network, data)
    generation = publish(registry, network, _card(settings, data, metrics, state.step), replace=replace)
    tell(Progress(stage="saving", text=f"saved {generation.card.id} in {generation.folder}", used=1.0))
    return generation


class _Run:
    """The training loop with its clocks: when to report, when to save."""

    def __init__(
        self,
        settings: BaseTrainingSettings,
        rules: Rules,
        data: Dataset,
        state: TrainingState,
        folder: Path,
        tell: Callable[[Progress], None],
        pace: Pace,
    ) -> None:
        if settings.budget is None:
            raise BudgetError("training on games needs a budget: a number of samples or of minutes")
        self._settings = settings
        self._budget = settings.budget
        self._rules = rules
        self._data = data
        self._state = state
        self._folder = folder
        self._tell = tell
        self._pace = pace
        self._losses: list[tuple[float, float]] = []

    def train(self, should_stop: Callable[[], bool]) -> bool:
        """Train until the budget is used (True) or `should_stop` says so (False), and save either way."""
        state, settings = self._state, self._settings
        state.network.train()
        stream = batch_stream(
            self._rules,
            self._data.train,
            settings.architecture.fmt,
            batch=settings.batch,
            seed=_seed(settings, _SHUFFLE),
            first=state.step,
        )
        with stream as batches:
            is_finished = self._loop(batches, should_stop)
        self._save()
        return is_finished

    def _loop(self, batches: Iterator[Batch], should_stop: Callable[[], bool]) -> bool:
        state, settings = self._state, self._settings
        started = time.perf_counter() - state.seconds
        saved_s = reported_s = state.seconds
        reported_step = state.step
        while (used := self._budget.used(state.step * settings.batch, state.seconds)) < 1.0:
            rate = learning_rate(used, settings.learning_rate)
            self._losses.append(train_step(state, next(batches), rate, settings))
            state.seconds = time.perf_counter() - started
            if should_stop():
                return False
            if state.seconds - reported_s >= self._pace.report_s:
                speed = (state.step - reported_step) * settings.batch / (state.seconds - reported_s)
                self._report(used, rate, speed)
                reported_s, reported_step = state.seconds, state.step
            if state.seconds - saved_s >= self._pace.checkpoint_s:
                self._save()
                saved_s = state.seconds
        return True

    def _report(self, used: float, rate: float, speed: float) -> None:
        state = self._state
        policy, value = (sum(part) / len(part) for part in zip(*self._losses, strict=True))
        self._losses.clear()
        remaining_s = state.seconds * (1 - used) / max(used, 1e-9)
        samples = state.step * self._settings.batch
        row = {
            "samples": samples,
            "seconds": round(state.seconds, 1),
            "used": round(used, 4),
            "learning_rate": rate,
            "policy_loss": round(policy, 4),
            "value_loss": round(value, 4),
            "samples_per_s": round(speed, 1),
        }
        self._log(row)
        self._tell(
            Progress(
                stage="training",
                text=f"{samples:,} samples, policy {policy:.3f}, value {value:.3f}, {speed:,.0f}/s",
                used=used,
                samples=samples,
                samples_per_s=speed,
                policy_loss=policy,
                value_loss=value,
                remaining_s=remaining_s,
            )
        )

    def _save(self) -> None:
        save_state(self._state, self._folder / _STATE_FILE, _settings_key(self._settings))
        # A glance at unseen positions with the weights that would be published now.
        unseen = self._data.held_out[~self._data.held_out_seen]
        # Evenly over all files, which stand one after the other.
        unseen = unseen[:: -(-len(unseen) // _GLANCE) or 1]
        if len(unseen):
            found = figures(answers(self._rules, self._state.averaged_network(), unseen))
            shown = ("policy_cross_entropy", "top_1", "value_cross_entropy")
            self._log({"step": self._state.step, "held_out": {name: found[name] for name in shown if name in found}})

    def _log(self, row: dict[str, Any]) -> None:
        with (self._folder / _LOG_FILE).open("a", encoding="utf-8") as log:
            log.write(json.dumps(row) + "\n")


def held_out_figures(rules: Rules, network: PolicyValueNet, data: Dataset) -> dict[str, Any]:
    """Figures for the card on games that were not trained on.

    The figures proper leave out positions that occur in training too (openings, mostly); the agreement over all
    positions of those games, which is what other programs quote, stands under "all_positions".
    """
    found = answers(rules, network, data.held_out)
    everywhere = {"positions": len(data.held_out), **agreement(found)} if len(data.held_out) else {}
    return figures(found.chosen(~data.held_out_seen)) | {"all_positions": everywhere}


def train_step(state: TrainingState, batch: Batch, rate: float, settings: BaseTrainingSettings) -> tuple[float, float]:
    """One step of the optimizer at the learning rate `rate`; returns the policy and value loss before it, in nats."""
    planes = torch.from_numpy(batch.planes).to(memory_format=torch.channels_last)  # [B, C, H, W]
    output = state.network(planes)
    policy = policy_loss(output.policy_logits, torch.from_numpy(batch.legal), torch.from_numpy(batch.actions))
    value = value_loss(output.wdl_logits, torch.from_numpy(batch.results))
    state.optimizer.zero_grad()
    torch.autograd.backward(policy + settings.value_weight * value)
    torch.nn.utils.clip_grad_norm_(state.network.parameters(), settings.clip)
    for group in state.optimizer.param_groups:
        group["lr"] = rate
    state.optimizer.step()
    state.step += 1
    update_average(state, settings.average_decay)
    return policy.item(), value.item()


def _starting_state(settings: BaseTrainingSettings, folder: Path, *, resume: bool) -> TrainingState:
    path = folder / _STATE_FILE
    if resume and path.is_file():
        return load_state(path, _settings_key(settings), settings.architecture, settings.weight_decay)
    (folder / _LOG_FILE).unlink(missing_ok=True)
    return fresh_state(settings.architecture, settings.seed, settings.weight_decay)


def _settings_key(settings: BaseTrainingSettings) -> str:
    """Hash of the settings without the budget: a resumed training may be given more time."""
    unbounded = msgspec.structs.replace(settings, budget=None, threads=0)
    return hashlib.sha256(msgspec.json.encode(unbounded)).hexdigest()


def _seed(settings: BaseTrainingSettings, stream: int) -> int:
    return settings.seed * 1000 + stream


def _card(settings: BaseTrainingSettings, data: Dataset | None, metrics: dict[str, Any], steps: int) -> Card:
    described = msgspec.to_builtins(msgspec.structs.replace(settings, files=()))
    # Paths of this machine are nobody's business; the sources are named on the card.
    described.pop("files")
    return Card(
        id=settings.id,
        name=settings.name,
        domain=settings.domain,
        architecture=settings.architecture,
        data=data.sources if data else (),
        settings=described | {"method": "base", "steps": steps, "samples": steps * settings.batch},
        seed=settings.seed,
        metrics=metrics,
        date=datetime.now(UTC).isoformat(timespec="seconds"),
        licence=settings.licence,
        notes="Trained on recorded games." if data else "Untrained: random weights.",
    )
