"""Results of tests as files: recognised, checked before they are sent, and made into rows of the queue."""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from itkgui.client.database import ProductionDatabase
from itkgui.client.duplicates import duplicate_test_runs
from itkgui.client.eos import choose_storage
from itkgui.client.exceptions import FileUnreadable
from itkgui.client.files import LocalFile, inspect
from itkgui.client.json_body import decode
from itkgui.language import _
from itkgui.records.attachment import Storage
from itkgui.records.component import Component
from itkgui.records.json_fields import Json, child, text
from itkgui.records.people import User
from itkgui.records.result_check import check_results, is_result, known_keys, names_component
from itkgui.records.test_run import TestRun
from itkgui.records.test_type import TestType
from itkgui.records.value_check import FILE_TYPES, ResultProblem, file_names
from itkgui.uploads.spool import Spool, Spooled
from itkgui.uploads.upload import Upload, UploadKind

# Larger than any results the database could take; what is larger is some other JSON.
_LIMIT = 50_000_000  # bytes
_SIGNS = (b'"testType"', b'"results"')
_KEYS = (b'"component"', *_SIGNS)
_HALF = re.compile(rb"\\u[dD][89a-fA-F]|\xed[\xa0-\xbf]")
_LEAST = {"testType", "results"}
_APART = ("date", "runNumber", "institution")  # do not make results other ones (API reference §7.1)


@dataclass(frozen=True)
class NamedFile:
    """A file that belongs to results; ``path`` is None if it was not found.

    They name it in a ``parameter``, unless it is the instrument's file that they were read from.
    """

    parameter: str
    name: str
    path: Path | None


