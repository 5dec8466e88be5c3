"""Results of tests as files: recognised, checked before they are sent, and made into rows of the queue."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from itkgui.client.database import ProductionDatabase
from itkgui.client.duplicates import duplicate_test_runs
from itkgui.client.eos import choose_storage
from itkgui.client.exceptions import FileUnreadable
from itkgui.client.files import LocalFile, inspect
from itkgui.client.json_body import decode
from itkgui.records.attachment import Owner, OwnerKind, Storage
from itkgui.records.component import Component
from itkgui.records.json_fields import Json, child, text
from itkgui.records.result_check import check_results, is_result, known_keys
from itkgui.records.test_type import TestType
from itkgui.records.value_check import FILE_TYPES, ResultProblem, file_names
from itkgui.uploads.spool import Spool
from itkgui.uploads.upload import Upload, UploadKind

# Larger than any results the database could take; what is larger is some other JSON.
_LIMIT = 50_000_000  # bytes


@dataclass(frozen=True)
class NamedFile:
    """A file that results name in a parameter; ``path`` is None if it was not found."""

    parameter: str
    name: str
    path: Path | None


@dataclass(frozen=True)
class CheckedRun:
    """One run in a dropped file, after a look at it; ``number`` is its place there, from 0, of ``count``.

    ``duplicates`` are the ids of runs that hold the same results already.
    """

    path: Path
    number: int
    count: int
    body: Json
    test_type: TestType | None
    component: Component
    problems: tuple[ResultProblem, ...]
    duplicates: tuple[str, ...]
    files: tuple[NamedFile, ...]

    @property
    def title(self) -> str:
        """What to call it in lists."""
        name = self.test_type.reference.label if self.test_type else text(self.body, "testType")
        number = text(self.body, "runNumber")
        return f"{name}, run {number}" if number else name

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


def runs_in(path: Path) -> tuple[Json, ...]:
    """Return the bodies of uploadTestRunResults that a file holds, one or a list; none if it is no results.

    Blocks. Raises what ``inspect`` does.
    """
    file = inspect(path)
    if file.media_type != "application/json" or file.size > _LIMIT:
        return ()
    try:
        found = decode(path.read_bytes())
    except OSError as error:
        raise FileUnreadable(f"{path.name}: {error.strerror}") from error
    except (ValueError, RecursionError):  # broken, which whoever gets it will see
        return ()
    bodies = found if isinstance(found, list) else [found]
    return tuple(bodies) if bodies and all(map(is_result, bodies)) else ()


def check_runs(
    database: ProductionDatabase, path: Path, component: Component, dropped: Iterable[Path] = ()
) -> tuple[CheckedRun, ...]:
    """Check all runs in a file that are to go to a component; none if the file holds no results.

    The files that they name are looked for among those that were ``dropped`` with it, then beside it. Blocks.
    Raises what ``inspect`` and the database raise.
    """
    bodies = runs_in(path)
    if not bodies:
        return ()
    known = database.test_types(component.project.code, component.component_type.code)
    types = {test_type.reference.code: test_type for test_type in known}
    check = partial(_checked, database, path, component, types, tuple(dropped))
    runs = [check(number, bodies) for number in range(len(bodies))]
    return tuple(runs)


def rows_of(
    run: CheckedRun, spool: Spool, size_limit: int, also: Iterable[Path] = (), *, may_repeat: bool = False
) -> list[Upload]:
    """Put a run's body into the spool, and return its row, with those of the files that belong to it.

    ``also`` are files that somebody has chosen besides those that the results name. The files follow when
    the run is there. Blocks. Raises what Spool.take and ``inspect`` raise.
    """
    name = run.path.name if run.count == 1 else f"{run.path.stem}-{run.number + 1}{run.path.suffix}"
    row = Upload(
        kind=UploadKind.TEST_RUN,
        target=run.component.owner,
        name=name,
        title=run.title,
        description="",
        storage=Storage.FILE,
        size=0,
        media_type="application/json",
        source=str(run.path),
        component=run.component.code,
        may_repeat=may_repeat,
    )
    files = {file.path: file.parameter for file in run.files if file.path is not None}
    chosen = {**dict.fromkeys(also, ""), **files}
    children = [_file_row(inspect(path), parameter, row, size_limit) for path, parameter in chosen.items()]
    return [_with_body(row, run, spool), *children]


# Checking --------------------------------------------------------------------------------------------------


def _checked(
    database: ProductionDatabase,
    path: Path,
    component: Component,
    types: dict[str, TestType],
    dropped: tuple[Path, ...],
    number: int,
    bodies: Sequence[Json],
) -> CheckedRun:
    body = bodies[number]
    test_type = types.get(text(body, "testType"))
    problems = list(check_results(body, types, component, database.user))
    first = next((other for other in range(number) if _says_the_same(bodies[other], body)), None)
    if first is not None:
        problems.append(
            ResultProblem(
                "", f"These are the same results as number {first + 1} of the file.", is_caution=True
            )
        )
    run = CheckedRun(path, number, len(bodies), body, test_type, component, (), (), ())
    files = tuple(_named_files(run, dropped))
    problems += [
        ResultProblem(
            f"results.{file.parameter}",
            "This file is not here.",
            "beside the results",
            file.name,
            is_caution=True,
        )
        for file in files
        if file.path is None
    ]
    duplicates: tuple[str, ...] = ()
    if all(problem.is_caution for problem in problems):
        duplicates = duplicate_test_runs(
            lambda command, question: database.client.get(command, question, refresh=True), _to_send(run)
        )
    return replace(run, problems=tuple(problems), duplicates=duplicates, files=files)


def _says_the_same(one: Json, other: Json) -> bool:
    apart = ("date", "runNumber", "institution")  # do not count (API reference §7.1)
    return {key: one[key] for key in one if key not in apart} == {
        key: other[key] for key in other if key not in apart
    }


def _named_files(run: CheckedRun, dropped: Sequence[Path]) -> Iterable[NamedFile]:
    """Yield the files that the results name: by their bare name, so that nothing from elsewhere is sent."""
    results = child(run.body, "results")
    for parameter in run.test_type.parameters if run.test_type else ():
        for name in file_names(parameter, results):
            bare = name.replace("\\", "/").rpartition("/")[2]
            beside = [path for path in dropped if path.name.casefold() == bare.casefold()]
            here = run.path.parent / bare
            if not beside and bare not in ("", ".", "..") and here.is_file():
                beside = [here]
            yield NamedFile(parameter.code, name, beside[0] if beside else None)


# Rows ------------------------------------------------------------------------------------------------------


def _to_send(run: CheckedRun) -> Json:
    """Return a body as the server takes it: without what it does not know, and without names of files.

    Parameters of pictures are left empty, and the pictures attached to the run (API reference §5.6). The
    component is called by its serial number or code, whatever the file calls it by.
    """
    body = known_keys(run.body)
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


def _with_body(row: Upload, run: CheckedRun, spool: Spool) -> Upload:
    body = _to_send(run)
    if run.count == 1 and body == run.body:
        taken = spool.take(run.path, row.id, row.name)
    else:
        with tempfile.TemporaryDirectory(prefix="itkgui-") as folder:
            path = Path(folder) / "results.json"
            path.write_text(json.dumps(body, ensure_ascii=False, indent=1), "utf-8")
            taken = spool.take(path, row.id, row.name)
    return row.with_changes(size=taken.size, sha256=taken.sha256, adler32=taken.adler32)


def _file_row(file: LocalFile, parameter: str, run: Upload, size_limit: int) -> Upload:
    storage, _ = choose_storage(file.size, file.media_type, size_limit)
    name = file.path.name
    return Upload(
        kind=UploadKind.FILE,
        target=Owner(OwnerKind.TEST_RUN, "", run.title),
        name=name,
        title=name,
        description=f"{parameter} of {run.title}" if parameter else name,
        storage=storage,
        size=file.size,
        media_type=file.media_type,
        source=str(file.path),
        component=run.component,
        parent=run.id,
    )
