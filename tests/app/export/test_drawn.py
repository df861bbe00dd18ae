"""Pictures, pages and films of recordings, each opened by a reader that is not ours."""

import json
import re
import signal
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import av
import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtQml import QJSEngine
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from app.export.growth import Growth
from app.export.scene import Look, SceneError, check_size, make_scene, parse_size
from app.export.svg import export_svg
from app.theme import DARK, LIGHT
from engine.domains import registry
from engine.tree.columns import ROOT
from engine.tree.digest import tree_digest
from engine.tree.events import Reroot, encode
from engine.tree.fold import empty_tree, fold_stream
from engine.tree.recording import write_recording
from engine.tree.whole_file import ExportError
from tests.engine.tree.small_searches import MANY_MATES, searched

REPOSITORY = Path(__file__).resolve().parents[3]
VIEWS = ("link", "icicle", "radial")
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("recordings") / "a.arborist"
    header, stream, _ = searched("chess", MANY_MATES, 900)
    write_recording(path, header, stream)
    return path


@pytest.fixture(scope="module")
def four(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("recordings") / "four.arborist"
    header, stream, _ = searched("connect_four", "startpos", 500)
    write_recording(path, header, stream)
    return path


def export(*words: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "app.export", *map(str, words)]
    return subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False, timeout=240)


def colors(image: QImage) -> set[int]:
    return {image.pixelColor(x, y).rgb() for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)}


@pytest.mark.parametrize("view", VIEWS)
def test_svg_is_a_picture_of_the_tree(qapp: QApplication, recording: Path, tmp_path: Path, view: str) -> None:
    path = tmp_path / "a.svg"
    done = export(recording, path, "--view", view, "--theme", "light", "--size", "900x600")
    assert done.returncode == 0, done.stderr
    root = ElementTree.parse(path).getroot()
    assert root.tag == f"{SVG}svg"
    assert (root.get("width"), root.get("height")) == ("900", "600")
    assert len({element.get("data-s") for element in root.iter()}) > 60
    told = " ".join(text.text or "" for text in root.iter(f"{SVG}text"))
    assert "value for White" in told
    assert re.search(r"\bd6\b|\bNf6\b|\bg6\b|\bQe7\b", told)
    renderer = QSvgRenderer(str(path))
    assert renderer.isValid()
    page = QImage(900, 600, QImage.Format.Format_RGB32)
    painter = QPainter(page)
    renderer.render(painter)
    painter.end()
    assert page.pixelColor(2, 2) == QColor(LIGHT.background)
    assert len(colors(page)) > 100


def test_views_and_moments_differ(recording: Path, tmp_path: Path) -> None:
    images = []
    for number, words in enumerate((["--view", "icicle"], ["--view", "radial"], ["--at", "40"], [])):
        path = tmp_path / f"{number}.png"
        assert export(recording, path, "--size", "640x400", *words).returncode == 0
        images.append(QImage(str(path)))
        assert len(colors(images[-1])) > 60
    assert all(first != second for i, first in enumerate(images) for second in images[:i])


