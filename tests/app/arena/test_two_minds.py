"""What two players think of one position: folded from real journals, laid over each other, and put into words."""

import numpy as np
import pytest

from app.viewmodels.arena_mind import Mind, Question, lay_over, mind_of
from app.viewmodels.head_to_head import (
    action_rows,
    agreed_plies,
    agreement_sentence,
    choice_arrows,
    duel_record,
    node_sentence,
    row_sentence,
)
from app.viewmodels.phrases import Phrases
from engine.domains import registry
from engine.domains.base import Line
from engine.service.arena_messages import Think, Thought
from engine.tree.columns import ROOT
from tests.app.arena.thinker import think

CHESS, FOUR = (Phrases(registry.notation(name)) for name in ("chess", "connect_four"))
START = CHESS.notation.parse_line("startpos")
AFTER_E4 = CHESS.notation.parse_line("startpos moves e2e4")


def mind(player: str, line: Line = START, domain: str = "chess", seed: int = 0) -> Mind:
    question = Question(domain, line, player, seed)
    request = Think(id=1, domain=domain, start=line.start, actions=line.actions, player=player, seed=seed)
    thought = think(request)
    assert isinstance(thought, Thought)
    return mind_of(question, thought)


def expecting(*moves: str, kind: str = "search", value: float | None = 0.0) -> Mind:
    """A mind that expects some moves from the start position."""
    line = CHESS.notation.parse_line("startpos moves " + " ".join(moves)).actions
    return Mind(Question("chess", START, "x"), kind, line[0], value, 0.0, line=line)  # type: ignore[arg-type]


class TestMinds:
    def test_a_search_is_folded_with_all_legal_moves(self) -> None:
        found = mind("gen-000@40")
        assert (found.kind, found.simulations, len(found.options)) == ("search", 40, 20)
        assert sum(option.visits for option in found.options) == 39
        assert sum(option.share or 0.0 for option in found.options) == pytest.approx(1.0)
        assert found.line[0] == found.action
        assert found.side is not None
        assert found.side.num_nodes == found.size == 40

    def test_intuition_alone_is_one_level_of_priors_without_visits(self) -> None:
        found = mind("gen-000@0")
        assert (found.kind, found.simulations, found.line) == ("intuition", 0, (found.action,))
        assert found.side is not None
        assert found.side.num_nodes == 21
        assert all(option.share is None and option.q is None and option.visits == 0 for option in found.options)
        assert found.options[0].action == found.action
        priors = sorted((option.prior or 0.0 for option in found.options), reverse=True)
        assert priors == pytest.approx([option.prior for option in found.options])

    def test_a_player_without_a_tree_only_plays(self) -> None:
        found = mind("random")
        assert (found.kind, found.side, found.options, found.value) == ("none", None, (), None)
        assert found.line == (found.action,)


class TestDuel:
    def test_two_searches_share_their_nodes(self) -> None:
        a, b = mind("gen-000@60"), mind("uniform@30")
        compared = lay_over(a, b).compared
        assert compared is not None
        assert (int(compared.pictures.a.stats["visits"][ROOT]), int(compared.pictures.b.stats["visits"][ROOT])) == (
            60,
            30,
        )
        assert compared.said.shared > 1

    def test_an_intuition_has_hopes_and_no_visits_but_room(self) -> None:
        a, b = mind("gen-000@60"), mind("gen-000@0")
        compared = lay_over(a, b).compared
        assert compared is not None
        drawn = compared.pictures.b
        assert drawn.stats["visits"][ROOT] == 1
        assert not drawn.stats["visits"][1:].any()
        assert b.value is not None
        assert drawn.stats["value_sum"][ROOT] == pytest.approx(b.value, abs=1e-6)
        root_children = compared.pictures.union.edge_child[compared.pictures.union.edge_run(ROOT)]
        assert len(root_children) == 20
        assert (compared.pictures.union.stats["visits"][root_children] > 0).all()
        priors = drawn.edge_prior[drawn.edge_run(ROOT)].view(np.float16)
        assert float(priors.sum()) == pytest.approx(1.0, abs=0.01)

    def test_who_is_not_known_yet_is_a_bare_root(self) -> None:
        compared = lay_over(mind("gen-000@20"), None).compared
        assert compared is not None
        assert not compared.pictures.b.stats["visits"].any()

    def test_without_any_tree_nothing_is_drawn(self) -> None:
        assert lay_over(mind("random"), mind("random", seed=1)).compared is None

    def test_a_node_is_said_by_both(self) -> None:
        duel = lay_over(mind("gen-000@40"), mind("gen-000@0"))
        assert duel.compared is not None
        sentence = node_sentence(1, duel, CHESS)
        assert "A: prior" in sentence
        assert "visits, Q" in sentence
        assert "B: prior" in sentence
        assert node_sentence(ROOT, duel, CHESS) == node_sentence(10**6, duel, CHESS) == ""


