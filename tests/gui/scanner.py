"""A person with a scanner in front of one running program."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication, QWindow

from itkgui.scanning.scan_log import Outcome, ScanEntry
from tests.gui.person import Person
from tests.wedge import Wedge


class Scanner:
    """A keyboard scanner at the window of a person; what becomes of its scans is noted."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.entries: list[ScanEntry] = []
        person.workspace.scan_desk.logged.connect(self.entries.append)

    @property
    def window(self) -> QWindow:
        """Where keys come in now: a dialog, if one is open."""
        window = QGuiApplication.focusWindow() or self.person.window.windowHandle()
        assert window is not None
        return window

    def scan(self, text: str, *, every: float = 8.0) -> ScanEntry:
        """Scan a code, and wait for what becomes of it."""
        known = len(self.entries)
        Wedge(self.window).scan(text, every=every)
        self.person.until(lambda: len(self.entries) > known, f"what became of {text!r}")
        return self.entries[-1]

    def outcome(self, text: str) -> Outcome:
        return self.scan(text).outcome

    def type(self, text: str) -> None:
        """Type as a person does; wait for what the program makes of it yourself."""
        Wedge(self.window).scan(text, every=80)
