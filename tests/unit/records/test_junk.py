"""Whatever a server sends in an object, reading it never raises: a broken field costs that field only."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta, timezone
from typing import Any

import pytest

from itkgui.records.attachment import Attachment, Owner, OwnerKind
from itkgui.records.component import Component, ComponentSummary
from itkgui.records.component_type import ComponentType
from itkgui.records.measurement import iv_curve_of, series_of
from itkgui.records.people import Project, User
from itkgui.records.test_run import TestRun

_WORDS = """
    id code name state serialNumber alternativeIdentifier project subproject institution institutions
    currentLocation user firstName lastName userIdentity componentType type types currentStage stage
    stages properties children parents component components testedAtStage comments comment attachments
    tests testRuns testType results value codeTable dataType valueType order date dateTime cts sys rev
    runNumber passed problems defects description title filename contentType url voltage current VOLTAGE
    CURRENT default initial final subprojects currentGrade
"""
KEYS = tuple(_WORDS.split())
SCALARS: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    10**30,
    1.5,
    float("nan"),
    float("-inf"),
    "",
    " ",
    "ready",
    "eos",
    "VOLTAGE",
    "IV_MEASURE",
    "[µA]",
    "a [b] [c",
    "\0\ud800",
    "0001-01-01T00:00:00+05:00",
    "9999-12-31T23:59:59-05:00",
    "31.12.2020 24:61",
    "1e999",
)
READERS: dict[str, Callable[[dict[str, Any]], object]] = {
    "component": lambda data: Component.from_json(data).owner,
    "row of a list": lambda data: (
        ComponentSummary.from_json(data).flags,
        ComponentSummary.from_json(data).label,
    ),
    "component type": ComponentType.from_json,
    "project": Project.from_json,
    "user": lambda data: (User.from_json(data).home, User.from_json(data).name),
    "attachment": lambda data: Attachment.from_json(data, Owner(OwnerKind.COMPONENT, "c", "c")).display_name,
    "test run": lambda data: _looked_at(TestRun.from_json(data)),
}


def _row_looked_at(row: ComponentSummary) -> object:
    return row.flags, row.label, row.location.label, row.stage.label


def _looked_at(run: TestRun) -> object:
    if run.date is not None:  # what is shown must be convertible to any local time
        run.date.astimezone(timezone(timedelta(hours=14)))
        run.date.astimezone(timezone(timedelta(hours=-12)))
    return run.verdict, run.owner, series_of(run), iv_curve_of(run), [(m.label, m.unit) for m in run.results]


def junk(dice: random.Random, depth: int = 0) -> Any:
    """Return a random JSON value whose objects use the database's own key words."""
    kind = dice.random() + depth / 4  # the deeper, the simpler
    if kind > 0.9:
        return dice.choice(SCALARS)
    if kind > 0.45:
        return [junk(dice, depth + 1) for _ in range(dice.randrange(4))]
    return junk_object(dice, depth + 1)


def junk_object(dice: random.Random, depth: int = 0) -> dict[str, Any]:
    return {key: junk(dice, depth) for key in dice.sample(KEYS, dice.randrange(1, 16))}


@pytest.mark.parametrize("kind", READERS)
def test_random_json_is_read_without_an_error(kind: str) -> None:
    dice = random.Random(kind)
    for _ in range(200):
        READERS[kind](junk_object(dice))


@pytest.mark.parametrize("kind", READERS)
def test_same_wrong_value_in_every_field_is_read_without_an_error(kind: str) -> None:
    for value in SCALARS:
        everywhere = dict.fromkeys(KEYS, value)
        READERS[kind](everywhere)
        READERS[kind]({key: [value] for key in KEYS})
        READERS[kind](dict.fromkeys(KEYS, everywhere))
        READERS[kind]({key: [everywhere] for key in KEYS})


def test_junk_is_worth_the_name() -> None:
    dice = random.Random(1)
    found = [TestRun.from_json(junk_object(dice)) for _ in range(200)]
    assert any(run.results for run in found)
    assert any(run.attachments for run in found)
    assert any(not run.test_type for run in found)
