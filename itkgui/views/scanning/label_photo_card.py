"""Takes the photo of a label, and finds the codes in it."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QPushButton, QVBoxLayout

from itkgui.background.worker import Lane
from itkgui.client.exceptions import ItkError
from itkgui.client.files import inspect, open_file
from itkgui.item_models.plain_text import shown_name
from itkgui.language import _
from itkgui.views.context.view_context import ViewContext
from itkgui.views.context.view_task import ViewTask
from itkgui.views.widgets.card import Card
from itkgui.views.widgets.save_dialog import OpenDialog
from itkgui.views.widgets.trouble_pane import TroublePane

_PATIENCE = 15.0  # seconds that a large photo may take


class LabelPhotoCard(Card):
    """One code is taken at once; of several, one chooses."""

    chosen = Signal(str)  # the text of a code

    def __init__(self, context: ViewContext) -> None:
        super().__init__(_("Photo of a label"))
        self._context = context
        self._task = ViewTask(self, self._on_failed)
        self.words = self.add_text(_("Drop a photo anywhere on this page to read the code in it."), "quiet")
        self.choose_button = QPushButton(_("Choose a photo…"))
        self.choose_button.clicked.connect(self._on_choose)
        self.inside.addWidget(self.choose_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.trouble = TroublePane()
        self.inside.addWidget(self.trouble)
        self._codes = QVBoxLayout()
        self.inside.addLayout(self._codes)
        self.buttons: list[QPushButton] = []

    def read(self, path: Path) -> None:
        """Find the codes in a photo."""
        self._clear()
        self.words.setText(_("Looking for codes in {name}…").format(name=shown_name(path.name)))
        self._task.start(self._read(path))

    async def _read(self, path: Path) -> None:
        # Loaded here, where the first photo is: few have any.
        from itkgui.scanning.photo_code import codes_in

        worker, decoders = self._context.worker, self._context.decoders
        await worker.call(inspect, path)
        file = await worker.call(open_file, path, path.name)
        run = partial(decoders.run, codes_in, file, patience=_PATIENCE)
        codes = await worker.call(run, lane=Lane.DECODING)
        name = shown_name(path.name)
        if len(codes) == 1:
            self.words.setText(_("One code in {name}: {kind}.").format(name=name, kind=codes[0].kind))
            self.chosen.emit(codes[0].text)
            return
        self.words.setText(_("Several codes in {name}. Which one?").format(name=name))
        for code in codes:
            button = QPushButton(f"{shown_name(code.text)}  ({code.kind})".replace("&", "&&"))
            button.clicked.connect(partial(self.chosen.emit, code.text))
            self._codes.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
            self.buttons.append(button)

    def _on_choose(self) -> None:
        dialog = OpenDialog(self, _("Photo of a label"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda chosen: self.read(Path(chosen)))
        dialog.open()

    def _clear(self) -> None:
        self.trouble.hide()
        for button in self.buttons:
            button.hide()
            button.deleteLater()
        self.buttons.clear()

    def _on_failed(self, error: ItkError) -> None:
        self.words.setText(_("Drop another photo anywhere on this page."))
        self.trouble.show_error(error)
