"""A box with the server's choices for one filter; in a long one a few typed letters find the choice."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QSignalBlocker, QStringListModel, Qt, QTimer
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QCompleter, QLineEdit

from itkgui.item_models.choices import best_first
from itkgui.item_models.plain_text import shown_text
from itkgui.language import N_, _
from itkgui.records.people import Reference

ANY = N_("any")
_ROWS = 18


class ChoiceBox(QComboBox):
    """Holds codes as data and shows names; the first choice restricts nothing.

    With ``typing``, letters from anywhere in a choice narrow the list, where those that begin so come first,
    and what is no choice is undone.
    """

    def __init__(self, name: str, *, typing: bool = False) -> None:
        super().__init__()
        self._suggestions: QAbstractItemView | None = None
        self.setAccessibleName(name)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(6)
        self.setMaxVisibleItems(_ROWS)
        if typing:
            self.setEditable(True)
            self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
            field = QLineEdit()
            field.setAccessibleName(name)
            field.editingFinished.connect(self._on_typed)
            field.textEdited.connect(self._offer)
            self.setLineEdit(field)
            self._offered = QStringListModel(self)
            completer = QCompleter(self._offered, self)
            completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
            completer.setMaxVisibleItems(_ROWS)
            self.setCompleter(completer)
            self._suggestions = completer.popup()
            if self._suggestions is not None:  # always, but the stubs do not know
                self._suggestions.setParent(self, Qt.WindowType.Popup)
            self.currentIndexChanged.connect(self._show_beginning)
        self.fill(())

    @property
    def code(self) -> str:
        """The code chosen; empty if any will do."""
        return self.currentData() or ""

    def fill(self, choices: Iterable[Reference], *, by_code: bool = False) -> None:
        """Offer other choices, and choose none; ``by_code`` names them by code and name."""
        with QSignalBlocker(self):
            self.clear()
            self.addItem(_(ANY), "")
            for choice in choices:
                text = f"{choice.code} · {choice.name}" if by_code and choice.name else choice.label
                self.addItem(shown_text(text), choice.code)
            self.setCurrentIndex(0)
        self.setEnabled(self.count() > 1)
        self._show_beginning()

    def choose(self, code: str) -> None:
        """Choose by the code; one that is not offered, or not yet, is shown as it stands."""
        if code and self.findData(code) < 0:
            self.addItem(shown_text(code), code)
            self.setEnabled(True)
        self.setCurrentIndex(self.findData(code))
        self._show_beginning()

    def showPopup(self) -> None:
        # Qt has decided on it before it knew the style sheet, by which the list has a limit.
        self.view().setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        super().showPopup()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        field = self.lineEdit()
        if self._suggestions is not None:
            sheet = self.window().styleSheet()  # which does not reach a window of its own
            if self._suggestions.styleSheet() != sheet:
                self._suggestions.setStyleSheet(sheet)
        if field is not None:  # what is typed replaces the choice shown
            QTimer.singleShot(0, field, field.selectAll)

    def _show_beginning(self) -> None:
        field = self.lineEdit()
        if field is not None and not field.hasFocus():
            field.setCursorPosition(0)

    def _offer(self, typed: str) -> None:
        self._offered.setStringList(self._best_for(typed))

    def _best_for(self, typed: str) -> list[str]:
        return best_first((self.itemText(index) for index in range(self.count())), typed)

    def _on_typed(self) -> None:
        """Choose what was typed, or the best choice that holds it; else go back to what was chosen."""
        typed = self.currentText().strip()
        best = self._best_for(typed) if typed else [self.itemText(0)]
        index = self.currentIndex()
        if best and typed != self.itemText(index):  # two may have one name
            index = self.findText(best[0])
        self.setCurrentIndex(index)
        self.setEditText(self.itemText(index))
        self._show_beginning()
