"""``itkgui upload``: the checks of the review sheet without a sheet, then files into the queue."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from itkgui.client.database import ProductionDatabase
from itkgui.client.eos import choose_storage
from itkgui.client.exceptions import FileProblem
from itkgui.decoding import plugins
from itkgui.decoding.decoders import Decoders
from itkgui.language import _, ngettext
from itkgui.records.attachment import Storage, with_ending
from itkgui.records.component import Component
from itkgui.uploads.headless.desk import Desk
from itkgui.uploads.headless.telling import Objection
from itkgui.uploads.intake import Examined, Found, State, examine, gather, states_of, take
from itkgui.uploads.queue_file import QueueNotWritten
from itkgui.uploads.results import CheckedRun, check_runs, rows_of
from itkgui.uploads.serial_search import Sighting
from itkgui.uploads.spool import FileChanged
from itkgui.uploads.targets import Finding, Home, Target
from itkgui.uploads.twins import holds_same
from itkgui.uploads.upload import Upload, UploadKind

_OBJECT_ID = re.compile(r"[0-9a-f]{24}")


@dataclass(frozen=True)
class Order:
    """What somebody wants sent; ``kind`` is ``component``, ``run``, or empty for what the name looks like."""

    to: str
    paths: tuple[Path, ...]
    kind: str = ""
    title: str = ""
    description: str = ""
    storage: Storage | None = None
    anyway: bool = False
    are_plain: bool = False  # results of tests are attached as the files they are

    @property
    def is_for_run(self) -> bool:
        return self.kind == "run" or (not self.kind and bool(_OBJECT_ID.fullmatch(self.to)))


@dataclass
class Parcel:
    """What is to be sent, after a look at it, and what stands against that."""

    order: Order
    home: Home
    target: Target
    files: list[tuple[Found, Examined]] = field(default_factory=list)
    runs: list[CheckedRun] = field(default_factory=list)
    objections: list[Objection] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    read: dict[Path, State] = field(default_factory=dict)  # by a plug-in, as they were then
    taken: list[Upload] = field(default_factory=list)  # what the queue has of it by now

    @property
    def followers(self) -> list[Path]:
        """The files that go with the results of a test that they came with, unless there are several."""
        return [found.path.absolute() for found, _examined in self.files] if len(self.runs) == 1 else []

    @property
    def hindrances(self) -> list[Objection]:
        """What keeps all of it from being sent."""
        return [one for one in self.objections if not (one.may_pass and self.order.anyway)]


def packed(database: ProductionDatabase, order: Order) -> Parcel:
    """Find the target, and look at the files.

    Blocks. Raises ComponentNotFound, TestRunNotFound and what the database raises.
    """
    parcel, component = _addressed(database, order)
    gathered = gather(order.paths)
    if gathered.left_out:
        parcel.remarks.append(gathered.left_out)
    if not gathered.files:
        parcel.objections.append(Objection(", ".join(map(str, order.paths)), _("There is no file to send.")))
    plugins.allow(database.settings.plugins)
    with contextlib.closing(Decoders()) as decoders:  # none runs until one is needed
        for found in gathered.files:
            together = [other.path for other in gathered.files]
            _look_at(database, parcel, component, found, together, decoders)
    follows = {file.path for run in parcel.runs for file in run.files}
    parcel.files = [entry for entry in parcel.files if entry[0].path not in follows]
    if len(parcel.runs) > 1:
        reason = ngettext(
            "It goes to the component, as it came with {count} test run.",
            "It goes to the component, as it came with {count} test runs.",
            len(parcel.runs),
        ).format(count=len(parcel.runs))
        parcel.remarks += [f"{found.path}: {reason}" for found, _examined in parcel.files]
    return parcel


def _addressed(database: ProductionDatabase, order: Order) -> tuple[Parcel, Component]:
    if not order.is_for_run:
        component = database.component(order.to).component
        home = Home.of_component(component, (), ())
        return Parcel(order, home, home.targets[0]), component
    run = database.test_run(order.to)
    component = database.component(run.component.key).component
    moment = f"{run.date:%Y-%m-%d}" if run.date else _("without a date")
    home = Home.of_component(component, [run], [moment])
    target = home.target_of(run.owner)
    parcel = Parcel(order, home, target or home.targets[0])
    if target is None:
        parcel.objections.append(
            Objection(order.to, _("The test run {run} is deleted.").format(run=run.owner.label))
        )
    return parcel, component


def _look_at(
    database: ProductionDatabase,
    parcel: Parcel,
    component: Component,
    found: Found,
    together: Sequence[Path],
    decoders: Decoders,
) -> None:
    order = parcel.order
    takes_results = not order.is_for_run and not order.are_plain
    try:
        examined = examine(found, decoders)
    except FileProblem as problem:
        detail = f" [{problem.detail}]" if problem.detail else ""
        sentence = f"{problem.title}. {problem.sentence} {problem.cure}{detail}"
        parcel.objections.append(Objection(str(found.path), sentence))
        return
    if takes_results and examined.runs:
        runs = check_runs(database, examined.runs, component, together)
        parcel.runs += runs
        parcel.read |= {run.path.absolute(): examined.state for run in examined.runs if run.is_read}
        parcel.objections += [objection for run in runs for objection in _against(run)]
        if not all(run.is_of_another for run in runs):  # which is told already
            _compare_names(parcel, found, examined.sightings_in_names)
        return
    parcel.files.append((found, examined))
    if examined.flaw and not order.are_plain:
        parcel.objections.append(Objection(str(found.path), examined.flaw, may_pass=True))
    if examined.broken:
        broken = _("This is no complete JSON: {broken}.").format(broken=examined.broken)
        parcel.remarks.append(f"{found.path}: {broken}")
    if examined.unread and not order.are_plain:
        parcel.remarks.append(f"{found.path}: {examined.unread}")
    _compare_names(parcel, found, examined.sightings)


def _compare_names(parcel: Parcel, found: Found, sightings: Iterable[Sighting]) -> None:
    for finding in parcel.home.doubts_about_names(sightings):
        if finding.doubt.needs_decision:
            parcel.objections.append(Objection(str(found.path), finding.sentence, may_pass=True))
        else:
            parcel.remarks.append(f"{found.path}: {finding.sentence}")


def _against(run: CheckedRun) -> Iterator[Objection]:
    source = run.run
    name = str(source.path)
    if source.count > 1:
        name = _("{file}, number {number}").format(file=name, number=source.number + 1)
    for problem in run.problems:
        yield Objection(
            name,
            problem.sentence,
            problem.path,
            problem.expected,
            problem.found,
            problem.is_caution,
            problem.needs_other,
        )
    if run.duplicates:
        ids = ", ".join(run.duplicates)
        if run.twin is not None and run.twin.date:
            sentence = _("The database holds the same results already: test run of {day}, {ids}.")
            sentence = sentence.format(day=f"{run.twin.date:%Y-%m-%d}", ids=ids)
        else:
            sentence = _("The database holds the same results already: test run, {ids}.").format(ids=ids)
        yield Objection(name, sentence, may_pass=True)


async def into_queue(desk: Desk, parcel: Parcel) -> list[Upload]:
    """Copy all of a parcel, then enter it into the queue, all or nothing; return the rows.

    What was sent before adds to the parcel's hindrances, and then nothing is entered. Whoever interrupts it
    finds in the parcel what the queue has taken. Raises FileChanged, and what the spool and the queue raise.
    """
    spool, rows = desk.queue.spool, list[Upload]()
    states: dict[Path, State] = {}
    may_be_taken = False
    try:
        limit = desk.database.settings.eos_size_limit
        followers = parcel.followers
        for run in parcel.runs:
            make = partial(rows_of, run, spool, limit, followers, may_repeat=parcel.order.anyway)
            rows += await desk.do(make)
        given = {*followers, *parcel.read}
        rows = [_as_ordered(parcel.order, row) if Path(row.source) in given else row for row in rows]
        if not followers:
            rows += [_row(parcel, found, examined, limit) for found, examined in parcel.files]
        for number, row in enumerate(rows):
            if not row.sha256:
                path = Path(row.source)
                found = await desk.do(take, spool, path, row.id, row.name)
                taken, states[path] = found.copy, found.state
                if parcel.read.get(path, found.state) != found.state:
                    raise FileChanged(f"{path.name} was written to after it was read")
                rows[number] = row.with_changes(
                    size=taken.size,
                    media_type=taken.media_type,
                    sha256=taken.sha256,
                    adler32=taken.adler32,
                )
        files = [row for row in rows if row.kind is UploadKind.FILE and not row.parameters]
        parcel.objections += await desk.do(lambda: list(_sent_before(desk, parcel, files)))
        if parcel.hindrances:
            return []
        for path, state in zip(states, await desk.do(states_of, list(states)), strict=True):
            if state not in (None, states[path]):
                raise FileChanged(f"{path.name} was written to after it was copied")
        may_be_taken = True
        await _add(desk, parcel, rows)
    except QueueNotWritten:
        may_be_taken = False
        raise
    else:
        return parcel.taken
    finally:
        if not may_be_taken:
            for row in rows:
                await desk.do(spool.let_go, row.id)


async def _add(desk: Desk, parcel: Parcel, rows: Sequence[Upload]) -> None:
    adding = asyncio.ensure_future(desk.queue.add(rows))
    try:
        parcel.taken = await asyncio.shield(adding)
    except asyncio.CancelledError:  # it is done all the same, and then it has to be told
        parcel.taken = await adding
        raise


def _sent_before(desk: Desk, parcel: Parcel, rows: Iterable[Upload]) -> Iterator[Objection]:
    seen: dict[tuple[str, str], str] = {}  # by the run that they go with, and the content
    for row in rows:
        for finding in _twins(desk, parcel, row) if not row.parent else ():  # a new run has no files yet
            if finding.doubt.needs_decision:
                yield Objection(row.source, finding.sentence, may_pass=True)
            else:
                parcel.remarks.append(f"{row.source}: {finding.sentence}")
        first = seen.setdefault((row.parent, row.sha256), row.source)
        if first != row.source:
            sentence = _("It holds the same bytes as {file}.").format(file=first)
            yield Objection(row.source, sentence, may_pass=True)


def _twins(desk: Desk, parcel: Parcel, row: Upload) -> Iterable[Finding]:
    sendings = desk.queue.store.sent_before(row.sha256)
    files, namesakes = desk.database.files, parcel.target.namesakes(row.name, row.title)
    compared = {entry.code: holds_same(files, entry, row) for entry in namesakes}
    return parcel.home.doubts_about_twins(parcel.target, row.name, row.title, row.size, sendings, compared)


def _as_ordered(order: Order, row: Upload) -> Upload:
    """Return a file that goes with results as somebody wants it kept and described."""
    if row.kind is UploadKind.TEST_RUN:
        return row
    return row.with_changes(
        description=order.description or row.description,
        storage=order.storage or row.storage,
        may_repeat=order.anyway,
    )


def _row(parcel: Parcel, found: Found, examined: Examined, size_limit: int) -> Upload:
    order, name = parcel.order, found.path.name
    usual_storage, _why = choose_storage(examined.size, examined.media_type, size_limit)
    title, storage = order.title or name, order.storage or usual_storage
    return Upload(
        kind=UploadKind.FILE,
        target=parcel.target.owner,
        name=name,
        title=with_ending(title, name) if storage is Storage.EOS else title,
        description=order.description or title,
        storage=storage,
        size=examined.size,
        media_type=examined.media_type,
        source=str(found.path.absolute()),
        component=parcel.home.component,
        may_repeat=order.anyway,
    )
