"""Deletes attachments, one after another, and tells what came of it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from itkgui.client.exceptions import Cancelled, ItkError
from itkgui.item_models.attachment_words import failures_text
from itkgui.language import N_, _, ngettext
from itkgui.records.attachment import Attachment
from itkgui.views.context.view_context import ViewContext
from itkgui.views.context.view_task import ViewTask

_CURE_OF_BYTES = N_("No list shows them any more: if they must go, tell the database's support.")

_Failures = Sequence[tuple[Attachment, ItkError]]


class AttachmentRemover(QObject):
    """Belongs to a page, which has asked before. What fails does not hold up the others."""

    removed = Signal(object)
    """A set of codes, when all that could be deleted is."""

    def __init__(self, page: QWidget, context: ViewContext) -> None:
        super().__init__(page)
        self._context = context
        self._task = ViewTask(page, context.messages.show)

    @property
    def is_busy(self) -> bool:
        return self._task.is_running

    def remove(self, attachments: Sequence[Attachment]) -> None:
        """Delete attachments, entries and bytes."""
        count = len(attachments)
        if count > 1:
            said = ngettext("Deleting {count:,} file…", "Deleting {count:,} files…", count)
            self._context.messages.notify(said.format(count=count))
        self._task.start(self._remove(attachments))

    async def _remove(self, attachments: Sequence[Attachment]) -> None:
        messages = self._context.messages
        failed: list[tuple[Attachment, ItkError]] = []
        halves: list[tuple[Attachment, ItkError]] = []  # without an entry, but with bytes
        for attachment in attachments:
            error = await self._failure_to_remove(attachment)
            if error is not None:
                (halves if error.left_behind else failed).append((attachment, error))
        codes = {a.code for a in attachments} - {attachment.code for attachment, _error in failed}
        if len(attachments) == 1 and failed:
            messages.show(failed[0][1])
        elif failed or halves:
            self._tell(failed, halves, len(attachments))
        elif len(attachments) == 1:
            messages.notify(_("{name} was deleted").format(name=attachments[0].display_name), "good")
        else:
            count = len(attachments)
            said = ngettext("{count:,} file was deleted", "{count:,} files were deleted", count)
            messages.notify(said.format(count=count), "good")
        if codes:
            self.removed.emit(codes)

    async def _failure_to_remove(self, attachment: Attachment) -> ItkError | None:
        """Delete one; return why it, or what it ``left_behind``, could not be. Raises Cancelled."""
        half: ItkError | None = None
        try:
            await self._context.worker.call(self._context.database.delete_attachment, attachment)
        except Cancelled:
            raise
        except ItkError as error:
            if not error.left_behind:
                return error
            half = error
        await self._context.attachments.forget(attachment)
        return half

    def _tell(self, failed: _Failures, halves: _Failures, count: int) -> None:
        stay = _("Bytes stay on EOS: {files}.").format(files=failures_text(halves)) if halves else ""
        if failed:
            title = ngettext(
                "{failed} of {count} file was not deleted",
                "{failed} of {count} files were not deleted",
                count,
            ).format(failed=len(failed), count=count)
            still = _("The others are deleted. Still there: {files}.").format(files=failures_text(failed))
            self._context.messages.warn(title, f"{still} {stay}".strip(), _(failed[0][1].cure))
        elif count == 1:
            name = halves[0][0].display_name
            title = _("{name} was deleted, but its bytes stay on EOS").format(name=name)
            self._context.messages.warn(title, f"{_(halves[0][1].title)}.", _(_CURE_OF_BYTES))
        else:
            title = ngettext(
                "{count:,} file was deleted, but the bytes of {halves:,} stay on EOS",
                "{count:,} files were deleted, but the bytes of {halves:,} stay on EOS",
                count,
            ).format(count=count, halves=len(halves))
            self._context.messages.warn(title, stay, _(_CURE_OF_BYTES))
