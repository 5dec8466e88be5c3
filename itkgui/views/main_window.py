"""The window: sign-in first, then the workspace of the signed-in user."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QMainWindow, QMessageBox, QStackedWidget

from itkgui.settings import Settings
from itkgui.views.login_view import LoginView
from itkgui.views.style import Style
from itkgui.views.view_context import ViewContext
from itkgui.views.workspace_view import WorkspaceView

_SIZE = QSize(1366, 768)
_SMALLEST = QSize(1000, 640)


class MainWindow(QMainWindow):
    """Holds one of two pages. Closing it only asks: the application decides when all has ended."""

    close_requested = Signal()

    def __init__(self, settings: Settings, codes_from: str, style: Style) -> None:
        super().__init__()
        self._style = style
        style.dress(self)
        self.setWindowTitle("itkgui")
        self.setMinimumSize(_SMALLEST)
        self.resize(_SIZE)
        self.login = LoginView(settings, codes_from)
        self.workspace: WorkspaceView | None = None
        self._pages = QStackedWidget()
        self._pages.addWidget(self.login)
        self.setCentralWidget(self._pages)

    async def show_workspace(self, context: ViewContext, banner: str) -> WorkspaceView:
        """Show the workspace of a user who has just signed in."""
        workspace = WorkspaceView(context, self._style, banner)
        await asyncio.sleep(0)  # made in one frame, put in place in the next
        self.workspace = workspace
        self._pages.addWidget(self.workspace)
        self._pages.setCurrentWidget(self.workspace)
        self.workspace.scan_box.setFocus()
        user = context.database.user
        self.setWindowTitle(f"itkgui – {user.name}" if user.name else "itkgui")
        return self.workspace

    def show_login(self) -> None:
        """Go back to the sign-in page and drop all that the last user saw."""
        if self.workspace is not None:
            self.workspace.detach()
            self._pages.removeWidget(self.workspace)
            self.workspace.deleteLater()
            self.workspace = None
        self._pages.setCurrentWidget(self.login)
        self.setWindowTitle("itkgui")

    def ask_before_closing(self, uploads: int) -> None:
        """Ask whether to close although uploads run; ``close_requested`` follows only on yes."""
        box = QMessageBox(
            QMessageBox.Icon.Warning,
            "Close itkgui?",
            f"{uploads} {'upload is' if uploads == 1 else 'uploads are'} still running.",
            QMessageBox.StandardButton.Cancel,
            self,
        )
        box.setInformativeText("If you close now, these files are not sent.")
        leave = box.addButton("Stop uploads and close", QMessageBox.ButtonRole.DestructiveRole)
        leave.clicked.connect(self.close_requested)
        box.open()

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()
        uploads = self.workspace.footer.open_uploads if self.workspace is not None else 0
        if uploads:
            self.ask_before_closing(uploads)
        else:
            self.close_requested.emit()
