"""A picture of a tree as one HTML file that can be hovered: no network, no other file, light and dark.

The picture is inline SVG (`app.export.vector`), what can be pointed at stands in the file as JSON, and a small script
shows it. Colours are classes, so that the page follows the reader's own theme.
"""

import re
from dataclasses import replace
from html import escape
from importlib import resources
from pathlib import Path
from typing import Any

import chess.svg
import msgspec

from app.export.scene import Drawn, Look, Scene
from app.export.svg import draw_with_legend, inks_of, legend_svg, tree_elements
from app.render.labels import PROVEN_TEXTS
from app.render.legend import legend_height
from app.render.marks import REASON_WORDS
from app.render.picture import fold_text
from app.render.slots import FOLD, NODE, PROVEN, STUB
from app.theme import DARK, LIGHT, Theme
from engine.tree.columns import ROOT
from engine.tree.export import Progress
from engine.tree.whole_file import whole_file

_BOARD_INKS = ("board_light", "board_dark", "board_marked", "outline")
_REASONS = {int(reason): word for reason, word in REASON_WORDS}


def export_page(scene: Scene, look: Look, path: Path, progress: Progress) -> None:
    """Write the page.

    Raises:
        ExportError: the file cannot be written.
    """
    drawn, foot = draw_with_legend(scene, look)
    progress(0.2)
    text = page_of(scene, drawn, look, look.height - foot, lambda share: progress(0.2 + 0.8 * share))
    with whole_file(path) as unfinished:
        unfinished.write_text(text, encoding="utf-8")


def page_of(scene: Scene, drawn: Drawn, look: Look, height: int, progress: Progress) -> str:
    """The whole page; the picture is `height` pixels high."""
    body = "\n".join(tree_elements(drawn, look.theme, lambda name, color: f' {name}="var(--{color})"'))
    data = {
        "width": look.width,
        "height": height,
        **_board_shape(scene),
        "slots": _slots(scene, drawn, progress),
    }
    folder = resources.files("assets").joinpath("export")
    words = {
        "title": f"{scene.notation.title}: {scene.tree.simulations:,} simulations",
        "about": escape(_about(scene)),
        "width": str(look.width),
        "height": str(height),
        "light": _variables(LIGHT),
        "dark": _variables(DARK),
        "player": escape(scene.notation.players[0]),
        "legends": "".join(_legend(drawn, look, theme) for theme in (LIGHT, DARK)),
        "pieces": _pieces(scene),
        "elements": body,
        # "</" would end the script early.
        "data": msgspec.json.encode(data).decode().replace("</", "<\\/"),
        "script": folder.joinpath("page.js").read_text(encoding="utf-8"),
    }
    page = folder.joinpath("page.html").read_text(encoding="utf-8")
    return re.sub(r"\{\{(\w+)\}\}", lambda place: words[place[1]], page)


def _about(scene: Scene) -> str:
    """Where the tree comes from, in a sentence."""
    header = scene.header
    position = scene.notation.line_text(scene.tree.line)
    return f"{position}. Searched by {header.method} with {header.generation}, {scene.tree.num_nodes:,} nodes."


def _variables(theme: Theme) -> str:
    """All colours of a theme as variables of CSS."""
    inks = {**inks_of(theme), "disc-first": theme.intuition, "disc-second": theme.bad}
    inks |= {name.replace("_", "-"): str(getattr(theme, name)) for name in _BOARD_INKS}
    return " ".join(f"--{name}: {color};" for name, color in inks.items())


def _legend(drawn: Drawn, look: Look, theme: Theme) -> str:
    """The legend for readers of a theme."""
    width, name = look.width / look.zoom, f"for-{theme.name}"
    inside = legend_svg(drawn.legend, replace(look, theme=theme))
    inside = inside.replace('id="', f'id="{name}-').replace("url(#", f"url(#{name}-")
    foot = legend_height(theme, drawn.legend, width)
    return f'<svg class="{name}" width="{width:g}" height="{foot:g}" viewBox="0 0 {width:g} {foot:g}">{inside}</svg>'


def _board_shape(scene: Scene) -> dict[str, Any]:
    card = scene.notation.card(scene.tree.line)
    return {"rows": card.rows, "columns": card.columns, "style": card.style}


def _pieces(scene: Scene) -> str:
    """Drawings of pieces, by their letters."""
    if scene.notation.card(scene.tree.line).style != "chess":
        return ""
    return "".join(
        f'<symbol id="piece-{letter}" viewBox="0 0 45 45">{drawing}</symbol>'
        for letter, drawing in chess.svg.PIECES.items()
    )


def _slots(scene: Scene, drawn: Drawn, progress: Progress) -> dict[int, dict[str, Any]]:
    """What is said of each slot, by its number; `up` is the slot it hangs on."""
    slots = drawn.picture.slots[: drawn.picture.num_slots]
    said: dict[int, dict[str, Any]] = {}
    for at, slot in enumerate(slots):
        if at % 64 == 0:
            progress(at / len(slots))
        if slot["kind"] == NODE:
            said[at] = _node(scene, slot, drawn.picture.centre_of(at))
        elif slot["kind"] == FOLD:
            said[at] = {"kind": "fold", "up": int(slot["up"]), "said": fold_text(slot).replace(" Zoom in to open.", "")}
        elif slot["kind"] == STUB:
            said[at] = {"kind": "stub", "up": int(slot["up"]), "said": _stub(scene, slot)}
    return said


def _node(scene: Scene, slot: Any, centre: tuple[float, float]) -> dict[str, Any]:
    """A visited node at a place of the picture; values are from the first player's view, as the colours."""
    node = int(slot["node"])
    card = scene.notation.card(scene.tree.line_to(node))
    proven = PROVEN_TEXTS[round(float(slot["q"]))] if slot["flags"] & PROVEN else ""
    return {
        "kind": "node",
        "up": int(slot["up"]),
        "text": scene.labels(node),
        "x": round(centre[0], 1),
        "y": round(centre[1], 1),
        "r": round(float(slot["radius"]), 1),
        "n": int(slot["visits"]),
        "q": round(float(slot["q"]), 4),
        "v": round(float(slot["raw"]), 4),
        "p": None if node == ROOT else round(float(slot["prior"]), 5),
        "share": round(float(slot["share"]), 5),
        "proven": proven,
        "pruned": _REASONS.get(int(slot["reason"]), ""),
        "status": card.status,
        "board": "".join(card.pieces.get(cell, ".") for cell in range(card.rows * card.columns)),
        "marked": list(card.marked),
    }


def _stub(scene: Scene, slot: Any) -> str:
    """Actions that were not visited."""
    count = int(slot["branches"])
    reason = _REASONS.get(int(slot["reason"]), "")
    why = f", pruned: {reason}" if reason else ""
    share = f"prior {100.0 * float(slot['prior']):.1f} %"
    if count > 1 or slot["edge"] < 0:
        return f"{max(1, count)} moves not visited, {share}{why}"
    line = scene.tree.line_to(int(slot["node"]))
    text = scene.notation.texts(line, (int(scene.tree.edge_action[int(slot["edge"])]),))[0]
    return f"{text}: not visited, {share}{why}"