@dataclass(frozen=True)
class RunInFile:
    """One run in a file, not yet checked; ``number`` is its place there, from 0, among the ``bodies``.

    If it ``is_read``, a plug-in has made it of an instrument's file, which goes with it as the raw data.
    """

    path: Path
    number: int
    bodies: tuple[Json, ...]
    is_read: bool = False

    @property
    def body(self) -> Json:
        return self.bodies[self.number]

    @property
    def count(self) -> int:
        return len(self.bodies)

    @property
    def component(self) -> str:
        """What the file calls the component by; empty if that is no text."""
        return text(self.body, "component")

    @property
    def title(self) -> str:
        """What to call it in lists."""
        return _title(text(self.body, "testType"), self.body)

    @property
    def name(self) -> str:
        """The name of a file for this run alone."""
        stem, suffix = self.path.stem, ".json" if self.is_read else self.path.suffix
        return f"{stem}{suffix}" if self.count == 1 else f"{stem}-{self.number + 1}{suffix}"

    @property
    def date(self) -> str:
        return text(self.body, "date")

    @cached_property
    def essence(self) -> str:
        """What two files have in common that hold the same results; made once, which takes its time."""
        return hashlib.sha256(json.dumps(_essence(self.body), sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class CheckedRun:
    """A run in a file after a look at it, for a component.

    ``duplicates`` are the ids of runs that hold the same results already, and ``twin`` is one of them.
    """

    run: RunInFile
    test_type: TestType | None
    component: Component
    problems: tuple[ResultProblem, ...]
    duplicates: tuple[str, ...] = ()
    twin: TestRun | None = None
    files: tuple[NamedFile, ...] = ()

    @property
    def title(self) -> str:
        """What to call it in lists."""
        if self.test_type is None:
            return self.run.title
        return _title(self.test_type.reference.label, self.run.body)

    @property
    def is_of_another(self) -> bool:
        """Whether the file names another component, for which nothing of it was checked."""
        return bool(self.run.component) and not names_component(self.run.component, self.component)

    @property
    def errors(self) -> tuple[ResultProblem, ...]:
        return tuple(problem for problem in self.problems if not problem.is_caution)

    @property
    def cautions(self) -> tuple[ResultProblem, ...]:
        return tuple(problem for problem in self.problems if problem.is_caution)

    @property
    def can_be_sent(self) -> bool:
        """Whether the server takes it, as far as anybody knows here."""
        return not self.errors

    @property
    def needs_a_word(self) -> bool:
        """Whether somebody has to say that it is to be sent all the same."""
        return bool(self.cautions or self.duplicates)

    def upload(self, *, may_repeat: bool = False, **copy: Any) -> Upload:
        """Return it as it is to be sent; ``copy`` has the fields that tell of the body in the spool."""
        return Upload(
            kind=UploadKind.TEST_RUN,
            target=self.component.owner,
            name=self.run.name,
            title=self.title,
            description="",
            storage=Storage.FILE,
            media_type="application/json",
            source=str(self.run.path.absolute()),
            component=self.component.code,
            may_repeat=may_repeat,
            **copy,
        )


def runs_in(path: Path) -> tuple[RunInFile, ...]:
    """Return the bodies of uploadTestRunResults that a file holds, one or a list; none if it is no results.

    Blocks. Raises what ``inspect`` does.
    """
    file = inspect(path)
    if file.media_type != "application/json" or file.size > _LIMIT:
        return ()
    try:
        content = path.read_bytes()
        if not all(key in content for key in _KEYS):  # most JSON files, which need not be decoded
            return ()
        found = _decoded(content)
    except OSError as error:
        raise FileUnreadable(f"{path.name}: {error.strerror}") from error
    except (ValueError, RecursionError):  # broken, which whoever gets it will see
        return ()
    bodies = tuple(found) if isinstance(found, list) else (found,)
    if not bodies or not all(map(is_result, bodies)):
        return ()
    return tuple(RunInFile(path, number, bodies) for number in range(len(bodies)))


def flaw_in(content: bytes) -> str:
    """Return in a sentence why what seems to be results is none; empty for results, or something else."""
    if not all(key in content for key in _SIGNS):
        return ""
    sentence, why = _("It looks like the results of a test, but {flaw}."), ""
    try:
        found = _decoded(content)
    except RecursionError:
        why = _("is no valid JSON: it is nested too deeply")
    except ValueError as error:
        why = _("is no valid JSON: {why}").format(why=error)
    else:
        bodies = found if isinstance(found, list) else [found]
        if any(isinstance(body, dict) and body.keys() >= _LEAST and not is_result(body) for body in bodies):
            why = _("names no component")
    return sentence.format(flaw=why) if why else ""


def _decoded(content: bytes) -> Any:
    """Return what JSON holds that may be results. Raises ValueError, RecursionError.

    JSON can name half a character (a lone surrogate), but no text in UTF-8 can hold one.
    """
    found = decode(content)
    if _HALF.search(content):
        try:
            json.dumps(found, ensure_ascii=False).encode()
        except UnicodeEncodeError as error:
            raise ValueError(_("a text in it has half a character")) from error
    return found


def break_in(content: bytes) -> str:
    """Return in words where a text stops being JSON; empty for JSON, or what is nested too deeply to tell."""
    try:
        decode(content)
    except RecursionError:
        return ""
    except ValueError as error:
        return str(error)
    return ""


class Checker:
    """Checks runs one after the other, asking the database for each thing once.

    The files that the runs name are looked for among those that were ``dropped`` with them, then beside them.
    """

    def __init__(self, database: ProductionDatabase, dropped: Iterable[Path] = ()) -> None:
        self._database = database
        self._dropped = tuple(dropped)
        self._types: dict[tuple[str, str], dict[str, TestType]] = {}
        self._asked: dict[str, Json] = {}

    def check(self, run: RunInFile, component: Component) -> CheckedRun:
        """Check a run that is to go to a component. Blocks. Raises what the database raises."""
        run.essence  # noqa: B018 - made here, on a thread
        types = self._types_of(component)
        test_type = types.get(text(run.body, "testType"))
        found = CheckedRun(run, test_type, component, check_results(run.body, types, component, self._user))
        if found.is_of_another:
            return found
        files = tuple(self._named_files(found))
        problems = (*found.problems, *_missing(files))
        found = replace(found, problems=problems, files=files)
        if not found.can_be_sent:
            return found
        duplicates = duplicate_test_runs(self._ask, body_to_send(found))
        twin = self._database.test_run(duplicates[-1]) if duplicates else None
        return replace(found, duplicates=duplicates, twin=twin)

    @property
    def _user(self) -> User:
        return self._database.user

    def _types_of(self, component: Component) -> dict[str, TestType]:
        key = component.project.code, component.component_type.code
        if key not in self._types:
            known = self._database.test_types(*key)
            self._types[key] = {test_type.reference.code: test_type for test_type in known}
        return self._types[key]

    def _ask(self, command: str, question: Json) -> Json:
        key = json.dumps([command, question], sort_keys=True)
        if key not in self._asked:
            self._asked[key] = self._database.client.get(command, question, refresh=True)
        return self._asked[key]

    def _named_files(self, found: CheckedRun) -> Iterator[NamedFile]:
        """Yield the files that results name, by their bare name, so that nothing from elsewhere is sent.

        The instrument's file that they were read from is the first.
        """
        if found.run.is_read:
            yield NamedFile("", found.run.path.name, found.run.path)
        results = child(found.run.body, "results")
        for parameter in found.test_type.parameters if found.test_type else ():
            for name in file_names(parameter, results):
                bare = name.replace("\\", "/").rpartition("/")[2]
                beside = [path for path in self._dropped if path.name.casefold() == bare.casefold()]
                here = found.run.path.parent / bare
                if not beside and bare not in ("", ".", "..") and here.is_file():
                    beside = [here]
                yield NamedFile(parameter.code, name, beside[0] if beside else None)


def check_runs(
    database: ProductionDatabase,
    runs: Iterable[RunInFile],
    component: Component,
    dropped: Iterable[Path] = (),
) -> tuple[CheckedRun, ...]:
    """Check all runs in a file that are to go to a component. Blocks. Raises what Checker raises."""
    checker = Checker(database, dropped)
    checked = [checker.check(run, component) for run in runs]
    return tuple(replace(one, problems=(*one.problems, *_same_in_file(one.run))) for one in checked)


def _same_in_file(run: RunInFile) -> Iterator[ResultProblem]:
    essence = _essence(run.body)
    before = enumerate(run.bodies[: run.number], 1)
    first = next((number for number, other in before if _essence(other) == essence), 0)
    if first:
        sentence = _("These are the same results as number {number} of the file.").format(number=first)
        yield ResultProblem("", sentence, is_caution=True)


def _essence(body: Json) -> Json:
    return {key: value for key, value in body.items() if key not in _APART}


def _missing(files: Iterable[NamedFile]) -> Iterator[ResultProblem]:
    for file in files:
        if file.path is None:
            where, sentence = f"results.{file.parameter}", _("This file is not here.")
            yield ResultProblem(where, sentence, _("beside the results"), file.name, is_caution=True)


def _title(test: str, body: Json) -> str:
    number = text(body, "runNumber")
    return _("{test}, run {number}").format(test=test, number=number) if number else test


# To be sent -------------------------------------------------------------------------------------------------


def rows_of(
    run: CheckedRun, spool: Spool, size_limit: int, also: Iterable[Path] = (), *, may_repeat: bool = False
) -> list[Upload]:
    """Put a run's body into the spool, and return its row, with those of the files that belong to it.

    ``also`` are files that somebody has chosen besides those of the results. The files follow when the run
    is there. Blocks. Raises what Spool.take and ``inspect`` raise.
    """
    upload_id = uuid.uuid4().hex
    taken = put_body(run, spool, upload_id)
    row = run.upload(
        may_repeat=may_repeat, id=upload_id, size=taken.size, sha256=taken.sha256, adler32=taken.adler32
    )
    chosen: dict[Path, list[str]] = {path: [] for path in also}
    for file in run.files:
        if file.path is not None:
            chosen.setdefault(file.path, []).extend(filter(None, [file.parameter]))
    return [row, *(_file_row(inspect(path), names, row, size_limit) for path, names in chosen.items())]


def body_to_send(run: CheckedRun) -> Json:
    """Return a body as the server takes it: without what it does not know, and without names of files.

    Parameters of pictures are left empty, and the pictures attached to the run (API reference §5.6). The
    component is called by its serial number or code, whatever the file calls it by.
    """
    body = known_keys(run.run.body)
    if body.get("component") not in (run.component.serial_number, run.component.code):
        body["component"] = run.component.serial_number or run.component.code
    if run.test_type is None:
        return body
    properties = {definition.code for definition in run.test_type.properties}
    results = {one.code for one in run.test_type.parameters if one.data_type not in FILE_TYPES}
    for key, codes in (("properties", properties), ("results", results)):
        if key in body:
            body[key] = {code: value for code, value in child(body, key).items() if code in codes}
    return body


def put_body(run: CheckedRun, spool: Spool, upload_id: str) -> Spooled:
    """Write into the spool what was checked, whatever has become of the file. Raises what Spool.take does."""
    with tempfile.TemporaryDirectory(prefix="itkgui-") as folder:
        path = Path(folder) / "results.json"
        path.write_text(json.dumps(body_to_send(run), ensure_ascii=False, indent=1), "utf-8")
        return spool.take(path, upload_id, run.run.name)


def _file_row(file: LocalFile, parameters: Sequence[str], run: Upload, size_limit: int) -> Upload:
    storage, _why = choose_storage(file.size, file.media_type, size_limit)
    name = file.path.name
    return Upload(
        kind=UploadKind.FILE,
        target=run.run,
        name=name,
        title=name,
        description=f"{', '.join(parameters)} of {run.title}" if parameters else name,
        storage=storage,
        size=file.size,
        media_type=file.media_type,
        source=str(file.path.absolute()),
        component=run.component,
        parent=run.id,
        parameters=tuple(dict.fromkeys(parameters)),
    )
