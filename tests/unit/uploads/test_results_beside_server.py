"""Results as the program checks them, side by side with the server, for all test types that it has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from itkgui.client.database import ProductionDatabase
from itkgui.client.exceptions import AnswerError
from itkgui.records.result_check import check_results
from itkgui.records.value_check import ResultProblem
from tests.sandbox_process import SandboxProcess
from tests.unit.client.signed_in import sign_in
from tests.unit.uploads.run_bodies import Bench, Body, benches

# What the server says without naming a field, and the field that it is about.
_FIELDS = {
    "componentDoesNotExist": ("component",),
    "testTypeDaoGetByCodeFailed": ("testType",),
    "testTypeIsNotActive": ("testType",),
    "institutionDaoGetByCodeFailed": ("institution",),
    "componentAtDifferentLocation": ("institution",),
    "userIsNotAuthorized": ("institution",),
    "unassociatedStageWithTestType": ("stage", "testType"),
}


@pytest.fixture(scope="module")
def database(sandbox: SandboxProcess) -> Iterator[ProductionDatabase]:
    with sign_in(sandbox) as found:
        yield found


@pytest.fixture(scope="module")
def all_benches(database: ProductionDatabase) -> list[Bench]:
    found = benches(database)
    assert len(found) > 40
    return found


def errors_of(bench: Bench, body: Body, database: ProductionDatabase) -> list[ResultProblem]:
    known = {bench.test_type.reference.code: bench.test_type}
    problems = check_results(body, known, bench.component, database.user)
    return [problem for problem in problems if not problem.is_caution]


def refusals_of(database: ProductionDatabase, body: Body) -> list[tuple[str, ...]]:
    """Send a body; return the fields, each with its other names, for which the server refuses it."""
    try:
        database.client.post("uploadTestRunResults", body)
    except AnswerError as error:
        answer = error.response
    else:
        return []
    assert answer is not None
    found: list[tuple[str, ...]] = []
    for code, entry in answer.json()["uuAppErrorMap"].items():
        parameters: dict[str, Any] = entry.get("paramMap", {})
        paths = [*parameters.get("invalidValueKeyMap", {}), *parameters.get("missingKeyMap", {})]
        found += [(path.removeprefix("$."),) for path in paths if path != "$"]
        name = code.rpartition("/")[2]
        if name in _FIELDS:
            found.append(_FIELDS[name])
    assert found, answer.json()
    return found


def is_told(refused: tuple[str, ...], errors: list[ResultProblem]) -> bool:
    """Tell whether an error names a refused field, or a place in it."""
    return any(
        error.path == name or error.path.startswith((f"{name}[", f"{name}."))
        for error in errors
        for name in refused
    )


def test_what_is_right_is_taken_by_both(all_benches: list[Bench], database: ProductionDatabase) -> None:
    active = [bench for bench in all_benches if bench.test_type.state == "active"]
    assert len(active) > 40
    for bench in active:
        body = bench.body()
        assert errors_of(bench, body, database) == [], bench.test_type.reference.code
        assert refusals_of(database, body) == [], bench.test_type.reference.code


def test_a_closed_test_type_is_refused_by_both(
    all_benches: list[Bench], database: ProductionDatabase
) -> None:
    closed = [bench for bench in all_benches if bench.test_type.state == "closed"]
    assert closed
    for bench in closed:
        errors = errors_of(bench, bench.body(), database)
        assert [error.path for error in errors] == ["testType"]
        assert refusals_of(database, bench.body()) == [("testType",)]


def test_every_single_mistake_is_found_at_its_field(
    all_benches: list[Bench], database: ProductionDatabase
) -> None:
    """What the server refuses is refused before, at the same field; the mistake is named where it stands."""
    count = 0
    for bench in all_benches:
        if bench.test_type.state != "active":
            continue
        for words, body, path in bench.mutations():
            label = f"{bench.test_type.reference.code}: {words}"
            errors = errors_of(bench, body, database)
            assert path in {error.path for error in errors}, (label, errors)
            for refused in refusals_of(database, body):
                assert is_told(refused, errors), (label, refused, errors)
            count += 1
    assert count > 1000
