"""Settings and times in the words of a player: what is read is what was written, what does nothing is refused."""

import string
from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.arena.make_players import PlayerMaker
from engine.arena.player_spec import PlayerError, PlayerSpec, canonical, parse_player
from engine.arena.players import LockstepPlayer
from engine.arena.search_player import SearchPlayer
from engine.domains import registry
from engine.search.settings import SearchSettings
from engine.search.time_control import TimeControl, TimeControlError, parse_seconds, parse_time_control
from engine.uci.errors import UciError
from engine.uci.player_spec import parse_spec

NAMES = st.text(string.ascii_letters + string.digits + "-_./", min_size=1, max_size=12).filter(
    lambda name: name != "random" and not name.startswith("uci:")
)
OF_PUCT = st.fixed_dictionaries(
    {},
    optional={
        "c_puct": st.floats(0, 100),
        "fpu_reduction": st.floats(0, 2),
        "policy_temperature": st.floats(0.01, 50),
        "root_noise": st.floats(0, 1),
        "look_for_wins": st.booleans(),
        "prune_duplicates": st.booleans(),
    },
)


@given(NAMES, st.integers(1, 10**6), OF_PUCT, st.floats(0.001, 1e4), st.booleans())
def test_what_is_written_is_what_is_meant(
    name: str, simulations: int, settings: dict[str, object], seconds: float, is_on_time: bool
) -> None:
    words = [f"{key}={str(value).lower()}" for key, value in settings.items()]
    words += [f"movetime={seconds!r}"] if is_on_time else []
    spec = parse_player(",".join([f"{name}@{simulations}:puct", *words]))
    assert (spec.generation, spec.simulations, spec.method) == (name, simulations, "puct")
    assert dict(spec.settings) == settings
    assert spec.seconds == (pytest.approx(seconds) if is_on_time else None)
    assert spec.search_settings(5) == SearchSettings(seed=5, **settings)  # type: ignore[arg-type]
    assert spec == parse_player(spec.text)


def said_of(text: str, parse: Callable[[str], object]) -> str:
    """The sentence that refuses a text; "" where it is understood."""
    try:
        parse(text)
    except (PlayerError, UciError, TimeControlError) as error:
        return str(error)
    return ""


@given(st.text(max_size=40))
def test_any_text_is_a_player_or_a_sentence_that_names_it(text: str) -> None:
    said = said_of(text, parse_player)
    assert repr(text.strip()) in said if said else parse_player(text).text == text.strip()


@given(st.text(string.digits + ".+ms e-", max_size=8))
def test_any_text_is_a_time_or_a_sentence_that_names_it(text: str) -> None:
    for parse in (parse_seconds, parse_time_control):
        said = said_of(text, parse)
        assert not said or repr(text) in said


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("gen-1@:puct,movetime=0.1", (None, "puct", 0.1, None)),
        ("gen-1@:gumbel,movetime=100ms", (None, "gumbel", 0.1, None)),
        ("gen-1,movetime=2s", (None, "puct", 2.0, None)),
        ("gen-1,tc=10+0.1", (None, "puct", None, TimeControl(base_s=10.0, increment_s=0.1))),
        ("gen-1@64,tc=60", (64, "puct", None, TimeControl(base_s=60.0))),
        ("gen-1@64:gumbel,c_scale=0.5", (64, "gumbel", None, None)),
    ],
)
def test_time_may_stand_beside_simulations_or_instead(text: str, expected: tuple[object, ...]) -> None:
    spec = parse_player(text)
    assert (spec.simulations, spec.method, spec.seconds, spec.clock) == expected
    assert spec.is_on_time == ("time" in text or "tc" in text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("gen@8,c_puct", "'c_puct' is not Name=Value"),
        ("gen@8,c_puct=", "not Name=Value"),
        ("gen@8,c_puct=x", "c_puct cannot be 'x'"),
        ("gen@8,c_puct=-1", "c_puct cannot be '-1'"),
        ("gen@8,c_puct=nan", "c_puct cannot be 'nan'"),
        ("gen@8,c_puct=inf", "c_puct cannot be 'inf'"),
        ("gen@8,c_puct=1,c_puct=2", "c_puct twice"),
        ("gen@8,cpuct=1", "'cpuct' is no setting"),
        ("gen@8,seed=1", "'seed' is no setting"),
        ("gen@8,method=uct", "'method' is no setting"),
        ("gen@8:gumbel,c_puct=1", "'c_puct' is no setting"),
        ("gen@8,batch=4", "'batch' is no setting"),
        ("gen@0,c_puct=1", "intuition alone has no settings"),
        ("gen@0,movetime=1", "intuition alone needs no time"),
        ("gen@8,width=2.5", "no setting"),
        ("gen@8:beam,width=2.5", "width cannot be '2.5'"),
        ("gen@8,movetime=0", "'0' is no time"),
        ("gen@8,tc=0+1", "'0+1' is no clock"),
        ("gen@8,tc=10+", "'10+' is no clock"),
        ("gen@:puct", "is not GENERATION"),
        ("gen@,c_puct=3", "is not GENERATION"),
    ],
)
def test_what_is_wrong_is_named(text: str, said: str) -> None:
    with pytest.raises(PlayerError) as caught:
        parse_player(text)
    assert said in str(caught.value)
    assert repr(text) in str(caught.value)


