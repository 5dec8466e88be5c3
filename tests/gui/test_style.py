"""The look: contrast in both themes, icons that follow it, server texts that stay plain, names for all."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TypeVar

import pytest
import shiboken6
from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QAccessible, QColor, QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTableView,
    QWidget,
)
from pytestqt.qtbot import QtBot

import itkgui.views
from itkgui.paths import resource
from itkgui.views.components.component_view import ATTACHMENTS, TESTS
from itkgui.views.style import Style, icon
from itkgui.views.theme import CONTRAST, DARK, LIGHT, THEMES, Theme
from tests.end2end.job import text_shown, write_files
from tests.end2end.plain_server import PlainServer
from tests.gui.person import Person
from tests.sandbox_process import SandboxProcess

PIXEL = "20UPGM23800001"
STRIP = "20USBMS0000001"
Kind = TypeVar("Kind", bound=QWidget)
_LEAST = 4.5
# Labels made of the program's own words and of numbers, sizes and kinds it found out itself.
_COUNTED = (
    r"TEST SERVER: [\w.:-]+",
    r"TEST SERVER: not the production database  ·  [\w.:-]+",
    r"session \d+ min",
    r"[\d,]+ components?(, ([\d,]+|all) loaded)?",
    r"\d+ runs: [\w\d, ]+",
    r"\d+ files\. .*",
    r"[\d.]+ [kMG]?B  ·  [\w/+.-]+",
    r"\d+ × \d+ pixels  ·  \d+%",
    r"UTF-8(  ·  .*)?",
)
# What is written on what; the style sheet and the delegates use no other pairs.
_WRITTEN_ON = {
    "window": ("text", "quiet", "faint", "accent", "good", "bad", "caution"),
    "surface": ("text", "quiet", "faint", "accent", "good", "bad", "caution"),
    "sunken": ("text", "quiet", "faint", "accent", "good", "bad", "caution"),
    "selection": ("text", "quiet", "accent", "good", "bad", "caution"),
    "hover": ("text", "quiet", "accent"),
    "accent": ("on_accent",),
    "good_back": ("good", "text"),
    "bad_back": ("bad", "text"),
    "caution_back": ("caution", "text"),
}


def luminance(colour: QColor) -> float:
    """Return the relative luminance of WCAG 2."""

    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF())


def contrast(one: QColor, other: QColor) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_computed_as_wcag_does() -> None:
    assert contrast(QColor("#000000"), QColor("#ffffff")) == pytest.approx(21)
    assert contrast(QColor("#767676"), QColor("#ffffff")) == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("theme", THEMES, ids=["light", "dark", "contrast"])
@pytest.mark.parametrize("back", _WRITTEN_ON)
def test_text_can_be_read(theme: Theme, back: str) -> None:
    low = {
        tone: round(contrast(theme.colour(tone), theme.colour(back)), 2)
        for tone in _WRITTEN_ON[back]
        if contrast(theme.colour(tone), theme.colour(back)) < _LEAST
    }
    assert not low, f"on {back}"


@pytest.mark.parametrize("theme", THEMES, ids=["light", "dark", "contrast"])
def test_what_is_disabled_looks_other_than_what_is_not(theme: Theme) -> None:
    assert contrast(theme.colour("text"), theme.colour("faint")) > 1.75
    assert theme is not CONTRAST or theme.off_line != f"{theme.line} solid"


def test_every_colour_is_one() -> None:
    for theme in THEMES:
        for name, value in theme._asdict().items():
            if isinstance(value, str) and not name.endswith("line"):
                assert theme.colour(name).isValid(), name


def test_style_sheet_has_no_word_left_over(style: Style, qapp: QApplication, qtbot: QtBot) -> None:
    window = QWidget()
    style.dress(window)
    for theme in (*THEMES, LIGHT):
        style.use(theme)
        qtbot.waitUntil(lambda: not style.is_changing)
        assert theme.accent in window.styleSheet()
        assert "$" not in re.sub(r"/\*.*?\*/", "", window.styleSheet(), flags=re.DOTALL)
        assert qapp.palette().window().color() == theme.colour("window")


@pytest.mark.parametrize("name", sorted(path.stem for path in resource("icons").glob("*.svg")))
def test_icons_are_drawn(style: Style, name: str) -> None:
    picture = icon(name).pixmap(QSize(24, 24)).toImage()
    assert _strongest(picture) is not None


def test_high_contrast_of_the_system_is_followed_unless_a_look_is_chosen(
    style: Style, qapp: QApplication, qtbot: QtBot
) -> None:
    contrast = qapp.styleHints().accessibility()  # which tells what the desktop is set to
    style.follow_system()
    before = Style.theme
    contrast.contrastPreferenceChanged.emit(Qt.ContrastPreference.HighContrast)
    qtbot.waitUntil(lambda: not style.is_changing)
    assert (before, Style.theme) == (LIGHT, CONTRAST)
    assert qapp.palette().window().color() == QColor(CONTRAST.window)
    contrast.contrastPreferenceChanged.emit(Qt.ContrastPreference.NoPreference)
    assert Style.theme is LIGHT
    style.use(DARK)
    contrast.contrastPreferenceChanged.emit(Qt.ContrastPreference.HighContrast)
    assert Style.theme is DARK


def test_change_of_the_look_outlives_what_it_takes_away(style: Style, qtbot: QtBot) -> None:
    class Table(QTableView):
        def changeEvent(self, event: QEvent) -> None:  # noqa: N802
            super().changeEvent(event)
            if event.type() is QEvent.Type.FontChange:
                while labels:
                    shiboken6.delete(labels.pop())

    dressed, other = QWidget(), QWidget()
    for window in (dressed, other):
        qtbot.addWidget(window)
    style.dress(dressed)
    table = Table(other)
    labels = [QLabel(other) for _ in range(50)]  # the application names its widgets in no order
    with qtbot.captureExceptions() as raised:
        style.use(DARK)
        qtbot.waitUntil(lambda: not style.is_changing)
    assert not raised
    assert not labels
    assert other.findChildren(QWidget) == [table, *table.findChildren(QWidget)]


def test_icons_follow_the_theme(person: Person) -> None:
    person.scan(PIXEL)
    button = person.component.strip.reload_button
    for theme in (DARK, LIGHT):
        person.wear(theme)
        strongest = _strongest(button.icon().pixmap(button.iconSize()).toImage())
        assert strongest is not None
        wanted = theme.colour("quiet")
        assert abs(strongest.lightness() - wanted.lightness()) < 40


def _strongest(picture: QImage) -> QColor | None:
    """Return the most opaque colour of a picture; None if all of it is transparent."""
    found = [picture.pixelColor(x, y) for x in range(picture.width()) for y in range(picture.height())]
    best = max(found, key=QColor.alpha)
    return best if best.alpha() > 100 else None


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_nothing_is_cut_off(person: Person, theme: Theme) -> None:
    component = person.scan(PIXEL)
    person.wear(theme)
    person.until(lambda: person.window.size() == QSize(1366, 768))
    for tab in range(3):
        person.show_tab(tab)
        person.settle()
        for label in component.findChildren(QLabel):
            if label.isVisible() and label.text() and not label.wordWrap():
                assert label.width() >= label.sizeHint().width() - 1, label.text()
        for button in component.findChildren(QAbstractButton):
            if button.isVisible() and button.text():
                assert button.width() >= button.minimumSizeHint().width(), button.text()


def test_markup_of_the_server_stays_text(person: Person, tmp_path: Path) -> None:
    _open_everything(person, tmp_path)
    words = _own_words()
    for label in _all(person, QLabel):
        if label.textFormat() is Qt.TextFormat.PlainText or not label.text():
            continue
        # A label of the program's own words may be of any kind, so long as it never holds other text.
        says = label.text()
        own = says in words or any(re.fullmatch(known, says) for known in _COUNTED)
        assert own, f"{says!r} may hold a server's text and would show its markup"


def _own_words() -> set[str]:
    """Return the literals of the views' source: a label that shows one of them shows no server's text."""
    words: set[str] = set()
    for path in Path(itkgui.views.__path__[0]).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                words.add(node.value)
    return words


def test_everything_that_can_be_used_has_a_name(person: Person, tmp_path: Path) -> None:
    _open_everything(person, tmp_path)
    nameless = []
    for kind in (QAbstractButton, QLineEdit, QComboBox, QAbstractItemView, QPlainTextEdit, QAbstractSpinBox):
        for widget in _all(person, kind):
            if widget.isHidden() or widget.objectName().startswith("qt_") or _is_part_of_another(widget):
                continue
            interface = QAccessible.queryAccessibleInterface(widget)
            if interface is None or not interface.text(QAccessible.Text.Name).strip():
                nameless.append(f"{widget} in {widget.parentWidget()}")
    assert not nameless, "\n".join(nameless)


def _is_part_of_another(widget: QWidget) -> bool:
    """Tell whether a widget is Qt's own part of one that has a name: a combo box's list, a table's corner."""
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QComboBox | QLineEdit | QAbstractItemView):
            return True
        parent = parent.parentWidget()
    return False


