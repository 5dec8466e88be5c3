"""The commands ``itkgui upload`` and ``itkgui queue``: what they take, and how they end.

Exit codes are those of ``itkgui.exit_codes``. The settings are those of the window (``itkgui
--show-config``); who sends comes from the environment, as for scripts: the access codes
``ITKDB_ACCESS_CODE1`` and ``2``.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import signal
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from itkgui import __version__, exit_codes, log
from itkgui.client.database import ProductionDatabase
from itkgui.client.exceptions import Cancelled, ComponentNotFound, ItkError, SignInFailed, TestRunNotFound
from itkgui.exit_codes import ExitCode
from itkgui.language import N_, _, ngettext
from itkgui.paths import UserPaths
from itkgui.records.attachment import Storage
from itkgui.records.component_link import identifier_from
from itkgui.settings import Settings
from itkgui.settings.command_line import add_options, given_options
from itkgui.settings.configuration import load
from itkgui.uploads.headless.desk import Desk, code_of, opened, runs_elsewhere
from itkgui.uploads.headless.keeping import COMMANDS, UnknownUpload
from itkgui.uploads.headless.sending import Order, into_queue, packed
from itkgui.uploads.headless.telling import PAUSED, Teller, left_there
from itkgui.uploads.upload import Upload


def main(arguments: Sequence[str]) -> int:
    """Run a command with its arguments, ``upload`` or ``queue`` first; return its exit code."""
    chosen = _parser().parse_args(arguments)
    if chosen.command == "upload" and chosen.title and (len(chosen.files) > 1 or chosen.files[0].is_dir()):
        chosen.refuse(_("--title is for a single file"))
    try:
        configuration = load(given_options(chosen))
        configuration.speak()
        if configuration.wrong_address is not None:
            chosen.refuse(log.redact(str(configuration.wrong_address)))
        settings, paths = configuration.settings, configuration.paths
        trouble = _made(paths)
        if trouble and chosen.data_dir is not None:
            chosen.refuse(trouble)
        log.set_up(settings.log_level, paths.log_file, to_terminal=False)
    except ValueError as error:
        chosen.refuse(log.redact(str(error)))
    logging.getLogger(__name__).info("itkgui %s: %s", __version__, chosen.command)
    teller = Teller(as_json=chosen.json)
    configuration.log_problems()
    for problem in filter(None, (trouble, *configuration.problems, *configuration.doubts)):
        teller.remark(log.redact(str(problem)))
    if chosen.command == "upload":
        _tell_taken(teller, [])
    code = _ended(lambda: _signed_in(chosen, settings, paths, teller), teller)
    teller.end(code)
    return code


def _made(paths: UserPaths) -> str:
    """Make the program's folders; return why some cannot be made: then one can look, but not send."""
    try:
        paths.create()
    except OSError as error:
        return str(error)
    return ""


def _ended(work: Callable[[], ExitCode], teller: Teller) -> ExitCode:
    """Do the work; return its code, or the one of the error that it ends with."""
    try:
        return work()
    except (KeyboardInterrupt, asyncio.CancelledError, Cancelled):
        teller.remark(teller.if_interrupted)
        return ExitCode.INTERRUPTED
    except UnknownUpload as error:
        teller.error(error)
        return ExitCode.USAGE
    except SignInFailed as error:
        teller.error(error)
        if teller.took_nothing:
            teller.remark(_("Nothing was sent, and nothing was taken into the queue."))
        return ExitCode.NEEDS_YOU
    except ItkError as error:
        logging.getLogger(__name__).info("%s", error)
        teller.error(error)
        return ExitCode.NOTHING_SENT


def _signed_in(chosen: argparse.Namespace, settings: Settings, paths: UserPaths, teller: Teller) -> ExitCode:
    with ProductionDatabase.sign_in(settings) as database:
        folder = paths.uploads(settings.api_url, database.account)
        if chosen.command == "upload":
            return _upload(chosen, database, folder, teller)
        if chosen.command == "run":
            return _run(_sent(database, folder, teller))
        return _run(_kept(chosen, database, folder, teller))


# Sending ---------------------------------------------------------------------------------------------------


