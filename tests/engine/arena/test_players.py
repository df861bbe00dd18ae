"""Players: how they are written, and what each chooses."""

import shutil

import numpy as np
import pytest

from engine.arena.games import Game, Games
from engine.arena.make_players import PlayerMaker
from engine.arena.player_spec import PlayerError, PlayerSpec, parse_player
from engine.arena.players import IntuitionPlayer, LockstepPlayer, Player, Turn
from engine.arena.search_player import Budget, SearchPlayer
from engine.arena.uci_opponent import UciOpponent
from engine.domains import registry
from engine.domains.base import Line
from engine.search.evaluator import Evaluation, Leaves, UniformEvaluator
from engine.search.forest import Forest
from engine.search.hash_evaluator import HashEvaluator
from engine.search.settings import SearchSettings
from engine.uci.player_spec import parse_spec

CHESS, FOUR = registry.rules("chess"), registry.rules("connect_four")
FORCED = "startpos moves 4 1 4 1 4 1"  # X wins with 4


def turns(position: str, count: int, seed: int = 0) -> list[Turn]:
    """The same Connect Four position in several games."""
    games = Games(FOUR, 42)
    line = registry.notation("connect_four").parse_line(position)
    for pair in range((count + 1) // 2):
        games.begin_pair(pair, line)
    return [Turn(game, seed + game.index) for game in games.live[:count]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("gen-003", PlayerSpec("gen-003", "generation", "gen-003")),
        ("gen-003@0", PlayerSpec("gen-003@0", "generation", "gen-003")),
        ("gen-003@64", PlayerSpec("gen-003@64", "generation", "gen-003", 64, "puct")),
        ("gen-003@64:gumbel", PlayerSpec("gen-003@64:gumbel", "generation", "gen-003", 64, "gumbel")),
        ("uniform@9:uct", PlayerSpec("uniform@9:uct", "generation", "uniform", 9, "uct")),
        ("a@b/c@5", PlayerSpec("a@b/c@5", "generation", "a@b/c", 5, "puct")),
        (" random ", PlayerSpec("random", "random")),
    ],
)
def test_players_are_written_as_the_contract_says(text: str, expected: PlayerSpec) -> None:
    assert parse_player(text) == expected


def test_an_engine_is_a_player() -> None:
    spec = parse_player("uci:stockfish,UCI_LimitStrength=true,nodes=50")
    assert spec.kind == "uci"
    assert spec.uci == parse_spec("stockfish,UCI_LimitStrength=true,nodes=50")


@pytest.mark.parametrize("text", ["", "@5", "gen-000@", "gen-000@-1", "gen-000@5:", "gen-000@5:lucky", "gen@0:gumbel"])
def test_what_is_no_player_is_refused(text: str) -> None:
    if text == "gen-000@5:":
        assert parse_player(text).method == "puct"
        return
    with pytest.raises(PlayerError):
        parse_player(text)


class Inclined:
    """Intuition that likes one action most, and is the surer of winning the later it is."""

    name, weights_hash, device, fmt = "inclined", "abc", "none", "planes"

    def __init__(self, action: int) -> None:
        self._action = action
        self.batches: list[int] = []

    def evaluate(self, leaves: Leaves) -> Evaluation:
        self.batches.append(len(leaves.states))
        assert leaves.features is not None
        wdl = np.tile(np.array([0.5, 0.25, 0.25], np.float32), (len(leaves.states), 1))
        return Evaluation(np.where(leaves.actions == self._action, 2.0, -1.0).astype(np.float32), wdl)


def test_intuition_plays_its_first_thought_on_all_boards_at_once() -> None:
    evaluator = Inclined(5)
    chosen = IntuitionPlayer(FOUR, evaluator).choose(turns("startpos", 7))
    assert chosen.actions == [5] * 7
    assert chosen.values == [0.25] * 7
    assert evaluator.batches == [7]


def test_equal_thoughts_are_decided_by_the_seed() -> None:
    player = IntuitionPlayer(FOUR, UniformEvaluator())
    assert not player.is_deterministic
    chosen = player.choose(turns("startpos", 60)).actions
    assert set(chosen) == set(range(7))
    assert chosen == player.choose(turns("startpos", 60)).actions
    assert chosen != player.choose(turns("startpos", 60, seed=1)).actions


