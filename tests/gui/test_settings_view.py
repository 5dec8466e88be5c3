"""The page of settings: made from declarations, honest about origins, kept, and usable by keys alone."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QCheckBox,
    QComboBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from itkgui.background.worker import Call, Lane, NoThread, Worker
from itkgui.client.transfer import Transfer
from itkgui.settings import PRODUCTION_API_URL, Settings
from itkgui.settings.configuration import SITE_VARIABLE, load
from itkgui.settings.declaring import Group, setting
from itkgui.settings.kinds import Switch
from itkgui.views.context.preferences import Preferences
from itkgui.views.session.login_view import OTHER, OTHER_BANNER, PRODUCTION
from itkgui.views.settings.settings_view import SettingRow, SettingsView
from itkgui.views.style import Style
from itkgui.views.theme import DARK
from tests.gui.person import Person

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

Start = Callable[..., Person]
Show = Callable[..., SettingsView]
pytestmark = pytest.mark.usefixtures("usual_look")


@dataclass(frozen=True, kw_only=True)
class MoreSettings(Settings):
    """What somebody writes who adds a setting."""

    gloves: bool = setting(False, Switch(), Group.LOOK, "Gloves", "Larger buttons.")


@pytest.fixture
def show(qtbot: QtBot, worker: Worker, tmp_path: Path) -> Iterator[Show]:
    """Show the page alone, for a user's file and options; what it writes is waited for at the end."""
    shown: list[Preferences] = []

    def show_page(user: str | None = None, declared: type[Settings] = Settings) -> SettingsView:
        (tmp_path / "config").mkdir(exist_ok=True)
        if user is not None:
            (tmp_path / "config" / "settings.toml").write_text(user, "utf-8")
        preferences = Preferences(load({"data_dir": tmp_path}, declared=declared), worker)
        view = SettingsView(preferences)
        shown.append(preferences)
        qtbot.addWidget(view)
        view.resize(1000, 700)
        view.show()
        view.setFocus()
        qtbot.waitUntil(lambda: view.is_complete)
        return view

    yield show_page
    for preferences in shown:
        qtbot.waitUntil(asyncio.ensure_future(preferences.close()).done)


def kept(folder: Path) -> dict[str, object]:
    file = folder / "config" / "settings.toml"
    return tomllib.loads(file.read_text("utf-8")) if file.is_file() else {}


