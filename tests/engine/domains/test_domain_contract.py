"""What every domain promises, whatever it is about: the properties that search, journal and window rely on."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine.domains.base import NO_ACTION, ActionError, Line, PositionError, Rules
from tests.engine.domains.cases import Domain, Playout, play_out

DRAWS = st.integers(0, 80).flatmap(lambda length: st.lists(st.integers(0, 10_000), min_size=length, max_size=length))
"""What to play: as many long games as short ones, which plain lists would not give."""


def without_repetitions(states: NDArray[np.void]) -> bytes:
    """The rows as `step` leaves them: earlier occurrences are only known to who knows the line."""
    states = states.copy()
    if "repetitions" in (states.dtype.names or ()):
        states["repetitions"] = 0
    return states.tobytes()


def in_play(playout: Playout) -> NDArray[np.void]:
    return playout.states[: len(playout.line.actions)]


def some_illegal_action(rules: Rules, legal: list[int]) -> int:
    return next(action for action in range(rules.num_actions + 1) if action not in legal)


def test_the_two_halves_agree_on_the_facts(domain: Domain) -> None:
    rules, notation = domain.rules, domain.notation
    assert rules.name == notation.name
    assert rules.num_players == notation.num_players == len(notation.players)
    assert list(rules.outcomes) == list(notation.outcomes)
    assert rules.outcomes[0].value == 0
    assert {kind.value for kind in rules.outcomes} <= {-1, 0, 1}
    assert 0 <= rules.repetition_outcome < len(rules.outcomes)
    assert 0 < rules.max_legal <= rules.num_actions
    assert all(name == fmt.name for name, fmt in rules.formats.items())
    assert rules.num_actions < NO_ACTION
    assert rules.state_dtype["key"] == np.uint64
    if rules.repetition_outcome:
        assert {"reversible", "repetitions"} <= set(rules.state_dtype.names or ())


@given(draws=DRAWS)
def test_no_action_is_legal_exactly_at_the_end(domain: Domain, draws: list[int]) -> None:
    playout = play_out(domain, draws)
    expansion = domain.rules.expand(playout.states)
    assert (expansion.outcomes.dtype, expansion.offsets.dtype, expansion.actions.dtype) == (
        np.uint8,
        np.int32,
        np.uint16,
    )
    counts = np.diff(expansion.offsets)
    assert expansion.offsets[0] == 0
    assert expansion.offsets[-1] == len(expansion.actions)
    assert ((counts == 0) == (expansion.outcomes != 0)).all()
    assert (expansion.outcomes < len(domain.rules.outcomes)).all()
    assert (counts <= domain.rules.max_legal).all()
    assert (expansion.actions < domain.rules.num_actions).all()
    assert all(len(set(legal)) == len(legal) for legal in playout.legal)


@given(draws=DRAWS)
def test_a_batch_is_expanded_row_by_row(domain: Domain, draws: list[int]) -> None:
    playout = play_out(domain, draws)
    expansion = domain.rules.expand(playout.states)
    assert expansion.outcomes.tolist() == playout.outcomes
    assert [part.tolist() for part in np.split(expansion.actions, expansion.offsets[1:-1])] == playout.legal


@given(draws=DRAWS)
def test_a_batch_is_stepped_row_by_row_and_old_states_stay(domain: Domain, draws: list[int]) -> None:
    playout = play_out(domain, draws)
    before = playout.states.tobytes()
    stepped = domain.rules.step(in_play(playout), np.array(playout.line.actions, np.uint16))
    assert stepped.tobytes() == without_repetitions(playout.states[1:])
    assert playout.states.tobytes() == before
    domain.rules.expand(playout.states)
    assert playout.states.tobytes() == before


def naive_wins(rules: Rules, states: NDArray[np.void]) -> list[int]:
    """The first action of each state after which play has ended with a win for who played it, by playing all."""
    expansion = rules.expand(states)
    rows = np.repeat(np.arange(len(states)), np.diff(expansion.offsets))
    after = rules.expand(rules.step(states[rows], expansion.actions)).outcomes
    wins = [NO_ACTION] * len(states)
    for row, action, outcome in zip(rows.tolist(), expansion.actions.tolist(), after.tolist(), strict=True):
        won = rules.outcomes[outcome].value == (-1 if rules.num_players == 2 else 1)
        if won and wins[row] == NO_ACTION:
            wins[row] = action
    return wins


@given(draws=DRAWS)
def test_a_win_is_an_action_that_ends_play_in_favour_of_who_plays_it(domain: Domain, draws: list[int]) -> None:
    playout = play_out(domain, draws)
    before = playout.states.tobytes()
    wins = domain.rules.wins(playout.states, domain.rules.expand(playout.states))
    assert wins.dtype == np.uint16
    assert wins.tolist() == naive_wins(domain.rules, playout.states)
    assert playout.states.tobytes() == before


def test_the_action_that_won_a_game_is_a_win(domain: Domain) -> None:
    line = domain.notation.parse_line(domain.facts.playthrough)
    states = domain.rules.load(line)
    wins = domain.rules.wins(states, domain.rules.expand(states))
    assert (wins[-2] == line.actions[-1]) == bool(domain.facts.winner)
    assert wins[-1] == NO_ACTION


def random_states(domain: Domain, length: int, count: int) -> NDArray[np.void]:
    """States [count] after `length` actions drawn at random, fewer where play ends earlier."""
    source = np.random.default_rng(length)
    draws = source.integers(0, 10_000, (count, length)).tolist()
    return np.concatenate([play_out(domain, row).states[-1:] for row in draws])


def test_a_playout_is_a_game_to_the_end(domain: Domain) -> None:
    rules = domain.rules
    states = random_states(domain, 4, 30)
    before = states.tobytes()
    seeds = np.arange(len(states), dtype=np.uint64)
    outcomes, plies = rules.playouts(states, seeds, domain.facts.longest)
    assert (outcomes.dtype, plies.dtype) == (np.uint8, np.int32)
    assert states.tobytes() == before
    assert (outcomes > 0).all()
    assert (outcomes < len(rules.outcomes)).all()
    assert not rules.repetition_outcome or (outcomes != rules.repetition_outcome).all()
    ended = rules.expand(states).outcomes > 0
    assert ((plies == 0) == ended).all()
    assert (plies <= domain.facts.longest).all()
    assert len(set(plies.tolist())) > 1


def test_a_playout_depends_on_its_state_and_seed_alone(domain: Domain) -> None:
    states = random_states(domain, 3, 8)
    seeds = np.arange(100, 108, dtype=np.uint64)
    outcomes, plies = domain.rules.playouts(states, seeds, 60)
    backwards = domain.rules.playouts(states[::-1], seeds[::-1], 60)
    assert (backwards[0][::-1] == outcomes).all()
    assert (backwards[1][::-1] == plies).all()


@pytest.mark.parametrize("limit", [0, 1, 5])
def test_a_playout_is_broken_off(domain: Domain, limit: int) -> None:
    """A shorter limit cuts the same game short."""
    states = random_states(domain, 2, 40)
    seeds = np.arange(len(states), dtype=np.uint64)
    whole_outcomes, whole_plies = domain.rules.playouts(states, seeds, domain.facts.longest)
    outcomes, plies = domain.rules.playouts(states, seeds, limit)
    assert (plies == np.minimum(whole_plies, limit)).all()
    assert (outcomes == np.where(whole_plies <= limit, whole_outcomes, 0)).all()


@given(draws=DRAWS)
def test_equal_keys_are_equal_play(domain: Domain, draws: list[int]) -> None:
    """The key of a state does not tell how play came to it; where a state returns, so does its key."""
    playout = play_out(domain, draws)
    states = domain.rules.load(playout.line)
    assert states["key"].tolist() == playout.states["key"].tolist()
    position = domain.notation.parse_line(domain.notation.position_text(playout.line))
    assert domain.rules.load(position)["key"][-1] == states["key"][-1]
    if not domain.rules.repetition_outcome:
        assert len(set(states["key"].tolist())) == len(states)


@given(draws=DRAWS)
def test_loading_a_line_is_stepping_along_it(domain: Domain, draws: list[int]) -> None:
    playout = play_out(domain, draws)
    loaded = domain.rules.load(playout.line)
    assert loaded.dtype == domain.rules.state_dtype
    assert without_repetitions(loaded) == without_repetitions(playout.states)


@given(draws=DRAWS)
def test_a_line_with_an_illegal_action_is_refused(domain: Domain, draws: list[int]) -> None:
    playout = play_out(domain, draws)
    illegal = some_illegal_action(domain.rules, playout.legal[-1])
    with pytest.raises(ActionError):
        domain.rules.load(playout.line.then(illegal))
    with pytest.raises(ActionError):
        domain.notation.texts(playout.line, [illegal])
    with pytest.raises(ActionError, match="xyzzy"):
        domain.notation.parse_action(playout.line, "xyzzy")


def test_a_text_that_is_no_position_is_refused_by_name(domain: Domain) -> None:
    with pytest.raises(PositionError, match="xyzzy"):
        domain.notation.parse_line("xyzzy")
    with pytest.raises(PositionError, match="xyzzy"):
        domain.rules.load(Line("xyzzy"))
    with pytest.raises(PositionError):
        domain.notation.parse_line("   ")
    with pytest.raises(ActionError, match="xyzzy"):
        domain.notation.parse_line("startpos moves xyzzy")


@given(draws=DRAWS, cut=st.integers(0, 80))
def test_people_and_search_see_the_same_actions(domain: Domain, draws: list[int], cut: int) -> None:
    playout = play_out(domain, draws)
    cut = min(cut, len(playout.line.actions))
    line = Line(playout.line.start, playout.line.actions[:cut])
    choices = domain.notation.choices(line)
    if domain.notation.card(line).outcome == domain.rules.repetition_outcome != 0:
        assert choices == ()
        return
    assert sorted(choice.action for choice in choices) == sorted(playout.legal[cut])
    for choice in choices[:: len(choices) // 5 + 1]:
        assert domain.notation.parse_action(line, choice.name) == choice.action
        assert domain.notation.parse_action(line, choice.text) == choice.action
        assert domain.notation.texts(line, [choice.action]) == [choice.text]
        assert {choice.source, choice.target} - {-1} <= set(domain.notation.card(line.then(choice.action)).marked)
    assert len({choice.name for choice in choices}) == len(choices)
    assert not any(any(space.isspace() for space in choice.name) for choice in choices)


@given(draws=DRAWS)
def test_a_line_survives_being_written_down(domain: Domain, draws: list[int]) -> None:
    line = play_out(domain, draws).line
    notation = domain.notation
    assert notation.parse_line(notation.line_text(line)) == line
    texts = notation.texts(domain.start, line.actions)
    assert len(texts) == len(line.actions)
    position = notation.position_text(line)
    alone = notation.parse_line(position)
    assert alone.actions == ()
    assert notation.position_text(alone) == position
    assert notation.parse_line(notation.line_text(alone)) == alone
    here, again = (domain.rules.expand(domain.rules.load(each)[-1:]) for each in (line, alone))
    assert here.outcomes.tolist() == again.outcomes.tolist()
    assert here.actions.tolist() == again.actions.tolist()


@given(draws=DRAWS)
def test_the_card_shows_the_state(domain: Domain, draws: list[int]) -> None:
    playout = play_out(domain, draws)
    card = domain.notation.card(playout.line)
    if card.outcome != playout.outcomes[-1]:
        assert card.outcome == domain.rules.repetition_outcome != 0
        assert domain.rules.load(playout.line)["repetitions"][-1] > 0
    cells = range(card.rows * card.columns)
    assert set(card.pieces) <= set(cells)
    assert set(card.marked) <= set(cells)
    assert card.alarm in (-1, *cells)
    assert card.to_move == len(playout.line.actions) % domain.rules.num_players
    assert card.status
    assert "\n" not in card.status


@given(draws=DRAWS)
def test_planes_show_the_board_to_the_player_to_move(domain: Domain, draws: list[int]) -> None:
    playout = play_out(domain, draws)
    card = domain.notation.card(playout.line)
    ones = np.ones(len(playout.states), np.int32)
    for name, fmt in domain.rules.formats.items():
        lineages = np.repeat(playout.states[:, None], fmt.history, axis=1)
        planes = domain.rules.encode(lineages, ones, name)
        assert planes.dtype == np.float32
        assert planes.shape == (len(playout.states), fmt.channels, fmt.height, fmt.width)
        assert np.isfinite(planes).all()
        boards = [planes[-1, part].max(axis=0) for part in domain.facts.discs[name]]
        if domain.facts.turns_board and card.to_move == 1:
            boards = [board[::-1] for board in boards]
        mover, opponent = (set(np.flatnonzero(board).tolist()) for board in boards)
        first = {cell for cell, glyph in card.pieces.items() if glyph in domain.facts.first_glyphs}
        second = set(card.pieces) - first
        assert (mover, opponent) == ((first, second) if card.to_move == 0 else (second, first))


@given(draws=DRAWS)
def test_a_batch_is_encoded_row_by_row_and_unknown_history_is_ignored(domain: Domain, draws: list[int]) -> None:
    playout = play_out(domain, draws)
    states = playout.states
    for name, fmt in domain.rules.formats.items():
        newest = np.arange(len(states))
        lineages = states[np.maximum(newest[:, None] - np.arange(fmt.history), 0)]
        lengths = np.minimum(newest + 1, fmt.history).astype(np.int32)
        before = lineages.tobytes()
        planes = domain.rules.encode(lineages, lengths, name)
        assert lineages.tobytes() == before
        for row in range(len(states)):
            alone = domain.rules.encode(lineages[row : row + 1], lengths[row : row + 1], name)
            assert (alone[0] == planes[row]).all()
        for row, length in enumerate(lengths):
            lineages[row, length:] = states[-1]
        assert (domain.rules.encode(lineages, lengths, name) == planes).all()


def test_the_line_knows_its_repetitions(domain: Domain) -> None:
    assert bool(domain.facts.repeats) == bool(domain.rules.repetition_outcome)
    if not domain.facts.repeats:
        return
    line = domain.notation.parse_line(domain.facts.repeats)
    states = domain.rules.load(line)
    assert states["repetitions"].tolist() == [0, 0, 0, 0, 1, 1, 1, 1, 2]
    assert len(set(states["key"].tolist())) == 4
    assert (states["reversible"] >= np.arange(9)).all()
    assert (domain.rules.expand(states).outcomes == 0).all()
    assert domain.notation.card(line).outcome == domain.rules.repetition_outcome
    assert domain.notation.choices(line) == ()


def test_a_result_is_told_to_the_player_to_move(domain: Domain) -> None:
    line = domain.notation.parse_line(domain.facts.playthrough)
    card = domain.notation.card(line)
    assert domain.rules.expand(domain.rules.load(line)[-1:]).outcomes[0] == card.outcome != 0
    value = domain.rules.outcomes[card.outcome].value
    if not domain.facts.winner:
        assert value == 0
        return
    assert value == (1 if domain.notation.players[card.to_move] == domain.facts.winner else -1)
    assert domain.facts.winner in card.status


def test_random_play_comes_to_an_end(domain: Domain) -> None:
    """A batch of 32 games at once, so that rows which end at different times stand side by side."""
    random = np.random.default_rng(1)
    states = np.repeat(domain.rules.load(domain.start), 32)
    ended = 0
    for _ in range(domain.facts.longest + 1):
        expansion = domain.rules.expand(states)
        ended += np.count_nonzero(expansion.outcomes)
        counts = np.diff(expansion.offsets)
        going = counts > 0
        if not going.any():
            break
        picks = expansion.offsets[:-1][going] + random.integers(0, counts[going])
        states = domain.rules.step(states[going], expansion.actions[picks])
    assert ended == 32


def test_the_sample_is_worth_looking_at(domain: Domain) -> None:
    line = domain.notation.parse_line(domain.notation.sample)
    assert domain.notation.card(line).outcome == 0
    assert len(domain.notation.choices(line)) > 1
    assert domain.notation.parse_line(domain.notation.line_text(line)) == line
