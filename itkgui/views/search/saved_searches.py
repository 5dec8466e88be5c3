"""Searches kept by name: a menu of them, and a line below for the questions that come with keeping."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QMenu, QPushButton, QToolButton

from itkgui.item_models.plain_text import shown_text
from itkgui.language import _
from itkgui.views.context.view_context import ViewContext
from itkgui.views.search.search_request import VERSION, SearchRequest
from itkgui.views.style import set_icon, set_role, set_room

_KEY = "search/saved"
_MOST, _LONGEST = 100, 60


class SavedSearches(QObject):
    """The saved searches of one person; ``button`` opens their menu, ``line`` asks beside the filters.

    ``request`` must give what is to be saved; ``chosen`` tells which search is to be shown.
    """

    chosen = Signal(object)  # SearchRequest

    def __init__(self, context: ViewContext, request: Callable[[], SearchRequest], parent: QObject) -> None:
        super().__init__(parent)
        self._memory, self._messages = context.memory, context.messages
        self._request = request
        self.current = ""  # the name of the one that was chosen or saved last
        self._saved = self._read()
        self.button = QToolButton()
        self.button.setText(_("Saved searches"))
        set_icon(self.button, "list", size=18)
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.button.clicked.connect(self.open_menu)
        self._build_line()

    def _build_line(self) -> None:
        self.line = QFrame()
        set_role(self.line, "card")
        self.question, self.name = QLabel(), QLineEdit()
        self.question.setTextFormat(Qt.TextFormat.PlainText)
        self.name.setAccessibleName(_("Name of the search"))
        self.name.setMaxLength(_LONGEST)
        set_room(self.name, least=(36, 0))
        # Queued: else the same Enter would press the button that has the focus then.
        self.name.returnPressed.connect(self._on_agreed, Qt.ConnectionType.QueuedConnection)
        self.agree_button, self.cancel_button = QPushButton(_("Save")), QPushButton(_("Cancel"))
        set_role(self.agree_button, "main")
        self.agree_button.clicked.connect(self._on_agreed)
        self.cancel_button.clicked.connect(self.close_line)
        layout = QHBoxLayout(self.line)
        layout.setContentsMargins(12, 6, 8, 6)
        layout.setSpacing(10)
        for widget in (self.question, self.name, self.agree_button, self.cancel_button):
            layout.addWidget(widget)
        layout.addStretch(1)
        self.line.hide()
        self._agreed: Callable[[], None] = self.close_line

    @property
    def names(self) -> list[str]:
        """The names in alphabetical order."""
        return sorted(self._saved, key=str.casefold)

    # The menu ----------------------------------------------------------------------------------------------

    def open_menu(self) -> None:
        """Show all saved searches, and what can be done with the present one."""
        menu = QMenu(self.button)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name in self.names:
            menu.addAction(shown_text(name).replace("&", "&&"), partial(self.choose, name))
        if not self._saved:
            menu.addAction(_("Nothing saved yet")).setEnabled(False)
        menu.addSeparator()
        menu.addAction(_("Save this search…"), self.ask_for_name)
        if self.current:
            shown = shown_text(self.current).replace("&", "&&")
            menu.addAction(_("Rename “{name}”…").format(name=shown), self.ask_for_other_name)
            menu.addAction(_("Delete “{name}”…").format(name=shown), self.ask_to_delete)
        menu.popup(self.button.mapToGlobal(self.button.rect().bottomLeft()))

    def choose(self, name: str) -> None:
        """Show a saved search."""
        self.current = name
        self.close_line()
        self.chosen.emit(self._saved[name])

    # The questions -----------------------------------------------------------------------------------------

    def ask_for_name(self) -> None:
        """Ask by which name the present filters are to be saved."""
        self._ask(_("Save these filters as"), _("Save"), self._save, name=self.current)

    def ask_for_other_name(self) -> None:
        """Ask for another name of the saved search that is shown."""
        question = _("Rename “{name}” to").format(name=self.current)
        self._ask(question, _("Rename"), self._rename, name=self.current)

    def ask_to_delete(self) -> None:
        """Ask whether the saved search that is shown is to go; the filters stay as they are."""
        question = _("Delete the saved search “{name}”?").format(name=self.current)
        self._ask(question, _("Delete"), self._delete)

    def close_line(self) -> None:
        """Ask nothing any more."""
        if self.line.isVisible():
            self.line.hide()
            self.button.setFocus()

    def _ask(self, question: str, verb: str, agreed: Callable[[], None], *, name: str | None = None) -> None:
        self.question.setText(shown_text(question))
        self.agree_button.setText(verb)
        self._agreed = agreed
        self.name.setVisible(name is not None)
        if name is not None:
            self.name.setText(name)
        self.line.show()
        if name is None:
            self.agree_button.setFocus()
        else:
            self.name.setFocus()
            self.name.selectAll()

    def _on_agreed(self) -> None:
        self._agreed()

    def _save(self) -> None:
        name = self._typed_name
        if not name:
            return
        if self._twin(name):
            question = _("“{name}” is there already. Replace it?").format(name=self._twin(name))
            self._ask(question, _("Replace"), partial(self._put, name, self._request()))
        else:
            self._put(name, self._request())

    def _rename(self) -> None:
        name = self._typed_name
        if not name:
            return
        request = self._saved[self.current]
        if self._twin(name) not in ("", self.current):
            question = _("“{name}” is there already. Replace it?").format(name=self._twin(name))
            self._ask(question, _("Replace"), partial(self._put, name, request, instead_of=self.current))
        else:
            self._put(name, request, instead_of=self.current)

    def _put(self, name: str, request: SearchRequest, *, instead_of: str = "") -> None:
        self._saved.pop(self._twin(name), None)
        self._saved.pop(instead_of, None)
        self._saved[name] = request
        self._saved = dict(list(self._saved.items())[-_MOST:])
        self.current = name
        self._keep()
        said = _("Search “{before}” is now called “{name}”") if instead_of else _("Search saved as “{name}”")
        self._messages.notify(said.format(before=instead_of, name=name), "good")

    def _delete(self) -> None:
        self._saved.pop(self.current, None)
        deleted, self.current = self.current, ""
        self._keep()
        self._messages.notify(_("Saved search “{name}” deleted").format(name=deleted), "good")

    @property
    def _typed_name(self) -> str:
        return " ".join(self.name.text().split())

    def _twin(self, name: str) -> str:
        """Return the saved name that differs from this one in capitals at most; empty if there is none."""
        return next((known for known in self._saved if known.casefold() == name.casefold()), "")

    # Keeping -----------------------------------------------------------------------------------------------

    def _read(self) -> dict[str, SearchRequest]:
        kept = self._memory.get_here(_KEY, VERSION)
        entries = kept.items() if isinstance(kept, dict) else ()
        found = {name[:_LONGEST]: SearchRequest.from_kept(value) for name, value in entries}
        return {name: request for name, request in list(found.items())[:_MOST] if request is not None}

    def _keep(self) -> None:
        kept = {name: saved.kept() for name, saved in self._saved.items()}
        self._memory.put_here(_KEY, VERSION, kept, of_entries=True)
        self.close_line()
