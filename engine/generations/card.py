"""The card of a generation: where its weights come from, under which settings, and how good they were measured."""

import hashlib
from pathlib import Path
from typing import Any

import msgspec

from engine.nets.architecture import Architecture

CARD_FILE = "card.json"
WEIGHTS_FILE = "weights.safetensors"
ONNX_FILE = "model.onnx"


class GenerationError(ValueError):
    """A generation that is missing, damaged or of another domain; the message names it and what is wrong."""


class DataSource(msgspec.Struct, frozen=True, kw_only=True):
    """Where a share of the training data came from.

    Attributes:
        name: file or collection, without a path.
        licence: terms it stands under, or "not stated".
        games: games used.
        samples: training samples drawn from them.
        note: anything a reader should know.
    """

    name: str
    licence: str = "not stated"
    games: int = 0
    samples: int = 0
    note: str = ""


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """Everything about a generation except its weights.

    Attributes:
        id: name in the registry, also its folder's name, e.g. "gen-000".
        name: for people, e.g. "Chess, human games".
        domain: the domain it plays.
        architecture: the network's shape; None where there is no network ("uniform").
        parent: id of the generation it was trained from, or None.
        data: what it was trained on.
        settings: every setting of the training that made it.
        seed: seed of that training.
        metrics: figures measured when it was made, by name.
        date: when it was made, UTC, ISO 8601.
        weights_sha256: hash of the weights file, hex: the identity of the intuition.
        onnx_sha256: hash of the ONNX file derived from the weights, or "" where there is none.
        licence: terms of the weights.
        notes: anything a reader should know.
        version: of this record's format.
    """

    id: str
    name: str
    domain: str
    architecture: Architecture | None
    parent: str | None = None
    data: tuple[DataSource, ...] = ()
    settings: dict[str, Any] = {}
    seed: int = 0
    metrics: dict[str, Any] = {}
    date: str = ""
    weights_sha256: str = ""
    onnx_sha256: str = ""
    licence: str = ""
    notes: str = ""
    version: int = 1


def card_bytes(card: Card) -> bytes:
    """`card` as indented JSON."""
    return msgspec.json.format(msgspec.json.encode(card), indent=2) + b"\n"


def read_card(folder: Path) -> Card:
    """The card in `folder`.

    Raises:
        GenerationError: there is none, or it cannot be read.
    """
    path = folder / CARD_FILE
    try:
        return msgspec.json.decode(path.read_bytes(), type=Card)
    except OSError as error:
        raise GenerationError(f"{folder}: no generation here ({CARD_FILE}: {error.strerror})") from error
    except msgspec.DecodeError as error:
        raise GenerationError(f"{path}: not the card of a generation ({error})") from error


def sha256(data: bytes) -> str:
    """Content hash of `data`, hex."""
    return hashlib.sha256(data).hexdigest()
