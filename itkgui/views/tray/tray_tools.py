"""What can be done with a whole tray: above it, in one row."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QToolButton, QWidget

from itkgui.language import _
from itkgui.views.style import set_icon, set_role


class TrayTools(QWidget):
    """Whether scans go into the tray, files for all of it, and all of it fetched ahead."""

    def __init__(self) -> None:
        super().__init__()
        self.scan_button = QToolButton()
        set_role(self.scan_button, "filter")
        self.scan_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.scan_button.setCheckable(True)
        self.scan_button.toggled.connect(self._show_mode)
        self.scan_button.setChecked(True)
        self.attach_button, self.fetch_button = (
            QPushButton(_("Attach to all…")),
            QPushButton(_("Fetch ahead")),
        )
        for button, icon_name, hint in (
            (
                self.scan_button,
                "check",
                _("While the tray is on the screen; else a scan opens the component"),
            ),
            (
                self.attach_button,
                "upload",
                _("Send files to every component of the tray (Ctrl+U, or drop them)"),
            ),
            (
                self.fetch_button,
                "go-down",
                _("Fetch all of them, with their files, to be read without a network"),
            ),
        ):
            set_icon(button, icon_name, "text", 18)
            button.setToolTip(hint)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.scan_button)
        row.addStretch(1)
        row.addWidget(self.attach_button)
        row.addWidget(self.fetch_button)

    def _show_mode(self, takes_scans: bool) -> None:
        self.scan_button.setText(_("Scans go into the tray") if takes_scans else _("Scans open components"))
        set_icon(self.scan_button, "check" if takes_scans else "open-outside", "text", 18)
