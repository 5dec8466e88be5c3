"""The commands of ``itkgui queue`` that look at rows and change them, whoever runs the queue."""

from __future__ import annotations

import argparse
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from itkgui.client.exceptions import ItkError
from itkgui.exit_codes import ExitCode
from itkgui.language import N_, _
from itkgui.uploads.hand_over import export_rows, import_rows, may_be_handed_over
from itkgui.uploads.headless.desk import Desk
from itkgui.uploads.headless.telling import PAUSED, left_there, row_lines
from itkgui.uploads.upload import Upload, UploadState


class UnknownUpload(ItkError):
    """The queue has no upload, or several, whose id begins as somebody has written."""

    title = N_("No such upload")
    sentence = N_(
        "The queue has no upload, or more than one, whose id begins like this; nothing was changed."
    )
    cure = N_("Look for it with “itkgui queue list”.")


async def _list(desk: Desk, _chosen: argparse.Namespace) -> ExitCode:
    code = _told(desk, _open(desk), _("Nothing waits in the queue."))
    if desk.queue.is_paused:
        desk.teller.remark(_(PAUSED))
    return code


async def _history(desk: Desk, chosen: argparse.Namespace) -> ExitCode:
    words = " ".join(chosen.words)
    rows = await desk.do(desk.queue.store.history, words, 0, max(1, chosen.count))
    desk.teller.tell(total=await desk.do(desk.queue.store.history_count, words))
    return _told(desk, rows, _("Nothing of the kind has ended."))


async def _retry(desk: Desk, chosen: argparse.Namespace) -> ExitCode:
    if chosen.ids:
        await desk.queue.retry(_ids(desk, chosen.ids), anyway=chosen.anyway)
    else:
        await desk.queue.retry_all(anyway=chosen.anyway)
    return await _changed(desk, chosen)


async def _pause(desk: Desk, chosen: argparse.Namespace) -> ExitCode:
    await desk.queue.pause(_ids(desk, chosen.ids) or None)
    return await _changed(desk, chosen)


async def _resume(desk: Desk, chosen: argparse.Namespace) -> ExitCode:
    was_paused = desk.queue.is_paused
    await desk.queue.resume(_ids(desk, chosen.ids) or None)
    if not chosen.ids:
        said = _("The queue is no longer paused.") if was_paused else _("The queue was not paused.")
        desk.teller.remark(said)
    return await _changed(desk, chosen)


async def _cancel(desk: Desk, chosen: argparse.Namespace) -> ExitCode:
    ids = _ids(desk, chosen.ids)
    await desk.queue.cancel(ids)
    return await _changed(desk, chosen, ids)


async def _export(desk: Desk, chosen: argparse.Namespace) -> ExitCode:
    ids = _ids(desk, chosen.ids) or [row.id for row in _open(desk) if may_be_handed_over(row)]
    if not ids:
        desk.teller.say(_("Nothing waits that could be handed over."))
        return ExitCode.NOTHING_SENT
    queue, server = desk.queue, desk.database.settings.api_url
    moment, path = desk.database.client.server_time, _absolute(chosen.archive)
    origin = (server, moment, desk.database.user.name)
    rows = await desk.do(export_rows, queue.store, queue.spool, ids, path, *origin)
    code = _told(desk, rows, "")
    desk.teller.remark(
        _("On the other computer, “itkgui queue import {name}” takes them over.").format(
            name=chosen.archive.name
        )
    )
    return code


async def _import(desk: Desk, chosen: argparse.Namespace) -> ExitCode:
    queue, server = desk.queue, desk.database.settings.api_url
    take = partial(import_rows, _absolute(chosen.archive), queue.store, queue.spool, server)
    rows = await desk.do(partial(take, as_own=chosen.as_own))
    code = _told(desk, rows, _("All of these were here before."))
    if rows:
        desk.teller.remark(left_there(len(rows), is_paused=queue.is_paused))
    return code


COMMANDS: Mapping[str, Callable[[Desk, argparse.Namespace], Awaitable[ExitCode]]] = {
    "list": _list,
    "history": _history,
    "retry": _retry,
    "pause": _pause,
    "resume": _resume,
    "cancel": _cancel,
    "export": _export,
    "import": _import,
}


def _open(desk: Desk) -> list[Upload]:
    return [row for row in desk.queue.uploads if not row.state.has_ended]


def _absolute(path: Path) -> Path:
    return path.expanduser().absolute()


def _ids(desk: Desk, beginnings: Sequence[str]) -> list[str]:
    """Return the whole ids of uploads that have not ended. Raises UnknownUpload."""
    found = []
    for beginning in beginnings:
        matching = [row.id for row in _open(desk) if row.id.startswith(beginning.lower())]
        if not beginning or len(matching) != 1:
            raise UnknownUpload(beginning)
        found += matching
    return found


async def _changed(desk: Desk, chosen: argparse.Namespace, ids: Sequence[str] = ()) -> ExitCode:
    """Tell how the rows that were chosen, or all, are on the disk now."""
    wanted = ids or _ids(desk, chosen.ids) or [row.id for row in _open(desk)]
    found = [await desk.do(desk.queue.store.find, one) for one in wanted]
    code = _told(desk, [row for row in found if row is not None], _("Nothing waits in the queue."))
    is_paused = await desk.do(lambda: desk.queue.store.is_paused)
    desk.teller.tell(is_paused=is_paused)
    if is_paused:
        desk.teller.remark(_(PAUSED))
    return code


def _told(desk: Desk, rows: Sequence[Upload], nothing: str) -> ExitCode:
    desk.teller.rows(rows)
    for row in rows:
        desk.teller.say(*row_lines(row, is_run=desk.is_run))
    if not desk.is_run and any(row.state is UploadState.CANCELLING for row in rows):
        desk.teller.remark(
            _("What has begun is taken back from the server by the window or “itkgui queue run”.")
        )
    if not desk.is_run and any(row.state in (UploadState.SENDING, UploadState.CHECKING) for row in rows):
        desk.teller.remark(_("What was interrupted goes on with the window or “itkgui queue run”."))
    if not rows:
        desk.teller.say(nothing)
    return ExitCode.DONE
