"""Tells what became of uploads: once for all that arrived together, and each trouble once with its cure."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence

from PySide6.QtCore import QObject, Signal

from itkgui.item_models.upload_words import (
    counted,
    is_kept_away,
    needs_person,
    stays_paused,
    trouble_of,
    what_text,
)
from itkgui.language import _, ngettext
from itkgui.uploads.upload import Cause, Upload, UploadKind, UploadState
from itkgui.views.context.messages import Messages
from itkgui.views.context.upload_watch import UploadWatch


class UploadNews(QObject):
    """Waits with good news until nothing more will come in a moment; bad news is told at once.

    What those want to know who do not look at the window is ``told``, too.
    """

    told = Signal(str, str, bool)  # title, sentence, whether somebody has to do something

    def __init__(self, watch: UploadWatch, messages: Messages, parent: QObject) -> None:
        super().__init__(parent)
        self._queue = watch.uploads
        self._messages = messages
        self._arrived: dict[str, Upload] = {}
        self._told: dict[str, tuple[Hashable, ...]] = {}  # why uploads stand still, by id
        watch.changed.connect(self._on_changed)
        watch.beaten.connect(self._tell_arrived)
        self._tell_of_before()

    def _tell_of_before(self) -> None:
        rows = self._queue.uploads
        stopped = [row for row in rows if needs_person(row)]
        self._told = {row.id: subject for row in stopped if (subject := _subject(row)) is not None}
        resting = sum(stays_paused(row, are_all_paused=self._queue.is_paused) for row in rows)
        going = sum(row.state.is_open and not needs_person(row) for row in rows) - resting
        if stopped:
            said = ngettext(
                "{count} upload of before did not arrive",
                "{count} uploads of before did not arrive",
                len(stopped),
            ).format(count=f"{len(stopped):,}")
            self._messages.warn(said, _("Something has to be done first."), _("“Uploads” says what."))
        elif going:
            said = ngettext("{count} upload of before goes on", "{count} uploads of before go on", going)
            self._messages.notify(said.format(count=f"{going:,}"))
        elif resting:
            said = ngettext(
                "{count} upload of before stays paused", "{count} uploads of before stay paused", resting
            )
            self._messages.notify(said.format(count=f"{resting:,}"))

    def _on_changed(self, uploads: Sequence[Upload]) -> None:
        for upload in uploads:
            if upload.state is UploadState.DONE:
                self._arrived[upload.id] = upload
        self._tell_stopped(uploads)

    def _tell_stopped(self, uploads: Iterable[Upload]) -> None:
        groups: dict[Hashable, list[Upload]] = {}
        for upload in uploads:
            subject = _subject(upload)
            if subject is None:
                self._told.pop(upload.id, None)
            elif self._told.get(upload.id) != subject:
                is_known = subject in self._told.values()
                self._told[upload.id] = subject
                if not is_known:
                    groups.setdefault(subject[:-1], []).append(upload)
        for rows in groups.values():
            trouble, what, where = trouble_of(rows[0]), _what(rows), _where(rows)
            if trouble is None:
                continue
            if rows[0].state is UploadState.WAITING:  # a bar says more
                said = ngettext("{what} is not on {where} yet", "{what} are not on {where} yet", len(rows))
                title, sentence = said.format(what=what, where=where), f"{trouble.title}. {trouble.cure}"
                self._messages.warn(title, sentence, "")
                if needs_person(rows[0]):
                    self.told.emit(title, sentence, True)
            else:
                said = ngettext("{what} is not on {where}", "{what} are not on {where}", len(rows))
                title = f"{said.format(what=what, where=where)}: {trouble.title}"
                self._messages.warn(title, trouble.sentence, trouble.cure)
                self.told.emit(title, trouble.cure, True)

    def _tell_arrived(self) -> None:
        if not self._arrived or self._queue.is_flowing():
            return
        rows, self._arrived = list(self._arrived.values()), {}
        said = ngettext(
            "{what} is on {where}: sent and read back", "{what} are on {where}: sent and read back", len(rows)
        ).format(what=_what(rows), where=_where(rows))
        self._messages.notify(said, "good")
        self.told.emit(_("All uploads have arrived"), said, False)


def _subject(upload: Upload) -> tuple[Hashable, ...] | None:
    """Return what a message about an upload that stands still is about; None if it does not.

    What keeps all from one storage is told once, whatever else is added that goes there.
    """
    trouble = upload.trouble
    if trouble is None or not (needs_person(upload) or is_kept_away(upload)):
        return None
    if upload.state not in (UploadState.FAILED, UploadState.HELD):  # a session or a server, the same for all
        return trouble.cause, "", "", None
    place = upload.storage if trouble.cause is Cause.STORAGE else upload.target
    return trouble.cause, trouble.title, trouble.sentence, place


def _what(rows: Sequence[Upload]) -> str:
    runs = sum(row.kind is UploadKind.TEST_RUN for row in rows)
    return what_text(rows[0]) if len(rows) == 1 else counted(runs, len(rows) - runs)


def _where(rows: Sequence[Upload]) -> str:
    ids = {row.id for row in rows}  # a new run with its files is at one place
    targets = {row.target: row.target.label for row in rows if row.parent not in ids}
    if len(targets) == 1:
        return next(iter(targets.values()))
    return ngettext("{count} target", "{count} targets", len(targets)).format(count=f"{len(targets):,}")
