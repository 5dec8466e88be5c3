"""Off line: a tray is fetched ahead, the network goes and comes back, and all is read meanwhile."""

from __future__ import annotations

import http.client
import json
from urllib.parse import urlsplit

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from itkgui.tour.driver import Driver, Step, check
from itkgui.views.components.component_view import ATTACHMENTS, FAMILY, HISTORY, OVERVIEW, TESTS
from itkgui.views.tray.tray_view import TrayView
from itkgui.views.widgets.trouble_pane import TroublePane

_FIRST, _SECOND, _SCANNED = "20USBHX0000001", "20USBHX0000003", "20UPGPQ4200004"  # with few files
_CUT = [{"match": "* /*", "server": "api", "do": "reset", "times": None}]


class OffLine:
    """Begins anywhere, signed in to a sandbox, which is told to fail and to be well again."""

    def __init__(self, driver: Driver) -> None:
        self._at = driver

    @property
    def steps(self) -> tuple[Step, ...]:
        return (
            ("tray", self._fill),
            ("what is missing in the row", self._look_between),
            ("a scan goes into the tray", self._scan),
            ("the tray fetched ahead", self._fetch),
            ("the network gone", self._cut),
            ("read off line", self._read),
            ("what is wrong with the connection", self._ask_light),
            ("the network back", self._mend),
        )

    @property
    def _tray(self) -> TrayView:
        return self._at.workspace.list_place.view

    async def _fill(self) -> None:
        await self._at.come_forward()
        await self._at.go_to(self._at.workspace.list_place)
        await self._at.click(self._tray.entry.clear_button)
        for serial in (_FIRST, _SECOND):
            await self._at.type(self._tray.editor, serial, instead=False)
            await self._at.press(Qt.Key.Key_Return)
        await self._at.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        await self._at.until(lambda: self._tray.count.text() == "2 found", "the components of the tray")

    async def _look_between(self) -> None:
        missing = self._tray.missing
        await self._at.until(missing.isVisible, "what is missing")
        check(missing.words.text() == "20USBHX0000002", "the number between is told")

    async def _scan(self) -> None:
        await self._at.scan(_SCANNED)
        await self._at.until(
            lambda: self._at.verdict.startswith(f"{_SCANNED} is in the tray:"), "the verdict on the scan"
        )
        check(self._at.workspace.list_place.isVisible(), "the tray is still on the screen")
        check(len(self._tray.table.records) == 3, "there is a row more")

    async def _fetch(self) -> None:
        await self._at.click(self._tray.fetch_button)
        fetching = self._tray.fetching
        await self._at.until(lambda: not fetching.is_running and fetching.isVisible(), "all to be here")
        check(fetching.text.text().startswith("3 of 3 can be read off line"), fetching.text.text())
        check(all(row.ahead is not None for row in self._tray.table.records), "each row tells of it")

    async def _cut(self) -> None:
        await self._at.program.worker.call(self._tell_sandbox, "POST", json.dumps(_CUT))
        await self._at.choose(self._tray.view, lambda row: row.label == _SCANNED)
        await self._at.press(Qt.Key.Key_Return)
        await self._at.until_open(_SCANNED)
        await self._at.until(lambda: "off line" in self._at.component.age_line.text, "its age")
        check(self._at.workspace.light.text() == "No answer", "the light tells it")

    async def _read(self) -> None:
        for tab in (TESTS, FAMILY, HISTORY, OVERVIEW, ATTACHMENTS):
            await self._at.show_page(tab)
        component = self._at.component
        await self._at.choose(component.attachments.view, lambda file: file.display_name == "pcb.jpg")
        content = component.attachments.preview.content
        await self._at.until(lambda: content.shown_kind, "a file that was fetched ahead")
        panes = self._at.workspace.findChildren(TroublePane)
        check(not any(pane.isVisible() for pane in panes), "nothing is missing")

    async def _ask_light(self) -> None:
        await self._at.click(self._at.workspace.light)
        panel = self._at.workspace.light.panel
        await self._at.until(lambda: panel is not None and panel.isVisible(), "what is known")

    async def _mend(self) -> None:
        popup = QApplication.activePopupWidget()
        if popup is not None:
            await self._at.act(popup.close)
        await self._at.program.worker.call(self._tell_sandbox, "DELETE", "")
        await self._at.until(lambda: self._at.workspace.light.text() == "On line", "the database to be found")
        await self._at.until(lambda: not self._at.component.age_line.text, "the page to be of now")

    def _tell_sandbox(self, method: str, rules: str) -> None:
        """Tell the sandbox how to behave, beside all that the program asks it; blocks."""
        context = self._at.program.context
        address = urlsplit(context.database.settings.api_url if context is not None else "")
        connection = http.client.HTTPConnection(address.netloc, timeout=10)
        try:
            connection.request(method, "/_sandbox/faults", rules)
            check(connection.getresponse().status < 300, "the sandbox does as it is told")
        finally:
            connection.close()
