"""Gets the files beside the one that is looked at ready, while nobody waits for anything else."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from itkgui.client.exceptions import Cancelled, ItkError
from itkgui.client.files import BinaryFile
from itkgui.records.attachment import Attachment, Storage
from itkgui.views.context.view_context import ViewContext
from itkgui.views.context.view_task import ViewTask
from itkgui.views.previews.preview_content import PreviewContent

FETCHED_AHEAD = 5_000_000  # bytes: a neighbour that costs little even if nobody comes to look
_IDLE_S = 0.3  # from a file that is shown to the fetching of its neighbours


class Neighbours:
    """Small files that may be looked at next; what fails is told to whoever chooses it."""

    def __init__(self, view: QWidget, context: ViewContext, content: PreviewContent) -> None:
        self._context, self._content = context, content
        self._task = ViewTask(view, context.messages.show)

    def fetch(self, neighbours: Sequence[Attachment]) -> None:
        """Fetch these in a moment, and decode the first, until ``cancel``."""
        self._task.start(self._fetch(neighbours))

    def cancel(self) -> None:
        self._task.cancel()

    async def _fetch(self, neighbours: Sequence[Attachment]) -> None:
        await asyncio.sleep(_IDLE_S)
        for attachment in neighbours:
            if attachment.storage is Storage.LINK:
                continue
            try:
                file = await self._file(attachment)
            except Cancelled:
                raise
            except ItkError:
                continue
            if file is not None and attachment is neighbours[0]:
                self._content.prepare(file)

    async def _file(self, attachment: Attachment) -> BinaryFile | None:
        """Return the file of a neighbour if it is here, or is small."""
        shelf = self._context.attachments
        file = await shelf.find(attachment)
        if file is None and (shelf.size(attachment) or 0) <= FETCHED_AHEAD:
            file = await shelf.fetch(attachment, most=FETCHED_AHEAD)
        if file is not None:
            shelf.note(attachment, file)
        return file
