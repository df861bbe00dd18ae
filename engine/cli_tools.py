"""Small commands: `perft`, `doctor`, `serve`, `warm`."""

import json
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from engine.domains import registry as domains

app = typer.Typer(add_completion=False, rich_markup_mode=None)

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


@app.command()
def perft(
    depth: Annotated[int, typer.Option(min=0, help="Length of the sequences counted.")],
    position: Annotated[str, typer.Option(help="Where they start.")] = "startpos",
    domain: Annotated[str, typer.Option(help="Domain of the position.")] = "chess",
    as_json: AsJson = False,
) -> int:
    """Count the sequences of legal actions, and how fast."""
    from engine.bench.perft import perft as count

    rules, notation = domains.rules(domain), domains.notation(domain)
    line = notation.parse_line(position)
    count(rules, line, min(depth, 1))  # load the kernels
    started = time.perf_counter()
    nodes = count(rules, line, depth)
    seconds = time.perf_counter() - started
    speed = nodes / seconds if seconds > 0 else 0.0
    found = {"domain": domain, "position": notation.position_text(line), "depth": depth, "nodes": nodes}
    if as_json:
        print(json.dumps({**found, "seconds_s": seconds, "nodes_per_s": speed}))
    else:
        print(f"{nodes:,} in {seconds:.3f} s, {speed / 1e6:,.1f} million a second")
    return 0


@app.command()
def doctor(
    quick: Annotated[bool, typer.Option("--quick", help="Leave out the speed measurements.")] = False,
    generation: Annotated[str | None, typer.Option(help="Generation to measure (default: the first).")] = None,
    keep: Annotated[bool, typer.Option("--keep/--no-keep", help="Use the fastest way from now on.")] = True,
    as_json: AsJson = False,
) -> int:
    """Say what this machine has, what is missing, and how to get it; pick the fastest way to run a network."""
    from engine import cli_doctor

    return cli_doctor.run(quick=quick, generation=generation, keep=keep, as_json=as_json)


@app.command()
def serve(
    listen: Annotated[str, typer.Option(help="HOST:PORT for remote clients.")] = "127.0.0.1:*",
    keys: Annotated[Path | None, typer.Option(help="Folder of the kept keys.")] = None,
) -> int:
    """Run the engine process alone, encrypted and for known clients only."""
    from engine.generations.registry import data_folder
    from engine.service.launch import serve_remote

    console = Console(stderr=True, highlight=False)
    clean = serve_remote(listen, keys or data_folder() / "keys", console.print)
    return 0 if clean else 4


@app.command()
def warm(
    load: Annotated[bool, typer.Option("--load", help="Run every step even where it is noted as warm.")] = False,
) -> int:
    """Compile every kernel now and keep it, so that nothing waits for it later."""
    from engine.warm import Step, cold_steps, engine_steps
    from engine.warm import warm as warm_up

    # The window's side draws the tree; the engine does not import it, so it is looked up by name as `arborist` does.
    picture = Step("tree picture", "app.render.warm:warming.wait")
    parts = (*engine_steps(), picture)
    steps, only_here = (parts, {"processes": 1}) if load else (cold_steps(parts), {})
    with Progress(TextColumn("{task.description}"), BarColumn(), console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("kernels", total=max(1, len(steps)))

        def tell(label: str, done: int, total: int) -> None:
            bar.update(task, description=label, completed=done, total=total)

        warm_up(steps, tell, **only_here)
    return 0
