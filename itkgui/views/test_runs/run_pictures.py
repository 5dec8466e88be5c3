"""The pictures that are results of a run, small, in a row; each is fetched when it comes into sight."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QToolButton, QWidget

from itkgui.client.exceptions import Cancelled, ItkError
from itkgui.item_models.attachment_table import looks_like_picture
from itkgui.item_models.plain_text import plain_hint, shown_text
from itkgui.language import _
from itkgui.records.attachment import Attachment
from itkgui.records.test_run import TestRun
from itkgui.views.context.view_context import ViewContext
from itkgui.views.context.view_task import ViewTask
from itkgui.views.style import set_icon, set_role

_SIDE = 84  # pixels
_MOST = 24
_PAUSE = 0.25  # seconds before the first is fetched: somebody may only be passing by


class RunPictures(QScrollArea):
    """Hidden where no result of a run is a picture."""

    attachment_requested = Signal(object)  # Attachment

    def __init__(self, context: ViewContext) -> None:
        super().__init__()
        self._context = context
        self._task = ViewTask(self, context.messages.show)
        self.buttons: list[QToolButton] = []
        self.setWidgetResizable(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFixedHeight(_SIDE + 34)
        self.hide()

    def show_run(self, run: TestRun) -> None:
        """Show the pictures that a run's results name, as far as the run has them."""
        self._task.cancel()
        self.buttons = []
        pictures = pictures_of(run)
        self.setVisible(bool(pictures))
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(10, 4, 10, 4)
        for attachment in pictures:
            button = QToolButton()
            set_icon(button, "image", "quiet", _SIDE // 2)
            button.setIconSize(QSize(_SIDE, _SIDE))
            button.setFixedSize(_SIDE + 12, _SIDE + 12)
            set_role(button, "picture")
            name = attachment.display_name
            button.setToolTip(plain_hint(f"{name}\n{attachment.description}".strip()))
            button.setAccessibleName(shown_text(_("Picture {name}: open").format(name=name)))
            button.clicked.connect(
                lambda _checked=False, wanted=attachment: self.attachment_requested.emit(wanted)
            )
            layout.addWidget(button)
            self.buttons.append(button)
        layout.addStretch()
        self.setWidget(row)
        if pictures:
            self._task.start(self._load(pictures))

    async def _load(self, pictures: Sequence[Attachment]) -> None:
        shelf = self._context.attachments
        if any(shelf.thumbnail(attachment) is None for attachment in pictures):
            await asyncio.sleep(_PAUSE)
        for button, attachment in zip(self.buttons, pictures, strict=True):
            try:
                picture = await shelf.picture_of(attachment)
            except Cancelled:
                raise
            except ItkError as error:  # the others may be there
                set_icon(button, "warning", "caution", _SIDE // 3)
                button.setToolTip(plain_hint(f"{attachment.display_name}\n{error.sentence}\n{error.cure}"))
                continue
            button.setProperty("iconName", "")
            button.setIcon(QIcon(picture))


def pictures_of(run: TestRun) -> list[Attachment]:
    """Return the attachments of a run that its results name, and that look like pictures."""
    files = {attachment.code: attachment for attachment in run.attachments}
    codes = dict.fromkeys(code for result in run.results for code in result.attachment_codes)
    found = [files[code] for code in codes if code in files]
    return [file for file in found if looks_like_picture(file)][:_MOST]
