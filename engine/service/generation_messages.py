"""What crosses the border of the engine process about generations: shown, imported, exported, removed."""

from typing import Any

from engine.service.message_bases import Answer, Request


class ShowGeneration(Request, frozen=True, kw_only=True):
    """Answer: `GenerationShown`."""

    generation: str


class ImportGeneration(Request, frozen=True, kw_only=True):
    """Take a network file into the registry. Answer: `GenerationShown`.

    Attributes:
        path: of a file on the engine's machine.
        name: its id to be; "" = the file's name.
    """

    path: str
    name: str = ""


class ExportGeneration(Request, frozen=True, kw_only=True):
    """Write a generation to a file on the engine's machine. Answer: `Done`.

    Attributes:
        path: its ending says what is wanted: .onnx (the network), .safetensors (the weights) or .zip (all of it, card
            included, as `ImportGeneration` takes it in).
    """

    generation: str
    path: str


class RemoveGeneration(Request, frozen=True, kw_only=True):
    """Delete a generation of the user's.

    Answer: `Done`; `GenerationInUse` where stored matches were played with it, unless that is no matter; `Failed` where
    others descend from it.

    Attributes:
        even_if_in_use: remove it although stored matches could then not be gone on with.
    """

    generation: str
    even_if_in_use: bool = False


class GenerationShown(Answer, frozen=True, kw_only=True):
    """A generation's card, as `arborist generations show --json` prints it."""

    card: dict[str, Any]


class GenerationInUse(Answer, frozen=True, kw_only=True):
    """A generation was not removed: stored matches were played with it and could not be gone on with.

    Attributes:
        matches: their ids.
    """

    generation: str
    matches: tuple[str, ...]