class TestWords:
    def test_how_far_two_lines_agree(self) -> None:
        a, b = expecting("e2e4", "e7e5", "g1f3"), expecting("e2e4", "e7e5", "d2d4")
        assert agreed_plies(a.line, b.line) == 2
        assert agreement_sentence(a, b, START, CHESS) == "They agree for 2 plies, then A plays Nf3 and B plays d4."
        one = expecting("e2e4", "c7c5")
        assert agreement_sentence(a, one, START, CHESS) == "They agree for one ply, then A plays e5 and B plays c5."
        assert (
            agreement_sentence(a, expecting("d2d4"), START, CHESS)
            == "They disagree at once: A plays e4 and B plays d4."
        )
        short = expecting("e2e4")
        assert agreement_sentence(short, a, START, CHESS).endswith("as far as both look ahead; B looks further.")
        assert agreement_sentence(short, short, START, CHESS) == "They agree: both play e4."
        assert agreement_sentence(a, a, START, CHESS) == "They agree on all of the 3 plies that both look ahead."

    @pytest.mark.parametrize(("line", "seat", "said"), [(START, 0, "+0.25 for White"), (AFTER_E4, 0, "−0.25 for White"),
                                                       (AFTER_E4, 1, "+0.25 for Black")])  # fmt: skip
    def test_a_value_is_told_from_one_view(self, line: Line, seat: int, said: str) -> None:
        action = next(iter(CHESS.choices(line)))
        thinks = Mind(Question("chess", line, "x"), "none", action, 0.25, 0.0, line=(action,))
        record = duel_record(("x", "x"), (thinks, thinks), ("", ""), line, CHESS, seat)
        assert said in record.a.figures
        assert said in record.b.figures
        assert record.values == (0.25, 0.25)

    def test_rows_are_of_the_player_to_move_for_both(self) -> None:
        line = FOUR.notation.parse_line("startpos moves 4 4 3 3 2")  # the second player must stop two ends
        a, b = mind("uniform@200", line, "connect_four"), mind("uniform@60", line, "connect_four")
        rows = action_rows(a, b, line, FOUR)
        for row in rows:
            if row.qs[0] is not None and row.qs[1] is not None and min(row.visits) >= 5:
                assert row.qs[0] == pytest.approx(row.qs[1], abs=0.35)  # a flipped side would be near -1 against +1
        lost = [row for row in rows if row.qs[0] is not None and row.qs[0] < -0.5]
        assert lost, "some moves lose at once"
        assert all(row.qs[1] is None or row.qs[1] < 0.3 for row in lost)

    def test_the_gap_is_what_b_gives_more(self) -> None:
        a, b = mind("gen-000@60"), mind("gen-000@0")
        for row in action_rows(a, b, START, CHESS):
            assert row.gap == pytest.approx((row.priors[1] or 0.0) - (row.shares[0] or 0.0))
            back = next(each for each in action_rows(b, a, START, CHESS) if each.action == row.action)
            assert back.gap == pytest.approx(-(row.gap or 0.0))
            assert back.priors == row.priors[::-1]
        assert sum(row.best[0] for row in action_rows(a, b, START, CHESS)) == 1

    def test_a_player_that_says_nothing_leaves_its_half_empty(self) -> None:
        rows = action_rows(mind("gen-000@20"), mind("random"), START, CHESS)
        assert all(row.priors[1] is row.shares[1] is row.qs[1] is row.gap is None for row in rows)
        assert any(row.best[1] for row in rows)
        assert "B: says nothing of it" in row_sentence(next(row for row in rows if not row.best[1]))

    def test_notes_and_blanks_are_plain(self) -> None:
        minds = (mind("gen-000@0"), mind("random"))
        record = duel_record(("gen-000@0", "random"), minds, ("", ""), START, CHESS, 0)
        assert record.blanks == ("", "It shows no tree: it only says which move it plays.")
        assert len(record.notes) == 2
        failed = duel_record(("a", "b"), (None, minds[1]), ("There is no generation 'a'.", ""), START, CHESS, 0)
        assert failed.blanks[0] == "There is no generation 'a'."
        assert failed.notes[0].startswith("a could not be asked")
        waiting = duel_record(("a", "b"), (None, None), ("", ""), START, CHESS, 0)
        assert waiting.blanks == ("Thinking …", "Thinking …")
        assert waiting.plies == -1

    def test_arrows_carry_letters(self) -> None:
        a, b = expecting("e2e4"), expecting("d2d4")
        assert [(arrow.kind, arrow.label) for arrow in choice_arrows((a, b), START, CHESS)] == [("a", "A"), ("b", "B")]
        assert [(arrow.kind, arrow.label) for arrow in choice_arrows((a, a), START, CHESS)] == [("judge", "AB")]
        assert choice_arrows((None, None), START, CHESS) == ()
