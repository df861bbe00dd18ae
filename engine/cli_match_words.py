"""The words of `arborist match` and `arborist ladder`, as orders; errors name the option."""

from collections.abc import Callable

import typer

from engine.arena.order import Adjudication, SprtOrder
from engine.arena.sprt import Model


def test_of(text: str | None, model: str, alpha: float, beta: float) -> SprtOrder | None:
    """The test that `--sprt ELO0,ELO1` asks for.

    Raises:
        BadParameter: the words mean none.
    """
    if text is None:
        return None
    models: dict[str, Model] = {"logistic": "logistic", "normalised": "normalised"}
    if model not in models:
        raise typer.BadParameter(f"{model!r} is not one of {', '.join(models)}", param_hint="--sprt-model")
    elo0, elo1 = _numbers("--sprt", text, "ELO0,ELO1", (float, float), fewest=2)
    order = SprtOrder(elo0=elo0, elo1=elo1, alpha=alpha, beta=beta, model=models[model])
    try:
        order.sprt()
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--sprt") from error
    return order


def adjudication_of(resign: str | None, draw: str | None, audit: float) -> Adjudication | None:
    """What `--resign VALUE[,MOVES]`, `--draw VALUE[,MOVES[,PLY]]` and `--audit SHARE` ask for; None without either.

    Raises:
        BadParameter: the words mean none, or a number is out of its bounds.
    """
    if not 0.0 <= audit <= 1.0:
        raise typer.BadParameter(f"{audit:g} is no share: it lies between 0 and 1", param_hint="--audit")
    if resign is None and draw is None:
        return None
    usual = Adjudication()
    lost = [] if resign is None else _numbers("--resign", resign, "VALUE[,MOVES]", (float, int))
    level = [] if draw is None else _numbers("--draw", draw, "VALUE[,MOVES[,PLY]]", (float, int, int))
    for option, numbers in (("--resign", lost), ("--draw", level)):
        if numbers and not 0.0 < numbers[0] <= 1.0:
            raise typer.BadParameter(f"{numbers[0]:g} is no value above 0 and at most 1", param_hint=option)
        if len(numbers) > 1 and numbers[1] < 1:
            raise typer.BadParameter(f"{numbers[1]} moves: at least 1 is needed", param_hint=option)
        if len(numbers) > 2 and numbers[2] < 0:
            raise typer.BadParameter(f"ply {numbers[2]} is below 0", param_hint=option)
    return Adjudication(
        resign_value=lost[0] if lost else None,
        resign_moves=int(lost[1]) if len(lost) > 1 else usual.resign_moves,
        draw_value=level[0] if level else None,
        draw_moves=int(level[1]) if len(level) > 1 else usual.draw_moves,
        draw_from_ply=int(level[2]) if len(level) > 2 else usual.draw_from_ply,
        audit_share=audit,
    )


def concurrency_of(text: str) -> int | None:
    """Pairs at once, None = auto.

    Raises:
        BadParameter: neither "auto" nor a number above 0.
    """
    if text == "auto":
        return None
    if not (text.isascii() and text.isdecimal() and int(text) > 0):
        raise typer.BadParameter(f"{text!r} is neither auto nor a number above 0", param_hint="--concurrency")
    return int(text)


def seed_of(seed: int) -> int:
    """The seed itself.

    Raises:
        BadParameter: it is below 0.
    """
    if seed < 0:
        raise typer.BadParameter(f"{seed} is below 0", param_hint="--seed")
    return seed


def _numbers(
    option: str, text: str, expected: str, kinds: tuple[Callable[[str], float], ...], fewest: int = 1
) -> list[float]:
    """Numbers with commas between them, from `fewest` to one for each kind."""
    words = text.split(",")
    try:
        if not fewest <= len(words) <= len(kinds):
            raise ValueError
        return [kind(word) for kind, word in zip(kinds, words, strict=False)]
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is not {expected}", param_hint=option) from error