def test_intuition_sees_the_newest_state_first_and_its_history() -> None:
    seen = []

    class Watching(HashEvaluator):
        fmt = "lc0_112"

        def evaluate(self, leaves: Leaves) -> Evaluation:
            seen.append(leaves.features)
            return super().evaluate(leaves)

    line = registry.notation("chess").parse_line("startpos moves e2e4 e7e5 g1f3")
    games = Games(CHESS, 100)
    games.begin_pair(0, line)
    IntuitionPlayer(CHESS, Watching()).choose([Turn(games[0], 0)])
    Forest(CHESS, Watching(), SearchSettings(method="intuition")).run([line], 1)
    assert seen[0] is not None
    assert np.array_equal(seen[0], seen[1])


@pytest.mark.parametrize("method", ["puct", "gumbel", "uct"])
def test_lockstep_players_see_the_win_on_every_board(method: str) -> None:
    player = LockstepPlayer(FOUR, UniformEvaluator(), SearchSettings(method=method), 30)
    chosen = player.choose(turns(FORCED, 5))
    assert chosen.actions == [3] * 5
    assert min(chosen.values) > 0.2, "values are from the player to move"


def test_other_methods_play_one_board_after_the_other() -> None:
    player = SearchPlayer(FOUR, UniformEvaluator(), SearchSettings(method="beam"), Budget(60))
    assert player.choose(turns(FORCED, 2)).actions == [3, 3]


def test_players_with_other_settings_have_other_fingerprints() -> None:
    def made(simulations: int, **settings: float) -> Player:
        return LockstepPlayer(FOUR, UniformEvaluator(), SearchSettings(**settings), simulations)  # type: ignore[arg-type]

    prints = {made(8).fingerprint, made(9).fingerprint, made(8, c_puct=1.0).fingerprint}
    assert len(prints) == 3
    assert made(8).fingerprint == made(8).fingerprint


def test_two_players_of_one_generation_share_its_network() -> None:
    maker = PlayerMaker(CHESS, device="cpu", threads=1)
    searching, thinking = maker.make("gen-000@4"), maker.make("gen-000@0")
    assert isinstance(searching, LockstepPlayer)
    assert isinstance(thinking, IntuitionPlayer)
    assert searching._forest._evaluator._evaluator is thinking._evaluator  # type: ignore[attr-defined]
    game = Game(0, Line(""), a_moves_first=True)
    game.set_out(CHESS.load(registry.notation("chess").parse_line("startpos moves f2f3 e7e5 g2g4")))
    assert searching.choose([Turn(game, 0)]).values[0] > 0.3, "mate in one"


def test_long_thinkers_move_on_few_boards_unless_many_cost_nothing() -> None:
    maker = PlayerMaker(CHESS, device="cpu", threads=1)
    assert [maker.make(f"gen-000@{count}").most_boards for count in (8, 400, 10_000)] == [1024, 20, 16]
    assert maker.make("uniform@400").most_boards == 64


@pytest.mark.skipif(not (shutil.which("stockfish") or shutil.which("/usr/games/stockfish")), reason="no Stockfish here")
def test_an_engine_plays_several_games() -> None:
    command = shutil.which("stockfish") or "/usr/games/stockfish"
    games = Games(CHESS, 100)
    for pair, moves in enumerate(("f2f3 e7e5 g2g4", "e2e4 e7e5 d1h5 b8c6 f1c4 g8f6")):
        games.begin_pair(pair, registry.notation("chess").parse_line(f"startpos moves {moves}"))
    opponent = UciOpponent(parse_spec(f"{command},nodes=500"), 2)
    try:
        chosen = opponent.choose([Turn(game, 0) for game in games.live])
    finally:
        opponent.close()
    over = games.play([game.index for game in games.live], chosen.actions, chosen.values)
    assert [game.points for game in over] == [1.0, 0.0, 1.0, 0.0], "it mates wherever it is to move"
