"""ROOT files: what is in them as a tree, the chosen object plotted or told beside it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, QSize, Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QHeaderView,
    QLabel,
    QPlainTextEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from itkgui.client.exceptions import ItkError
from itkgui.client.files import BinaryFile
from itkgui.decoding.root import Holds, LoadedRoot, RootRow, load_root
from itkgui.decoding.root_objects import RootObject, read_root
from itkgui.decoding.undecodable import Undecodable
from itkgui.item_models.plain_text import shown_text
from itkgui.item_models.root_tree import HEADERS, RootTree
from itkgui.language import N_, _
from itkgui.views.context.view_task import ViewTask
from itkgui.views.previews.caution_bar import CautionBar
from itkgui.views.previews.level_tree import LevelTree
from itkgui.views.previews.parts import Parts
from itkgui.views.previews.preview import QUICK, Preview, PreviewTools
from itkgui.views.style import Style, icon, scaled, set_role
from itkgui.views.widgets.empty_pane import EmptyPane
from itkgui.views.widgets.trouble_pane import TroublePane

if TYPE_CHECKING:
    from itkgui.views.plots.plot_pane import PlotPane

_ICONS = {Holds.FOLDER: "folder", Holds.TREE: "list", Holds.BRANCH: "columns"}
_PLOTTED = ("TH1", "TH2", "TProfile", "TGraph", "TMultiGraph")
_WIDTHS = (20, 12, 10, 6, 8)  # letters of the columns
_BY_WEIGHT = (N_("Name"), N_("Class or type"), N_("Entries"), N_("Title"), N_("Cycle"))
_TREE_BESIDE, _TREE_ABOVE = 0.42, 0.3  # the tree's share of width or height
_ICON = 16  # pixels


class RootPreview(Preview):
    """Levels of the tree are read when they are opened, objects when they are chosen."""

    def __init__(self, tools: PreviewTools) -> None:
        super().__init__(tools)
        self._file: BinaryFile | None = None
        self._wanted: list[RootRow] = []  # whose levels are to be read
        self._chosen: RootRow | None = None
        # What is being read just now; a task that has read all is known to have ended a moment later only.
        self._level_read: RootRow | None = None
        self._object_read: RootRow | None = None
        self._read_since = 0.0
        self._level_task = ViewTask(self, self._on_failed)
        self._object_task = ViewTask(self, self._on_failed)
        self.plot: PlotPane | None = None
        self.keys = RootTree(_icon)
        self.keys.level_wanted.connect(self._on_level_wanted)
        self.tree = LevelTree()
        self.tree.setModel(self.keys)
        self.tree.setAccessibleName(_("What is in the ROOT file"))
        self.tree.setUniformRowHeights(True)
        header = self.tree.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self._fit_columns()
        header.setSectionResizeMode(HEADERS.index(N_("Title")), QHeaderView.ResizeMode.Stretch)
        self.tree.selectionModel().currentChanged.connect(self._on_chosen)
        self.empty = EmptyPane(
            "chart", _("Nothing chosen."), _("Choose an object or a branch to look at it.")
        )
        self.trouble = TroublePane()
        self.trouble.retry_requested.connect(self._show_chosen)
        trouble_page = QWidget()
        in_trouble = QVBoxLayout(trouble_page)
        in_trouble.addWidget(self.trouble)
        in_trouble.addStretch()
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setAcceptDrops(False)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setAccessibleName(_("Members of the object"))
        set_role(self.text, "reader")
        self.stack = QStackedWidget()
        for page in (self.empty, trouble_page, self.text):
            self.stack.addWidget(page)
        self.damage = CautionBar()
        self.facts = QLabel()
        self.facts.setTextFormat(Qt.TextFormat.PlainText)
        self.facts.setWordWrap(True)
        self.facts.setContentsMargins(8, 2, 8, 4)
        self.facts.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        set_role(self.facts, "quiet")
        parts = Parts(_TREE_BESIDE, lambda whole: round(_TREE_ABOVE * whole))
        parts.shared.connect(self._leave_room_for_names)
        parts.addWidget(self.tree)
        parts.addWidget(self.stack)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(1)
        layout.addWidget(self.damage)
        layout.addWidget(parts, 1)
        layout.addWidget(self.facts)

    def _fit_columns(self) -> None:
        side = scaled(_ICON)
        self.tree.setIconSize(QSize(side, side))
        letter = self.fontMetrics().averageCharWidth()
        for column, letters in enumerate(_WIDTHS):
            self.tree.header().resizeSection(column, (letters + 2) * letter)
        self._leave_room_for_names()

    def _leave_room_for_names(self) -> None:
        """Hide the columns for which a narrow tree has no room, those first that matter least."""
        letter, room = self.fontMetrics().averageCharWidth(), self.tree.viewport().width()
        for title in _BY_WEIGHT:
            column = HEADERS.index(title)
            room -= (_WIDTHS[column] + 2) * letter
            self.tree.setColumnHidden(column, room < 0 and title not in _BY_WEIGHT[:2])

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:  # the text has another size
            self._fit_columns()

    def show_content(self, file: BinaryFile, loaded: LoadedRoot) -> None:
        """Show a file, and of it the first object that has a plot."""
        self.forget()
        self._file = file
        self.keys.show_file(loaded)
        self.damage.say(loaded.damage)
        self.facts.setText(_left_out(loaded))
        self._say(_("Nothing chosen.") if loaded.rows else _("There is nothing in this file."))
        first = next((n for n, row in enumerate(loaded.rows) if row.kind.startswith(_PLOTTED)), None)
        if first is not None:
            self.tree.setCurrentIndex(self.keys.index(first, 0))

    @property
    def is_settled(self) -> bool:
        return not self._wanted and self._level_read is None and self._object_read is None

    @property
    def key_taker(self) -> QWidget:
        return self.tree

    def forget(self) -> None:
        self._level_task.cancel()
        self._object_task.cancel()
        self._wanted.clear()
        self._file = self._chosen = self._level_read = self._object_read = None

    def _say(self, sentence: str) -> None:
        advice = _("Choose an object or a branch to look at it.") if self.keys.rowCount() else ""
        self.empty.say(sentence, advice)
        self.stack.setCurrentIndex(0)

    # Levels ------------------------------------------------------------------------------------------------

    def _on_level_wanted(self, row: RootRow) -> None:
        self._wanted.append(row)
        if self._level_read is None and self._file is not None:
            self._level_task.start(self._read_levels(self._file))

    async def _read_levels(self, file: BinaryFile) -> None:
        while self._wanted:
            row = self._level_read = self._wanted.pop(0)
            try:
                loaded = await self._tools.decode(load_root, file, row.place)
            except Undecodable as error:
                self._level_read = None
                self._on_failed(error)
            else:
                self._level_read = None
                self.keys.add_level(row, loaded)
                if loaded.left_out:
                    self.facts.setText(_left_out(loaded))

    # Objects -----------------------------------------------------------------------------------------------

    def _on_chosen(self, current: QModelIndex) -> None:
        if current.isValid():
            self._show_chosen()

    def _show_chosen(self) -> None:
        row = self.keys.row_at(self.tree.currentIndex())
        if row is None or self._file is None:
            return
        self._chosen = row
        if row.holds is Holds.FOLDER:
            self._object_task.cancel()
            self._object_read = None
            self.facts.setText(f"{shown_text(row.name)}  ·  {shown_text(row.kind)}")
            self._say(_("This is a folder."))
        else:
            if self._object_read is None or time.monotonic() > self._read_since + QUICK:
                self._object_task.start(self._read_chosen(self._file))

    async def _read_chosen(self, file: BinaryFile) -> None:
        """Read what is chosen; if that is something else by then, go on with it."""
        row: RootRow | None = None
        while self._chosen is not None and self._chosen is not row:
            row = self._object_read = self._chosen
            self._read_since = time.monotonic()
            try:
                found = await self._tools.decode(read_root, file, row.place)
            except Undecodable as error:
                self._object_read = None
                if self._chosen is row:
                    self._on_failed(error)
            else:
                self._object_read = None
                if self._chosen is row:
                    self._show_object(row, found)

    def _show_object(self, row: RootRow, found: RootObject) -> None:
        name = shown_text(row.name)
        words = (
            name,
            found.title.strip() if found.title.strip() != row.name else "",
            found.kind,
            *found.facts,
        )
        self.facts.setText("  ·  ".join(shown_text(word) for word in words if word))
        if found.plots:
            self._draw(found)
        else:
            self.text.setPlainText(found.text or _("There is nothing to show of it."))
            self.stack.setCurrentWidget(self.text)

    def _draw(self, found: RootObject) -> None:
        from itkgui.views.plots.plot_pane import PlotPane
        from itkgui.views.plots.root_plots import measurements_of_object

        if self.plot is None:
            self.plot = PlotPane(Style.in_use())
            self.stack.addWidget(self.plot)
        self.plot.show_data(measurements_of_object(found))
        self.stack.setCurrentWidget(self.plot)

    def _on_failed(self, error: ItkError) -> None:
        self.facts.setText("")
        self.trouble.show_error(error)
        self.stack.setCurrentIndex(1)


def _icon(row: RootRow) -> QIcon:
    plotted = "chart" if row.kind.startswith(_PLOTTED) else "text"
    return icon(_ICONS.get(row.holds, plotted), "quiet")


def _left_out(loaded: LoadedRoot) -> str:
    shown = len(loaded.rows)
    if not loaded.left_out:
        return ""
    return _("The first {shown:,} of {count:,} are listed.").format(
        shown=shown, count=shown + loaded.left_out
    )
