"""Arrangements of a table's columns kept by name, and written as text that somebody else can paste."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit, QMenu, QWidgetAction

from itkgui.item_models.plain_text import shown_text
from itkgui.language import N_, _
from itkgui.views.context.memory import Memory
from itkgui.views.style import set_room
from itkgui.views.tables.column_layout import VERSION, ColumnLayout

_MOST, _LONGEST_NAME = 50, 60
_LONGEST_TEXT = 20_000
_FORMAT = "itkgui columns"  # a key of what is copied
_NOTHING = N_("the clipboard holds no columns")


class BadPreset(ValueError):
    """A text that is no arrangement of these columns; says why, to be translated."""


@dataclass(frozen=True)
class ColumnPresets:
    """The presets of all tables of one kind, for one person; ``layout`` is the table's they are used on."""

    layout: ColumnLayout
    memory: Memory
    kind: str

    @property
    def names(self) -> list[str]:
        """The names in alphabetical order."""
        return sorted(self._kept, key=str.casefold)

    def save(self, name: str) -> None:
        """Keep the present arrangement by a name, instead of what was kept by it; without a name, nothing."""
        name = " ".join(name.split())[:_LONGEST_NAME]
        if name:
            others = {
                known: kept for known, kept in self._kept.items() if known.casefold() != name.casefold()
            }
            self._keep(dict(list(others.items())[1 - _MOST :]) | {name: self.layout.saved()})

    def choose(self, name: str) -> None:
        """Arrange the columns as they were kept by a name."""
        self.layout.take(self._kept.get(name))

    def delete(self, name: str) -> None:
        """Forget what was kept by a name; the columns stay as they are."""
        self._keep({known: kept for known, kept in self._kept.items() if known != name})

    def as_text(self) -> str:
        """Return the present arrangement as JSON, for somebody else to paste."""
        return json.dumps({_FORMAT: VERSION, "table": self.kind, **self.layout.saved()}, ensure_ascii=False)

    def read(self, text: str) -> dict[str, Any]:
        """Return what ``layout.take`` understands of a text. Raises BadPreset if that is nothing."""
        try:
            found = json.loads(text[:_LONGEST_TEXT])
        except (ValueError, RecursionError) as error:
            raise BadPreset(_NOTHING) from error
        if not isinstance(found, dict) or _FORMAT not in found:
            raise BadPreset(_NOTHING)
        if found[_FORMAT] != VERSION:
            raise BadPreset(N_("these columns are of another version of the program"))
        if found.get("table") != self.kind:
            raise BadPreset(N_("these columns are of another kind of table"))
        if not self.layout.knows(found):
            raise BadPreset(N_("the text names no column of this table"))
        return found

    @property
    def _kept(self) -> dict[str, Any]:
        kept = self.memory.get(f"presets/{self.kind}", VERSION)
        return kept if isinstance(kept, dict) else {}

    def _keep(self, presets: dict[str, Any]) -> None:
        self.memory.put(f"presets/{self.kind}", VERSION, presets, of_entries=True)


def add_preset_menu(menu: QMenu, presets: ColumnPresets) -> QMenu:
    """Add a menu of the presets, made when it is opened: it looks at the clipboard then."""
    added = menu.addMenu(_("Presets"))
    added.aboutToShow.connect(lambda: _fill(added, presets))
    return added


def _fill(menu: QMenu, presets: ColumnPresets) -> None:
    menu.clear()
    names = {name: shown_text(name).replace("&", "&&") for name in presets.names}
    for name, shown in names.items():
        menu.addAction(shown, partial(presets.choose, name))
    if not names:
        menu.addAction(_("Nothing saved yet")).setEnabled(False)
    menu.addSeparator()
    field = QLineEdit()
    field.setPlaceholderText(_("Save as… (a name, then Enter)"))
    field.setAccessibleName(_("Save the present columns by this name"))
    field.setMaxLength(_LONGEST_NAME)
    set_room(field, least=(32, 0))

    def on_named() -> None:
        presets.save(field.text())
        top = menu.parentWidget()
        (top if isinstance(top, QMenu) else menu).close()

    field.returnPressed.connect(on_named)
    save = QWidgetAction(menu)
    save.setDefaultWidget(field)
    menu.addAction(save)
    if names:
        delete = menu.addMenu(_("Delete"))
        for name, shown in names.items():
            delete.addAction(shown, partial(presets.delete, name))
    menu.addSeparator()
    clipboard = QGuiApplication.clipboard()
    menu.addAction(_("Copy the present columns as text"), lambda: clipboard.setText(presets.as_text()))
    try:
        found = presets.read(clipboard.text())
    except BadPreset as error:
        menu.addAction(_("Cannot paste: {reason}").format(reason=_(str(error)))).setEnabled(False)
    else:
        menu.addAction(_("Paste the columns copied as text"), lambda: presets.layout.take(found))
