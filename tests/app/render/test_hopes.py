"""Nodes that nothing was spent on: hopes of an intuition are gold and say its share, other ghosts do neither."""

import numpy as np
from PySide6.QtWidgets import QApplication

from app.render.labels import wordings
from app.render.palette import make_palette
from app.render.picture import TreePicture
from app.render.slots import GHOST
from app.theme import DARK
from app.viewmodels.arena_mind import lay_over
from engine.tree.columns import SearchTree
from tests.app.arena.test_two_minds import mind
from tests.app.render.drawn import SIZE, nodes

GOLD = tuple(int(DARK.intuition[at : at + 2], 16) for at in (1, 3, 5))


def drawn(tree: SearchTree, room: SearchTree) -> TreePicture:
    picture = TreePicture(make_palette(DARK))
    picture.resize(*SIZE, 1.0)
    picture.show(tree, 1, room.stats["visits"])
    picture.draw()
    return picture


def gold(picture: TreePicture) -> int:
    """Pixels nearly of the colour of intuition."""
    pixels = picture.image
    channels = [(pixels >> shift) & 255 for shift in (16, 8, 0)]
    far = sum(np.abs(channel.astype(int) - tint) for channel, tint in zip(channels, GOLD, strict=True))
    return int((far < 40).sum())


def test_hopes_are_gold_and_ghosts_are_not(qapp: QApplication) -> None:
    compared = lay_over(mind("gen-000@60"), mind("gen-000@0")).compared
    assert compared is not None
    hopes = drawn(compared.pictures.b, compared.pictures.union)
    before = compared.pictures.b.edge_prior.copy()
    compared.pictures.b.edge_prior[:] = 0
    ghosts = drawn(compared.pictures.b, compared.pictures.union)
    compared.pictures.b.edge_prior[:] = before
    assert gold(hopes) > 10 * max(gold(ghosts), 20)


def test_a_hope_says_its_share_and_a_ghost_only_its_name(qapp: QApplication) -> None:
    compared = lay_over(mind("gen-000@60"), mind("gen-000@0")).compared
    assert compared is not None
    slots = nodes(drawn(compared.pictures.b, compared.pictures.union))
    for slot in slots[slots["flags"] & GHOST != 0]:
        options = wordings(slot, "Nf3", 1.0, lambda text, style: (7.0 * len(text), 14.0))
        text = "".join(part for line in options[0].lines for part, _ in line)
        assert ("%" in text) == (slot["prior"] > 0 and slot["bottom"] - slot["top"] >= 15.0)
        assert "0.00" not in text
