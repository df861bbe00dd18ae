"""What is kept of a round on disk beside its lessons: the order, how far it is, and what came out of each stage."""

import hashlib
from pathlib import Path
from typing import Any

import msgspec

from engine.distill.durable import write_durably
from engine.distill.round_order import RoundError, RoundOrder, Stage

STATE_FILE, ORDER_FILE = "round.json", "order.json"


class RoundState(msgspec.Struct, kw_only=True):
    """What is known of a round so far; kept on disk after every stage.

    Attributes:
        order_hash: of the order. parent_hash: of the parent's weights.
        fuel: report of the match of search against its own intuition.
        lessons: figures of self-play. learning: figures of the training. child_hash: of the child's weights.
        halvings: of the learning rate, each after a training that went astray.
        match, search_match: reports of the child against the parent, by intuition alone and searching.
        autopsy: what went wrong, where the round did not help (`engine.distill.autopsy`).
        seconds: spent on each stage.
    """

    order_hash: str
    parent_hash: str
    stage: Stage = "fuel"
    fuel: dict[str, Any] | None = None
    lessons: dict[str, Any] | None = None
    learning: dict[str, Any] | None = None
    child_hash: str = ""
    halvings: int = 0
    match: dict[str, Any] | None = None
    search_match: dict[str, Any] | None = None
    autopsy: dict[str, Any] | None = None
    seconds: dict[str, float] = msgspec.field(default_factory=dict)


def taken_up(folder: Path, order: RoundOrder, parent_hash: str) -> RoundState:
    """How far the round in `folder` is; a folder without one begins with it.

    Raises:
        RoundError: the folder holds another round or a damaged one, or the parent has changed since.
        OSError: the folder cannot be written.
    """
    order_hash = hashlib.sha256(msgspec.json.encode(order)).hexdigest()
    state = read_state(folder)
    if state is None:
        write_durably(folder / ORDER_FILE, msgspec.json.format(msgspec.json.encode(order)))
        return RoundState(order_hash=order_hash, parent_hash=parent_hash)
    if state.order_hash != order_hash:
        raise RoundError(f"{folder} holds another round; choose another child, or delete it")
    if state.parent_hash != parent_hash:
        raise RoundError(f"{order.parent} is not the network any more that this round began with")
    return state


def save_state(folder: Path, state: RoundState) -> None:
    """Write how far a round is."""
    write_durably(folder / STATE_FILE, msgspec.json.format(msgspec.json.encode(state)))


def read_state(folder: Path) -> RoundState | None:
    """How far the round in `folder` is; None where no stage of it has ended.

    Raises:
        RoundError: it is damaged.
    """
    path = folder / STATE_FILE
    if not path.is_file():
        return None
    try:
        return msgspec.json.decode(path.read_bytes(), type=RoundState)
    except (OSError, msgspec.DecodeError) as error:
        raise RoundError(f"{path} is no round that can be gone on with ({error})") from error


def read_order(folder: Path) -> RoundOrder:
    """What the round in `folder` is to be.

    Raises:
        RoundError: there is none, or it is damaged.
    """
    try:
        return msgspec.json.decode((folder / ORDER_FILE).read_bytes(), type=RoundOrder)
    except OSError as error:
        raise RoundError(f"{folder} holds no round ({error.strerror})") from error
    except msgspec.DecodeError as error:
        raise RoundError(f"{folder / ORDER_FILE} is no order of a round ({error})") from error
