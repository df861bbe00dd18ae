"""A generation's card in readable form, and what can be done with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.viewmodels.arena_ladder_players import generation_of, kind_of
from app.viewmodels.figures import count, percent, short_count
from app.viewmodels.lineage import LineageRecord
from app.viewmodels.why_records import TermRecord
from engine.service.arena_messages import LadderRated
from engine.service.messages import GenerationInfo

_HASH_SHOWN = 16
_MOST_SETTINGS = 24
_WORDS = {
    "top_1": ("First guess right", "How often the most likely action was the one that was played. (top-1)"),
    "top_5": ("Among first five", "How often the action that was played was among the five most likely. (top-5)"),
    "policy_cross_entropy": ("Surprise at actions", "Less is better, in nats. (policy cross-entropy)"),
    "value_cross_entropy": ("Surprise at results", "Less is better, in nats. (value cross-entropy)"),
    "value_squared_error": ("Error of values", "Mean square over results in [−1, 1]. (value squared error)"),
    "calibration_error": ("Calibration error", "Mean distance of promised from real scores. (ECE)"),
    "positions": ("Positions measured on", "Kept out of training. (held-out positions)"),
    "value_positions": ("Of these with a result", "Positions whose game has a known result."),
}
_SHARES = ("top_1", "top_5")
_WHOLE_NAMES = {"fmt": "input format", "num_actions": "actions"}


@dataclass(frozen=True, slots=True)
class CardSection:
    """A part of the card: a heading over lines of name and value."""

    name: str
    title: str
    terms: tuple[TermRecord, ...]


@dataclass(frozen=True, slots=True)
class CardRecord:
    """A generation as a page.

    Attributes:
        title: its id. subtitle: its name for people. sections: what is known of it. notes: a paragraph, or "".
        domain: it plays. parent: its id, or "". is_shipped: it came with the program.
    """

    id: str
    title: str
    subtitle: str
    domain: str
    parent: str
    sections: tuple[CardSection, ...] = ()
    notes: str = ""


@dataclass(frozen=True, slots=True)
class GenerationsRecord:
    """The whole page.

    Attributes:
        lineage: all generations. selected: id of the one whose card is shown, or "".
        card: None while it is read, or nothing is selected. can_play_parent: it has a parent that is still there.
        confirm: a question before something is deleted, or "". busy: what is being done, or "".
        error: a sentence on what was refused, or "". trouble: why the generations are not known, or "".
    """

    lineage: LineageRecord
    selected: str = ""
    card: CardRecord | None = None
    can_play_parent: bool = False
    confirm: str = ""
    busy: str = ""
    error: str = ""


def card_record(card: Mapping[str, Any]) -> CardRecord:
    """What `arborist generations show --json` prints, for reading; whatever it leaves out is left out here."""
    sections = (
        CardSection("origin", "Where it comes from", _origin(card)),
        CardSection("network", "Network", _network(card.get("architecture") or {})),
        CardSection("data", "Learnt from", _data(card.get("data") or ())),
        CardSection("metrics", "Measured", _metrics(card.get("metrics") or {})),
        CardSection("settings", "Training", _settings(card.get("settings") or {})),
    )
    return CardRecord(
        id=str(card.get("id", "")),
        title=str(card.get("id", "")),
        subtitle=str(card.get("name") or ""),
        domain=str(card.get("domain") or ""),
        parent=str(card.get("parent") or ""),
        sections=tuple(section for section in sections if section.terms),
        notes=str(card.get("notes") or ""),
    )


def ratings_of(rated: Sequence[LadderRated]) -> dict[str, tuple[float, float, float]]:
    """(Elo, low, high) of each generation's intuition alone, where both ends are known, by id."""
    found = {}
    for ladder in rated:
        for player in ladder.players:
            if kind_of(player.player) == "intuition" and player.low is not None and player.high is not None:
                found[generation_of(player.player)] = (player.elo, player.low, player.high)
    return found


def confirm_text(generation: str, infos: Sequence[GenerationInfo]) -> str:
    """The question before a generation is deleted."""
    children = [info.id for info in infos if info.parent == generation]
    descend = "descends" if len(children) == 1 else "descend"
    kept = f" {', '.join(children)} {descend} from it, so this will be refused." if children else ""
    return f"Delete {generation} for good? Its weights and its card are removed from this machine.{kept}"


