"""The popover of settings, the menu of a branch and the asking for a number, used as a person uses them."""

from dataclasses import replace

import msgspec
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QCheckBox, QDoubleSpinBox, QLabel, QPushButton, QSlider, QWidget

from app.viewmodels.branch import BranchRecord, loan_sentence, prior_sentence
from app.viewmodels.search_options import LIMITS, METHOD_TEXTS, options_of
from app.widgets.amount_popup import Amount, AmountPopup
from app.widgets.branch_menu import BranchMenu
from app.widgets.options_popup import OptionsPopup
from engine.domains.base import Line
from engine.search.limits import Limits
from engine.search.settings import SearchSettings

LEFT = Qt.MouseButton.LeftButton
BRANCH = BranchRecord(
    line=Line("s", (1,)),
    name="e4",
    is_live=True,
    is_root=False,
    is_pruned=False,
    can_ask=True,
    can_lend=True,
    prior=0.4,
    siblings=19,
    lent=0,
    generations=("gen-000", "uniform"),
)


@pytest.fixture
def popup(qtbot):
    widget = OptionsPopup()
    qtbot.addWidget(widget)
    widget.show()
    return widget


def named(popup, kind, name):
    return next(w for w in popup.findChildren(kind) if name in (w.accessibleName(), getattr(w, "text", str)()))


def chosen(popup, signal):
    told = []
    getattr(popup, signal).connect(told.append)
    return told


def test_a_number_holds_at_once_and_changes_nothing_else(popup):
    told = chosen(popup, "settings_chosen")
    popup.show_options(SearchSettings(batch=64), Limits())
    named(popup, QDoubleSpinBox, "Curiosity").setValue(2.5)
    assert told == [SearchSettings(batch=64, c_puct=2.5)]


def test_what_a_record_shows_is_not_told_whatever_its_digits(popup):
    settings, limits = (chosen(popup, name) for name in ("settings_chosen", "limits_chosen"))
    for method in METHOD_TEXTS:
        popup.show_options(
            SearchSettings(method=method.name, c_puct=1.23456789, c_visit=12.34),
            Limits(seconds=1.23456, kld_gain=1.23e-4),
        )
    assert (settings, limits) == ([], [])


@pytest.mark.parametrize("method", [method.name for method in METHOD_TEXTS])
def test_each_method_offers_what_it_listens_to(qtbot, popup, method):
    popup.show_options(SearchSettings(method=method), Limits())
    qtbot.wait(1)  # those of the method before are taken down
    labels = {label.text() for label in popup.findChildren(QLabel)} | {b.text() for b in popup.findChildren(QCheckBox)}
    assert {option.label for option in options_of(method)} <= labels
    assert all(spin.toolTip().endswith(")") for spin in popup.findChildren(QDoubleSpinBox))


def test_a_limit_is_switched_on_changed_and_off(qtbot, popup):
    told = chosen(popup, "limits_chosen")
    popup.limits_chosen.connect(lambda limits: popup.show_options(SearchSettings(), limits))
    switch, spin = named(popup, QCheckBox, "Depth"), named(popup, QDoubleSpinBox, "Depth")
    assert not spin.isEnabled()
    switch.click()
    assert spin.isEnabled()
    spin.setValue(20)
    switch.click()
    assert told == [Limits(depth=12), Limits(depth=20), Limits()]


def test_all_that_can_be_chosen_is_possible():
    """The numbers offered lie within what the engine takes."""
    for method in METHOD_TEXTS:
        for option in options_of(method.name):
            for shown in (option.low, option.high):
                value = bool(shown) if option.is_switch else _field(option, shown)
                made = msgspec.structs.replace(SearchSettings(method=method.name), **{option.name: value})
                assert msgspec.convert(msgspec.to_builtins(made), SearchSettings) == made
    for option in LIMITS:
        for shown in (option.low, option.high, option.start):
            made = Limits(**{option.name: _field(option, shown)})
            assert msgspec.convert(msgspec.to_builtins(made), Limits) == made