def enter(qtbot: QtBot, row: SettingRow, text: str) -> None:
    """Type a value with the keys, and Enter."""
    inner = row.field.inner
    inner.setFocus()
    QTest.keyClick(inner, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(inner, text)
    QTest.keyClick(inner, Qt.Key.Key_Return)


def test_every_setting_has_a_field_of_its_kind_that_can_be_told(show: Show) -> None:
    view = show(declared=MoreSettings)
    order = list(Group)
    expected = sorted(MoreSettings.declarations(), key=lambda one: order.index(one.group))
    expected = [one for one in expected if not one.is_secret]
    assert [row.setting for row in view.rows] == expected
    kinds = {"theme": QComboBox, "undo_seconds": QAbstractSpinBox, "api_url": QLineEdit, "gloves": QCheckBox}
    assert all(isinstance(view.row(name).field.inner, kind) for name, kind in kinds.items())
    for row in view.rows:
        assert row.field.inner.accessibleName() == row.title.text() == row.setting.title
        assert row.setting.help in row.field.inner.accessibleDescription()
        assert row.origin.text() in row.field.inner.accessibleDescription()
    for control in view.findChildren(QWidget):
        if isinstance(control, QAbstractButton) and control.isVisibleTo(view):
            assert control.accessibleName() or control.text()
    assert "canary" not in "".join(label.text() for label in view.findChildren(QLabel))


class Busy(Worker):
    """Threads of a computer that gives none at first."""

    has_any = False

    def call(self, function: Callable[..., Any], *arguments: Any, lane: Lane = Lane.REQUESTS) -> Call[Any]:
        if self.has_any:
            return super().call(function, *arguments, lane=lane)
        self.has_any, refused = True, Future[Any]()
        refused.set_exception(NoThread("none left"))
        return Call(refused, Transfer())


def test_a_change_that_no_thread_is_there_for_is_kept_with_the_next(
    qtbot: QtBot, event_loop_of_qt: asyncio.AbstractEventLoop, tmp_path: Path
) -> None:
    worker = Busy()
    preferences = Preferences(load({"data_dir": tmp_path}), worker)
    with qtbot.waitSignal(preferences.failed):
        preferences.put("undo_seconds", 3.0)
    with qtbot.waitSignal(preferences.kept):
        preferences.put("text_size", 125)
    assert kept(tmp_path) == {"schema": 1, "undo_seconds": 3, "text_size": 125}
    worker.stop()


def test_origins_are_told_and_what_stands_higher_is_fixed(
    show: Show, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "site.toml").write_text("text_size = 125\nundo_seconds = 20", "utf-8")
    monkeypatch.setenv(SITE_VARIABLE, str(tmp_path / "site.toml"))
    monkeypatch.setenv("HTTPS_PROXY", "http://me:canary@proxy:1")
    view = show("undo_seconds = 30")
    told = {row.setting.name: row.origin.text() for row in view.rows}
    assert told["text_size"] == f"from the site file {tmp_path / 'site.toml'}"
    assert told["undo_seconds"] == "your choice"
    assert told["https_proxy"] == "set by HTTPS_PROXY in the environment: cannot be changed here"
    assert told["data_dir"] == "set by --data-dir: cannot be changed here"
    assert told["page_size"] == "default  ·  a change holds at the next sign-in"
    fixed = [row.setting.name for row in view.rows if not row.field.isEnabled()]
    assert fixed == ["https_proxy", "data_dir"]
    line = view.row("https_proxy").field.inner
    assert isinstance(line, QLineEdit)
    assert line.text() == "http://[removed]@proxy:1"
    reset = {row.setting.name: row.reset_button for row in view.rows if row.reset_button.isVisible()}
    assert list(reset) == ["undo_seconds"]
    assert "Back to 20 s (from the site file" in reset["undo_seconds"].accessibleName()


def test_value_is_chosen_kept_and_set_back_with_the_keys(qtbot: QtBot, show: Show, tmp_path: Path) -> None:
    view = show("# mine\n", MoreSettings)
    before = view.row("undo_seconds").sizeHint()
    enter(qtbot, view.row("undo_seconds"), "12.5")
    assert view.row("undo_seconds").reset_button.isVisible()
    assert view.row("undo_seconds").sizeHint() == before, "nothing moves when its button appears"
    enter(qtbot, view.row("eos_hosts"), "a.example, b.example")
    box = view.row("log_level").field.inner
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Up)
    QTest.keyClick(view.row("gloves").field.inner, Qt.Key.Key_Space)
    chosen = {
        "undo_seconds": 12.5,
        "eos_hosts": ["a.example", "b.example"],
        "log_level": "debug",
        "gloves": True,
    }
    qtbot.waitUntil(lambda: kept(tmp_path) == chosen | {"schema": 1})
    row = view.row("undo_seconds")
    row.reset_button.setFocus()
    QTest.keyClick(row.reset_button, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: "undo_seconds" not in kept(tmp_path))
    assert (row.origin.text(), row.reset_button.isVisible()) == ("default", False)
    qtbot.waitUntil(row.field.inner.hasFocus)
    assert (tmp_path / "config" / "settings.toml").read_text("utf-8").startswith("# mine\n")


