"""The support bundle before it is saved: every part of it can be read first."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from itkgui.background.worker import Worker
from itkgui.client import transfer
from itkgui.client.exceptions import FileNotWritten, ItkError
from itkgui.diagnosis.doctor import Examination
from itkgui.diagnosis.finding import Surroundings
from itkgui.diagnosis.support_bundle import Bundle, collected, file_name
from itkgui.language import _
from itkgui.settings.configuration import Configuration
from itkgui.views.context.view_task import ViewTask
from itkgui.views.style import set_icon, set_role, set_room
from itkgui.views.widgets.save_dialog import SaveDialog
from itkgui.views.widgets.trouble_pane import TroublePane

_STEP = 0.2  # seconds
_SHOWN = 300_000  # characters of a part on the screen; the end, which is the latest


class BundleSheet(QDialog):
    """Collects on the worker. ``doctor`` is what the doctor found; without it, it is asked first."""

    def __init__(
        self,
        parent: QWidget,
        worker: Worker,
        configuration: Configuration,
        *,
        doctor: str = "",
        fault: str = "",
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Support bundle"))
        self._worker, self._configuration = worker, configuration
        self.bundle: Bundle | None = None
        self._task = ViewTask(self, self._on_failed)
        told = QLabel(
            _(
                "This goes into one file for whoever helps you. Credentials, your name and this computer's"
                " are taken out, and nothing of your files is in it. Read it, then save it."
            )
        )
        told.setTextFormat(Qt.TextFormat.PlainText)
        told.setWordWrap(True)
        self.parts = QListWidget()
        self.parts.setAccessibleName(_("Parts of the bundle"))
        self.parts.setSpacing(2)
        set_room(self.parts, least=(12, 0), most=(24, 0))
        self.parts.currentRowChanged.connect(self._show_part)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setAccessibleName(_("What the part holds"))
        set_role(self.text, "reader")
        self.state = QLabel()
        self.state.setTextFormat(Qt.TextFormat.PlainText)
        self.state.setWordWrap(True)
        set_role(self.state, "quiet")
        self.trouble = TroublePane(can_retry=False)
        self.save_button, self.close_button = QPushButton(_("Save…")), QPushButton(_("Close"))
        set_role(self.save_button, "main")
        self.save_button.setEnabled(False)
        self.save_button.clicked.connect(self._choose_file)
        self.close_button.clicked.connect(self.close)
        panes = QSplitter()
        panes.addWidget(self.parts)
        panes.addWidget(self.text)
        panes.setStretchFactor(1, 1)
        panes.setChildrenCollapsible(False)
        panes.setSizes([160, 800])
        below = QHBoxLayout()
        below.addWidget(self.state, 1)
        below.addWidget(self.close_button)
        below.addWidget(self.save_button)
        layout = QVBoxLayout(self)
        layout.addWidget(told)
        layout.addWidget(panes, 1)
        layout.addWidget(self.trouble)
        layout.addLayout(below)
        self.resize(min(980, parent.width() - 40), min(640, parent.height() - 40))
        self.state.setText(_("Collecting…"))
        self._task.start(self._collect(doctor, fault))

    async def _collect(self, doctor: str, fault: str) -> None:
        bundle = await self._worker.call(_collected, self._configuration, doctor, fault)
        self.bundle = bundle
        for part in bundle.parts:
            self.parts.addItem(part.name)
        self.parts.setCurrentRow(0)
        self.state.setText("")
        self.save_button.setEnabled(True)
        self.save_button.setDefault(True)

    def _show_part(self, row: int) -> None:
        if self.bundle is not None and row >= 0:
            self.text.setPlainText(self.bundle.parts[row].text[-_SHOWN:])

    def _choose_file(self) -> None:
        dialog = SaveDialog(self, _("Save the support bundle"), file_name())
        dialog.fileSelected.connect(lambda chosen: self.save(Path(chosen)))
        dialog.open()

    def save(self, file: Path) -> None:
        """Write the bundle, beside the GUI."""
        if self.bundle is not None:
            self._task.start(self._save(self.bundle, file))

    async def _save(self, bundle: Bundle, file: Path) -> None:
        self.trouble.hide()
        await self._worker.call(_saved, bundle, file)
        self.state.setText(_("Saved: {file}").format(file=file))
        set_icon(self.save_button, "passed", "on_accent", 16)

    def _on_failed(self, error: ItkError) -> None:
        self.trouble.show_error(error)


def _collected(configuration: Configuration, doctor: str, fault: str) -> Bundle:
    if not doctor:
        from itkgui.diagnosis.command import told

        examination = Examination(Surroundings(configuration.settings, configuration.paths))
        while not examination.wait(_STEP):  # each check has a limit
            transfer.current().check()  # whoever quits does not wait for it
        doctor = told(examination.findings, with_facts=True)
    return collected(configuration, doctor, fault)


def _saved(bundle: Bundle, file: Path) -> None:
    try:
        bundle.save(file)
    except OSError as error:
        raise FileNotWritten(f"{file}: {error.strerror or error}") from error
