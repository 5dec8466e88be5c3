"""All the numbers of one result as a table, to be looked through, sorted, copied and exported."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from itkgui.item_models.array_table import ArrayTable
from itkgui.item_models.plain_text import shown_text
from itkgui.item_models.result_table import ResultRow
from itkgui.language import _, ngettext
from itkgui.views.context.view_context import ViewContext
from itkgui.views.style import set_icon, set_role
from itkgui.views.tables.export_button import ExportButton
from itkgui.views.tables.record_view import RecordView

_WIDTH = 12  # digits


class ArrayView(QWidget):
    """Made for one result; Esc or its button goes back to the list of results."""

    closed = Signal()
    plot_requested = Signal(object)  # ResultRow

    def __init__(self, row: ResultRow, context: ViewContext) -> None:
        super().__init__()
        self.table = ArrayTable(row.measured)
        self.view = RecordView(self.table, _("Values of {label}").format(label=row.label), several=True)
        self.view.set_widths(6, *[_WIDTH] * (len(self.table.columns) - 1))
        back, plot = QPushButton(_("Results")), QPushButton(_("Plot"))
        set_icon(back, "back")
        set_icon(plot, "chart")
        back.setToolTip(_("Back to the results (Esc)"))
        back.clicked.connect(self.closed)
        plot.clicked.connect(lambda: self.plot_requested.emit(row))
        title = QLabel(shown_text(f"{row.label}: {row.text} {row.measured.unit}".strip()))
        title.setTextFormat(Qt.TextFormat.PlainText)
        title.setWordWrap(True)
        set_role(title, "quiet")
        self.export_button = ExportButton(self.view, row.measured.code or "values", context)
        above = QHBoxLayout()
        above.setContentsMargins(8, 6, 8, 6)
        above.setSpacing(10)
        above.addWidget(back)
        above.addWidget(title, 1)
        above.addWidget(plot)
        above.addWidget(self.export_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(above)
        if self.table.left_out:
            said = ngettext(
                "{count:,} more column is not shown; the raw JSON has all.",
                "{count:,} more columns are not shown; the raw JSON has all.",
                self.table.left_out,
            )
            note = QLabel(said.format(count=self.table.left_out))
            set_role(note, "quiet")
            note.setContentsMargins(12, 0, 12, 6)
            layout.addWidget(note)
        layout.addWidget(self.view, 1)
        self.setFocusProxy(self.view)

    def event(self, event: QEvent) -> bool:
        # Else the window would take Esc for its own.
        if event.type() == QEvent.Type.ShortcutOverride and _is_escape(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if _is_escape(event):
            self.closed.emit()
        else:
            super().keyPressEvent(event)


def _is_escape(event: QEvent) -> bool:
    return isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