@pytest.mark.logs("ca_bundle: .*none.pem cannot be read")
def test_what_cannot_be_used_is_told_beside_it_and_not_kept(qtbot: QtBot, show: Show, tmp_path: Path) -> None:
    view = show()
    row = view.row("api_url")
    enter(qtbot, row, "http://host/")
    assert row.wrong.text().startswith("Must begin with https://, not 'http://host/': anybody on the way")
    assert row.wrong.isVisible()
    line = row.field.inner
    assert isinstance(line, QLineEdit)
    assert line.text() == "http://host/"  # there to be mended
    enter(qtbot, row, "https://host")
    qtbot.waitUntil(lambda: kept(tmp_path).get("api_url") == "https://host/")
    assert (row.wrong.isVisible(), line.text()) == (False, "https://host/")
    enter(qtbot, view.row("ca_bundle"), str(tmp_path / "none.pem"))
    qtbot.waitUntil(lambda: "cannot be read: No such file" in view.row("ca_bundle").wrong.text())


@pytest.mark.logs("ca_bundle: x+ cannot be read")
def test_long_text_in_a_field_is_refused_or_kept_whole(qtbot: QtBot, show: Show, tmp_path: Path) -> None:
    view, long = show(), "x" * 10_000
    for row in view.rows:
        line = row.field.inner
        if isinstance(line, QLineEdit) and row.field.isEnabled():
            line.setText(long)
            line.editingFinished.emit()
    assert view.row("api_url").wrong.isVisible()
    assert view.width() == 1000
    qtbot.waitUntil(lambda: kept(tmp_path).get("access_scope") == long)


