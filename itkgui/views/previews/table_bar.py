"""The row above a table: its plot, finding, and how the file is read, where that was recognised wrongly."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from itkgui.client.table_form import BLANKS, COMMENTS, NO_WISHES, Wishes
from itkgui.decoding.table import ENCODINGS
from itkgui.decoding.table_lines import TableLayout
from itkgui.language import N_, _
from itkgui.views.style import set_icon, set_role
from itkgui.views.widgets.flow_layout import FlowLayout

_DELIMITERS = (
    (",", N_("comma")),
    (";", N_("semicolon")),
    ("\t", N_("tab")),
    (BLANKS, N_("blanks")),
    ("|", N_("bar |")),
)
_DECIMALS = ((False, "1,001.5"), (True, "1.001,5"))
_ENCODINGS = {"utf-8": "UTF-8", "latin-1": "Latin-1", "cp1252": "Windows-1252"}


class ReadingChoice(QMenu):
    """One thing that can be read in several ways, with the one in use in its title."""

    picked = Signal(object)

    def __init__(self, label: str, hint: str, choices: Iterable[tuple[object, str]]) -> None:
        super().__init__()
        self._label = label
        self.menuAction().setToolTip(hint)
        self.words = dict(choices)
        self.ways: dict[object, QAction] = {}
        group = QActionGroup(self)
        for value, text in self.words.items():
            action = self.ways[value] = self.addAction(text)
            action.setCheckable(True)
            action.triggered.connect(partial(self.picked.emit, value))
            group.addAction(action)

    def show_value(self, value: object) -> str:
        """Tick what is in use, and return its word."""
        self.ways[value].setChecked(True)
        self.setTitle(f"{self._label}: {self.words[value]}")
        return self.words[value]


class TableBar(QWidget):
    """Shows how a table is read, and tells what somebody wishes instead."""

    wished = Signal(object)  # Wishes
    plot_toggled = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self._wishes = NO_WISHES
        delimiters = ((sign, _(name)) for sign, name in _DELIMITERS)
        self.delimiter = ReadingChoice(_("Separator"), _("What separates the columns"), delimiters)
        hint = _("How numbers are written, with or without marks between thousands")
        self.decimal = ReadingChoice(_("Decimal"), hint, _DECIMALS)
        signs = (("", _("none")), *((sign, sign) for sign in COMMENTS))
        self.comment = ReadingChoice(_("Comments"), _("What begins a line that is left out"), signs)
        labels = ((code, _ENCODINGS.get(code, code.upper())) for code in ENCODINGS)
        self.encoding = ReadingChoice(_("Encoding"), _("How characters are written"), labels)
        self.plot_button = QToolButton()
        set_role(self.plot_button, "toggle")
        set_icon(self.plot_button, "chart")
        self.plot_button.setToolTip(_("Plot columns against each other"))
        self.plot_button.setAccessibleName(_("Plot columns"))
        self.plot_button.setCheckable(True)
        self.plot_button.toggled.connect(self.plot_toggled)
        self.find_button = QToolButton()
        set_role(self.find_button, "tool")
        set_icon(self.find_button, "search")
        self.find_button.setToolTip(_("Find (Ctrl+F)"))
        self.find_button.setAccessibleName(_("Find"))
        self.reading_button = QToolButton()
        set_role(self.reading_button, "small")
        self.reading_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.reading_button)
        menu.setToolTipsVisible(True)
        self.header = menu.addAction(_("The first line names the columns"))
        self.header.setCheckable(True)
        self.header.triggered.connect(lambda is_on: self._wish("has_header", is_on))
        for choice, name in (
            (self.delimiter, "delimiter"),
            (self.decimal, "has_decimal_comma"),
            (self.comment, "comment"),
            (self.encoding, "encoding"),
        ):
            choice.picked.connect(partial(self._wish, name))
            menu.addMenu(choice)
        self.reading_button.setMenu(menu)
        layout = FlowLayout(self)
        layout.setContentsMargins(8, 2, 8, 2)
        for widget in (self.plot_button, self.find_button, self.reading_button):
            layout.addWidget(widget)

    def show_layout(self, layout: TableLayout, *, is_new: bool) -> None:
        """Show how a table is read; with ``is_new`` it is another one, of which nothing is wished yet."""
        if is_new:
            self._wishes = NO_WISHES
        form = layout.form
        said = [
            self.delimiter.show_value(form.delimiter),
            self.decimal.show_value(form.has_decimal_comma),
            self.encoding.show_value(layout.encoding),
        ]
        self.comment.show_value(form.comment)
        self.header.setChecked(bool(form.titles))
        self.reading_button.setText(f"{' · '.join(said)} ▾")
        self.reading_button.setToolTip(_("How the file is read: separator, decimal, comments, encoding"))
        self.reading_button.setAccessibleName(_("How the file is read: {ways}").format(ways=", ".join(said)))

    @property
    def wishes(self) -> Wishes:
        return self._wishes

    def _wish(self, name: str, value: object) -> None:
        changed: dict[str, Any] = {name: value}
        self._wishes = replace(self._wishes, **changed)
        self.wished.emit(self._wishes)