def _upload(
    chosen: argparse.Namespace, database: ProductionDatabase, folder: Path, teller: Teller
) -> ExitCode:
    order = Order(
        chosen.to,
        tuple(chosen.files),
        chosen.kind or "",
        chosen.title or "",
        chosen.description or "",
        {None: None, "eos": Storage.EOS, "itkpd": Storage.FILE}[chosen.storage],
        chosen.anyway,
        chosen.plain,
    )
    try:
        parcel = packed(database, order)
    except (ComponentNotFound, TestRunNotFound) as error:
        teller.error(error, chosen.to)
        return ExitCode.NOTHING_SENT
    for remark in parcel.remarks:
        teller.warn(remark)
    told = len(parcel.remarks)

    def refused() -> ExitCode:
        teller.object_to(parcel.objections, anyway=order.anyway)
        overridable = all(one.may_pass for one in parcel.hindrances)
        hint = _("With --anyway it is sent all the same.") if overridable else ""
        teller.remark(" ".join(filter(None, (_("Nothing was sent."), hint))))
        return ExitCode.NOTHING_SENT

    async def send() -> ExitCode:
        async with opened(database, folder, teller, may_run=chosen.wait is not False) as desk:
            try:
                rows = await into_queue(desk, parcel)
            finally:
                _tell_taken(teller, parcel.taken)
            for remark in parcel.remarks[told:]:
                teller.warn(remark)
            if parcel.hindrances:
                return refused()
            teller.object_to(parcel.objections, anyway=order.anyway)
            ids = [row.id for row in rows]
            if chosen.wait is False or (chosen.wait is None and not desk.queue.is_master):
                teller.rows(rows)
                return await _left_there(desk, len(rows), is_asked_for=chosen.wait is False)
            settled = await desk.until_settled(ids)
            teller.rows(settled)
            await desk.until_looked_at()
            settled = await desk.after_last_looks(settled)
            teller.rows(settled)
            if desk.queue.is_paused and code_of(settled) is ExitCode.NEEDS_YOU:
                teller.remark(_(PAUSED))
            return code_of(settled)

    return refused() if parcel.hindrances else _run(send())


def _tell_taken(teller: Teller, rows: Sequence[Upload]) -> None:
    teller.tell(taken=[row.id for row in rows])
    if not rows:
        teller.if_interrupted = _("Interrupted: nothing was taken into the queue, and nothing sent.")
        return
    teller.if_interrupted = ngettext(
        "Interrupted. {count} file is in the queue: itkgui queue run sends it.",
        "Interrupted. {count} files are in the queue: itkgui queue run sends them.",
        len(rows),
    ).format(count=len(rows))


async def _left_there(desk: Desk, count: int, *, is_asked_for: bool) -> ExitCode:
    if is_asked_for:
        desk.teller.say(left_there(count, is_paused=desk.queue.is_paused))
        return ExitCode.DONE
    holder = desk.queue.holder
    if holder is None:
        text = ngettext(
            "{count} file is in the queue, which another process runs: it sends it unless it ends;"
            " then itkgui queue run does.",
            "{count} files are in the queue, which another process runs: it sends them unless it ends;"
            " then itkgui queue run does.",
            count,
        )
        desk.teller.say(text.format(count=count))
    else:
        text = ngettext(
            "{count} file is in the queue, which process {number} runs: it sends it unless it ends;"
            " then itkgui queue run does.",
            "{count} files are in the queue, which process {number} runs: it sends them unless it ends;"
            " then itkgui queue run does.",
            count,
        )
        desk.teller.say(text.format(count=count, number=holder.pid))
    return ExitCode.ELSEWHERE


async def _sent(database: ProductionDatabase, folder: Path, teller: Teller) -> ExitCode:
    """Run the queue until nothing in it goes on by itself."""
    async with opened(database, folder, teller, may_run=True) as desk:
        if not desk.queue.is_master:
            holder = desk.queue.holder
            if holder is None:
                teller.remark(_("Another process runs the queue already."))
            else:
                text = _("Another process, number {number}, runs the queue already.")
                teller.remark(text.format(number=holder.pid))
            return ExitCode.ELSEWHERE
        settled, seen = list[Upload](), set[str]()
        while True:
            while fresh := [row.id for row in desk.queue.uploads if row.id not in seen]:
                seen.update(fresh)  # others may add some meanwhile
                settled += await desk.until_settled(fresh)
            await desk.until_looked_at()
            if seen.issuperset(row.id for row in desk.queue.uploads):
                break
        settled = await desk.after_last_looks(settled)
        for hold in desk.queue.holds:
            teller.remark(f"{hold.trouble.title}. {hold.trouble.sentence} {hold.trouble.cure}")
        if desk.queue.is_paused:
            teller.remark(_(PAUSED))
        teller.rows(settled)
        if not settled:
            teller.say(_("There is nothing to send."))
        return code_of(settled)


