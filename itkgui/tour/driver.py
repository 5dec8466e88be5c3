"""What a person does in front of the window: clicks, types, chooses in menus and drops, and waits."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData, QModelIndex, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage, QPainter, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QDialog,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QTabBar,
    QTabWidget,
    QWidget,
)

from itkgui.application import Application
from itkgui.views.components.component_view import ComponentView
from itkgui.views.tables.record_view import RecordView
from itkgui.views.window.workspace_view import WorkspaceView

Step = tuple[str, Callable[[], Awaitable[None]]]
PATIENCE = 30.0  # seconds a step may wait for one thing
_LOOK, _PAINT = 0.01, 0.05  # seconds between two looks, and for what is new to be laid out and painted
_LEFT = Qt.MouseButton.LeftButton
_NO_KEYS = Qt.KeyboardModifier.NoModifier


class StepFailed(Exception):
    """What a step waited for did not come, or is not as it should be."""


class Driver:
    """Uses one running program as a person does; ``folder`` takes what is exported."""

    def __init__(self, program: Application, folder: Path) -> None:
        self.program = program
        self.window = program.window
        self.folder = folder

    # What is on the screen ---------------------------------------------------------------------------------

    @property
    def workspace(self) -> WorkspaceView:
        if self.window.workspace is None:
            raise StepFailed("nobody is signed in")
        return self.window.workspace

    @property
    def component(self) -> ComponentView:
        if self.workspace.current_component is None:
            raise StepFailed("no component is on the screen")
        return self.workspace.current_component

    @property
    def verdict(self) -> str:
        """The message at the foot of the window."""
        return self.workspace.footer.verdict.text()

    def picture(self) -> QImage:
        """Return what is on the screen, with the dialog or menu over it, not painted once more.

        The tour must not make the program look slow.
        """
        shown: QPixmap = self.window.screen().grabWindow(self.window.winId())
        dialogs = [one for one in self.window.findChildren(QDialog) if one.isVisible()]
        for over in filter(None, (*dialogs, QApplication.activePopupWidget())):
            painter = QPainter(shown)
            place = over.mapToGlobal(QPoint()) - self.window.mapToGlobal(QPoint())
            painter.drawPixmap(place, over.screen().grabWindow(over.winId()))
            painter.end()
        return shown.toImage()

    async def until(self, condition: Callable[[], object], what: str) -> None:
        """Wait until something is so. Raises StepFailed if it never is."""
        deadline = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > deadline:
                said = self.verdict if self.window.workspace else ""
                raise StepFailed(f"waited {PATIENCE:.0f} s for {what}. {said}".strip())
            await asyncio.sleep(_LOOK)
        await asyncio.sleep(_PAINT)

    # Hands -------------------------------------------------------------------------------------------------

    async def act(self, action: Callable[[], object]) -> None:
        """Do something outside of any task: what it sets off may run the event loop."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[None] = loop.create_future()

        def act() -> None:
            try:
                action()
            except StepFailed as error:
                done.set_exception(error)
            else:
                done.set_result(None)

        loop.call_soon(act)
        await done

    async def click(self, widget: QWidget) -> None:
        name = widget.accessibleName() or type(widget).__name__
        await self.until(lambda: widget.isVisible() and widget.isEnabled(), f"{name} to be pressed")
        target = widget.viewport() if isinstance(widget, QAbstractScrollArea) else widget
        await self.act(lambda: QTest.mouseClick(target, _LEFT))

    async def press(self, key: Qt.Key, keys: Qt.KeyboardModifier = _NO_KEYS) -> None:
        """Press a key where the keyboard is."""
        target = QApplication.focusWidget() or self.window
        await self.act(lambda: QTest.keyClick(target, key, keys))

    async def type(self, field: QWidget, text: str, *, instead: bool = True) -> None:
        """Type into a field, instead of what stands there."""
        await self.click(field)
        if instead:
            await self.act(lambda: QTest.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier))
            await self.act(lambda: QTest.keyClick(field, Qt.Key.Key_Delete))
        await self.act(lambda: QTest.keyClicks(field, text))

    async def scan(self, label: str) -> None:
        """Type as a scanner does: every character, then Enter."""
        box: QLineEdit = self.workspace.scan_box
        await self.press(Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
        await self.until(box.hasFocus, "the scan box")
        for character in label:
            await self.act(partial(QTest.keyClicks, box, character))
        await self.act(lambda: QTest.keyClick(box, Qt.Key.Key_Return))

    async def drop(self, paths: Sequence[Path], onto: QWidget | None = None) -> None:
        """Drag files onto a page, that of the component if no other is given, and let go."""
        view = onto if onto is not None else self.component
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(path.absolute())) for path in paths])
        middle = view.rect().center()
        copy = Qt.DropAction.CopyAction

        def drop() -> None:
            enter = QDragEnterEvent(QPoint(middle), copy, mime, _LEFT, _NO_KEYS)
            QApplication.sendEvent(view, enter)
            check(enter.isAccepted(), "the page takes files")
            QApplication.sendEvent(view, QDropEvent(QPointF(middle), copy, mime, _LEFT, _NO_KEYS))

        await self.act(drop)

    async def open_component(self, label: str) -> ComponentView:
        """Scan a label, and wait for all of the component's page."""
        await self.scan(label)
        await self.until_open(label)
        return self.component

    async def until_open(self, label: str) -> None:
        def is_open() -> bool:
            view = self.workspace.current_component
            return (
                view is not None
                and view.component.label == label
                and view.strip.isVisible()
                and view.is_complete
                and not view.tests.is_loading
            )

        await self.until(is_open, f"component {label}")

    async def choose(
        self,
        view: RecordView[Any],
        wanted: Callable[[Any], bool],
        *,
        keys: Qt.KeyboardModifier = _NO_KEYS,
        opens: bool = False,
    ) -> Any:
        """Click on the first row that is wanted, or open it by a double click; return its record."""
        await self.until(
            lambda: view.isVisible() and view.table.row_where(wanted) >= 0,
            f"such a row among {view.accessibleName()}",
        )
        index = view.table.index(view.table.row_where(wanted), max(0, view.columnAt(0)))
        record = view.table.record(index)
        await self.click_row(view, index, keys=keys, opens=opens)
        return record

    async def click_row(
        self,
        view: QAbstractItemView,
        index: QModelIndex,
        *,
        keys: Qt.KeyboardModifier = _NO_KEYS,
        opens: bool = False,
    ) -> None:
        """Click on a row of a table or tree, brought into sight before."""
        view.scrollTo(index)
        await asyncio.sleep(0)
        ways = (QTest.mouseClick, QTest.mouseDClick) if opens else (QTest.mouseClick,)
        for click in ways:
            await self.act(
                lambda click=click: click(view.viewport(), _LEFT, keys, view.visualRect(index).center())  # type: ignore[misc]
            )

    async def show_tab(self, tabs: QTabWidget, tab: int) -> None:
        """Click on a tab."""
        await self.click_tab(tabs.tabBar(), tab)

    async def click_tab(self, bar: QTabBar, tab: int) -> None:
        await self.act(lambda: QTest.mouseClick(bar, _LEFT, pos=bar.tabRect(tab).center()))
        await self.until(lambda: bar.currentIndex() == tab, f"the tab {bar.tabText(tab)}")

    async def show_page(self, tab: int) -> None:
        """Click on a tab of the component's page."""
        await self.show_tab(self.component.tabs, tab)

    async def go_to(self, page: QWidget) -> None:
        """Click on a place at the left."""
        await self.click(self.workspace.rail.button(page))
        await self.until(page.isVisible, "the place")

    async def pick(self, box: QComboBox, wanted: object) -> None:
        """Choose by its data in a box that unfolds, with the keys."""
        await self.until(
            lambda: box.isVisible() and box.isEnabled() and box.findData(wanted) >= 0,
            f"{wanted} among the choices of {box.accessibleName()}",
        )
        await self.act(box.setFocus)
        await self.press(Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
        await self.until(box.view().isVisible, f"the choices of {box.accessibleName()}")
        for key in (Qt.Key.Key_Home, *[Qt.Key.Key_Down] * box.findData(wanted), Qt.Key.Key_Return):
            await self.act(partial(QTest.keyClick, box.view(), key))
        await self.until(
            lambda: not box.view().isVisible() and box.currentData() == wanted,
            f"{box.accessibleName()} to be {wanted}",
        )

    async def unfold(self, button: QWidget) -> QMenu:
        """Press a button with a menu; what it sets off may last until the menu is gone."""
        await self.until(lambda: button.isVisible() and button.isEnabled(), "the button of a menu")
        asyncio.get_running_loop().call_soon(lambda: QTest.mouseClick(button, _LEFT))
        await self.until(lambda: isinstance(QApplication.activePopupWidget(), QMenu), "the menu")
        return self._menu

    @property
    def _menu(self) -> QMenu:
        menu = QApplication.activePopupWidget()
        if not isinstance(menu, QMenu):
            raise StepFailed("no menu is open")
        return menu

    async def take(self, entry: str) -> None:
        """Click on the entry of the open menu that begins so."""
        menu = self._menu
        action = next((a for a in menu.actions() if a.text().startswith(entry)), None)
        if action is None or not action.isEnabled():
            raise StepFailed(f"“{entry}” cannot be chosen among {[a.text() for a in menu.actions()]}")
        place = menu.actionGeometry(action).center()
        await self.act(lambda: QTest.mouseClick(menu, _LEFT, pos=place))

    async def fold(self) -> None:
        """Close the menu that stays open."""
        menu = self._menu
        await self.act(lambda: QTest.keyClick(menu, Qt.Key.Key_Escape))
        await self.until(lambda: QApplication.activePopupWidget() is None, "the menu to close")

    async def save_as(self, name: str) -> Path:
        """Answer the question where to save with a file in the tour's folder; return it once it is there."""
        path = (self.folder / name).absolute()
        path.unlink(missing_ok=True)  # or the dialog would ask back
        await self.until(lambda: isinstance(QApplication.activeModalWidget(), QFileDialog), "the file dialog")
        dialog = QApplication.activeModalWidget()
        field = dialog.findChild(QLineEdit) if dialog is not None else None
        if field is None:
            raise StepFailed("the file dialog has no field for a name")
        await self.act(field.selectAll)
        await self.act(lambda: QTest.keyClicks(field, str(path)))
        await self.act(lambda: QTest.keyClick(field, Qt.Key.Key_Return))
        await self.until(path.is_file, f"the file {name}")
        await self.come_forward()
        return path

    async def come_forward(self) -> None:
        """Give the window the keyboard, which nobody else does where there is no window manager."""
        self.window.activateWindow()
        await self.until(self.window.isActiveWindow, "the window to be in front")


def says(widget: QWidget, words: str) -> bool:
    """Tell whether some words stand on the screen, in a label of this widget."""
    return any(words in label.text() for label in widget.findChildren(QLabel) if label.isVisible())


def check(condition: object, what: str) -> None:
    """Raise StepFailed unless something is so."""
    if not condition:
        raise StepFailed(f"it is not so: {what}")
