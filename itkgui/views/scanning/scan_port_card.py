"""Chooses the serial port that a scanner is at, and says how it is with it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton

from itkgui.background.worker import Worker
from itkgui.client.exceptions import ItkError
from itkgui.item_models.plain_text import plain_hint, shown_text
from itkgui.language import _
from itkgui.scanning.serial_port import Port, PortState, ports
from itkgui.views.context.preferences import Preferences
from itkgui.views.context.view_task import ViewTask
from itkgui.views.scanning.scan_desk import ScanDesk
from itkgui.views.style import set_role
from itkgui.views.widgets.card import Card

_TONES = {PortState.OPEN: "good", PortState.CLOSED: "quiet", PortState.OPENING: "quiet"}


class ScanPortCard(Card):
    """Lists the ports that there are, and the one that is chosen even while it is not there."""

    def __init__(self, desk: ScanDesk, worker: Worker) -> None:
        super().__init__(_("Scanner at a serial port"))
        self._desk, self._worker = desk, worker
        self._preferences: Preferences = desk.preferences
        self._task = ViewTask(self, self._on_failed)
        self.box = QComboBox()
        self.box.setAccessibleName(_("Serial port"))
        self.box.setMinimumContentsLength(14)
        self.box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.box.activated.connect(self._on_chosen)
        self.refresh_button = QPushButton(_("Look again"))
        self.refresh_button.clicked.connect(self.refresh)
        row = QHBoxLayout()
        row.addWidget(self.box, 1)
        row.addWidget(self.refresh_button)
        self.inside.addLayout(row)
        self.state = self.add_text("", "quiet")
        self.state.setAccessibleName(_("State of the serial port"))
        desk.port_changed.connect(self._show_state)
        self._preferences.changed.connect(self._on_setting_changed)
        self._ports: Sequence[Port] = ()
        self._fill()
        self._show_state()
        self.refresh()

    def refresh(self) -> None:
        """Look which ports there are now."""
        self._task.start(self._refresh())

    async def _refresh(self) -> None:
        self._ports = await self._worker.call(ports)
        self._fill()

    def _fill(self) -> None:
        chosen = self._preferences.settings.scanner_port
        self.box.clear()
        self.box.addItem(_("None"), "")
        for port in self._ports:
            self.box.addItem(shown_text(" – ".join(filter(None, (port.device, port.title)))), port.device)
        if chosen and self.box.findData(chosen) < 0:
            self.box.addItem(shown_text(chosen), chosen)
        self.box.setCurrentIndex(self.box.findData(chosen))
        self.box.setEnabled(not self._preferences.is_fixed("scanner_port"))

    def _on_chosen(self, index: int) -> None:
        self._preferences.put("scanner_port", self.box.itemData(index))

    def _on_setting_changed(self, name: str) -> None:
        if name == "scanner_port":
            self._fill()

    def _show_state(self) -> None:
        state = self._desk.port_state
        self.state.setText(_(state.value))
        self.state.setToolTip(plain_hint(self._desk.port_detail))
        set_role(self.state, _TONES.get(state, "caution"))

    def _on_failed(self, error: ItkError) -> None:
        self.state.setText(shown_text(error.sentence))
