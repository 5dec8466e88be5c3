"""What a person does with the program: clicks, types, scans, drops, and waits for what a person waits for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QAction, QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from itkgui.application import Application
from itkgui.uploads.upload import Upload
from itkgui.views.components.component_view import ATTACHMENTS, TESTS, ComponentView
from itkgui.views.plots.curve_plot import CurvePlot
from itkgui.views.plots.plot_pane import PlotPane
from itkgui.views.previews.preview_content import EMPTY_FILE
from itkgui.views.review.review_sheet import ReviewSheet
from itkgui.views.tables.record_view import RecordView
from itkgui.views.theme import Theme
from itkgui.views.widgets.trouble_pane import TroublePane
from itkgui.views.window.workspace_view import WorkspaceView

_LEFT = Qt.MouseButton.LeftButton
_NO_KEYS = Qt.KeyboardModifier.NoModifier


class Person:
    """Somebody in front of one running program."""

    def __init__(self, qtbot: QtBot, program: Application, run: asyncio.Task[int]) -> None:
        self.qtbot = qtbot
        self.program = program
        self.run = run
        self.window = program.window
        self.login = program.window.login

    # What is on the screen ---------------------------------------------------------------------------------

    @property
    def workspace(self) -> WorkspaceView:
        assert self.window.workspace is not None, "nobody is signed in"
        return self.window.workspace

    @property
    def component(self) -> ComponentView:
        found = self.workspace.current_component
        assert found is not None, "no component is on the screen"
        return found

    @property
    def sheet(self) -> ReviewSheet:
        sheet = self.component.sheet
        assert sheet is not None, "nothing is being reviewed"
        return sheet

    @property
    def uploads(self) -> Sequence[Upload]:
        """The uploads of the signed-in user as they are now."""
        return self.program.uploads

    @property
    def has_open_uploads(self) -> bool:
        return any(upload.state.is_open for upload in self.uploads)

    @property
    def verdict(self) -> str:
        return self.workspace.footer.verdict.text()

    def until(self, condition: Callable[[], object], what: str = "") -> None:
        """Wait until something is true; ``what`` names it if it never is."""

        def check() -> None:
            assert condition(), f"still waiting for {what or 'it'}; the footer says: {self._said()}"

        self.qtbot.waitUntil(check)

    def _said(self) -> str:
        return self.verdict if self.window.workspace is not None else self.login.trouble.title

    def settle(self) -> None:
        """Let every task that was just started come to its first pause."""
        passed: list[bool] = []
        self.run.get_loop().call_soon(lambda: self.run.get_loop().call_soon(lambda: passed.append(True)))
        self.until(lambda: passed)

    # Hands -------------------------------------------------------------------------------------------------

    def click(self, widget: QWidget) -> None:
        self.until(lambda: widget.isVisible() and widget.isEnabled(), f"{widget} to be usable")
        QTest.mouseClick(widget, _LEFT)

    def click_at(self, widget: QWidget, position: QPoint) -> None:
        QTest.mouseClick(widget, _LEFT, pos=position)

    def move_over(self, widget: QWidget, position: QPoint) -> None:
        QTest.mouseMove(widget, position)

    def type(self, widget: QWidget, text: str) -> None:
        """Type instead of what stands in a field."""
        QTest.keyClick(widget, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClick(widget, Qt.Key.Key_Delete)
        QTest.keyClicks(widget, text)

    def type_on(self, widget: QWidget, text: str) -> None:
        """Type behind what stands in a field."""
        QTest.keyClicks(widget, text)

    def press(self, key: Qt.Key, widget: QWidget | None = None, keys: Qt.KeyboardModifier = _NO_KEYS) -> None:
        QTest.keyClick(widget or self.window, key, keys)

    def choose(self, view: RecordView[Any], wanted: Callable[[Any], bool]) -> Any:
        """Click on the first row that is wanted; return its record."""
        self.until(
            lambda: view.isVisible() and view.table.row_where(wanted) >= 0,
            view.accessibleName(),
        )
        index = view.table.index(view.table.row_where(wanted), 0)
        view.scrollTo(index)
        self.click_at(view.viewport(), view.visualRect(index).center())
        assert wanted(view.chosen)
        return view.chosen

    def show_tab(self, tab: int) -> None:
        bar = self.component.tabs.tabBar()
        self.click_at(bar, bar.tabRect(tab).center())
        assert self.component.tabs.currentIndex() == tab

    def drop(
        self,
        widget: QWidget,
        paths: Sequence[Path],
        keys: Qt.KeyboardModifier = _NO_KEYS,
        proposed: Qt.DropAction = Qt.DropAction.CopyAction,
    ) -> Qt.DropAction:
        """Drag files over a widget and let go; return the action that the program answered with."""
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(path.absolute())) for path in paths])
        return self.drop_mime(widget, mime, keys, proposed)

    def drop_mime(
        self,
        widget: QWidget,
        mime: QMimeData,
        keys: Qt.KeyboardModifier = _NO_KEYS,
        proposed: Qt.DropAction = Qt.DropAction.CopyAction,
    ) -> Qt.DropAction:
        middle = widget.rect().center()
        possible = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction | Qt.DropAction.LinkAction
        enter = QDragEnterEvent(QPoint(middle), possible, mime, _LEFT, keys)
        enter.setDropAction(proposed)
        QApplication.sendEvent(widget, enter)
        if not enter.isAccepted():
            return Qt.DropAction.IgnoreAction
        move = QDragMoveEvent(QPoint(middle), possible, mime, _LEFT, keys)
        move.setDropAction(proposed)
        QApplication.sendEvent(widget, move)
        assert move.isAccepted()
        event = QDropEvent(QPointF(middle), possible, mime, _LEFT, keys)
        event.setDropAction(proposed)
        QApplication.sendEvent(widget, event)
        return event.dropAction() if event.isAccepted() else Qt.DropAction.IgnoreAction

    def wear(self, theme: Theme) -> None:
        """Change the look, and wait until every window has changed."""
        style = self.program.style
        style.use(theme)
        self.until(lambda: not style.is_changing, "the new look")

    def scale(self, percent: int) -> None:
        """Change the size of the text, and wait until every window has changed."""
        style = self.program.style
        style.scale(percent)
        self.until(lambda: not style.is_changing, "the new size of text")

    # Steps of the job --------------------------------------------------------------------------------------

    def sign_in(self) -> None:
        """Sign in with what stands in the form, and wait for the first search."""
        self.click(self.login.sign_in_button)
        self.until(lambda: self.window.workspace is not None, "the workspace")
        self.until_searched()

    def until_searched(self) -> None:
        """Wait until the search that is under way has found something or nothing."""
        search = self.workspace.search_view
        self.until(lambda: search.count.text() and "Looking" not in search.count.text(), "the search")

    def type_label(self, label: str) -> None:
        """Type as a scanner does: every character, then Enter."""
        box = self.workspace.scan_box
        box.setFocus()
        self.type(box, label)
        self.press(Qt.Key.Key_Return, box)

    def scan(self, label: str) -> ComponentView:
        """Scan a label and wait until the component is there with its tests and files."""
        self.type_label(label)
        self.until(
            lambda: (
                self.workspace.current_component is not None
                and self.workspace.current_component.component.label == label
            ),
            f"component {label}",
        )
        component = self.component
        self.until(lambda: "(" in component.tabs.tabText(ATTACHMENTS), "its tests and files")
        return component

    def look_at(self, name: str) -> None:
        """Choose the attachment of this name, and wait until there is a preview, or a reason for none."""
        self.look_at_where(lambda attachment: attachment.display_name == name)

    def look_at_where(self, wanted: Callable[[Any], bool]) -> Any:
        """Do the same for the first attachment that is wanted; return its record."""
        self.show_tab(ATTACHMENTS)
        files = self.component.attachments
        chosen = self.choose(files.view, wanted)
        self.settle()
        content = files.preview.content
        self.until(
            lambda: content.shown_kind or content.trouble.isVisible() or content.empty.sentence == EMPTY_FILE,
            "the preview",
        )
        return chosen

    def look_at_run(self, wanted: Callable[[Any], bool]) -> Any:
        """Choose a test run; return its record."""
        self.show_tab(TESTS)
        row = self.choose(
            self.component.tests.view,
            lambda row: not row.is_heading and row.run is not None and wanted(row.run),
        )
        return row.run

    def plot(self) -> PlotPane:
        """Wait for the plot of the chosen run, and return its pane."""
        detail = self.component.tests.detail
        self.until(lambda: not detail.plot_area.is_loading, "the numbers to draw")
        self.until(lambda: detail.plot is not None and detail.plot.isVisible(), "the curve")
        self.until(lambda: detail.plot is not None and detail.plot.height() > 100, "the curve's place")
        assert detail.plot is not None
        return detail.plot

    def curve(self) -> CurvePlot:
        """Wait for the curve of the chosen run, and return what draws it."""
        canvas = self.plot().canvas
        assert isinstance(canvas, CurvePlot)
        return canvas

    def end(self) -> None:
        """Close the window, without a question, and wait until the program has ended."""
        if not self.run.done():
            self.window.close_requested.emit()
        self.until(self.run.done, "the program to end")


def pick(button: QToolButton, *texts: str) -> None:
    """Open a button's menu, and choose an entry in it by the menus on the way and its own text."""
    button.click()
    (menu,) = (found for found in button.findChildren(QMenu) if found.isVisible())
    for text in texts[:-1]:
        (inner,) = (entry.menu() for entry in menu.actions() if text in text_of(entry))
        assert isinstance(inner, QMenu)
        menu = inner
    (entry,) = (found for found in menu.actions() if text_of(found) == texts[-1])
    entry.trigger()
    for top in button.findChildren(QMenu):
        top.close()


def text_of(entry: QAction) -> str:
    return entry.text().replace("&&", "&")


def words(pane: TroublePane) -> str:
    """Return everything a trouble pane says, as one text."""
    return "\n".join(label.text() for label in pane.findChildren(QLabel))
