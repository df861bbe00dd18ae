import re

import pytest
from PySide6.QtGui import QColor, QFontMetricsF

from app.theme import DARK, LIGHT, THEMES, apply, color, enlarged, font, stylesheet

COLORS = [name for name in DARK.__dataclass_fields__ if str(getattr(DARK, name)).startswith("#")]


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_every_colour_is_six_digits(theme):
    for name in COLORS:
        assert re.fullmatch(r"#[0-9A-F]{6}", getattr(theme, name)), name


def contrast(one, other):
    """WCAG 2 contrast ratio, 1 to 21."""

    def luminance(text):
        parts = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in QColor(text).getRgbF()[:3]]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
def test_words_can_be_read(theme):
    for ground in (theme.background, theme.panel, theme.raised, theme.hover):
        assert contrast(theme.text, ground) >= 7
        assert contrast(theme.quiet, ground) >= 4.5
    for data in (theme.intuition, theme.effort, theme.good, theme.bad, theme.learning, theme.attention):
        assert contrast(data, theme.panel) >= 3


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
def test_the_style_sheet_is_whole(theme):
    sheet = stylesheet(theme)
    assert "$" not in sheet
    assert sheet.count("{") == sheet.count("}")
    for path in re.findall(r'url\("([^"]+)"\)', sheet):
        with open(path, encoding="utf-8") as icon:
            assert icon.read().startswith("<svg")


def test_the_style_sheet_is_understood(qapp, qtbot, qtlog):
    before = qapp.style().objectName(), qapp.font(), qapp.palette(), qapp.styleSheet()
    try:
        for theme in (DARK, LIGHT):
            apply(qapp, theme)
            assert qapp.palette().window().color() == QColor(theme.background)
    finally:
        qapp.setStyleSheet(before[3])
        qapp.setPalette(before[2])
        qapp.setFont(before[1])
        qapp.setStyle(before[0])
    assert [record.message for record in qtlog.records] == []


def test_figures_are_equally_wide(qapp):
    metrics = QFontMetricsF(font(DARK.body))
    assert len({metrics.horizontalAdvance(digit) for digit in "0123456789"}) == 1


def test_for_an_audience_only_words_grow():
    large = enlarged(DARK, 1.75)
    assert (large.small, large.body, large.large, large.title) == (19, 23, 28, 38)
    assert all(getattr(large, name) == getattr(DARK, name) for name in COLORS)


def test_opacity(qapp):
    assert color("#102030", 0.5).alphaF() == pytest.approx(0.5, abs=0.01)
    assert color("#102030").name() == "#102030"