def _field(option, shown):
    from app.viewmodels.search_options import field_value

    return field_value(option, shown)


def test_defaults_leave_other_methods_alone(qtbot, popup):
    told = chosen(popup, "settings_chosen")
    popup.show_options(SearchSettings(c_puct=5.0, considered=4), Limits())
    qtbot.mouseClick(named(popup, QPushButton, "Defaults"), LEFT)
    assert told == [SearchSettings(considered=4)]


@pytest.fixture
def host(qtbot):
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()
    return widget


def action(menu, *path):
    found = next(a for a in menu.actions() if a.text() == path[0])
    return found if len(path) == 1 else action(found.menu(), *path[1:])


@pytest.mark.parametrize(
    ("path", "signal", "args"),
    [
        (("Play e4",), "play_chosen", []),
        (("Cut",), "cut_chosen", []),
        (("Search only this",), "pin_chosen", []),
        (("Lend visits", "+100"), "lend_chosen", [100]),
        (("Lend visits", "+1,000"), "lend_chosen", [1000]),
        (("Lend visits", "Another number …"), "amount_wanted", []),
        (("Set prior …",), "prior_wanted", []),
        (("Ask another generation", "uniform"), "ask_chosen", ["uniform"]),
    ],
)
def test_the_menu_tells_what_is_meant(qtbot, host, path, signal, args):
    menu = BranchMenu(BRANCH, host)
    with qtbot.waitSignal(getattr(menu, signal)) as told:
        action(menu, *path).trigger()
    assert told.args == args


def test_a_pruned_branch_can_be_restored_whatever_the_reason(qtbot, host):
    menu = BranchMenu(replace(BRANCH, is_pruned=True), host)
    with qtbot.waitSignal(menu.restore_chosen):
        action(menu, "Restore").trigger()
    assert "Cut" not in [a.text() for a in menu.actions()]


def test_what_makes_no_sense_is_not_offered(qtbot, host):
    recorded = BranchMenu(replace(BRANCH, is_live=False), host)
    assert [a.text() for a in recorded.actions() if a.isEnabled() and a.text()] == ["Play e4"]
    root = BranchMenu(replace(BRANCH, is_root=True), host)
    assert [a.text() for a in root.actions()] == ["Pause when", "Ask another generation"]
    certain = BranchMenu(replace(BRANCH, can_lend=False, can_ask=False), host)
    assert not action(certain, "Lend visits").isEnabled()
    assert not action(certain, "Ask another generation").isEnabled()


def test_a_number_is_slid_typed_and_told_with_its_meaning(qtbot, host):
    amount = Amount(
        "Prior of e4",
        "Set prior",
        0,
        100,
        40,
        1,
        1,
        " %",
        lambda value: prior_sentence(BRANCH, value / 100),
        slides=True,
    )
    popup = AmountPopup(amount, host)
    popup.open_at(QPoint(5, 5))
    told = chosen(popup, "chosen")
    popup.findChild(QSlider).sliderMoved.emit(250)
    meanings = {label.text() for label in popup.findChildren(QLabel)}
    assert "e4: 40 % → 25 %. The 19 moves beside it share 75 % as they did before." in meanings
    assert popup.findChild(QSlider).sliderPosition() == 250
    spin = popup.findChild(QDoubleSpinBox)
    spin.lineEdit().setText("31.5 %")
    qtbot.mouseClick(named(popup, QPushButton, "Set prior"), LEFT)
    assert told == [31.5]


@pytest.mark.parametrize(
    ("siblings", "ending"), [(0, "the only move; it keeps all of it."), (1, "The move beside it gets 90 %.")]
)
def test_a_prior_is_told_for_any_number_of_siblings(siblings, ending):
    assert prior_sentence(replace(BRANCH, siblings=siblings), 0.1).endswith(ending)


def test_a_loan_says_what_is_lent_already():
    assert "nothing above counts them." in loan_sentence(BRANCH, 500)
    assert loan_sentence(replace(BRANCH, lent=70), 500).endswith("70 are lent already.")
