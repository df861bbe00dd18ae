"""The window's life: wires workspace, controller and engine client, and carries out what needs a desktop.

Files are asked for with dialogs, text goes over the clipboard, preferences are kept; all else is the controller's.
"""

import base64
import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog

from app import theme as themes
from app.background import PoolBackground
from app.commands import EXPLORE
from app.comparing import Comparing
from app.comparing_engine import LazyEngine
from app.controller import Controller
from app.engine_client import EngineClient, EngineState
from app.export_jobs import ExportJobs
from app.exports import Appearance
from app.note_files import NoteFiles, notes_folder
from app.presenter import phrases
from app.recordings import SUFFIX
from app.settings import Settings, save_settings
from app.threats import Threats
from app.viewmodels.branch import LOANS
from app.viewmodels.explore import Beginning
from app.viewmodels.exports import KINDS
from app.viewmodels.game import at_end
from app.warm_up import warm_up
from app.widgets.held_key import HeldKey
from app.widgets.main_window import MainWindow
from app.widgets.trails import load_library
from app.workspaces.explore import Explore
from app.workspaces.switch import Workspaces
from engine.domains.base import Line
from engine.service.messages import Request

TICK_MS = 120
"""Figures change about eight times a second, so that they can be read."""
_HIGH = 900
"""Pixels that a window needs for a chart under the tree, unless it is asked for."""
_FILES = "Recordings and games (*.arborist *.pgn *.fen *.epd *.txt);;All files (*)"
_RECORDINGS = f"Recordings (*{SUFFIX})"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Process:
    """The engine client as the controller sees it (`app.controller.EngineProcess`)."""

    client: EngineClient

    @property
    def is_ready(self) -> bool:
        """Requests can be made."""
        return self.client.state is EngineState.READY

    def request(self, make: Callable[[int], Request]) -> int:
        """Send a request; see `EngineClient.request`."""
        return self.client.request(make)

    def restart(self) -> None:
        """Start the engine again."""
        self.client.restart()