def test_word_narrows_the_page(qtbot: QtBot, show: Show) -> None:
    view = show()
    QTest.keyClick(view.rows[0].field.inner, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(view.search.hasFocus)
    QTest.keyClicks(view.search, "Hosts eos")
    shown = [row.setting.name for row in view.rows if row.isVisible()]
    assert shown == ["eos_hosts", "eos_redirect_hosts"]
    assert [group for group, card in view.cards.items() if card.isVisible()] == [Group.SERVERS]
    QTest.keyClicks(view.search, "x")
    assert view.nothing.text() == "No setting speaks of “Hosts eosx”."
    view.search.clear()
    assert all(row.isVisible() for row in view.rows)


def test_wheel_changes_only_what_has_the_keys(qtbot: QtBot, show: Show) -> None:
    view = show()
    for row in (view.row("theme"), view.row("undo_seconds"), view.row("page_size")):
        field = row.field.inner
        before = row.origin.text()
        turn_wheel(field)
        assert row.origin.text() == before
        field.setFocus()
        qtbot.waitUntil(field.hasFocus)
        turn_wheel(field)
        assert row.origin.text().startswith("your choice")


def turn_wheel(widget: QWidget) -> None:
    place, none = QPointF(widget.rect().center()), Qt.KeyboardModifier.NoModifier
    turned = QPoint(0, -120)
    event = QWheelEvent(
        place,
        QPointF(widget.mapToGlobal(place.toPoint())),
        QPoint(),
        turned,
        Qt.MouseButton.NoButton,
        none,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)


def test_file_is_looked_for_in_a_dialog(qtbot: QtBot, show: Show, tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("-----BEGIN CERTIFICATE-----\n")
    view = show()
    (button,) = (
        b for b in view.findChildren(QAbstractButton) if b.accessibleName() == "Choose: Certificates"
    )
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    button.click()
    (dialog,) = view.findChildren(QFileDialog)
    dialog.fileSelected.emit(str(tmp_path / "ca.pem"))
    dialog.close()
    qtbot.waitUntil(lambda: kept(tmp_path).get("ca_bundle") == str(tmp_path / "ca.pem"))


def test_what_cannot_be_written_holds_and_is_told(qtbot: QtBot, show: Show, tmp_path: Path) -> None:
    view = show("not toml")
    (bar,) = view.problems
    assert "It is not TOML: " in bar.title.text()
    assert "(at line 1, column " in bar.title.text() + bar.words.text()
    enter(qtbot, view.row("undo_seconds"), "12")
    qtbot.waitUntil(view.not_kept.isVisible)
    assert "settings.toml" in view.not_kept.words.text()
    assert view.row("undo_seconds").origin.text() == "your choice"
    assert (tmp_path / "config" / "settings.toml").read_text("utf-8") == "not toml"
    (tmp_path / "config" / "settings.toml").write_text("# mended\n", "utf-8")
    enter(qtbot, view.row("undo_seconds"), "13")
    qtbot.waitUntil(lambda: kept(tmp_path) == {"schema": 1, "undo_seconds": 13})
    qtbot.waitUntil(lambda: not view.not_kept.isVisible())


# In the program --------------------------------------------------------------------------------------------


def test_settings_hold_at_once_where_they_can(person: Person) -> None:
    person.press(Qt.Key.Key_Comma, keys=Qt.KeyboardModifier.ControlModifier)
    view = person.workspace.settings_place.view
    person.until(lambda: view.isVisible() and view.is_complete, "the page")
    context, preferences = person.program.context, person.program.preferences
    assert context is not None
    preferences.put("cache_megabytes", 7)
    preferences.put("log_level", "error")
    preferences.put("theme", "dark")
    person.until(lambda: not person.program.style.is_changing, "the look")
    assert context.cache._limit == 7_000_000
    assert logging.getLogger().level == logging.ERROR
    assert Style.theme is DARK
    person.program.look.wear("light")  # by the menu: the page tells
    box = view.row("theme").field.inner
    assert isinstance(box, QComboBox)
    assert box.currentData() == "light"
    person.until(lambda: not person.program.style.is_changing, "the look")


def test_page_is_there_before_sign_in_and_its_servers_are_offered(start_program: Start) -> None:
    visitor = start_program(Settings())
    login = visitor.login
    visitor.click(login.settings_button)
    view = visitor.window.settings_page.view
    visitor.until(view.search.hasFocus, "the page")
    preferences = visitor.program.preferences
    preferences.put("api_url", "https://api.example/")
    visitor.press(Qt.Key.Key_Escape)
    assert (login.server.currentText(), login.api_url.text()) == (OTHER, "https://api.example/")
    assert (login.banner.isVisible(), login.banner.text()) == (
        True,
        f"{OTHER_BANNER}  ·  api.example",
    )
    assert login.auth_url.cursorPosition() == 0, "the host that gets the codes is in sight"
    visitor.type(login.api_url, PRODUCTION_API_URL)
    assert not login.banner.isVisible()
    preferences.put("auth_url", "https://other.example/")  # for the production database
    assert (login.server.currentText(), login.auth_url.text()) == (OTHER, "https://other.example/")
    preferences.reset("auth_url")
    preferences.reset("api_url")
    assert (login.server.currentText(), login.api_url.text()) == (PRODUCTION, PRODUCTION_API_URL)
    assert not login.banner.isVisible()


@pytest.mark.parametrize(("size", "percent"), [(QSize(1366, 768), 150), (QSize(1024, 700), 100)])
def test_nothing_is_cut_off(person: Person, size: QSize, percent: int) -> None:
    person.scale(percent)
    person.workspace.go_to(person.workspace.settings_place)
    person.window.resize(size)
    view = person.workspace.settings_place.view

    person.until(lambda: view.is_complete, "all rows")

    def is_whole() -> None:
        labels = [label for label in view.findChildren(QLabel) if label.isVisible() and label.text()]
        cut_off = [
            (label.text(), label.size(), label.heightForWidth(label.width()))
            for label in labels
            if label.width() < (0 if label.wordWrap() else label.sizeHint().width())
            or label.height() < label.heightForWidth(label.width()) - 1
        ]
        narrow = [
            row.setting.name
            for row in view.rows
            if row.width() > view.width()
            or row.field.inner.width() < row.field.inner.minimumSizeHint().width()
        ]
        assert (cut_off, narrow) == ([], []), (Style.percent, Style.is_gloved, person.window.size())

    person.qtbot.waitUntil(is_whole)
    least = person.window.minimumSizeHint()
    assert (least.width() <= size.width(), least.height() <= size.height()) == (True, True), least
