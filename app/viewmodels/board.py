"""The board: the state at the cursor, what may be played there, and arrows for what intuition and search prefer."""

from app.viewmodels.figures import signed
from app.viewmodels.game import Game
from app.viewmodels.phrases import Phrases
from app.viewmodels.records import Arrow, BoardRecord, CandidatesRecord
from engine.domains.base import Choice, Line

_PRIOR_ARROWS, _VISIT_ARROWS = 3, 3
"""More arrows of a kind than these hide the board."""
_FAINTEST = 0.04
"""Shares below this get no arrow."""
FIGURES = ("", "prior", "visits", "q", "rank")
"""What can stand in the arrows' heads; the prior in the gold ones, all else in the ivory ones."""
FIGURE_WORDS = {
    "": "No figures on the arrows.",
    "prior": "Gold arrows: prior in percent. (P)",
    "visits": "Ivory arrows: share of visits in percent. (N)",
    "q": "Ivory arrows: value for the player to move. (Q)",
    "rank": "Ivory arrows: rank by visits.",
}


def board_record(
    game: Game,
    phrases: Phrases,
    candidates: CandidatesRecord | None,
    *,
    flipped: bool,
    only_action: int | None = None,
    can_play: bool = True,
    figure: str = "",
) -> BoardRecord:
    """The board at the cursor of `game`.

    Args:
        candidates: the root's actions, where the root is the state shown; None = no arrows.
        only_action: show the arrows of this action alone, however small its shares (the one pointed at in a table).
        can_play: whether moves may be made.
        figure: what stands in the arrows' heads, one of `FIGURES`.
    """
    choices = phrases.choices(game.current)
    arrows = () if candidates is None else _arrows(choices, candidates, only_action, figure)
    return BoardRecord(phrases.card(game.current), tuple(choices.values()) if can_play else (), arrows, flipped)


def preview_record(here: Line, phrases: Phrases, *, flipped: bool) -> BoardRecord:
    """The state at the end of a line being read: to look at, not to move on."""
    return BoardRecord(phrases.card(here), flipped=flipped, is_preview=True)


def _arrows(
    choices: dict[int, Choice], candidates: CandidatesRecord, only_action: int | None, figure: str
) -> tuple[Arrow, ...]:
    """Gold arrows by prior below ivory ones by visits, each kind weakest first.

    Where search has proven a win, its arrow is that move, however few the visits it took.
    """
    arrows: list[Arrow] = []
    won = {row.action for row in candidates.rows if row.proven == "win"}
    for kind, most in (("prior", _PRIOR_ARROWS), ("visits", _VISIT_ARROWS)):
        shares = [
            (row.prior if kind == "prior" else 1.0 if won else row.visit_share, row.action)
            for row in candidates.rows
            if row.action in choices and choices[row.action].source >= 0
            if kind == "prior" or not won or row.action in won
        ]
        if only_action is None:
            shown = sorted(share for share in shares if share[0] >= _FAINTEST)[-most:]
        else:
            shown = [share for share in shares if share[1] == only_action and share[0] > 0]
        for share, action in shown:
            choice = choices[action]
            label = _label(candidates, action, figure) if (figure == "prior") == (kind == "prior") else ""
            arrows.append(Arrow(choice.source, choice.target, share, kind, label))
    return tuple(arrows)


def _label(candidates: CandidatesRecord, action: int, figure: str) -> str:
    """The figure of an action, short enough for an arrow's head."""
    rank, row = next((place, row) for place, row in enumerate(candidates.rows, 1) if row.action == action)
    if figure == "prior":
        return f"{100 * row.prior:.0f}"
    if figure == "visits":
        return f"{100 * row.visit_share:.0f}"
    if figure == "rank":
        return str(rank)
    return signed(row.q, 1).replace("0.", ".") if figure == "q" and row.q is not None else ""
