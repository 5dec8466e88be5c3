"""One program that serves several tests of a file, each of which finds its desk tidied."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager

from PySide6.QtWidgets import QApplication, QDialog, QTextEdit

from itkgui.view_state import ViewState
from itkgui.views.components.component_view import ComponentView
from itkgui.views.style import SIZES, Style
from itkgui.views.theme import LIGHT
from tests.gui.person import Person

Run = Callable[[], AbstractContextManager[Person]]


class RegularProgram:
    """A program in which somebody stays signed in; started when it is first needed, and again after its end.

    There is at most one: a test that starts a program of its own ends it before.
    """

    _running: RegularProgram | None = None

    def __init__(self, run: Run) -> None:
        """Take what starts the program, signs in and, when left, ends it."""
        self._run = run
        self._until_end = contextlib.ExitStack()
        self._person: Person | None = None
        self._states = 0

    @classmethod
    def is_running(cls) -> bool:
        return cls._running is not None

    @classmethod
    def end_running(cls) -> None:
        """End the program, if there is one, and see that none of its threads is left."""
        if cls._running is not None:
            cls._running.end()

    @property
    def person(self) -> Person:
        """Whoever is signed in."""
        if self._person is None:
            self.end_running()
            self._threads = set(threading.enumerate())
            self._person = self._until_end.enter_context(self._run())
            self._size = self._person.window.size()
            self._request = self._person.workspace.search_view.filters.request
            RegularProgram._running = self
        return self._person

    def tidy(self) -> None:
        """Close what a test has left open, as if it were the first; fail if the program had a fault.

        One that was left, or has sent files and tells so for good, ends: the next test needs another.
        """
        person = self._person
        if person is None or person.run.done() or person.window.workspace is None or person.uploads:
            self.end()
            return
        assert not person.program.faults, person.program.faults
        while (popup := QApplication.activePopupWidget()) is not None:
            popup.close()
        for dialog in person.window.findChildren(QDialog):
            if dialog.isVisible():
                dialog.reject()
        person.window.activateWindow()  # which a menu took away
        person.until(person.window.isActiveWindow, "the keys")
        workspace = person.workspace
        for view in list(workspace.open_components):
            self._give_up(view)
        if workspace.shipments_view.shown_page is not None:
            workspace.shipments_view.show_list()
        for page in workspace.open.pages:
            workspace.open.close(page)
        assert not workspace.open.pages
        self._search_again(person)
        workspace.go_to(workspace.search_view)
        workspace.scan_box.clear()
        workspace.scan_box.setFocus()
        person.window.resize(self._size)
        self._forget(person)

    @staticmethod
    def _give_up(view: ComponentView) -> None:
        if view.sheet is not None:
            view.sheet.give_up()
        if view.has_draft:
            for field in view.findChildren(QTextEdit):
                field.clear()

    def _search_again(self, person: Person) -> None:
        """Show what the first search found, unless it is shown."""
        search = person.workspace.search_view
        search.text_filter.clear()
        if (search._request, search.filters.request) != (self._request, self._request):
            search.show_request(self._request)
            person.until_searched()

    def _forget(self, person: Person) -> None:
        """Let nobody know what was chosen, kept at hand or fetched."""
        context = person.program.context
        assert context is not None
        context.pinned.clear()
        context.cache.clear()
        self._states += 1
        file = person.program.options.paths.config / f"used-{self._states}.json"
        context.memory.state = ViewState(file, context.database.user.identity)
        if Style.theme is not LIGHT:
            person.wear(LIGHT)
        if Style.percent != SIZES[0]:
            person.scale(SIZES[0])

    def end(self) -> None:
        """End the program, and fail if it leaves a thread."""
        if self._person is None:
            return
        RegularProgram._running, self._person = None, None
        stack, self._until_end = self._until_end, contextlib.ExitStack()
        stack.close()
        left = [t for t in threading.enumerate() if t not in self._threads and not t.daemon]
        for thread in left:
            thread.join(20)
        assert not any(thread.is_alive() for thread in left), f"threads left running: {left}"
