"""The window: sign-in first, then the workspace of the signed-in user."""

from __future__ import annotations

import asyncio
import enum
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QMainWindow,
    QMessageBox,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from itkgui.language import N_, _, ngettext
from itkgui.log import redact
from itkgui.views.commands import offer
from itkgui.views.context.preferences import Preferences
from itkgui.views.diagnosis.care import Care
from itkgui.views.session.login_view import LoginView
from itkgui.views.session.window_lock import MAY_STAY, WindowLock
from itkgui.views.style import Style
from itkgui.views.uploads.desktop_messages import DesktopMessages
from itkgui.views.widgets.late_place import LatePlace
from itkgui.views.widgets.notice_bar import NoticeBar
from itkgui.views.widgets.trouble_pane import TroublePane
from itkgui.views.window.look import Look

# The rest is loaded while the sign-in page is on the screen, see application.Application.
if TYPE_CHECKING:
    from itkgui.views.attachments.attachment_saver import AttachmentSaver
    from itkgui.views.context.view_context import ViewContext
    from itkgui.views.settings.settings_view import SettingsView
    from itkgui.views.window.workspace_view import WorkspaceView

_SIZE = QSize(1366, 768)
_SMALLEST = QSize(1000, 640)
_FRAME = 40  # pixels that a title bar may take


class Leaving(enum.Enum):
    """What ends the work in the window, as the question whether to do so, and as the button that does."""

    CLOSE = N_("Close?"), N_("Stop and close")
    SIGN_OUT = N_("Sign out?"), N_("Stop and sign out")
    CHANGE_PERSON = N_("Change person?"), N_("Stop and change person")
    START_AGAIN = N_("Start again?"), N_("Stop and start again")

    def __init__(self, question: str, answer: str) -> None:
        self.question, self.answer = question, answer


