"""What is drawn into a file: a search at one moment, and how it is looked at."""

from collections.abc import Callable
from dataclasses import dataclass

from app.render.legend import LegendRecord
from app.render.lettering import Lettering
from app.render.palette import make_palette
from app.render.picture import TreePicture, Visible
from app.theme import Theme
from engine.domains.base import Notation
from engine.tree.columns import ROOT, SearchTree
from engine.tree.events import Header

LEAST_WIDTH, LEAST_HEIGHT, MOST_SIDE = 320, 240, 8192
"""Pixels of a picture."""


class SceneError(ValueError):
    """Something that cannot be drawn; the message names the offending value."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a tree is drawn.

    Attributes:
        width, height: in pixels. theme: colours and letters.
        view: "link", "icicle" or "radial".
        zoom: how much larger than on screen lines and letters are.
    """

    width: int
    height: int
    theme: Theme
    view: str = "link"
    zoom: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """A search to draw. `labels`: text of the action that led to a node."""

    header: Header
    tree: SearchTree
    notation: Notation
    labels: Callable[[int], str]

    @property
    def seat_sign(self) -> int:
        """+1 where the first player, whose view colours take, is to move at the root, else -1."""
        return 1 if self.tree.num_players == 1 or self.notation.card(self.tree.line).to_move == 0 else -1


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """A picture that was drawn, its labels, and what its legend says."""

    picture: TreePicture
    lettering: Lettering
    legend: LegendRecord


def make_scene(header: Header, tree: SearchTree, notation: Notation) -> Scene:
    """A scene of a tree; its actions are put into words once each.

    Raises:
        SceneError: nothing has been searched.
    """
    if not tree.num_nodes:
        raise SceneError("there is nothing to draw: no simulation has been done")
    known: dict[int, str] = {ROOT: ""}

    def label(node: int) -> str:
        if node not in known:
            line = tree.line_to(node)
            known[node] = notation.texts(type(line)(line.start, line.actions[:-1]), line.actions[-1:])[0]
        return known[node]

    return Scene(header, tree, notation, label)


def parse_size(text: str) -> tuple[int, int]:
    """Width and height of a text such as 1600x1000.

    Raises:
        SceneError: it is no such text.
    """
    width, _, height = text.partition("x")
    if not (width.isdecimal() and height.isdecimal()):
        raise SceneError(f"{text!r} is no size; expected WIDTHxHEIGHT such as 1600x1000")
    return int(width), int(height)


def check_size(width: int, height: int) -> None:
    """See whether a picture can be so large.

    Raises:
        SceneError: it cannot.
    """
    if width < LEAST_WIDTH or height < LEAST_HEIGHT:
        raise SceneError(f"{width}x{height} is too small for a picture; the least is {LEAST_WIDTH}x{LEAST_HEIGHT}")
    if max(width, height) > MOST_SIDE:
        raise SceneError(f"{width}x{height} is too large for a picture; a side has at most {MOST_SIDE} pixels")


def draw_scene(scene: Scene, look: Look, height: int) -> Drawn:
    """Draw the whole tree, with labels, `height` pixels high: what a legend leaves of the look's own height."""
    picture, lettering = prepare(scene, look, height)
    visible = picture.draw()
    lettering.letter(picture, scene.labels, -1, 0.0)
    return Drawn(picture, lettering, legend_record(scene, picture, visible))


def prepare(scene: Scene, look: Look, height: int) -> tuple[TreePicture, Lettering]:
    """A picture of the scene before its first frame, and its letters."""
    picture, lettering = TreePicture(make_palette(look.theme)), Lettering(look.theme)
    lettering.patience_s = float("inf")
    lettering.set_theme(look.theme, look.zoom)
    picture.set_view(look.view)
    picture.resize(look.width, height, look.zoom)
    picture.show(scene.tree, scene.seat_sign)
    return picture, lettering


def legend_record(scene: Scene, picture: TreePicture, visible: Visible) -> LegendRecord:
    """What the legend of a frame says."""
    counts = (visible.nodes, visible.shown, visible.folded, visible.outside)
    player, nodes = scene.notation.players[0], scene.tree.num_nodes
    return LegendRecord(picture.scale, player, nodes, *counts, view=picture.view, lens=picture.overlay.lens)
