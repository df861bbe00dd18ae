"""Notes, bookmarks and exports in the window: the panel of notes and the line of an export, told and shown."""

from PySide6.QtCore import QObject

from app.controller import Controller
from app.render.camera import Camera
from app.render.views import View
from app.theme import Theme
from app.viewmodels.exports import ExportRecord
from app.viewmodels.notes import NotesRecord
from app.widgets.docks import bring_to_front
from app.widgets.export_line import ExportLine
from app.widgets.notes_panel import NotesPanel
from app.widgets.tree_canvas import TreeCanvas


class Keeping(QObject):
    """Builds both widgets and reports them to a controller.

    Attributes:
        notes, line: the widgets.
    """

    def __init__(self, tree: TreeCanvas, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tree = tree
        self.notes, self.line = NotesPanel(), ExportLine()

    def report_to(self, controller: Controller) -> None:
        """Let the widgets' intents reach `controller`."""
        desk = controller.notes
        self.notes.chosen.connect(desk.go)
        self.notes.written.connect(desk.write)
        self.notes.removed.connect(desk.remove)
        self.notes.note_wanted.connect(desk.add_note)
        self.notes.bookmark_wanted.connect(lambda: self.bookmark(controller))
        self.line.cancel_clicked.connect(controller.exports.cancel)

    def bookmark(self, controller: Controller) -> None:
        """Keep the place that is looked at, and how: the view, where the camera is going, what is asked."""
        camera = self._tree.camera
        controller.notes.add_bookmark(self.view, (camera.x, camera.y, camera.span), controller.questions.text)

    @property
    def view(self) -> str:
        """How the tree is drawn."""
        return self._tree.view.value

    def set_theme(self, theme: Theme) -> None:
        """Dress the panel; the line has no colours of its own."""
        self.notes.set_theme(theme)

    def show_notes(self, record: NotesRecord) -> None:
        """The list."""
        self.notes.show_notes(record)

    def show_look(self, view: str, camera: tuple[float, ...]) -> None:
        """The tree as it was looked at; a camera of another program's is left out."""
        if view in {drawing.value for drawing in View}:
            self._tree.set_view(View(view))
        if len(camera) == 3:
            self._tree.show_camera(Camera(*camera))

    def show_note_editor(self, name: str) -> None:
        """The editor of an entry; the panel comes to the front for it."""
        bring_to_front(self.notes)
        self.notes.edit(name)

    def show_export(self, record: ExportRecord) -> None:
        """The line of an export."""
        self.line.show_export(record)
