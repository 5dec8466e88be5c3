"""Comfort: commands found by their names, the list of keys, high contrast, and large targets for gloves."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from itkgui.tour.driver import Driver, Step, StepFailed, check
from itkgui.tour.parts import PIXEL_MODULE
from itkgui.views.command_list import COMMANDS
from itkgui.views.components.component_view import ATTACHMENTS, OVERVIEW, TESTS
from itkgui.views.style import Style
from itkgui.views.theme import CONTRAST
from itkgui.views.window.key_list import KeyList
from itkgui.views.window.palette import Palette

_CONTROL = Qt.KeyboardModifier.ControlModifier
_TARGET = 44  # pixels


class Comfort:
    """Begins anywhere, and ends with the usual look and targets; uses no mouse."""

    def __init__(self, driver: Driver) -> None:
        self._at = driver

    @property
    def steps(self) -> tuple[Step, ...]:
        return (
            ("command palette", self._find),
            ("a command done by its name", self._do),
            ("all keys", self._list),
            ("high contrast: tests", self._contrast),
            ("glove mode: files", self._gloves),
            ("the usual look again", self._usual),
        )

    @property
    def _palette(self) -> Palette | None:
        return next((one for one in self._at.window.findChildren(Palette) if one.isVisible()), None)

    async def _find(self) -> None:
        await self._at.open_component(PIXEL_MODULE)
        await self._at.show_page(OVERVIEW)
        await self._at.press(Qt.Key.Key_K, _CONTROL)
        await self._at.until(lambda: self._palette is not None, "the palette")

    async def _do(self) -> None:
        await self._answer("tes")
        await self._at.until(lambda: self._at.component.tabs.currentIndex() == TESTS, "the tests")

    async def _answer(self, typed: str) -> None:
        """Type into the palette, and take what comes first."""
        await self._at.until(lambda: self._palette is not None, "the palette")
        palette = self._palette
        if palette is None or not palette.field.hasFocus():
            raise StepFailed("the palette has not the keys")
        await self._at.act(lambda: QTest.keyClicks(palette.field, typed))
        await self._at.press(Qt.Key.Key_Return)
        check(self._palette is None, "the palette is gone")

    async def _command(self, typed: str) -> None:
        await self._at.press(Qt.Key.Key_K, _CONTROL)
        await self._answer(typed)
        style = self._at.program.style
        await self._at.until(lambda: not style.is_changing, "the change")

    async def _list(self) -> None:
        await self._at.press(Qt.Key.Key_F1)
        (listing,) = self._at.window.findChildren(KeyList)
        listing.activateWindow()  # as a window manager does, where there is one
        await self._at.until(listing.isActiveWindow, "the list of keys")
        keyed = [command for command in COMMANDS.values() if command.keys]
        check(len(listing.listed) == len(keyed), "each key is listed")
        await self._at.press(Qt.Key.Key_Escape)
        await self._at.until(lambda: not self._at.window.findChildren(KeyList), "the list to close")
        self._at.window.activateWindow()
        await self._at.until(self._at.window.isActiveWindow, "the window")

    async def _contrast(self) -> None:
        await self._command("high")
        check(Style.theme is CONTRAST, "the window has the look")
        await self._at.show_page(TESTS)

    async def _gloves(self) -> None:
        await self._command("glove")
        await self._at.show_page(ATTACHMENTS)
        files = self._at.component.attachments
        heights = {
            "a row": files.view.rowHeight(0),
            "a tab": self._at.component.tabs.tabBar().height(),
            "a button": files.add_button.height(),
        }
        low = [name for name, height in heights.items() if height < _TARGET]
        check(not low, f"fingers in gloves hit {', '.join(low) or 'all'}")

    async def _usual(self) -> None:
        await self._command("glove")
        await self._command("look as the system")
        check(not Style.is_gloved and Style.theme is not CONTRAST, "all is as usual")