class Shell(QObject):
    """Everything of one window. `settings` are those to begin with; `settings_file` None = none are kept."""

    def __init__(
        self,
        window: MainWindow,
        client: EngineClient,
        beginning: Beginning,
        settings: Settings,
        settings_file: Path | None = None,
    ) -> None:
        super().__init__(window)
        self.window = window
        self.client = client
        self.explore = Explore(self)
        self.background = PoolBackground(self)
        self.controller = Controller(Process(self.client), self.explore, self.background, beginning)
        self.settings = settings
        self._settings_file = settings_file
        control, second = self.controller, LazyEngine(self)
        looking = (control.session, control.travel, lambda: control.state, control.select_node)
        self.comparing = Comparing(*looking, self.explore.compare, self.background, second)
        second.report_to(self.comparing)
        third = LazyEngine(self)
        self.threats = Threats(control.session, lambda: control.state, phrases, control, third)
        third.report_to(self.threats)
        self.workspaces = Workspaces(window, self.background, self._show_position, self._explored, self._change)
        self._held = HeldKey(lambda: self._show_hints_hidden(not self.explore.curtains.are_closed), self)
        self._is_warm = False
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(self.controller.tick)
        self._tick.timeout.connect(self.comparing.tick)
        self._tick.timeout.connect(self.threats.tick)

    def begin(self) -> None:
        """Fill the window, and start the engine if it was not started; shows at once what there is without it."""
        self.window.take(self.explore.centre, self.explore.panels, self.explore.controls, self.explore.status)
        self.window.connect_commands(self._handlers(), self.explore.board, self.explore.tree)
        self.explore.moves.addActions(self.explore.board.actions())  # the list of moves has the board's keys
        self.explore.report_to(self.controller)
        self.explore.compare.report_to(self.comparing)
        self.explore.compare.file_wanted.connect(self._ask_compare_file)
        self.controller.opened_file = self._remember_file
        self.controller.steps.changed = self._offer_undo
        self.controller.exports.jobs = ExportJobs(self)
        if self._settings_file is not None:
            self.controller.notes.files = NoteFiles(notes_folder())
        self.window.file_dropped.connect(self._open_file)
        self.workspaces.generation_wanted.connect(self._use_generation)
        self.window.closing.connect(self._end)
        self.window.keys_changed.connect(lambda keys: self._change(keys=dict(keys)))
        self.explore.trails.library_wanted.connect(self._load_charts)
        self.explore.tree.folding_changed.connect(lambda rules: self.window.check("fold_pruned", rules.pruned))
        self.explore.inspector.folded_changed.connect(lambda names: self._change(folded=names))
        self.client.state_changed.connect(self._tell_state)
        self.client.replied.connect(self.controller.answered)
        self.client.noticed.connect(self.controller.noticed)
        self._take_up_settings()
        self._offer_undo()
        self.explore.board.setFocus()
        if self.client.state is EngineState.STOPPED:
            self.client.start()
        else:
            self._tell_state()
        # Kernels are compiled or loaded beside the window's thread; the journal is not followed before they are there.
        self.background.run(warm_up, self._warmed, self._not_warmed)
        self._tick.start()

    def unexpected(self, error: BaseException) -> None:
        """Show a mistake of ours where it happened to the person; the log has the rest."""
        log.error("unexpected", exc_info=error)
        words = str(error).strip().splitlines()
        what = f"{type(error).__name__}: {words[0]}" if words else type(error).__name__
        self.explore.show_error(f"Something went wrong that should not have: {what}", "")

    def _tell_state(self) -> None:
        state = self.client.state
        if state is EngineState.FAILED:
            log.error("%s", self.client.failure)
        word = "starting" if state is EngineState.READY and not self._is_warm else state.value
        self.controller.engine_changed(word, self.client.failure)

    def _warmed(self, _: None) -> None:
        self._is_warm = True
        self._tell_state()

    def _not_warmed(self, error: Exception) -> None:
        # Without a folder for compiled kernels they are compiled when first called.
        log.warning("kernels could not be prepared: %s", error)
        self._warmed(None)

    def _handlers(self) -> dict[str, Callable[..., None]]:
        """A function for each command of `app.commands`."""
        control, explore = self.controller, self.explore
        return {
            "open": self._ask_open,
            "open_last": self._open_last,
            "save": self._ask_save,
            "export": self._ask_export,
            "note": control.notes.add_note,
            "bookmark": lambda: explore.keeping.bookmark(control),
            "quit": self._close,
            "new_game": control.games.new_game,
            "paste": lambda: control.files.paste(QGuiApplication.clipboard().text()),
            "set_up": control.setting_up.open,
            "copy_position": lambda: self._copy(control.games.position_text(), "position"),
            "copy_game": lambda: self._copy(control.games.game_text(), "game"),
            "back": lambda: control.games.step(-1),
            "forward": lambda: control.games.step(1),
            "first": lambda: control.games.goto(0),
            "last": control.games.goto_end,
            "branch_up": lambda: control.games.choose(-1),
            "branch_down": lambda: control.games.choose(1),
            "leave_variation": control.games.leave,
            "next_fork": control.games.next_fork,
            "comment": explore.game.comment_here,
            "promote": lambda: control.games.promote(control.state.game.here),
            "main_line": lambda: control.games.make_main(control.state.game.here),
            "delete_moves": control.games.delete,
            "analyse": explore.game.analyse,
            "next_slip": lambda: control.games.jump_to_slip(1),
            "slip_before": lambda: control.games.jump_to_slip(-1),
            "play_best": control.play_best,
            "undo": control.undo,
            "redo": control.redo,
            "toggle": control.toggle,
            "stop": control.stop,
            "step": lambda: control.step(1),
            "step_ten": lambda: control.step(10),
            "step_more": lambda: control.step(100),
            "step_back": lambda: control.step(-1),
            "step_ten_back": lambda: control.step(-10),
            "step_more_back": lambda: control.step(-100),
            "play_past": control.travel.toggle_play,
            "next_event": lambda: control.seek_event(1),
            "event_before": lambda: control.seek_event(-1),
            "to_beginning": lambda: control.travel.seek(control.travel.first),
            "to_present": control.travel.to_present,
            "cut": lambda: control.steer(control.branches.toggle, control.inspected_line()),
            "pin": lambda: control.steer(control.branches.pin, control.inspected_line()),
            "lend": lambda: control.steer(control.branches.lend, control.inspected_line(), LOANS[0]),
            "lend_more": lambda: control.steer(control.branches.lend, control.inspected_line(), LOANS[1]),
            "prior": lambda: explore.ask_prior(control),
            "watch": explore.controls.watch.open_list,
            "clear": self._clear,
            "compare": self.comparing.toggle,
            "restart_engine": control.restart_engine,
            **self.workspaces.handlers(),
            "flip": control.flip,
            "threat": self.threats.switch,
            "arrows": self._set_arrows,
            "figure": control.next_figure,
            "layer": control.next_layer,
            "hints": self._hide_hints,
            "trails": self._set_trails,
            "bands": self._set_bands,
            "find": explore.asking.bar.begin_writing,
            "next_result": lambda: control.questions.step(1),
            "result_before": lambda: control.questions.step(-1),
            "next_view": lambda: explore.tree.step_view(1),
            "view_before": lambda: explore.tree.step_view(-1),
            "fold_pruned": explore.tree.fold_pruned,
            "fold_below": explore.tree.ask_fold_below,
            "unfold": explore.tree.unfold_all,
            "fit": explore.tree.fit,
            "absolute": explore.tree.set_absolute_scale,
            "motion": self._set_motion,
            "light": lambda light: self._set_theme("light" if light else "dark"),
            "full_screen": lambda full: self.window.showFullScreen() if full else self.window.showNormal(),
            "other_layout": self._switch_layout,
            "reset_layout": self.window.reset_layout,
            "palette": self.window.open_palette,
            "keys": self.window.show_keys,
            "change_keys": self.window.open_keys_editor,
            "about": self._about,
        }

    def _take_up_settings(self) -> None:
        settings = self.settings
        self.window.restore(_bytes(settings.geometry), _bytes(settings.layout))
        self.window.take_up_layouts(settings.layout_number, _bytes(settings.other_layout))
        self.window.set_keys(settings.keys)
        self._set_theme(settings.theme)
        self._set_arrows(settings.arrows)
        self._set_motion(settings.motion)
        self.explore.inspector.set_folded(settings.folded)
        self._set_bands(settings.bands)
        self._show_trails(self.window.height() >= _HIGH if settings.trails is None else settings.trails)
        self.window.enable("open_last", bool(settings.last_file))
        self.controller.questions.kept = lambda lenses: self._change(lenses=lenses)
        self.controller.questions.begin(settings.lenses)
        self.controller.watching.take_up(settings.watched, one_by_one=settings.one_by_one)
        self.workspaces.begin(settings.workspace, settings.arena_page, settings.anchors, settings.train_page)

    def _set_theme(self, name: str) -> None:
        theme = themes.THEMES.get(name, themes.DARK)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        themes.apply(application, theme)
        self.window.set_theme(theme)
        self.explore.set_theme(theme)
        self.workspaces.set_theme(theme)
        self.window.check("light", theme is themes.LIGHT)
        self._change(theme=theme.name)

    def _set_arrows(self, visible: bool) -> None:
        self.explore.board.set_arrows_visible(visible)
        self.window.check("arrows", visible)
        self._change(arrows=visible)

    def _hide_hints(self, hidden: bool) -> None:
        self._show_hints_hidden(hidden)
        self._held.begin()

    def _show_hints_hidden(self, hidden: bool) -> None:
        self.explore.hide_hints(hidden)
        self.window.check("hints", hidden)

    def _set_motion(self, moving: bool) -> None:
        self.explore.set_motion(moving)
        self.workspaces.set_motion(moving)
        self.window.check("motion", moving)
        self._change(motion=moving)

    def _switch_layout(self) -> None:
        number = self.window.switch_layout()
        self.explore.say(f"Arrangement {number + 1} of 2. What you change in it is kept; Tab goes to the other.")

    def _set_trails(self, visible: bool) -> None:
        self._show_trails(visible)
        self._change(trails=visible)

    def _set_bands(self, bands: bool) -> None:
        self.explore.game.graph.set_bands(bands)
        self.window.check("bands", bands)
        self._change(bands=bands)

    def _show_trails(self, visible: bool) -> None:
        self.explore.trails.setVisible(visible)
        self.window.check("trails", visible)

    def _load_charts(self) -> None:
        """Beside the window's thread, and not before the first tree is on screen."""
        built = self.explore.trails.build
        self.background.run(load_library, lambda _: built(), self.unexpected)

    def _offer_undo(self) -> None:
        """The menu says what would be undone and done again."""
        self.window.offer("undo", self.controller.steps.words_back)
        self.window.offer("redo", self.controller.steps.words_again)

    def _close(self) -> None:
        self.window.close()

    def _clear(self) -> None:
        """Escape always leads one step back: from a page over the window, from a selection, from full screen."""
        if self.window.hide_keys() or self.workspaces.step_back():
            return
        if self.controller.setting_up.close() or self.comparing.step_back():
            return
        state = self.controller.state
        if self.window.isFullScreen() and state.selected < 0 and state.picked is None:
            self.window.showNormal()
            self.window.check("full_screen", False)
        if state.selected < 0 and state.picked is None:
            self.controller.questions.clear()
        self.controller.select_node(-1)

    def _copy(self, text: str, what: str) -> None:
        QGuiApplication.clipboard().setText(text)
        first = text.splitlines()[0]
        self.explore.say(f"Copied the {what}: {first}" if what == "position" else f"Copied the {what}.")

    def _ask_open(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self.window, "Open", self._folder(), _FILES)
        if name:
            self._open_file(Path(name))

    def _open_last(self) -> None:
        if self.settings.last_file:
            self._open_file(Path(self.settings.last_file))

    def _open_file(self, path: Path) -> None:
        self.workspaces.show(EXPLORE)
        self.controller.open_file(path)

    def _explored(self) -> tuple[str, Line]:
        """Domain and position that stand on Explore's board."""
        state = self.controller.state
        return state.domain, state.game.current

    def _show_position(self, domain: str, line: Line) -> None:
        """Put a position on the board, as another game; an undo brings the one before back."""
        self.controller.set_domain(domain)
        self.controller.games.play_line(at_end(line))

    def _use_generation(self, domain: str, generation: str) -> None:
        """Go on searching in Explore with a generation that may be new."""
        self.controller.set_domain(domain)
        self.controller.session.list_again()
        self.controller.set_generation(generation)
        self.workspaces.show(EXPLORE)

    def _ask_save(self) -> None:
        suggested = str(Path(self._folder()) / f"search{SUFFIX}")
        name, _ = QFileDialog.getSaveFileName(self.window, "Save recording", suggested, _RECORDINGS)
        if name:
            self.controller.save(Path(name))

    def _ask_compare_file(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self.window, "Compare with a recording", self._folder(), _RECORDINGS)
        if name:
            self.explore.compare.show_page()
            self.comparing.compare_with_file(Path(name))

    def _ask_export(self) -> None:
        kinds = {f"{what} (*{suffix})": suffix for _, suffix, what in KINDS}
        suggested = str(Path(self._folder()) / f"tree{KINDS[0][1]}")
        name, kind = QFileDialog.getSaveFileName(self.window, "Export the tree", suggested, ";;".join(kinds))
        if name:
            path = Path(name)
            path = path if path.suffix else path.with_name(path.name + kinds.get(kind, KINDS[0][1]))
            self.controller.exports.export(path, Appearance(self.settings.theme, self.explore.keeping.view))

    def _folder(self) -> str:
        return str(Path(self.settings.last_file).parent) if self.settings.last_file else str(Path.home())

    def _remember_file(self, path: Path) -> None:
        self._change(last_file=str(path.resolve()))
        self.window.enable("open_last", True)
        self.window.setWindowTitle(f"{path.name} — Arborist")

    def _about(self) -> None:
        self.explore.say("Arborist: watch, steer, train and compare machines that think in trees. GPL-3.0-or-later.")

    def _change(self, **changes: object) -> None:
        self.settings = msgspec.structs.replace(self.settings, **changes)

    def _end(self) -> None:
        """The window closes: keep the settings, and leave no process behind."""
        self._tick.stop()
        geometry, layout = self.window.remembered()
        layout_number, other_layout = self.window.other_layout()
        session = self.controller.session
        self._change(
            geometry=_text(geometry),
            layout=_text(layout),
            layout_number=layout_number,
            other_layout=_text(other_layout),
            generation=session.wish.generation,
            budget=session.wish.budget,
            flipped=self.controller.state.flipped,
            watched=self.controller.watching.to_keep(),
            one_by_one=session.wish.one_by_one,
        )
        if self._settings_file is not None:
            try:
                save_settings(self.settings, self._settings_file)
            except OSError as error:
                log.warning("the settings were not kept: %s", error)
        self.controller.exports.finish()
        self.background.finish()
        self.client.finish()
        self.comparing.finish()
        self.threats.finish()
        self.workspaces.finish()


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _bytes(text: str) -> bytes:
    """What `_text` wrote; nothing for what it did not."""
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        return b""
