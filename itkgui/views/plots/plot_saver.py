"""The button that saves and copies a plot: as a picture, as a drawing, as data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QToolButton

from itkgui.client.exceptions import FileNotWritten, ItkError
from itkgui.item_models.table_export import Extract
from itkgui.language import _
from itkgui.views.context.view_task import ViewTask
from itkgui.views.plots.canvas import Canvas
from itkgui.views.plots.export import as_png, drawing, picture, write_file, write_rows
from itkgui.views.plots.looks import LegendEntry
from itkgui.views.tables.table_clipboard import TableClipboard
from itkgui.views.widgets.save_dialog import SaveDialog

_CLIPBOARD_ROWS = 100_000


@dataclass(frozen=True)
class Shown:
    """What is to be saved: a plot, and its legend as far as it is shown."""

    canvas: Canvas
    entries: tuple[LegendEntry, ...]


class PlotSaver(QToolButton):
    """Asks where to, saves as a whole or not at all, and tells how it went."""

    told = Signal(str, str)  # sentence, tone

    def __init__(self, shown: Callable[[], Shown | None]) -> None:
        super().__init__()
        self._shown = shown
        self._task = ViewTask(self, self._on_error)
        self._clipboard = TableClipboard(self)
        self._clipboard.copied.connect(
            lambda count: self.told.emit(_("Copied {count:,} rows.").format(count=count), "good")
        )
        menu = QMenu(self)
        for text, ending, save in (
            (_("Save picture (PNG)…"), "png", self.save_picture),
            (_("Save drawing (SVG)…"), "svg", self.save_drawing),
            (_("Save data (CSV)…"), "csv", self.save_data),
        ):
            menu.addAction(text, partial(self._ask_path, ending, save))
        menu.addSeparator()
        menu.addAction(_("Copy picture"), self.copy_picture)
        menu.addAction(_("Copy data"), self.copy_data)
        dress_menu_button(self, _("Save or copy"), menu)

    def save_picture(self, path: Path) -> None:
        """Save what is shown as PNG, at twice the size."""
        if (shown := self._shown()) is not None:
            self._write(path, as_png(picture(shown.canvas, shown.entries)))

    def save_drawing(self, path: Path) -> None:
        """Save what is shown as SVG."""
        if (shown := self._shown()) is not None:
            self._write(path, drawing(shown.canvas, shown.entries))

    def save_data(self, path: Path) -> None:
        """Save the data that is shown as CSV, while the user goes on."""
        if (shown := self._shown()) is not None:
            self._task.start(self._write_rows(path, shown.canvas.extract()))

    def copy_picture(self) -> None:
        """Put what is shown on the clipboard."""
        if (shown := self._shown()) is not None:
            QGuiApplication.clipboard().setImage(picture(shown.canvas, shown.entries))
            self.told.emit(_("Copied the picture."), "good")

    def copy_data(self) -> None:
        """Put the data that is shown on the clipboard, as a spreadsheet takes it."""
        if (shown := self._shown()) is None:
            return
        extract = shown.canvas.extract()
        count = len(extract.records)
        if count > _CLIPBOARD_ROWS:
            sentence = _(
                "{count:,} rows are too many for the clipboard. Save the data as CSV instead."
            ).format(count=count)
            self.told.emit(sentence, "caution")
        else:
            self._clipboard.copy(extract)

    async def _write_rows(self, path: Path, extract: Extract) -> None:
        await write_rows(path, extract)
        self.told.emit(_("Saved as {name}.").format(name=path.name), "good")

    def _write(self, path: Path, content: bytes) -> None:
        try:
            write_file(path, content)
        except FileNotWritten as error:
            self._on_error(error)
        else:
            self.told.emit(_("Saved as {name}.").format(name=path.name), "good")

    def _on_error(self, error: ItkError) -> None:
        self.told.emit(f"{error.sentence} {error.cure}", "bad")

    def _ask_path(self, ending: str, save: Callable[[Path], None]) -> None:
        dialog = SaveDialog(self, _("Save as"), f"plot.{ending}")
        dialog.setDefaultSuffix(ending)
        dialog.fileSelected.connect(lambda name: save(Path(name)))
        dialog.open()


def dress_menu_button(button: QToolButton, name: str, menu: QMenu) -> None:
    """Make a button open a menu, under a name."""
    button.setToolTip(name)
    button.setAccessibleName(name)
    button.setMenu(menu)
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
