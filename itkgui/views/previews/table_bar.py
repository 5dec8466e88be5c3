"""The choices above a table: how the file is read, where that was recognised wrongly."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QToolButton, QWidget

from itkgui.client.table_form import BLANKS, COMMENTS, NO_WISHES, Wishes
from itkgui.decoding.table import ENCODINGS
from itkgui.decoding.table_lines import TableLayout
from itkgui.views.flow_layout import FlowLayout
from itkgui.views.style import set_icon, set_role

_DELIMITERS = ((",", "comma"), (";", "semicolon"), ("\t", "tab"), (BLANKS, "blanks"), ("|", "bar |"))
_ENCODINGS = {"utf-8": "UTF-8", "latin-1": "Latin-1", "cp1252": "Windows 1252"}


class TableBar(QWidget):
    """Shows how a table is read, and tells what somebody wishes instead."""

    wished = Signal(object)  # Wishes
    plot_toggled = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self._wishes = NO_WISHES
        self.delimiter = _box("Separator", "What separates the columns", _DELIMITERS)
        self.decimal = _box(
            "Decimal",
            "How numbers are written, with or without marks between thousands",
            ((False, "1,001.5"), (True, "1.001,5")),
        )
        self.comment = _box(
            "Comments",
            "What begins a line that is left out",
            (("", "none"), *((c, c) for c in COMMENTS)),
        )
        self.encoding = _box(
            "Encoding",
            "How characters are written",
            ((code, _ENCODINGS.get(code, code.upper())) for code in ENCODINGS),
        )
        self.header = QCheckBox("Titles")
        self.header.setToolTip("The first line names the columns")
        self.plot_button = QToolButton()
        set_role(self.plot_button, "toggle")
        set_icon(self.plot_button, "chart")
        self.plot_button.setToolTip("Plot columns against each other")
        self.plot_button.setAccessibleName("Plot columns")
        self.plot_button.setCheckable(True)
        self.plot_button.toggled.connect(self.plot_toggled)
        self.find_button = QToolButton()
        set_role(self.find_button, "tool")
        set_icon(self.find_button, "search")
        self.find_button.setToolTip("Find (Ctrl+F)")
        self.find_button.setAccessibleName("Find")
        layout = FlowLayout(self)
        layout.setContentsMargins(8, 4, 8, 4)
        for widget in (
            self.plot_button,
            self.find_button,
            self.header,
            self.delimiter,
            self.decimal,
            self.comment,
            self.encoding,
        ):
            layout.addWidget(widget)
        for box, name in (
            (self.delimiter, "delimiter"),
            (self.decimal, "has_decimal_comma"),
            (self.comment, "comment"),
            (self.encoding, "encoding"),
        ):
            box.activated.connect(lambda _, box=box, name=name: self._wish(name, box.currentData()))
        self.header.clicked.connect(lambda wanted: self._wish("has_header", wanted))

    def show_layout(self, layout: TableLayout, *, is_new: bool) -> None:
        """Show how a table is read; with ``is_new`` it is another one, of which nothing is wished yet."""
        if is_new:
            self._wishes = NO_WISHES
        form = layout.form
        for box, value in (
            (self.delimiter, form.delimiter),
            (self.decimal, form.has_decimal_comma),
            (self.comment, form.comment),
            (self.encoding, layout.encoding),
        ):
            box.setCurrentIndex(box.findData(value))
        self.header.setChecked(bool(form.titles))

    @property
    def wishes(self) -> Wishes:
        return self._wishes

    def _wish(self, name: str, value: object) -> None:
        changed: dict[str, Any] = {name: value}
        self._wishes = replace(self._wishes, **changed)
        self.wished.emit(self._wishes)


def _box(label: str, name: str, choices: Iterable[tuple[object, str]]) -> QComboBox:
    box = QComboBox()
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    for value, text in choices:
        box.addItem(f"{label}: {text}", value)
    box.setAccessibleName(name)
    box.setToolTip(name)
    return box
