"""Finds test runs that hold the very results which are about to be uploaded."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from itkgui.client.exceptions import UnreadableAnswer
from itkgui.client.paging import PagedResponse
from itkgui.records.json_fields import Json, child, objects, text

# Their values are binary codes that the server gives after the upload (API reference §7.1).
_FILES = ("image", "binary")
_RUNS_PER_CALL = 50
_PAGE_SIZE = 1000  # what the server gives where nobody says (API reference §4)


def duplicate_test_runs(get: Callable[[str, Json], Json], upload: Json) -> tuple[str, ...]:
    """Return the ids of the ready test runs that are equal to a body of uploadTestRunResults.

    Equal are ``passed``, ``problems``, properties, results (but for files), defects and the comments' texts;
    date, run number, institution and person do not count (API reference §7.1). ``get`` asks a command. Raises
    what ``get`` raises.
    """
    component = text(upload, "component")
    key = "code" if len(component) == 32 else "serialNumber"
    wanted = {key: component, "testType": [text(upload, "testType")], "state": ["ready"]}
    if upload.get("stage"):
        wanted["stage"] = [upload["stage"]]
    found = PagedResponse(
        lambda page: get("listTestRunsByComponent", {"filterMap": wanted, "pageInfo": page}), _PAGE_SIZE
    )
    ids = [key for run in found if (key := text(run, "id"))]
    runs: list[Json] = []
    for start in range(0, len(ids), _RUNS_PER_CALL):
        body = {"testRun": ids[start : start + _RUNS_PER_CALL], "noEosToken": True}
        runs += _listed(get("getTestRunBulk", body))
    try:
        return tuple(text(run, "id") for run in runs if is_duplicate(upload, run))
    except RecursionError as error:
        raise UnreadableAnswer("a test run whose values are nested without end") from error


def is_duplicate(upload: Json, run: Json) -> bool:
    """Tell whether a body of uploadTestRunResults and a test run of getTestRun say the same."""
    return (
        all(bool(upload.get(key)) == bool(run.get(key)) for key in ("passed", "problems"))
        and _same_values(child(upload, "properties"), run, "properties")
        and _same_values(child(upload, "results"), run, "results")
        and sorted(map(_defect, objects(upload, "defects"))) == sorted(map(_defect, objects(run, "defects")))
        and sorted(_texts(upload)) == sorted(_texts(run))
    )


def _listed(answer: Json) -> list[Json]:
    if not isinstance(answer.get("itemList"), list | None):
        raise UnreadableAnswer("no list of test runs")
    return list(objects(answer, "itemList"))


def _same_values(uploaded: Json, run: Json, key: str) -> bool:
    """Compare what would be uploaded with what is stored; a value that is left out is null."""
    entries = {text(entry, "code"): entry for entry in objects(run, key)}
    for code in entries.keys() | uploaded.keys():
        entry = entries.get(code, {})
        if text(entry, "dataType") in _FILES:
            continue
        if not _same(uploaded.get(code), entry.get("value")):
            return False
    return True


def _same(new: Any, old: Any) -> bool:
    """Compare two values; the server keeps a number that is given as text in the type of its definition."""
    if isinstance(new, Mapping) and isinstance(old, Mapping):
        return new.keys() == old.keys() and all(_same(new[key], old[key]) for key in new)
    if isinstance(new, list | tuple) and isinstance(old, list | tuple):
        return len(new) == len(old) and all(map(_same, new, old))
    if isinstance(new, bool) or isinstance(old, bool):
        return new is old or str(new).lower() == str(old).lower()
    if isinstance(new, str) != isinstance(old, str) and new is not None and old is not None:
        return _number(new) == _number(old) is not None
    return bool(new == old)


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except (ValueError, TypeError, OverflowError):
        return None


def _defect(entry: Json) -> str:
    properties = sorted(map(repr, child(entry, "properties").items()))
    return repr((text(entry, "name"), text(entry, "description"), properties))


def _texts(data: Json) -> Iterator[str]:
    """Yield the comments: bare texts in an upload, objects in a run."""
    found = data.get("comments")
    for entry in found if isinstance(found, list | tuple) else ():
        yield text(entry, "comment") if isinstance(entry, Mapping) else str(entry)
