"""The small button beside a table that takes its rows elsewhere: the clipboard, a CSV or a JSON file."""

from __future__ import annotations

import asyncio
import itertools
import re
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton, QWidget
from shiboken6 import isValid

from itkgui.background.part_file import PartFile
from itkgui.background.worker import Lane, Worker
from itkgui.item_models.table_export import Extract, csv_pieces, json_pieces
from itkgui.language import _, ngettext
from itkgui.views.context.messages import Messages
from itkgui.views.context.view_context import ViewContext
from itkgui.views.context.view_task import ViewTask
from itkgui.views.style import set_icon
from itkgui.views.tables.record_view import RecordView
from itkgui.views.widgets.save_dialog import SaveDialog
from itkgui.views.widgets.staying_menu import StayingMenu

_TURN = 0.005  # seconds of work between two turns of others
_NUMBERS = itertools.count()  # of the buttons


@dataclass(frozen=True)
class _Format:
    """A kind of file that a table can be written to."""

    label: str
    suffix: str
    pieces: Callable[[Extract], Iterator[str]]


_FORMATS = (_Format("CSV", "csv", csv_pieces), _Format("JSON", "json", json_pieces))


class ExportButton(QToolButton):
    """Exports what the table shows: the rows that the filter leaves, in the columns and the order shown.

    ``name`` is what a file is called at first; a page may change it. Rows are written as they are at the
    moment of asking, between other events; a file is there whole or not at all. Where not all rows are
    loaded, ``fetch_rest`` loads the others, before what is then shown is written.
    """

    def __init__(
        self,
        view: RecordView[Any],
        name: str,
        context: ViewContext,
        parent: QWidget | None = None,
        *,
        fetch_rest: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        super().__init__(parent)
        self.name = name
        self._fetch_rest = fetch_rest
        self._view = view
        self._worker: Worker = context.worker
        self._messages: Messages = context.messages
        self._only_chosen = self._all_columns = False
        self._attempt = f"export-{next(_NUMBERS)}"  # another page may have a table of the same name
        self._task = ViewTask(self, partial(self._messages.show, attempt=self._attempt))
        self.setText(_("Export"))
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        set_icon(self, "save", size=18)
        self.setAccessibleName(_("Export {table}").format(table=view.accessibleName()))
        self.clicked.connect(self.open)
        view.clipboard.copied.connect(self._on_copied)

    def open(self) -> None:
        """Show what can be exported, and how."""
        menu = StayingMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        counts = menu.addAction(self._view.table.counts)
        counts.setEnabled(False)
        menu.addSeparator()
        menu.addAction(_("Copy for a spreadsheet"), lambda: self._view.clipboard.copy(self._extract()))
        total, loaded = self._view.table.total, len(self._view.table.records)
        file_entry = _("{format} file…")
        if self._fetch_rest is not None and total is not None and total > loaded:
            for kind in _FORMATS:
                entry = _("{format} file of all {total:,}…").format(format=kind.label, total=total)
                menu.addAction(entry, partial(self._ask_for_file, kind, self._fetch_rest))
            file_entry = _("{format} file from the {loaded:,} loaded…")
        for kind in _FORMATS:
            entry = file_entry.format(format=kind.label, loaded=loaded)
            menu.addAction(entry, partial(self._ask_for_file, kind))
        menu.addSeparator()
        chosen, layout = len(self._view.extract(only_chosen=True).records), self._view.layout_of_columns
        self._only_chosen = self._only_chosen and chosen > 0
        rows = menu.add_tick(
            ngettext("Only the {count:,} chosen", "Only the {count:,} chosen", chosen).format(count=chosen)
            if chosen
            else _("Only the chosen rows"),
            ticked=self._only_chosen,
            enabled=chosen > 0,
        )
        rows.triggered.connect(self._set_only_chosen)
        hidden = len(layout.order) - len(layout.shown)
        columns = menu.add_tick(_("Hidden columns too"), ticked=self._all_columns, enabled=hidden > 0)
        columns.triggered.connect(self._set_all_columns)
        menu.popup(self.mapToGlobal(self.rect().bottomLeft()))

    def _extract(self) -> Extract:
        return self._view.extract(only_chosen=self._only_chosen, all_columns=self._all_columns)

    def _set_only_chosen(self, wanted: bool) -> None:
        self._only_chosen = wanted

    def _set_all_columns(self, wanted: bool) -> None:
        self._all_columns = wanted

    def _on_copied(self, count: int) -> None:
        said = ngettext("Copied {count:,} row", "Copied {count:,} rows", count)
        self._messages.notify(said.format(count=count), "good")

    def _ask_for_file(self, kind: _Format, fetch_rest: Callable[[], Awaitable[None]] | None = None) -> None:
        extract = self._extract()
        total = self._view.table.total
        question = self._question(extract)
        if fetch_rest is not None and total is not None:  # else nobody could have asked for all
            question = ngettext("Export all {count:,} row", "Export all {count:,} rows", total)
            question = question.format(count=total)
        dialog = SaveDialog(self, question, f"{_file_name(self.name)}.{kind.suffix}")
        dialog.setNameFilter(f"{kind.label} (*.{kind.suffix})")
        dialog.setDefaultSuffix(kind.suffix)  # so that it asks before it replaces the file that is meant

        def save(path: str) -> None:
            target = Path(path)
            self._task.start(
                self._save_all(fetch_rest, kind, target) if fetch_rest else self._save(kind, extract, target)
            )

        dialog.fileSelected.connect(save)
        dialog.open()

    def _question(self, extract: Extract) -> str:
        table, count = self._view.table, len(extract.records)
        loaded = len(table.records)
        if table.total == loaded:
            said = ngettext("Export {count:,} row", "Export {count:,} rows", count)
        elif table.total is None:
            said = ngettext(
                "Export {count:,} row: {loaded:,} of more are loaded",
                "Export {count:,} rows: {loaded:,} of more are loaded",
                count,
            )
        else:
            said = ngettext(
                "Export {count:,} row: {loaded:,} of {total:,} are loaded",
                "Export {count:,} rows: {loaded:,} of {total:,} are loaded",
                count,
            )
        return said.format(count=count, loaded=loaded, total=table.total)

    async def _save_all(self, fetch_rest: Callable[[], Awaitable[None]], kind: _Format, target: Path) -> None:
        self._only_chosen = False
        await fetch_rest()
        table = self._view.table
        arranged = asyncio.Event()
        tell = arranged.set
        table.arranged.connect(tell)
        try:
            if table.is_arranging:
                await arranged.wait()
        finally:
            table.arranged.disconnect(tell)
        await self._save(kind, self._extract(), target)

    async def _save(self, kind: _Format, extract: Extract, target: Path) -> None:
        pieces, count = kind.pieces(extract), len(extract.records)
        self.setEnabled(False)
        try:
            part = await self._worker.call(PartFile, target, lane=Lane.TRANSFERS)
            try:
                for text in _turns(pieces):
                    await self._worker.call(part.write, text, lane=Lane.TRANSFERS)
                await self._worker.call(part.finish, lane=Lane.TRANSFERS)
            finally:
                part.abandon()
        finally:
            if isValid(self):  # else it went with its page
                self.setEnabled(True)
        said = ngettext("Saved {count:,} row as {file}", "Saved {count:,} rows as {file}", count)
        self._messages.settle(self._attempt)
        self._messages.notify(said.format(count=count, file=target), "good")


def _turns(pieces: Iterator[str]) -> Iterator[str]:
    """Join pieces as long as making them takes one turn."""
    texts, end = [], time.perf_counter() + _TURN
    for piece in pieces:
        texts.append(piece)
        if time.perf_counter() >= end:
            yield "".join(texts)
            texts, end = [], time.perf_counter() + _TURN
    yield "".join(texts)


def _file_name(name: str) -> str:
    return re.sub(r"[^\w.-]+", "-", name).strip("-.") or "table"