def in_use_text(generation: str, matches: int) -> str:
    """The question before a generation is deleted that stored matches were played with."""
    played = "1 stored match was" if matches == 1 else f"{count(matches)} stored matches were"
    them = "it" if matches == 1 else "them"
    return f"{played} played with {generation}: without it you can read {them}, but not go on. Delete it all the same?"


def _origin(card: Mapping[str, Any]) -> tuple[TermRecord, ...]:
    terms = []
    for label, key, tooltip in (
        ("Domain", "domain", "What it plays."),
        ("Parent", "parent", "The generation it was trained from."),
        ("Made", "date", "When it was made, UTC."),
        ("Licence", "licence", "Terms of the weights."),
        ("Weights", "weights_sha256", "Hash of the weights: the identity of the intuition. (SHA-256)"),
        ("Folder", "folder", "Where its files are."),
    ):
        value = card.get(key)
        if value:
            shown = str(value)
            if key == "weights_sha256":
                tooltip, shown = f"{tooltip} {shown}", shown[:_HASH_SHOWN]
            terms.append(TermRecord(label, shown.replace("T", " ")[:16] if key == "date" else shown, tooltip))
    return tuple(terms)


def _network(architecture: Mapping[str, Any]) -> tuple[TermRecord, ...]:
    if not architecture:
        return ()
    terms = []
    blocks, channels = architecture.get("blocks"), architecture.get("channels")
    if blocks and channels:
        terms.append(TermRecord("Size", f"{blocks} blocks × {channels} channels", "Depth and width of its body."))
    skipped = ("domain", "blocks", "channels", "height", "width")
    terms += [_plain(name, value) for name, value in architecture.items() if name not in skipped and _is_plain(value)]
    return tuple(terms)


def _data(sources: Sequence[Mapping[str, Any]]) -> tuple[TermRecord, ...]:
    terms = []
    for source in sources:
        games, samples = int(source.get("games") or 0), int(source.get("samples") or 0)
        amounts = [f"{count(games)} games"] if games else []
        amounts += [f"{short_count(samples)} samples"] if samples else []
        told = [str(source[name]) for name in ("licence", "note") if source.get(name)]
        terms.append(TermRecord(str(source.get("name", "")), ", ".join(amounts), "\n".join(told)))
    return tuple(terms)


def _metrics(metrics: Mapping[str, Any]) -> tuple[TermRecord, ...]:
    """Headline figures; tables within them are only counted."""
    terms = []
    for name, value in metrics.items():
        if isinstance(value, bool) or not isinstance(value, int | float):
            continue
        label, tooltip = _WORDS.get(name, (_readable(name), ""))
        text = count(value) if isinstance(value, int) else f"{value:.4g}"
        terms.append(TermRecord(label, percent(float(value)) if name in _SHARES else text, tooltip))
    tables = [_readable(name) for name, value in metrics.items() if isinstance(value, dict | list) and value]
    if tables:
        terms.append(TermRecord("In the card's file", ", ".join(tables), "Tables too long for this page."))
    return tuple(terms)


def _settings(settings: Mapping[str, Any]) -> tuple[TermRecord, ...]:
    skipped = ("id", "name", "domain", "licence")
    flat: list[tuple[str, Any]] = []
    for name, value in settings.items():
        if isinstance(value, dict) and name != "architecture":
            flat += [(f"{name} {inner}", item) for inner, item in value.items()]
        elif name not in skipped:
            flat.append((name, value))
    return tuple(_plain(name, value) for name, value in flat if _is_plain(value))[:_MOST_SETTINGS]


def _is_plain(value: Any) -> bool:
    return value is not None and value != "" and isinstance(value, str | int | float)


def _plain(name: str, value: Any) -> TermRecord:
    if isinstance(value, bool):
        text = "yes" if value else "no"
    elif isinstance(value, int):
        text = count(value)
    else:
        text = f"{value:g}" if isinstance(value, float) else str(value)
    return TermRecord(_WHOLE_NAMES.get(name, _readable(name)), text, f"({name})")


def _readable(name: str) -> str:
    return name.replace("_", " ").strip().capitalize()
