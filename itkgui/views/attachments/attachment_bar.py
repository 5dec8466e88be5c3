"""The row above a list of attachments: which of them to show, how, and what to do with many."""

from __future__ import annotations

import contextlib
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QLineEdit, QMenu, QToolButton, QVBoxLayout, QWidget
from shiboken6 import isValid

from itkgui.item_models.attachment_table import KIND_NAMES, AttachmentTable, Grouping, kind_icon
from itkgui.language import N_, _, ngettext
from itkgui.records.attachment import Storage
from itkgui.records.sizes import size_text
from itkgui.views.attachments.attachment_rows import AttachmentRows
from itkgui.views.context.memory import Memory
from itkgui.views.context.view_context import ViewContext
from itkgui.views.context.view_task import ViewTask
from itkgui.views.style import set_icon, set_role, set_room
from itkgui.views.tables.column_menu import ColumnButton
from itkgui.views.tables.export_button import ExportButton
from itkgui.views.widgets.filter_buttons import ChoiceButton, counted
from itkgui.views.widgets.tool_row import ToolRow

_KEY, _VERSION = "attachments/arrangement", 1
_PAUSE_MS = 120
_FILTER = 14  # characters, at least
_GROUPINGS = {
    Grouping.NONE: N_("No groups"),
    Grouping.ORIGIN: N_("By origin"),
    Grouping.TEST_TYPE: N_("By test type"),
    Grouping.STAGE: N_("By stage"),
    Grouping.KIND: N_("By kind"),
}


