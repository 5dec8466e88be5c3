"""Shows every page of the program, one after the other, for checks that concern them all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from itkgui.client.exceptions import AccessCodesWrong
from itkgui.views.commands import run_by_name
from itkgui.views.components.component_view import ATTACHMENTS, OVERVIEW, TESTS
from itkgui.views.diagnosis.diagnosis_view import DiagnosisView
from itkgui.views.previews.image_scale import ScaleDialog
from itkgui.views.session.session_overlay import SessionOverlay
from itkgui.views.session.sign_in_card import SignInCard
from itkgui.views.window.palette import Palette
from tests.gui.person import Person
from tests.gui.reviewing import drop
from tests.gui.shipping import show_shipment

PIXEL = "20UPGM23800001"
# The first is not there, and between the last two some are missing.
_TRAY = f"20UPGM29999999\n{PIXEL}\n20UPGM23100013\n20UPGM23100021\n{PIXEL}\n"
_LOG = "2026-01-02T03:04:05.678 WARNING MainThread itkgui.seen: seen and found well\n"
_TURNS = 4  # of the event loop, in which layouts come to rest
_MOST_TURNS = 40  # on a machine that is busy with something else
KINDS = (
    ".jpg",
    ".csv",
    ".json",
    ".txt",
    ".pdf",
    ".zip",
    ".root",
)  # of files, each with a previewer of its own


class EveryPage:
    """Opens all that can be open at once, so that pages are quick to show again and again."""

    def __init__(self, person: Person, folder: Path) -> None:
        """Sign in and look once at everything; ``folder`` is for a file that is to be sent."""
        self._person = person
        if person.window.workspace is None:
            person.sign_in()
        self._component = person.scan(PIXEL)
        person.look_at_run(lambda run: run.test_type.code == "IV_MEASURE")
        person.plot()
        shown = {attachment.display_name for attachment in self._component.attachments.table.shown}
        self._files = [next(name for name in sorted(shown) if name.endswith(kind)) for kind in KINDS]
        self._file = folder / "seen.txt"
        self._file.write_text("seen and found well")
        for page in self.shown():
            person.until(lambda: not self._is_busy, f"what {page} shows")

    @property
    def _is_busy(self) -> bool:
        workspace = self._person.workspace
        shipments, diagnosis = workspace.shipments_view, workspace.diagnosis_place.made
        if shipments.isVisible():
            return not shipments.list.table.rowCount()
        return diagnosis is not None and diagnosis.isVisible() and not diagnosis.doctor.is_over

    @property
    def window(self) -> QWidget:
        """The window that has the keys: the program's, or a dialog."""
        return QApplication.activeWindow() or self._person.window

    def shown(self) -> Iterator[str]:
        """Show one page after the other; yield the name of each."""
        yield from self._places()
        yield from self._shipment()
        yield from self._component_tabs()
        yield from self._dialogs()
        yield from self._over_the_rest()

    def _places(self) -> Iterator[str]:
        person, workspace = self._person, self._person.workspace
        person.window._pages.setCurrentWidget(person.login)
        person.login.settings_button.setFocus()
        yield "sign-in"
        person.window._pages.setCurrentWidget(workspace)
        places = (
            "search",
            "recent",
            "pinned",
            "shipments",
            "uploads",
            "scanner",
            "settings",
            "person",
            "list",
        )
        for name in places:
            assert run_by_name(person.window, name)
            yield from self._settled(name)
        tray = workspace.list_place.view
        tray.show_list(_TRAY)
        person.until(tray.missing.isVisible, "what is in the tray, and what is missing")
        yield from self._settled("tray")
        tray.entry.clear_button.click()
        assert run_by_name(person.window, "diagnosis")
        yield from self._diagnosis(workspace.diagnosis_place.view)

    def _diagnosis(self, view: DiagnosisView) -> Iterator[str]:
        view.tabs.setCurrentWidget(view.doctor)
        yield from self._settled("doctor")
        file = self._person.program.preferences.configuration.paths.log_file
        file.unlink(missing_ok=True)
        view.show_log()
        self._person.until(view.log.trouble.isVisible, "no log")
        yield from self._settled("no log")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(_LOG)
        view.log.trouble.retry_requested.emit()
        self._person.until(lambda: view.log.table.records, "the log")
        yield from self._settled("log")

    def _shipment(self) -> Iterator[str]:
        shipment = self._person.workspace.shipments_view.list.table.shown[0].id
        page = show_shipment(self._person, shipment)
        for tab in range(page.tabs.count()):
            page.show_tab(tab)
            yield from self._settled(f"shipment: {page.tabs.tabText(tab)}")

    def _component_tabs(self) -> Iterator[str]:
        person, component = self._person, self._component
        person.workspace.go_to(person.workspace.side_by_side)
        for tab in range(component.tabs.count()):
            component.show_tab(tab)
            yield from self._settled(f"component: {component.tabs.tabText(tab)}")
        component.show_tab(TESTS)
        inner = component.tests.detail.tabs
        for tab in range(inner.count()):
            inner.setCurrentIndex(tab)
            yield from self._settled(f"run: {inner.tabText(tab)}")
        component.show_tab(ATTACHMENTS)
        for name in self._files:
            person.look_at(name)
            yield from self._settled(f"file: {name}")
        component.show_tab(OVERVIEW)

    def _dialogs(self) -> Iterator[str]:
        person, window = self._person, self._person.window
        drop(person, [self._file])
        yield from self._settled("files under review")
        yield from self._dialog("leaving", lambda: run_by_name(window, "sign-out"))
        person.sheet.give_up()  # without the question whether what was typed is to be lost
        yield from self._dialog("all keys", lambda: run_by_name(window, "help"))
        yield from self._dialog("QR code", lambda: run_by_name(window, "qr-code"))
        yield from self._dialog("scale of a picture", lambda: ScaleDialog(window, 12.0).open())
        yield from self._dialog("fault", lambda: window.care.tell_fault(ValueError, ValueError("seen"), None))
        sheets = []
        show = person.workspace.diagnosis_place.view.show_bundle
        yield from self._dialog(
            "bundle", lambda: sheets.append(show()), until=lambda: sheets[0].save_button.isEnabled()
        )

    def _dialog(
        self, name: str, show: Callable[[], object], until: Callable[[], bool] = lambda: True
    ) -> Iterator[str]:
        person, window = self._person, self._person.window
        show()
        person.until(lambda: isinstance(QApplication.activeWindow(), QDialog) and until(), name)
        yield from self._settled(name)
        dialog = QApplication.activeWindow()
        assert isinstance(dialog, QDialog)
        dialog.reject()
        window.activateWindow()
        person.until(window.isActiveWindow, "the window to have the keys again")

    def _over_the_rest(self) -> Iterator[str]:
        window, workspace = self._person.window, self._person.workspace
        run_by_name(window, "palette")
        yield from self._settled("palette")
        for palette in window.findChildren(Palette):  # which goes when the focus does
            palette.close_and_return()
        workspace.sign_in_requested.emit()
        (overlay,) = window.findChildren(SessionOverlay)
        yield from self._settled("session that has ended")
        overlay.card.other_button.click()
        run_by_name(window, "lock")
        yield from self._settled("lock")
        card: SignInCard = window.locker.page.card
        card.show_error(AccessCodesWrong("seen"))
        yield from self._settled("lock that was not opened")
        window.locker.unlock()

    def resize(self, size: QSize) -> None:
        """Give the program's window a size, which is enough for the page."""
        window = self._person.window
        if window.size() != size:
            window.resize(size)
            for _turn in range(_TURNS):
                self._person.settle()
        assert window.size() == size, window.minimumSizeHint()

    def found_now(self, check: Callable[[QWidget], list[str]]) -> list[str]:
        """Return what a check finds in the window that has the keys, once layouts have settled."""
        found = check(self.window)
        for _turn in range(_MOST_TURNS):
            if not found:
                break
            self._person.settle()
            found = check(self.window)
        return found

    def _settled(self, name: str) -> Iterator[str]:
        self._person.settle()
        self._person.until(lambda: not self._person.program.style.is_changing)
        yield name
