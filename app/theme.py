"""Colours, sizes and fonts in one table: one colour has one meaning everywhere, in every theme.

The table is plain text and numbers, so that view-models, exports and tests can read it without a display. Qt meets it
in `apply`, and in the widgets, which are handed a theme by `set_theme` and ask nobody else.
"""

from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path
from string import Template

from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

GRID = 8
"""Distances are multiples of this many pixels, or halves of it."""
PADDING = 12
"""Between a panel's edge and what it holds, in pixels."""
EASING_MS = 180
"""How long a picture takes to become the next one; only ever to keep identity."""

_USUAL_BODY = 13
_BUNDLED_FAMILY = "DejaVu Sans"
_BUNDLED_FILES = ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf")


@dataclass(frozen=True, slots=True)
class Theme:
    """What everything looks like; all colours are "#RRGGBB".

    Attributes:
        intuition: priors and raw values. effort: visits and what the search concluded from them.
        bad, even, good: the two ends and the middle of a value, for the side said in the legend.
        learning: generations and distillation. pruned: cut or outdated. attention: selection and focus, never data.
        background, panel, hairline, text, quiet: surfaces, lines, and words of first and second rank.
        raised: a control on a panel; hover: the same under the pointer.
        board_light, board_dark: the squares. board_marked: laid over the last action's cells.
        first, second: pieces of the player who begins and of the other. outline: around pieces.
        ink: words on the colours of intuition and effort.
        small, body, large, title: text sizes in pixels.
    """

    name: str
    intuition: str
    effort: str
    bad: str
    even: str
    good: str
    learning: str
    pruned: str
    attention: str
    background: str
    panel: str
    hairline: str
    text: str
    quiet: str
    raised: str
    hover: str
    board_light: str
    board_dark: str
    board_marked: str
    first: str
    second: str
    outline: str
    ink: str
    small: int = 11
    body: int = _USUAL_BODY
    large: int = 16
    title: int = 22

    def room(self, pixels: int) -> int:
        """As many pixels as `pixels` when words have their usual size: for places that words must fit into."""
        return round(pixels * self.body / _USUAL_BODY)


DARK = Theme(
    name="dark",
    intuition="#E9C46A",
    effort="#F1EFE7",
    bad="#E4572E",
    even="#7D858F",
    good="#4FB0E8",
    learning="#7BC47F",
    pruned="#5B616B",
    attention="#B48EF0",
    background="#14171C",
    panel="#1B1F26",
    hairline="#2A3039",
    text="#E6E6E6",
    quiet="#98A1AC",
    raised="#232932",
    hover="#2D343F",
    board_light="#8D98A5",
    board_dark="#5F6B79",
    board_marked="#6FB5B0",
    first="#F7F5EE",
    second="#1A1D22",
    outline="#101317",
    ink="#14171C",
)

LIGHT = Theme(
    name="light",
    intuition="#B7791F",
    effort="#22262C",
    bad="#C2410C",
    even="#8A9099",
    good="#1F78B4",
    learning="#2F855A",
    pruned="#9AA0A8",
    attention="#6B46C1",
    background="#FBFAF7",
    panel="#FFFFFF",
    hairline="#E3E1DA",
    text="#1E2329",
    quiet="#5F6771",
    raised="#F4F2EC",
    hover="#EAE7DE",
    board_light="#E4E2DA",
    board_dark="#AEB6BF",
    board_marked="#7FB3BF",
    first="#FFFFFF",
    second="#2A2E34",
    outline="#22262C",
    ink="#FFFFFF",
)

THEMES = {theme.name: theme for theme in (DARK, LIGHT)}


def enlarged(theme: Theme, factor: float) -> Theme:
    """The same theme with text `factor` times as large; 1.75 for an audience."""
    sizes = {name: round(getattr(theme, name) * factor) for name in ("small", "body", "large", "title")}
    return replace(theme, **sizes)


@lru_cache(maxsize=1024)
def color(text: str, opacity: float = 1.0) -> QColor:
    """A colour of the theme as Qt wants it, to look at and not to change; `opacity` in [0, 1]."""
    result = QColor(text)
    result.setAlphaF(opacity)
    return result


@cache
def font(pixels: int, *, strong: bool = False) -> QFont:
    """The program's font at a size, to use and not to change; its figures have equal widths and do not move."""
    result = QFont(_family())
    result.setPixelSize(pixels)
    result.setWeight(QFont.Weight.DemiBold if strong else QFont.Weight.Normal)
    result.setFeature(QFont.Tag("tnum"), 1)
    return result


def stylesheet(theme: Theme) -> str:
    """The style sheet for all standard widgets."""
    template = Template(resources.files("assets").joinpath("style.qss").read_text(encoding="utf-8"))
    fields = {name: getattr(theme, name) for name in theme.__dataclass_fields__}
    icons = Path(str(resources.files("assets"))) / "icons"
    return template.substitute(fields, selected=_seen_through(theme.attention, 0.2), icons=icons.as_posix())


def apply(app: QApplication, theme: Theme) -> None:
    """Dress the whole program in `theme`."""
    app.setStyle("Fusion")
    app.setFont(font(theme.body))
    app.setPalette(_palette(theme))
    app.setStyleSheet(stylesheet(theme))


def _seen_through(text: str, opacity: float) -> str:
    """A colour for style sheets, which write its opacity first."""
    return f"#{round(255 * opacity):02X}{text[1:]}"


@cache
def _family() -> str:
    """The system's sans family; the bundled one where the system has no fonts."""
    if not QFontDatabase.families():
        for name in _BUNDLED_FILES:
            QFontDatabase.addApplicationFontFromData(resources.files("assets").joinpath("fonts", name).read_bytes())
        return _BUNDLED_FAMILY
    return QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family()


def _palette(theme: Theme) -> QPalette:
    role = QPalette.ColorRole
    colors = {
        role.Window: theme.background,
        role.WindowText: theme.text,
        role.Base: theme.panel,
        role.AlternateBase: theme.raised,
        role.Text: theme.text,
        role.Button: theme.raised,
        role.ButtonText: theme.text,
        role.BrightText: theme.text,
        role.ToolTipBase: theme.raised,
        role.ToolTipText: theme.text,
        role.PlaceholderText: theme.quiet,
        role.Highlight: theme.attention,
        role.HighlightedText: theme.background,
        role.Link: theme.attention,
        role.LinkVisited: theme.attention,
        role.Light: theme.hover,
        role.Midlight: theme.raised,
        role.Mid: theme.hairline,
        role.Dark: theme.hairline,
        role.Shadow: theme.background,
    }
    palette = QPalette()
    for key, value in colors.items():
        palette.setColor(key, QColor(value))
    for key in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, key, QColor(theme.pruned))
    return palette