class Page(HTMLParser):
    """Collects what matters of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.scripts: dict[str, str] = {}
        self.links: list[str] = []
        self.slots: set[int] = set()
        self._inside = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):  # type: ignore[no-untyped-def]
        attributes = dict(attrs)
        self._inside = attributes.get("id", "script") if tag == "script" else ""
        self.links += [value for name, value in attrs if name in ("src", "href") and not str(value).startswith("#")]
        if "data-s" in attributes:
            self.slots.add(int(attributes["data-s"]))

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.scripts[self._inside] = self.scripts.get(self._inside, "") + data


@pytest.mark.parametrize("view", VIEWS)
def test_html_is_one_file_that_knows_every_node_it_shows(
    qapp: QApplication, recording: Path, tmp_path: Path, view: str
) -> None:
    path = tmp_path / "a.html"
    done = export(recording, path, "--view", view)
    assert done.returncode == 0, done.stderr
    text = path.read_text(encoding="utf-8")
    assert len(text) < 2_000_000
    page = Page(text)
    assert page.links == [], "nothing is fetched"
    assert not re.search(r"https?://(?!www\.w3\.org)", text)
    assert "prefers-color-scheme: dark" in text
    assert DARK.background in text
    assert LIGHT.background in text
    used, defined = set(re.findall(r"var\((--[\w-]+)\)", text)), set(re.findall(r"(--[\w-]+):", text))
    assert used <= defined
    data = json.loads(page.scripts["data"])
    assert page.slots <= {int(slot) for slot in data["slots"]}
    subject = searched("chess", MANY_MATES, 900)[2]
    root = data["slots"]["0"]
    assert root["n"] == subject.tree.stats["visits"][ROOT]
    value = subject.tree.stats["value_sum"][ROOT] / root["n"]
    assert root["q"] == pytest.approx(-value, abs=1e-4), "Black is to move; what is told is White's view"
    assert root["board"][3] == "Q" or "Q" in root["board"]
    assert root["board"][0] == "R"
    shown = [slot for slot in data["slots"].values() if slot["kind"] == "node"]
    assert len(shown) > 30
    assert {slot["text"] for slot in shown if slot["up"] == 0} <= {
        choice.text for choice in subject.notation.choices(subject.tree.line)
    }
    card = hovered(page.scripts, slot=0)
    assert card[:1] == ["Root"]
    assert f"{root['n']:,}" in card
    child = next(int(at) for at, slot in data["slots"].items() if slot["kind"] == "node" and slot["up"] == 0)
    card = hovered(page.scripts, slot=child)
    assert card[0] == data["slots"][str(child)]["text"]
    assert f"{100 * data['slots'][str(child)]['p']:.1f} %" in card


FAKE_PAGE = """
class SVGElement {}
class Part extends SVGElement {
  constructor(name) { super(); this.name = name; this.children = []; this.attributes = {}; this.listeners = {};
    this.style = {}; this.dataset = {}; this.textContent = ""; this.hidden = true;
    this.classList = { add() {}, remove() {} }; }
  setAttribute(name, value) { this.attributes[name] = String(value); }
  appendChild(child) { this.children.push(child); }
  replaceChildren() { this.children = []; }
  addEventListener(name, listener) { this.listeners[name] = listener; }
  getBoundingClientRect() { return { width: 200, height: 300 }; }
  setPointerCapture() {}
}
const parts = { data: new Part("script"), tree: new Part("svg"), card: new Part("div"), ring: new Part("circle") };
const innerWidth = 1000, innerHeight = 800;
const document = {
  getElementById: (id) => parts[id] || (id.startsWith("piece-") ? new Part("symbol") : null),
  createElement: (name) => new Part(name),
  createElementNS: (space, name) => { const part = new Part(name); part.namespaceURI = space; return part; },
  elementFromPoint: () => ({ dataset: { s: String(pointed) } }),
};
const words = (part) => part.children
  .map((child) => (child.textContent ? [child.textContent] : []).concat(words(child)))
  .reduce((all, some) => all.concat(some), []);
"""
"""As much of a browser's page as the script touches."""


def hovered(scripts: dict[str, str], slot: int) -> list[str]:
    """Run the page's script, point at a slot, and read the card."""
    steps = [
        f"const pointed = {slot};",
        FAKE_PAGE,
        f"parts.data.textContent = {json.dumps(scripts['data'])};",
        scripts["script"],
        "parts.tree.listeners.pointermove({ clientX: 10, clientY: 10, buttons: 0 });",
        "JSON.stringify([parts.card.hidden, parts.card.children[0].name, words(parts.card)])",
    ]
    engine = QJSEngine()  # its values go with it
    result = engine.evaluate("\n".join(steps))
    assert not result.isError(), result.toString()
    is_hidden, first, said = json.loads(result.toString())
    assert not is_hidden
    assert first == "svg", "the board comes first"
    return list(said)