class MainWindow(QMainWindow):
    """Holds one of two pages. Closing it only asks: the application decides when all has ended."""

    close_requested = Signal()
    sandbox_wanted_again = Signal()

    def __init__(self, preferences: Preferences, style: Style, look: Look) -> None:
        super().__init__()
        self._preferences, self._style, self._look = preferences, style, look
        look.offer_in(self)
        style.dress(self)
        self._title, self._badge = "itkgui", 0
        self._context: ViewContext | None = None
        self.setWindowTitle(self._title)
        self.setMinimumSize(_SMALLEST)
        self.resize(_SIZE)
        codes_from = preferences.configuration.found(preferences.setting("access_code1")).where
        self.login = LoginView(preferences.settings, codes_from)
        self.login.settings_button.clicked.connect(self.show_settings)
        look.add_to(self.login.menu)
        self.settings_page = LatePlace(self._make_settings)  # of nobody who is signed in
        self.workspace: WorkspaceView | None = None
        offer(self, "quit", self.close)
        offer(self, "palette", self._show_palette)
        self.help_action = offer(self, "help", self._show_help)
        self.login.menu.addAction(self.help_action)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.login)
        self._pages.addWidget(self.settings_page)
        self.locker = WindowLock(self, self._pages)
        self.desktop = DesktopMessages(self, preferences)
        self.desktop.clicked.connect(self.come_forward)
        self.care = Care(self, self._pages, preferences)
        self.care.page_wanted.connect(self.show_diagnosis)
        self.care.page_left.connect(self._go_back_to_login)
        self.login.diagnosis_button.clicked.connect(self.show_diagnosis)
        offer(self.login, "diagnosis", self.show_diagnosis)
        self.settings_notice = NoticeBar(_("Show the settings"), can_close=True)
        self.settings_notice.helped.connect(self.show_settings)
        self.settings_notice.close_button.clicked.connect(lambda: self.settings_notice.say(""))
        self.locker.turned.connect(self._show_notice)
        self._tell_problems()
        preferences.problems_changed.connect(self._tell_problems)  # the page tells them by itself
        self.sandbox_notice = TroublePane(retry=_("Start it again"))
        self.sandbox_notice.retry_requested.connect(
            lambda: self.ask_if_files_wait(Leaving.START_AGAIN, then=self.sandbox_wanted_again.emit)
        )
        centre = QWidget()
        layout = QVBoxLayout(centre)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.sandbox_notice)
        layout.addWidget(self.settings_notice)
        layout.addWidget(self.care.notice)
        layout.addWidget(self._pages, 1)
        self.setCentralWidget(centre)

    def show_fitting(self) -> None:
        """Show the window, over the whole screen where it would not fit otherwise."""
        self.login.take_focus()  # else it would be what stands first, such as a notice
        room = self.screen().availableGeometry().size()
        if QGuiApplication.platformName() != "offscreen" and room.height() < _SIZE.height() + _FRAME:
            self.showMaximized()
        else:
            self.show()
        # The style sheet has changed sizes only now: else all would be painted out of its place, then again.
        for kind in (QEvent.Type.LayoutRequest, QEvent.Type.UpdateLater):
            QApplication.sendPostedEvents(None, kind.value)

    def come_forward(self, token: str = "") -> None:
        """Ask the desktop to show this window on top; where it refuses, its entry in the task bar calls.

        ``token`` is the permission that a Wayland desktop gave to whoever asks for the window.
        """
        if token and QGuiApplication.platformName().startswith("wayland"):
            os.environ["XDG_ACTIVATION_TOKEN"] = token  # Qt takes it from there, and removes it
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.raise_()
        self.activateWindow()
        QApplication.alert(self)

    async def show_workspace(self, context: ViewContext, banner: str) -> WorkspaceView:
        """Show the workspace of a user who has just signed in."""
        from itkgui.views.search.search_view import SearchView
        from itkgui.views.window.workspace_view import WorkspaceView

        search = SearchView(context)
        await asyncio.sleep(0)  # made in one frame, put in place in the next
        workspace = WorkspaceView(context, self._style, banner, search, self._preferences, self.care)
        workspace.header.menu.insertAction(workspace.sign_out_action, self.help_action)
        self._look.add_to(workspace.header.menu)
        await asyncio.sleep(0)
        self._pages.addWidget(workspace)
        await asyncio.sleep(0)
        self.workspace = workspace
        self._pages.setCurrentWidget(self.workspace)
        self.workspace.scan_box.setFocus()
        user = context.database.user
        self._context = context
        self._title = f"itkgui – {user.name}" if user.name else "itkgui"
        watch = workspace.upload_view.watch
        watch.beaten.connect(self.show_title)
        watch.beaten.connect(self.desktop.look_around)
        workspace.upload_view.news.told.connect(self._tell_by_desktop)
        self.show_title()
        return self.workspace

    def show_settings(self) -> None:
        """Show the page of settings: a place of whoever is signed in, else in the place of the sign-in."""
        if self.locker.is_on:
            return
        self.settings_notice.say("")  # the page says more
        if self.workspace is not None:
            self.workspace.go_to(self.workspace.settings_place)
        else:
            self._pages.setCurrentWidget(self.settings_page)
            self.settings_page.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_diagnosis(self) -> None:
        """Show the diagnosis: a place of whoever is signed in, else in the place of the sign-in."""
        if self.locker.is_on:
            return
        if self.workspace is not None:
            self.workspace.go_to(self.workspace.diagnosis_place)
        else:
            self.care.show_page()

    def _make_settings(self) -> SettingsView:
        from itkgui.views.settings.settings_view import SettingsView

        view = SettingsView(self._preferences, can_leave=True)
        view.left.connect(self._go_back_to_login)
        return view

    def _go_back_to_login(self) -> None:
        self._pages.setCurrentWidget(self.login)
        self.login.take_focus()

    @property
    def _are_settings_shown(self) -> bool:
        place = self.workspace.settings_place if self.workspace is not None else self.settings_page
        return place.isVisible()

    def _tell_problems(self) -> None:
        problems = self._preferences.problems
        if not problems or self._are_settings_shown:
            self.settings_notice.say("")
        else:
            count = len(problems)
            title = ngettext(
                "{count} thing in the settings cannot be used",
                "{count} things in the settings cannot be used",
                count,
            ).format(count=count)
            first = redact(f"{problems[0].place}: {problems[0].what} {problems[0].effect}")
            self.settings_notice.say(title, first)
        self._show_notice()

    def _show_notice(self) -> None:
        """Show the bar if it has something to say, but not above a lock: it names somebody's files."""
        has_words = bool(self.settings_notice.title.text())
        self.settings_notice.setVisible(has_words and not self.locker.is_on)

    def _show_palette(self) -> None:
        from itkgui.views.window.palette import Palette  # read when it is first wanted, as is the next

        Palette(self)

    def _show_help(self) -> None:
        from itkgui.views.window.key_list import KeyList

        found = self.findChild(KeyList) or KeyList(self)
        found.show()
        found.raise_()
        found.activateWindow()

    def show_login(self) -> None:
        """Go back to the sign-in page and drop all that the last user saw."""
        self._pages.setCurrentWidget(self.login)  # first: else the stack would show any other page
        if self.workspace is not None:
            self.workspace.detach()
            self._pages.removeWidget(self.workspace)
            self.workspace.deleteLater()
            self.workspace = None
        self._context = None
        self._title = "itkgui"
        self.locker.forget()
        self.show_title()

    def show_title(self) -> None:
        """Tell in the window's title how far the uploads are, and on its icon how many there are."""
        watch = self.workspace.upload_view.watch if self.workspace is not None else None
        is_moving = watch is not None and watch.totals.is_moving
        title = f"{watch.totals.share:.0%} – {self._title}" if watch and is_moving else self._title
        if self.locker.is_on:
            title = self.locker.page.window_title
        if title != self.windowTitle():
            self.setWindowTitle(title)
        count, application = watch.tally.unfinished if watch else 0, QApplication.instance()
        if count != self._badge and isinstance(application, QGuiApplication):
            self._badge = count
            # Elsewhere than on Windows and macOS the desktop finds the icon by this name.
            if sys.platform in ("win32", "darwin") or application.desktopFileName():
                application.setBadgeNumber(count)

    def _tell_by_desktop(self, title: str, sentence: str, is_trouble: bool) -> None:
        self.desktop.tell(title, sentence, is_trouble=is_trouble, is_locked=self.locker.is_on)

    def ask_if_files_wait(
        self, what: Leaving, then: Callable[[], None], *, minds_uploads: bool = True
    ) -> None:
        """Leave: at once if nothing waits, else after a yes; says what is lost and what goes on later.

        Without ``minds_uploads`` those that go on later are no reason to ask.
        """
        from itkgui.item_models.leaving_words import lost_texts, unsent_texts
        from itkgui.views.widgets.question_box import QuestionBox

        context = self._context
        go_on = context is not None and context.keeps_uploads
        of_uploads = self._of_uploads()
        reviewed = self.workspace.reviewed_labels if self.workspace is not None else []
        drafts = self.workspace.draft_labels if self.workspace is not None else []
        savers = self._savers()
        sentences = [saver.still_to_save for saver in savers if saver.still_to_save]
        if self.locker.is_on:  # who asks may be anybody
            sentences = sentences and [_("Files are being saved.")]
            reviewed = reviewed and [_("a component or shipment")]
            drafts = drafts and [_("a component")]
        whose = context.who if context is not None and self._may_be_another(what) else ""
        told = [_("What is saved by then stays.")] if sentences else []
        if not go_on or minds_uploads:
            sentences += of_uploads
        sentences += unsent_texts(", ".join(reviewed), ", ".join(drafts), whose)
        if not sentences:
            then()
            return
        if of_uploads and not go_on:
            told.append(_("What has not arrived by then is not sent."))
        watched = self.workspace.folder_bar.reviewed_files if self.workspace is not None else frozenset()
        told += lost_texts(
            are_added=bool(reviewed)
            and (not watched or context is None or context.reviewed.paths != watched),
            are_watched=bool(watched),
            are_drafts=bool(drafts),
            whose=whose,
        )

        def leave_now() -> None:
            for saver in savers:
                saver.cancel()
            then()

        box = QuestionBox(self, _(what.question), "\n".join(sentences))
        box.setProperty(MAY_STAY, True)
        box.setInformativeText("\n".join(told))
        stay_text = _("Back") if self._may_be_another(what) else _("Go on working")
        stay = box.addButton(stay_text, QMessageBox.ButtonRole.RejectRole)
        leave = box.addButton(_(what.answer), QMessageBox.ButtonRole.DestructiveRole)
        leave.clicked.connect(lambda: leave_now())
        box.setDefaultButton(stay)
        box.setEscapeButton(stay)
        box.open()

    def _may_be_another(self, what: Leaving) -> bool:
        """Whether who is asked may be another than whose work it is, and gets back to no work of theirs."""
        return self.locker.is_on or what is Leaving.CHANGE_PERSON

    def _of_uploads(self) -> list[str]:
        if self._context is None:
            return []
        from itkgui.item_models.leaving_words import leaving_texts

        queue = self._context.uploads
        return leaving_texts(
            queue.uploads, are_kept=self._context.keeps_uploads, are_all_paused=queue.is_paused
        )

    def _savers(self) -> list[AttachmentSaver]:
        if self.workspace is None:
            return []
        from itkgui.views.attachments.attachment_saver import AttachmentSaver

        return self.workspace.findChildren(AttachmentSaver)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Outside of dialogs Qt presses a focused button by Space only.
        button = self.focusWidget()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(button, QAbstractButton):
            button.click()
            return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.ActivationChange and self.isActiveWindow():
            self._preferences.look_again()  # somebody may come from an editor
        super().changeEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()
        self.ask_if_files_wait(Leaving.CLOSE, then=self.close_requested.emit)
