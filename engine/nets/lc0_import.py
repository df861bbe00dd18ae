"""Makes a generation of a network file of Lc0's, which then searches, plays and is measured like any other."""

import re
from datetime import UTC, datetime
from pathlib import Path

from engine.generations.card import Card, DataSource
from engine.generations.registry import Generation, Registry
from engine.nets.lc0_file import Lc0FileError, Lc0Network, read_lc0
from engine.nets.lc0_network import network_of
from engine.nets.policy_value_net import PolicyValueNet
from engine.nets.publish import publish

METHOD = "import"
"""Under "method" in the settings of an imported generation's card."""

_SUFFIXES = (".gz", ".pb")
_MAIA = re.compile(r"maia-?\d{4}\b")
_IMPORTED = "imported by the user, no part of this program"


def import_lc0(registry: Registry, file: Path, generation_id: str | None = None, *, licence: str = "") -> Generation:
    """Write the network in `file` to the user's registry.

    Args:
        file: a network file of Lc0's (`.pb.gz`).
        generation_id: its name in the registry; None = the file's name without its endings.
        licence: terms of the weights; "" = as the file says, or as is known of the Maia networks.

    Raises:
        Lc0FileError: the file cannot be read or holds a network that cannot be used.
        GenerationError: the id is no good or taken, or the folder cannot be written.
    """
    found = read_lc0(file)
    try:
        network = network_of(found)
    except Lc0FileError as error:
        raise Lc0FileError(f"{file}: {error}") from error
    return publish(registry, network, _card(file.name, found, network, generation_id or id_for(file), licence))


def id_for(file: Path) -> str:
    """A file's name without its endings, e.g. "maia-1500"; what an id cannot have becomes "-"."""
    name = file.name
    for suffix in _SUFFIXES:
        name = name.removesuffix(suffix)
    return re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-._")[:64]


def _card(file: str, found: Lc0Network, network: PolicyValueNet, generation_id: str, licence: str) -> Card:
    terms = licence or found.licence or _known_licence(file)
    return Card(
        id=generation_id,
        name=f"Lc0 network {id_for(Path(file))}",
        domain=network.architecture.domain,
        architecture=network.architecture,
        data=(DataSource(name=file, licence=terms, note="a network trained elsewhere; on what, its makers say"),),
        settings={"method": METHOD, "file": file, "file_sha256": found.sha256, "stated_by_file": found.training},
        date=datetime.now(UTC).isoformat(timespec="seconds"),
        licence=f"{terms}; {_IMPORTED}",
        notes="Imported from a network file of Leela Chess Zero."
        + ("" if found.is_wdl else " Its value knows no draws: their chance is always 0."),
    )


def _known_licence(file: str) -> str:
    if _MAIA.match(file):
        return "GPL-3.0, as the Maia networks are published (github.com/CSSLab/maia-chess)"
    return "not stated"