def test_html_of_another_domain(four: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    assert export(four, path, "--at", "200").returncode == 0
    data = json.loads(Page(path.read_text(encoding="utf-8")).scripts["data"])
    assert (data["rows"], data["columns"], data["style"]) == (6, 7, "discs")
    assert data["slots"]["0"]["n"] == 200
    child = next(slot for slot in data["slots"].values() if slot["kind"] == "node" and slot["up"] == 0)
    assert child["board"].count("X") == 1
    assert child["board"].index("X") == int(child["text"]) - 1


@pytest.mark.parametrize("suffix", [".mp4", ".gif"])
def test_a_film_shows_the_tree_grow(recording: Path, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    done = export(recording, path, "--seconds", "1", "--size", "401x301")
    assert done.returncode == 0, done.stderr
    shares = [float(line) for line in done.stdout.split()]
    assert shares == sorted(shares)
    with av.open(str(path)) as film:
        frames = [frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)]
    assert len(frames) == {".mp4": 30 + 45, ".gif": 12 + 18}[suffix]
    assert frames[0].shape == (300, 400, 3), "sizes are even"
    drawn = [int((np.abs(frame.astype(int) - frame[150, 398].astype(int)).sum(axis=2) > 60).sum()) for frame in frames]
    assert drawn[0] > 500, "the first frame has a node and the legend"
    assert drawn[len(frames) // 2] > 1.2 * drawn[0]
    still = np.abs(frames[-1].astype(int) - frames[-2].astype(int)).mean()
    assert still < 1.0, "at the end everything has come to rest"
    ground = QColor(DARK.background)
    corner = frames[-1][4, 390].astype(int)
    assert np.abs(corner - [ground.red(), ground.green(), ground.blue()]).max() <= 6


def test_growth_is_the_fold_at_every_moment() -> None:
    header, stream, _ = searched("connect_four", "startpos", 500)
    growth = Growth(header, stream)
    assert growth.last == 500
    for moment in (1, 2, 9, 10, 100, 101, 377, 499):
        assert not growth.to(moment)
        tree = empty_tree(header)
        fold_stream(tree, stream, moment)
        assert growth.tree.simulations == moment
        assert tree.num_nodes == growth.tree.num_nodes
        assert (tree.stats[: tree.num_nodes] == growth.tree.stats[: tree.num_nodes]).all()
    growth.to(10_000)
    assert growth.tree.simulations == 500
    assert Growth(header, stream, 77).last == 77


def test_a_film_goes_on_where_the_root_moves(tmp_path: Path) -> None:
    header, stream, subject = searched("connect_four", "startpos", 500)
    action = int(subject.tree.edge_action[0])
    moved = stream + encode(Reroot(500, (action,), int(subject.tree.edge_child[0])))
    growth = Growth(header, moved + b"", 500)
    assert not growth.to(400)
    growth.to(500)
    whole = empty_tree(header)
    fold_stream(whole, stream)
    assert growth.tree.num_nodes == whole.num_nodes
    assert tree_digest(whole)


def test_bad_words_bad_files_and_full_folders_are_named(recording: Path, tmp_path: Path) -> None:
    for words, code, said in (
        ((recording, tmp_path / "a.docx"), 2, ".docx"),
        ((recording, tmp_path / "a.png", "--size", "big"), 2, "'big'"),
        ((recording, tmp_path / "a.png", "--size", "100x100"), 2, "100x100"),
        ((tmp_path / "nothing.arborist", tmp_path / "a.svg"), 3, "nothing.arborist"),
        ((recording, tmp_path / "nowhere" / "a.svg"), 3, "nowhere"),
        ((recording, tmp_path / "nowhere" / "a.png"), 3, "nowhere"),
        ((recording, tmp_path / "nowhere" / "a.mp4", "--seconds", "1"), 3, "nowhere"),
    ):
        done = export(*words)
        assert done.returncode == code, (words, done.stderr)
        assert said in done.stderr
        assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []
    for size in ((319, 500), (9000, 500)):
        with pytest.raises(SceneError, match=str(size[0])):
            check_size(*size)


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 130), (signal.SIGINT, 130), (signal.SIGKILL, -9)])
def test_ended_halfway_it_leaves_the_old_file(recording: Path, tmp_path: Path, number: int, code: int) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(b"before")
    words = [sys.executable, "-m", "app.export", str(recording), str(path), "--seconds", "60"]
    with subprocess.Popen(words, cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        while float(program.stdout.readline()) < 0.02:
            pass
        program.send_signal(number)
    assert program.returncode == code
    assert path.read_bytes() == b"before"
    left = {each.name for each in tmp_path.iterdir()} - {path.name}
    assert not left or number == signal.SIGKILL


def test_an_export_that_lacks_its_library_says_what_to_install(
    recording: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.export import film
    from engine.tree import export_parquet

    monkeypatch.setitem(sys.modules, "av", None)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ExportError, match=r"arborist-desktop\[video\]"):
        film._library()
    with pytest.raises(ExportError, match=r"arborist-desktop\[parquet\]"):
        export_parquet._arrow()


def test_an_empty_tree_is_not_drawn(qapp: QApplication, tmp_path: Path) -> None:
    header, _, _ = searched("connect_four", "startpos", 500)
    with pytest.raises(SceneError, match="nothing to draw"):
        make_scene(header, empty_tree(header), registry.notation("connect_four"))


def test_a_small_svg_in_this_process(qapp: QApplication, tmp_path: Path) -> None:
    header, _, subject = searched("connect_four", "startpos", 500)
    scene = make_scene(header, subject.tree, subject.notation)
    told: list[float] = []
    export_svg(scene, Look(640, 400, DARK, zoom=1.5), tmp_path / "a.svg", told.append)
    assert told == sorted(told)
    assert ElementTree.parse(tmp_path / "a.svg").getroot().get("viewBox") == "0 0 640 400"


def test_sizes_are_read() -> None:
    assert parse_size("1600x1000") == (1600, 1000)
    for text in ("", "x", "10", "10x", "-5x5", "1e3x5"):
        with pytest.raises(SceneError, match=re.escape(repr(text))):
            parse_size(text)
