"""One declaration makes the line a GUI reads and the parser of what it writes."""

import pytest

from engine.search.settings import SearchSettings
from engine.uci import options
from engine.uci.options import OPTIONS, OptionError, Values, option_named


def test_declarations_are_what_guis_expect() -> None:
    lines = {option.name: option.declaration() for option in OPTIONS}
    assert lines["Hash"] == "option name Hash type spin default 512 min 1 max 1048576"
    assert lines["Ponder"] == "option name Ponder type check default false"
    assert lines["Clear Hash"] == "option name Clear Hash type button"
    assert lines["Method"].startswith("option name Method type combo default puct var puct var gumbel")
    assert lines["CPuct"] == "option name CPuct type string default 1.745"
    assert lines["UCI_Chess960"] == "option name UCI_Chess960 type check default false"


@pytest.mark.parametrize("option", [option for option in OPTIONS if option is not options.CLEAR])
def test_the_default_is_read_back(option: options.Option[object]) -> None:
    written = option.declaration().split(" default ")[1].split(" min ")[0].split(" var ")[0]
    assert option.read(written) == option.default


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("hash", "1", 1),
        ("PONDER", "True", True),
        ("Method", "PUCT", "puct"),
        ("CPuct", "2.5", 2.5),
        ("WeightsFile", "uniform", "uniform"),
        ("Generation", "gen-000", "gen-000"),
        ("UCI_EngineAbout", "<empty>", ""),
    ],
)
def test_values_are_read(name: str, text: str, value: object) -> None:
    assert option_named(name).read(text) == value


@pytest.mark.parametrize(
    ("name", "text"),
    [("Hash", "0"), ("Hash", "much"), ("Hash", ""), ("Ponder", "yes"), ("Method", "minimax"), ("CPuct", "nan"),
     ("CPuct", "-1"), ("PolicyTemperature", "0")],
)  # fmt: skip
def test_bad_values_are_refused_by_name(name: str, text: str) -> None:
    with pytest.raises(OptionError, match=f"{name}.*{text!r}"):
        option_named(name).read(text)


def test_an_unknown_option_is_named() -> None:
    with pytest.raises(OptionError, match="'Contempt'"):
        option_named("Contempt")


def test_settings_follow_the_values() -> None:
    values = Values().with_value(options.C_PUCT, 3.0).with_value(options.BATCH, 8).with_value(options.SEED, 7)
    settings = values.search_settings()
    assert (settings.c_puct, settings.batch, settings.seed) == (3.0, 8, 7)
    assert settings.fpu_reduction == SearchSettings().fpu_reduction
    assert Values().search_settings() == SearchSettings(memory_bytes=512 * 2**20)
