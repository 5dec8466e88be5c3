"""Fetches the files beside the one that is looked at, while nobody waits for anything else."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from itkgui.client.exceptions import Cancelled, ItkError
from itkgui.records.attachment import Attachment, Storage
from itkgui.views.view_context import ViewContext
from itkgui.views.view_task import ViewTask

FETCHED_AHEAD = 5_000_000  # bytes: a neighbour that costs little even if nobody comes to look
_IDLE_S = 0.3  # from a file that is shown to the fetching of its neighbours


class Neighbours:
    """Small files that may be looked at next; what fails is told to whoever chooses it."""

    def __init__(self, view: QWidget, context: ViewContext) -> None:
        self._context = context
        self._task = ViewTask(view, context.messages.show)

    def fetch(self, neighbours: Sequence[Attachment]) -> None:
        """Fetch these in a moment, until ``cancel``."""
        self._task.start(self._fetch([a for a in neighbours if a.storage is not Storage.LINK]))

    def cancel(self) -> None:
        self._task.cancel()

    async def _fetch(self, neighbours: Sequence[Attachment]) -> None:
        await asyncio.sleep(_IDLE_S)
        shelf = self._context.attachments
        for attachment in neighbours:
            size = shelf.size(attachment)
            if size is not None and size > FETCHED_AHEAD:
                continue
            try:
                shelf.note(attachment, await shelf.fetch(attachment, most=FETCHED_AHEAD))
            except Cancelled:
                raise
            except ItkError:
                continue