class AttachmentBar(QWidget):
    """Asks the table for what the user wants to see; grouping and the gallery are remembered, filters not."""

    gallery_wanted = Signal(bool)
    save_wanted = Signal(bool)  # only the chosen ones

    def __init__(self, rows: AttachmentRows, table: AttachmentTable, context: ViewContext) -> None:
        super().__init__()
        self._rows, self._table, self._context = rows, table, context
        self._memory: Memory = context.memory
        self._cache_task = ViewTask(self, context.messages.show)
        self.text = QLineEdit()
        self.text.setPlaceholderText(_("Filter: any words of a row"))
        self.text.setAccessibleName(_("Filter the attachments"))
        self.text.setClearButtonEnabled(True)
        set_room(self.text, least=(_FILTER, 0))
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(lambda: table.set_filter(self.text.text()))
        self.text.textChanged.connect(self._pause.start)
        self.kind, self.place = ChoiceButton(_("Kind")), ChoiceButton(_("Kept in"))
        for button in (self.kind, self.place):
            button.changed.connect(lambda: table.set_wanted(self.kind.chosen, self.place.chosen))
        self.group_button, self.gallery_button, self.more_button = QToolButton(), QToolButton(), QToolButton()
        self.group_button.setToolTip(_("Groups: what stands together"))
        set_role(self.group_button, "filter")
        self.group_button.clicked.connect(self.open_groups)
        set_icon(self.gallery_button, "gallery", size=18)
        self.gallery_button.setToolTip(_("Show as a gallery of pictures"))
        self.gallery_button.setAccessibleName(_("Gallery"))
        self.gallery_button.setCheckable(True)
        self.gallery_button.toggled.connect(self._on_gallery)
        set_icon(self.more_button, "folder", size=18)
        self.more_button.setToolTip(_("Save many files, and the copies on this computer"))
        self.more_button.setAccessibleName(_("Save files"))
        self.more_button.clicked.connect(self.open_more)
        self.column_button = ColumnButton(rows)
        self.export_button = ExportButton(rows, "attachments", context)
        self.tools = ToolRow()
        for widget in (
            self.text,
            self.kind,
            self.place,
            self.group_button,
            self.gallery_button,
            self.more_button,
            self.column_button,
            self.export_button,
        ):
            self.tools.add_widget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 0, 4, 7)
        layout.addWidget(self.tools)
        self._restore(self._memory.get(_KEY, _VERSION))

    def offer_choices(self) -> None:
        """Offer the kinds and places that the table has by now."""
        records = self._table.records
        kinds = ((kind_icon(a), _(KIND_NAMES[kind_icon(a)])) for a in records)
        self.kind.offer(counted(kinds, tuple(KIND_NAMES)))
        places = ((a.storage.value, a.storage.label) for a in records)
        self.place.offer(counted(places, [storage.value for storage in Storage]))

    def clear(self) -> None:
        """Show all attachments, for instance since one is to be shown that the filter hides."""
        self._pause.stop()
        self.text.clear()
        self._pause.stop()
        self._table.set_filter("")
        self.kind.choose(())
        self.place.choose(())

    # Groups, gallery ---------------------------------------------------------------------------------------

    def open_groups(self) -> None:
        menu = QMenu(self)
        menu.setAccessibleName(_("Groups"))
        ticks = QActionGroup(menu)
        for grouping in Grouping:
            action = menu.addAction(_said_of(grouping), partial(self.group_by, grouping))
            action.setCheckable(True)
            action.setChecked(grouping is self._table.grouping)
            ticks.addAction(action)
        _pop_up(menu, self.group_button)

    def group_by(self, grouping: Grouping) -> None:
        """Let attachments stand together by something."""
        self._table.set_grouping(grouping)
        self._show_grouping()
        self._keep()

    def _show_grouping(self) -> None:
        grouping = self._table.grouping
        self.group_button.setText(f"{_said_of(grouping)} ▾")
        self.group_button.setAccessibleName(_("Groups: {grouping}").format(grouping=_(grouping.value)))

    def _on_gallery(self, wanted: bool) -> None:
        self.gallery_wanted.emit(wanted)
        self._keep()

    def _keep(self) -> None:
        kept = {"groups": self._table.grouping.name, "gallery": self.gallery_button.isChecked()}
        self._memory.put(_KEY, _VERSION, kept)

    def _restore(self, kept: object) -> None:
        values = kept if isinstance(kept, dict) else {}
        name = values.get("groups")
        self._table.set_grouping(next((g for g in Grouping if g.name == name), Grouping.ORIGIN))
        self._show_grouping()
        self.gallery_button.blockSignals(True)
        self.gallery_button.setChecked(values.get("gallery") is True)
        self.gallery_button.blockSignals(False)

    # Many at once ------------------------------------------------------------------------------------------

    def open_more(self) -> None:
        """Show what can be done with many files; how much is kept here is told when it is known."""
        menu = QMenu(self)
        menu.setAccessibleName(_("Save files"))
        for attachments, only_chosen in ((self._rows.all_chosen, True), (self._table.shown, False)):
            count = sum(attachment.storage is not Storage.LINK for attachment in attachments)
            entry = _entry_to_save(max(count, 1), only_chosen=only_chosen)
            save = menu.addAction(entry, partial(self.save_wanted.emit, only_chosen))
            save.setEnabled(count > 0)
        menu.addSeparator()
        purge = menu.addAction(_("Remove the copies kept on this computer"), self.purge)
        self._cache_task.start(self._tell_size(purge))
        _pop_up(menu, self.more_button)

    async def _tell_size(self, purge: QAction) -> None:
        cache = self._context.attachments.cache
        size = await self._context.worker.call(lambda: cache.size)
        if isValid(purge):
            said = _("Remove the copies kept on this computer ({size})")
            purge.setText(said.format(size=size_text(size)))
            purge.setEnabled(size > 0)

    def purge(self) -> None:
        """Remove what was fetched for this person from this computer."""
        self._cache_task.start(self._purge())

    async def _purge(self) -> None:
        cache = self._context.attachments.cache
        size = await self._context.worker.call(lambda: cache.size)
        await self._context.worker.call(cache.clear)
        # What is unpacked stays: a preview, or the program that it was dragged to, may still read it.
        unpacked = await self._context.worker.call(_size_below, self._context.downloads)
        said = (
            _(
                "Removed {size} of fetched files from this computer; {unpacked} unpacked, or given to other"
                " programs, stay until you sign out"
            )
            if unpacked
            else _("Removed {size} of fetched files from this computer")
        )
        told = said.format(size=size_text(size), unpacked=size_text(unpacked))
        self._context.messages.notify(told, "good")


def _size_below(folder: Path) -> int:
    size = 0
    for path in folder.rglob("*"):
        with contextlib.suppress(FileNotFoundError):  # one that is just being received gets another name
            size += path.stat().st_size if path.is_file() else 0
    return size


def _said_of(grouping: Grouping) -> str:
    return _(_GROUPINGS[grouping])


def _entry_to_save(count: int, *, only_chosen: bool) -> str:
    said = (
        ngettext("Save the chosen file in folders…", "Save the {count:,} chosen files in folders…", count)
        if only_chosen
        else ngettext("Save the shown file in folders…", "Save the {count:,} shown files in folders…", count)
    )
    return said.format(count=count)


def _pop_up(menu: QMenu, button: QToolButton) -> None:
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.popup(button.mapToGlobal(button.rect().bottomLeft()))