def _open_everything(person: Person, folder: Path) -> None:
    component = person.scan(PIXEL)
    person.look_at_run(lambda run: run.test_type.code == "IV_MEASURE")
    person.plot()
    for name in ("module_front.jpg", "readout.log", f"{PIXEL}_configs.zip"):
        person.look_at(name)
    person.until(lambda: component.attachments.preview.content.inner_kind, "a member")
    (folder / "empty.txt").write_bytes(b"")
    paths = [*write_files(folder), folder / "empty.txt"]
    person.drop(component, paths)
    person.until(lambda: len(person.sheet.rows) == len(paths), "the review")
    assert component.tabs.currentIndex() == ATTACHMENTS
    assert TESTS < ATTACHMENTS


def _all(person: Person, kind: type[Kind]) -> list[Kind]:
    return list(person.window.findChildren(kind))


def test_markup_in_a_title_is_shown_as_it_stands(person: Person, sandbox: SandboxProcess) -> None:
    title = "<b>bold</b> & <i>slanted</i>.txt"  # a longer word would be shown shortened
    with PlainServer(sandbox) as server:
        server.attach(STRIP, title, b"<h1>no heading</h1>\n")
    component = person.scan(STRIP)
    attachment = person.look_at_where(lambda attachment: attachment.title == title)
    preview = component.attachments.preview
    for label in (preview.name, preview.facts):
        assert label.textFormat() is Qt.TextFormat.PlainText
    assert f"About {title}" in preview.facts.text()
    assert text_shown(preview.content) == "<h1>no heading</h1>"
    table = component.attachments.table
    row = table.row_where(lambda found: found is attachment)
    for column in range(table.columnCount()):
        hint = table.index(row, column).data(Qt.ItemDataRole.ToolTipRole)
        assert "<b>" not in (hint or ""), "a tool tip would show its markup"


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_what_is_on_looks_other_than_what_the_pointer_is_on(person: Person, theme: Theme) -> None:
    person.wear(theme)
    rail = person.workspace.rail
    on, off = (rail.button(place) for place in (person.workspace.search_view, person.workspace.upload_view))

    def colours(button: QAbstractButton) -> tuple[str, str]:
        """Return the colours of its border and of its fill, in the middle of its right side."""
        picture = button.grab().toImage()
        row = picture.height() // 2
        return tuple(picture.pixelColor(picture.width() - 1 - x, row).name() for x in (0, 4))  # type: ignore[return-value]

    plain = colours(off)
    assert colours(on)[1] == theme.selection
    assert theme.quiet not in (*plain, *colours(on))
    for button in (on, off):
        button.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)
    assert colours(off) == (theme.quiet, plain[1])
    assert colours(on) == (theme.quiet, theme.selection)


def test_suggestions_wear_the_look_too(person: Person) -> None:
    box = person.workspace.search_view.filters.owner
    person.until(lambda: person.workspace.search_view.filters.has_places, "the choices")
    field = box.lineEdit()
    assert field is not None
    person.click(field)
    person.type(field, "uni")
    completer = box.completer()
    assert completer is not None
    popup = completer.popup()
    assert popup is not None
    person.until(popup.isVisible, "the suggestions")
    assert popup.grab().toImage().pixelColor(0, 5).name() == Style.theme.border
    person.press(Qt.Key.Key_Escape, popup)
