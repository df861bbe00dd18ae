"""`arborist train-base`: trains generation 0 of a domain from recorded games."""

import json
import signal
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Annotated, Any

import msgspec
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from engine.nets.quiet_threads import quiet_threads

app = typer.Typer(add_completion=False, rich_markup_mode=None)

ENGINE_FAILED, STOPPED = 4, 130


@app.callback()
def _group() -> None:
    """Keeps `train-base` a word of its own."""


@app.command()
def train_base(
    domain: Annotated[str, typer.Option(help="Domain to train for.")] = "chess",
    games: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FILE[@POSITIONS]",
            help="Game file (chess: .pgn, .pgn.zst) and positions taken from each game; or a .toml list of them. "
            "Repeatable. None: the untrained network is saved.",
        ),
    ] = None,
    generation_id: Annotated[str, typer.Option("--id", help="Id of the generation; default: the next free one.")] = "",
    name: Annotated[str, typer.Option(help="Name of the generation, for people.")] = "",
    out: Annotated[Path | None, typer.Option(help="Folder the generation is written to; default: yours.")] = None,
    work: Annotated[Path | None, typer.Option(help="Folder for checkpoint and log.")] = None,
    arch: Annotated[str, typer.Option(help="standard, nano, or BLOCKSxCHANNELS.")] = "standard",
    minutes: Annotated[float | None, typer.Option(help="Wall-clock minutes of training.")] = None,
    samples: Annotated[int | None, typer.Option(help="Positions to train on.")] = None,
    batch: Annotated[int, typer.Option(min=2, help="Positions in a step.")] = 256,
    lr: Annotated[float, typer.Option(help="Highest learning rate.")] = 2e-3,
    seed: Annotated[int, typer.Option(help="Of weights, samples and order.")] = 1,
    threads: Annotated[int | None, typer.Option(min=1, help="Threads; default: every core.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on from the checkpoint.")] = False,
    replace: Annotated[bool, typer.Option("--replace", help="Replace a generation of the same id.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> int:
    """Train generation 0 of a domain from recorded games."""
    quiet_threads()
    from engine.distill import base_training
    from engine.distill.budget import Budget, BudgetError
    from engine.domains import registry as domains
    from engine.generations.registry import Registry, data_folder, default_registry
    from engine.nets.architecture import ArchitectureError, named_architecture
    from engine.nets.onnx_evaluator import available_cores

    files = tuple(_sources(games or []))
    usual = default_registry()
    registry = Registry(out, usual.shipped) if out else usual
    chosen_id = generation_id or registry.next_id()
    try:
        settings = base_training.BaseTrainingSettings(
            id=chosen_id,
            name=name or f"{domain}, {'recorded games' if files else 'untrained'}",
            domain=domain,
            architecture=named_architecture(domains.rules(domain), arch),
            files=files,
            budget=Budget(samples=samples, minutes=minutes) if files else None,
            batch=batch,
            learning_rate=lr,
            seed=seed,
            threads=threads or available_cores(),
        )
    except (ArchitectureError, BudgetError, domains.UnknownDomainError) as error:
        raise typer.BadParameter(str(error)) from error
    console = Console(stderr=True)
    try:
        with _until_interrupted() as interrupted, _progress(console) as tell:
            generation = base_training.train_base(
                settings,
                registry,
                work or data_folder() / "training" / chosen_id,
                tell,
                lambda: bool(interrupted),
                resume=resume,
                replace=replace,
            )
    except RuntimeError as error:  # torch's word for whatever goes wrong inside it
        console.print(f"training failed: {error}", style="red", markup=False)
        return ENGINE_FAILED
    if generation is None:
        console.print("stopped; the checkpoint is saved, go on with --resume", style="yellow")
        return STOPPED
    if as_json:
        card = msgspec.to_builtins(generation.card)
        print(json.dumps({"generation": card, "folder": str(generation.folder)}))
    else:
        _print_figures(console, generation.card.id, generation.card.metrics)
    return 0


def _sources(games: list[str]) -> Iterator[Any]:
    """The game files that the words name; a `.toml` holds `[[games]]` tables with the fields of `GameSource`."""
    from engine.distill.dataset import GameSource

    for word in games:
        path, at, positions = word.rpartition("@")
        if at and positions.isdigit() and int(positions) > 0:
            yield GameSource(path=path, positions_per_game=int(positions))
        elif word.endswith(".toml"):
            try:
                listed = tomllib.loads(Path(word).read_text(encoding="utf-8"))["games"]
            except (OSError, tomllib.TOMLDecodeError, KeyError) as error:
                raise ValueError(f"{word}: no list of game files ({error})") from error
            yield from msgspec.convert(listed, tuple[GameSource, ...])
        else:
            yield GameSource(path=word)


@contextmanager
def _until_interrupted() -> Iterator[list[int]]:
    """A list that is filled when a person or the system asks the program to stop."""
    asked: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        asked.append(number)

    before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _progress(console: Console) -> Iterator[Any]:
    """A function that shows a training's progress on `console`."""
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[left]}"))
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=1.0, left="")

        def tell(progress: Any) -> None:
            minutes = progress.remaining_s / 60
            left = f"{minutes:.0f} min left" if minutes == minutes else ""
            bar.update(task, description=progress.text, completed=progress.used, left=left)
            if not console.is_terminal:
                console.print(
                    f"{progress.stage}: {progress.text} {left}", markup=False, highlight=False, soft_wrap=True
                )

        yield tell


def _print_figures(console: Console, generation_id: str, metrics: dict[str, Any]) -> None:
    if not metrics:
        console.print(f"{generation_id}: untrained network saved")
        return
    console.print(
        f"{generation_id}: held-out policy {metrics['policy_cross_entropy']:.3f} nats, "
        f"same move {metrics['top_1']:.1%}, among five {metrics['top_5']:.1%}; "
        f"value {metrics['value_cross_entropy']:.3f} nats, calibration error {metrics['calibration_error']:.3f}"
    )
