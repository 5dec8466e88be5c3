"""Going places: tabs, back and forward, what is pinned and what was open, two components side by side."""

from __future__ import annotations

from PySide6.QtCore import Qt

from itkgui.tour.driver import Driver, Step, check, says
from itkgui.tour.parts import PIXEL_MODULE, STRIP_MODULE

_CONTROL = Qt.KeyboardModifier.ControlModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier


class Places:
    """Begins with a pixel module open; a strip module is opened too."""

    def __init__(self, driver: Driver) -> None:
        self._at = driver

    @property
    def steps(self) -> tuple[Step, ...]:
        return (
            ("two tabs", self._two_tabs),
            ("back", self._back),
            ("forward", self._forward),
            ("pinned", self._pinned),
            ("recent", self._recent),
        )

    @property
    def later_steps(self) -> tuple[Step, ...]:
        return (
            ("two side by side", self._side_by_side),
            ("back among the tabs", self._back_among_tabs),
        )

    async def _two_tabs(self) -> None:
        await self._at.open_component(STRIP_MODULE)
        tabs = self._at.workspace.components
        check(tabs.count() == 2, "two components have a tab each")
        await self._at.show_tab(tabs, 0)
        await self._at.until_open(PIXEL_MODULE)

    async def _back(self) -> None:
        await self._at.click(self._at.workspace.header.back_button)
        await self._at.until_open(STRIP_MODULE)

    async def _forward(self) -> None:
        await self._at.click(self._at.workspace.header.forward_button)
        await self._at.until_open(PIXEL_MODULE)

    async def _pinned(self) -> None:
        await self._at.press(Qt.Key.Key_D, _CONTROL)
        await self._at.until(lambda: self._at.verdict == f"{PIXEL_MODULE} is pinned", "the pin")
        place = self._at.workspace.pinned_place
        await self._at.go_to(place)
        check([known.label for known in place.view.table.shown] == [PIXEL_MODULE], "the list shows the pin")

    async def _recent(self) -> None:
        place = self._at.workspace.recent_place
        await self._at.go_to(place)
        recent = [known.label for known in place.view.table.shown]
        check(recent[:2] == [STRIP_MODULE, PIXEL_MODULE], "the newest ones stand first")
        await self._at.choose(place.view.view, lambda known: known.label == PIXEL_MODULE, opens=True)
        await self._at.until_open(PIXEL_MODULE)
        await self._at.go_to(place)

    async def _side_by_side(self) -> None:
        await self._at.open_component(PIXEL_MODULE)
        await self._at.press(Qt.Key.Key_Return, _CONTROL | _SHIFT)
        place = self._at.workspace.side_by_side
        await self._at.until(lambda: place.beside is not None, "the component beside the others")
        await self._at.open_component(STRIP_MODULE)
        beside = place.beside
        check(beside is not None and beside.isVisible(), "both are on the screen")
        check(says(place, f"Beside: {PIXEL_MODULE}"), "the one beside the tabs is named")

    async def _back_among_tabs(self) -> None:
        place = self._at.workspace.side_by_side
        await self._at.click(place.back_button)
        await self._at.until(lambda: place.beside is None, "all components in tabs")
        check(self._at.component.component.label == PIXEL_MODULE, "the one that was beside them is in front")