# The queue itself ------------------------------------------------------------------------------------------


async def _kept(
    chosen: argparse.Namespace, database: ProductionDatabase, folder: Path, teller: Teller
) -> ExitCode:
    is_elsewhere = runs_elsewhere(folder)
    async with opened(database, folder, teller, may_run=False) as desk:
        desk.is_run = is_elsewhere
        teller.tell(runs_elsewhere=is_elsewhere, is_paused=desk.queue.is_paused)
        return await COMMANDS[chosen.command](desk, chosen)


def _run(work: Awaitable[ExitCode]) -> ExitCode:
    """Run a coroutine; a wish to end, by a key or by the system, ends it in order."""

    async def guarded() -> ExitCode:
        task = asyncio.ensure_future(work)
        if sys.platform != "win32":
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        return await task

    return asyncio.run(guarded())


# What can be asked for -------------------------------------------------------------------------------------


def _parser() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--json", action="store_true", help=_("tell everything as one object of JSON"))
    add_options(common)
    shape = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(prog="itkgui", epilog=exit_codes.table(), formatter_class=shape)
    top = parser.add_subparsers(required=True)
    upload = top.add_parser(
        "upload", parents=[common], help=_("send files"), epilog=exit_codes.table(), formatter_class=shape
    )
    upload.set_defaults(command="upload", refuse=upload.error)
    _add_upload(upload)
    queue = top.add_parser(
        "queue", help=_("look at the queue and work on it"), epilog=exit_codes.table(), formatter_class=shape
    )
    commands = queue.add_subparsers(required=True)

    def add(name: str, help_text: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, parents=[common], help=help_text, description=help_text)
        added.set_defaults(command=name, refuse=added.error)
        return added

    add("list", _("show what has not ended"))
    add("run", _("send until nothing goes on by itself"))
    for name, help_text in (
        ("retry", _("try these again, or all that stopped")),
        ("pause", _("let these wait, or the whole queue")),
        ("resume", _("let these go on, or the whole queue")),
    ):
        added = add(name, help_text)
        added.add_argument("ids", nargs="*", metavar="ID", help=_("the first marks will do"))
        if name == "retry":
            added.add_argument(
                "--anyway", action="store_true", help=_("though the target has the same already")
            )
    add("cancel", _("send nothing further of these")).add_argument("ids", nargs="+", metavar="ID")
    export = add("export", _("hand these, or all that wait, over to another computer"))
    export.add_argument("archive", type=Path, metavar="ZIP")
    export.add_argument("ids", nargs="*", metavar="ID")
    taking = add("import", _("take over what another computer has handed over"))
    taking.add_argument("archive", type=Path, metavar="ZIP")
    taking.add_argument("--as-own", action="store_true", help=_("send another person's uploads in your name"))
    history = add("history", _("show what has ended, the latest first"))
    history.add_argument("words", nargs="*", metavar="WORD", help=_("in file, title, target or state"))
    history.add_argument("--count", type=int, default=50, metavar="N")
    return parser


_FILES_HELP = N_("files, or folders with files; what comes with the results of one test goes to its run")


def _add_upload(upload: argparse.ArgumentParser) -> None:
    upload.add_argument("files", nargs="+", type=Path, metavar="FILE", help=_(_FILES_HELP))
    upload.add_argument(
        "--to", required=True, type=_identifier, metavar="20U…|RUN", help=_("component, or id of a test run")
    )
    upload.add_argument("--as", dest="kind", choices=("component", "run"), help=_("what --to names"))
    upload.add_argument("--title", help=_("of a single file; the file's name if not given"))
    upload.add_argument("--description")
    upload.add_argument("--storage", choices=("eos", "itkpd"), help=_("by kind and size if not given"))
    upload.add_argument(
        "--anyway",
        action="store_true",
        help=_("send although a check says to look again, or it is there already"),
    )
    upload.add_argument("--plain", action="store_true", help=_("attach results of tests as files"))
    upload.add_argument(
        "--wait",
        action=argparse.BooleanOptionalAction,
        help=_("until all has arrived, whoever sends it (the default is to wait if this process does)"),
    )


def _identifier(text: str) -> str:
    try:
        return identifier_from(text)
    except ValueError:  # the id of a run, or another name of a component
        return text.strip()
