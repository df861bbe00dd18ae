"""`arborist generations`: the registry on the command line: list, show, import, export, remove."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from engine.generations.bundle import write_bundle
from engine.generations.card import ONNX_FILE, WEIGHTS_FILE, Card, GenerationError
from engine.generations.registry import Generation, default_registry

app = typer.Typer(add_completion=False, rich_markup_mode=None)
generations = typer.Typer(add_completion=False, rich_markup_mode=None, help="The models in the registry.")
app.add_typer(generations, name="generations")

_MATCHES_NAMED = 3
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


@generations.command("list")
def list_generations(
    domain: Annotated[str | None, typer.Option(help="Only of this domain.")] = None, as_json: AsJson = False
) -> int:
    """List every generation that can be used."""
    found = default_registry().list(domain)
    if as_json:
        print(json.dumps({"generations": [_brief(one) for one in found]}))
        return 0
    table = Table(box=None, header_style="dim")
    for name in ("id", "domain", "parent", "hash", "name"):
        table.add_column(name)
    for one in found:
        card = one.card
        table.add_row(card.id, card.domain, card.parent or "", card.weights_sha256[:12], card.name)
    Console(highlight=False).print(table if found else "no generation yet; train one with: arborist train-base")
    return 0


@generations.command("show")
def show_generation(generation: Annotated[str, typer.Argument(help="Id or path.")], as_json: AsJson = False) -> int:
    """Print a generation's card: what it is, what was measured, what it learnt from."""
    registry = default_registry()
    found = registry.get(generation)
    if as_json:
        card = msgspec.to_builtins(found.card)
        card["folder"] = None if found.folder is None else str(found.folder)
        print(json.dumps(card))
    else:
        from engine.cli_card import print_card

        print_card(found, registry.children(found.card.id))
    return 0


@generations.command("import")
def import_generation(
    file: Annotated[
        Path,
        typer.Argument(
            help="A network file of Leela Chess Zero (.pb.gz), e.g. a Maia network, or a generation that somebody "
            "exported with --bundle: its .zip file or its folder."
        ),
    ],
    name: Annotated[str | None, typer.Option(help="Id in the registry (default: the file's name, or its own).")] = None,
    licence: Annotated[str, typer.Option(help="Terms of the weights, if you know better than the file.")] = "",
    as_json: AsJson = False,
) -> int:
    """Take in a network that was trained elsewhere."""
    with Console(stderr=True).status(f"importing {file.name}"):
        from engine.nets.quiet_threads import quiet_threads

        quiet_threads()
        from engine.nets.import_file import import_file

        found = import_file(default_registry(), file, name, licence=licence)
    if as_json:
        print(json.dumps(_brief(found)))
        return 0
    card = found.card
    size = card.architecture.text if card.architecture else ""
    Console(highlight=False, soft_wrap=True).print(
        f"{card.id}: {size}; licence: {card.licence}\nsearch with it: arborist search --generation {card.id}"
    )
    return 0


@generations.command("export")
def export_generation(
    generation: Annotated[str, typer.Argument(help="Id or path.")],
    onnx: Annotated[Path | None, typer.Option(help="Write the network as ONNX to this file.")] = None,
    safetensors: Annotated[Path | None, typer.Option(help="Write the weights as safetensors to this file.")] = None,
    bundle: Annotated[
        Path | None,
        typer.Option(help="Write all of it, card included, to this .zip file or new folder: to hand it on."),
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Write a generation's network or weights to files of your own."""
    wanted = {ONNX_FILE: onnx, WEIGHTS_FILE: safetensors}
    targets = {name: path for name, path in wanted.items() if path is not None}
    if not targets and bundle is None:
        raise typer.BadParameter("say what to write and where: --onnx FILE, --safetensors FILE, --bundle FILE.zip")
    found = default_registry().get(generation)
    for name, path in targets.items():
        found.export(name, path)
    written = {name: str(path) for name, path in targets.items()}
    if bundle is not None:
        write_bundle(found, bundle)
        written["bundle"] = str(bundle)
    if as_json:
        print(json.dumps({**_brief(found), "written": written}))
    else:
        Console(highlight=False, soft_wrap=True).print("\n".join(written.values()), markup=False)
    return 0


@generations.command("remove")
def remove_generation(
    generation: Annotated[str, typer.Argument(help="Id.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Even if stored matches were played with it.")] = False,
    as_json: AsJson = False,
) -> int:
    """Delete a generation of yours for good; not one that others descend from."""
    registry = default_registry()
    found = registry.get(generation)
    registry.check_removable(generation)
    matches = [] if force else _matches_with(found.card)
    if matches:
        count = "1 stored match was" if len(matches) == 1 else f"{len(matches)} stored matches were"
        named = ", ".join([*matches[:_MATCHES_NAMED], *(["..."] if len(matches) > _MATCHES_NAMED else [])])
        raise GenerationError(
            f"generation {found.card.id!r} is not removed: {count} played with it ({named}) and could not be gone on "
            "with; --force removes it all the same"
        )
    if not yes and sys.stdin.isatty():
        typer.confirm(f"delete {found.folder} for good?", abort=True, err=True)
    registry.remove(generation)
    if as_json:
        print(json.dumps(_brief(found)))
    else:
        print(f"{found.card.id} is removed")
    return 0


def _matches_with(card: Card) -> list[str]:
    from engine.arena.in_use import matches_with
    from engine.arena.store import MatchStore

    return matches_with(MatchStore(), card)


def _brief(generation: Generation) -> dict[str, Any]:
    card = generation.card
    return {
        "id": card.id,
        "name": card.name,
        "domain": card.domain,
        "parent": card.parent,
        "hash": card.weights_sha256,
        "metrics": card.metrics,
    }