@pytest.mark.parametrize(
    ("texts", "usual"),
    [
        (("gen-1", "gen-1@0", "gen-1@0:intuition", " gen-1@9:intuition"), "gen-1@0"),
        (("gen-1@64", "gen-1@64:puct"), "gen-1@64"),
        (("gen-1@64:gumbel", "gen-1@064:gumbel"), "gen-1@64:gumbel"),
        (
            ("gen-1@8,look_for_wins=0,c_puct=2", "gen-1@8:puct,c_puct=2.0,look_for_wins=false"),
            "gen-1@8,c_puct=2.0,look_for_wins=false",
        ),
        (("gen-1,movetime=100ms", "gen-1@:puct,movetime=0.1"), "gen-1@,movetime=0.1"),
        (("gen-1,tc=10", "gen-1@,tc=10.0+0"), "gen-1@,tc=10+0"),
        (("random",), "random"),
        (("gen@x",), "gen@x"),
    ],
)
def test_texts_that_mean_the_same_become_equal(texts: tuple[str, ...], usual: str) -> None:
    assert {canonical(text) for text in texts} == {usual}
    assert canonical(usual) == usual


def test_an_engine_has_times_too() -> None:
    assert parse_spec("sf,tc=10+0.1").clock == TimeControl(base_s=10.0, increment_s=0.1)
    assert parse_spec("sf,tc=10+0.1").limit().time is None
    assert parse_spec("sf,movetime=250").limit().time == 0.25, "the protocol counts milliseconds"
    assert parse_spec("sf,movetime=0.1").limit().time == 0.1
    assert parse_spec("sf,movetime=3s").limit().time == 3.0
    assert parse_player("uci:sf").is_on_time
    assert not parse_player("uci:sf,nodes=5").is_on_time
    with pytest.raises(UciError, match="no clock"):
        parse_spec("sf,tc=fast")


def test_settings_reach_the_search() -> None:
    maker = PlayerMaker(registry.rules("connect_four"), seed=9)
    player = maker.make("uniform@8,c_puct=2.5,look_for_wins=false")
    assert isinstance(player, LockstepPlayer)
    told = player.facts.settings
    assert (told["c_puct"], told["look_for_wins"]) == (2.5, False)
    assert player._forest.settings == SearchSettings(c_puct=2.5, look_for_wins=False, seed=9)
    assert player.fingerprint != maker.make("uniform@8").fingerprint
    timed = maker.make("uniform,movetime=0.01,batch=4")
    assert isinstance(timed, SearchPlayer)
    assert timed._settings.batch == 4
    assert timed.fingerprint != maker.make("uniform,movetime=0.02,batch=4").fingerprint


def test_every_setting_of_a_match_is_one_of_the_search() -> None:
    from engine.arena import player_spec

    known = {field.name for field in msgspec.structs.fields(SearchSettings)}
    named = {*player_spec._OF_ALL, *player_spec._ON_TIME, *(n for own in player_spec._OF_METHODS.values() for n in own)}
    assert named < known
    assert known - named == {"method", "seed", "overlap", "memory_bytes", "cache_positions"}
    assert isinstance(parse_player("random"), PlayerSpec)
