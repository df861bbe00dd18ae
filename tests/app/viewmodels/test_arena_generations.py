"""A generation's card for reading."""

from app.viewmodels.arena_generations import card_record, confirm_text, ratings_of
from tests.app.arena.engines import GENERATIONS, player, rate

CARD = {
    "id": "gen-001",
    "name": "after one round",
    "domain": "chess",
    "parent": "gen-000",
    "architecture": {"domain": "chess", "fmt": "compact", "blocks": 5, "channels": 48, "policy": "planes"},
    "data": [{"name": "games.pgn", "licence": "CC0", "games": 34807, "samples": 1526226, "note": "held out 1 in 40"}],
    "settings": {"id": "gen-001", "learning_rate": 0.002, "budget": {"minutes": 103.0, "samples": None}, "quick": True},
    "metrics": {"top_1": 0.34466, "positions": 83870, "policy_cross_entropy": 2.19697, "by_rating": {"1": {}}},
    "date": "2026-11-23T20:11:05+00:00",
    "weights_sha256": "0123456789abcdef0123",
    "licence": "GPL-3.0-or-later",
    "notes": "A note.",
}


def lines(card, name):
    section = next(section for section in card.sections if section.name == name)
    return {term.label: term.text for term in section.terms}


def test_a_card_reads_in_sections():
    card = card_record(CARD)
    assert (card.title, card.subtitle, card.domain, card.parent, card.notes) == (
        "gen-001",
        "after one round",
        "chess",
        "gen-000",
        "A note.",
    )
    origin = lines(card, "origin")
    assert origin["Made"] == "2026-11-23 20:11"
    assert origin["Weights"] == "0123456789abcdef"
    assert lines(card, "network") == {"Size": "5 blocks × 48 channels", "input format": "compact", "Policy": "planes"}
    assert lines(card, "data") == {"games.pgn": "34,807 games, 1.53M samples"}
    assert lines(card, "metrics") == {
        "First guess right": "34 %",
        "Positions measured on": "83,870",
        "Surprise at actions": "2.197",
        "In the card's file": "By rating",
    }
    assert lines(card, "settings") == {"Learning rate": "0.002", "Budget minutes": "103", "Quick": "yes"}


def test_a_bare_card_has_only_what_it_says():
    card = card_record({"id": "x", "domain": "chess", "architecture": None, "parent": None})
    assert [section.name for section in card.sections] == ["origin"]
    assert card.parent == ""


def test_ratings_are_those_of_intuition_alone_with_both_ends():
    rated = rate(
        1,
        player("gen-001@64", 1500.0, 1400.0, 1600.0),
        player("gen-001@0", 1200.0, 1150.0, 1250.0),
        player("gen-000@0", 1000.0, None, 1050.0),
    )
    assert ratings_of((rated,)) == {"gen-001": (1200.0, 1150.0, 1250.0)}


def test_the_question_names_the_children():
    assert "gen-001 descends from it" in confirm_text("gen-000", GENERATIONS)
    assert "descend" not in confirm_text("maia", GENERATIONS)
