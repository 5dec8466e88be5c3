"""Checks the results of a test, before they are sent, against its test type and its component."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

from itkgui.language import N_, _
from itkgui.records.component import Component
from itkgui.records.component_type import PropertyDefinition
from itkgui.records.json_fields import Json, child, parse_timestamp, text
from itkgui.records.limits import Judgement
from itkgui.records.people import User
from itkgui.records.test_type import Parameter, TestType
from itkgui.records.value_check import (
    FILE_TYPES,
    ResultProblem,
    endless_numbers,
    joined,
    single_problems,
    told,
    value_problems,
)

# What uploadTestRunResults knows (API reference §5.6), of which form it is, and what to say otherwise.
_FORMS: dict[str, tuple[tuple[type, ...], str, str]] = {
    "component": ((str,), N_("a serial number or code"), N_("This has to be a serial number or code.")),
    "testType": ((str,), N_("the code of a test type"), N_("This has to be the code of a test type.")),
    "institution": (
        (str,),
        N_("the code of an institution"),
        N_("This has to be the code of an institution."),
    ),
    "runNumber": ((str, int), N_("a text"), N_("This has to be a text.")),
    "date": ((str,), N_("a date"), N_("This has to be a date.")),
    "passed": ((bool,), N_("true or false"), N_("This has to be true or false.")),
    "problems": ((bool,), N_("true or false"), N_("This has to be true or false.")),
    "properties": ((dict,), N_("an object"), N_("This has to be an object.")),
    "results": ((dict,), N_("an object"), N_("This has to be an object.")),
    "comments": ((list, str), N_("a list of texts"), N_("This has to be a list of texts.")),
    "defects": ((list,), N_("a list of objects"), N_("This has to be a list of objects.")),
    "stage": ((str,), N_("the code of a stage"), N_("This has to be the code of a stage.")),
}
_REQUIRED = ("component", "testType", "institution", "runNumber")
SIGNS = ("component", "testType", "results")  # by which results are told from anything else
_DATES = {"date": "2026-11-26T09:30:00.000Z", "other": "26.11.2026 09:30"}
_ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)")
_DAY_FIRST = re.compile(r"\d\d\.\d\d\.\d{4} \d\d:\d\d")
_YEARS = range(1990, 2100)
_SKEW = timedelta(minutes=10)  # of two computers' clocks
_BEYOND = {
    Judgement.BELOW: N_("This is below the limit, and the test is said to be passed."),
    Judgement.ABOVE: N_("This is above the limit, and the test is said to be passed."),
    Judgement.BELOW_AND_ABOVE: N_("This is beyond both limits, and the test is said to be passed."),
}


def known_keys(body: Json) -> dict[str, Any]:
    """Return a body without the keys that the database does not know."""
    return {key: value for key, value in body.items() if key in _FORMS}


def is_result(found: Any) -> bool:
    """Tell whether a JSON value is a body of uploadTestRunResults, right or wrong."""
    return isinstance(found, dict) and found.keys() >= set(SIGNS)


def moment_in(date: str) -> datetime | None:
    """Return the moment that a date tells; None if it is not written as the database takes it."""
    return parse_timestamp(date) if _ISO.fullmatch(date) or _DAY_FIRST.fullmatch(date) else None


def names_component(identifier: str, component: Component) -> bool:
    """Tell whether an identifier in a file is this component's."""
    names = (component.serial_number, component.code, component.alternative_identifier, component.id)
    return bool(identifier) and identifier.casefold() in (name.casefold() for name in names if name)


def check_results(
    body: Json, test_types: Mapping[str, TestType], component: Component, user: User
) -> tuple[ResultProblem, ...]:
    """Return all that is wrong with a body of uploadTestRunResults for a component.

    ``test_types`` are those of the component's type, by code. What the server would refuse is an error; what
    it would lose, or what looks like a slip, is a caution.
    """
    return tuple(_problems(body, test_types, component, user))


def _problems(
    body: Json, test_types: Mapping[str, TestType], component: Component, user: User
) -> Iterator[ResultProblem]:
    yield from _form_problems(body)
    yield from endless_numbers(body, "")
    identifier = body.get("component")
    if isinstance(identifier, str) and identifier and not names_component(identifier, component):
        yield ResultProblem(
            "component", _("These results are of another component."), component.label, identifier
        )
        return  # the rest would be compared with the wrong one
    yield from _place_problems(body, component, user)
    yield from _date_problems(body)
    yield from _entry_problems(body)
    code = body.get("testType")
    if not isinstance(code, str) or not code:
        return
    test_type = test_types.get(code)
    if test_type is None:
        near = difflib.get_close_matches(code, test_types, 3, 0.5)
        sentence = _("{type} has no such test type.").format(type=component.component_type.label)
        yield ResultProblem("testType", sentence, _maybe(near), code)
        return
    yield from _stage_problems(body, test_type, component)
    yield from _values_problems(child(body, "properties"), test_type.properties, "properties", test_type)
    yield from _values_problems(child(body, "results"), test_type.parameters, "results", test_type)
    yield from _child_problems(child(body, "results"), test_type, component)
    yield from _limit_problems(body, test_type, component)


def _form_problems(body: Json) -> Iterator[ResultProblem]:
    for key in _REQUIRED:
        if body.get(key) is None or body[key] == "":
            yield ResultProblem(key, _("This is missing."), _(_FORMS[key][1]), _("nothing"))
    for key, value in body.items():
        types, word, sentence = _FORMS.get(key, ((), "", ""))
        if not types:
            yield ResultProblem(
                key, _("The database does not know this, and it is not sent."), is_caution=True
            )
        elif value is not None and (
            not isinstance(value, types) or (isinstance(value, bool) and bool not in types)
        ):
            yield ResultProblem(key, _(sentence), _(word), told(value))
    if body.get("passed") is None:
        yield ResultProblem(
            "passed", _("Without it the test counts as failed."), _("true or false"), is_caution=True
        )


def _place_problems(body: Json, component: Component, user: User) -> Iterator[ResultProblem]:
    place, here = body.get("institution"), component.location.code
    if not isinstance(place, str) or not place or not here:
        return
    if place != here:
        sentence = _("The component is at {place}, and tests are sent from there.").format(
            place=component.location.label
        )
        yield ResultProblem("institution", sentence, here, place)
    if user.memberships and user.rights_at(here) is None:
        sentence = _("You do not belong to {place}, where the component is.").format(
            place=component.location.label
        )
        mine = ", ".join(membership.institution.code for membership in user.memberships[:5])
        yield ResultProblem(
            "institution",
            sentence,
            _("somebody of {place}").format(place=here),
            _("you, of {places}").format(places=mine),
            needs_other=True,
        )


def _date_problems(body: Json) -> Iterator[ResultProblem]:
    value = body.get("date")
    if value is None or value == "":
        yield ResultProblem(
            "date",
            _("Without it the moment of the upload counts as that of the test."),
            _date_forms(),
            is_caution=True,
        )
        return
    if not isinstance(value, str):
        return  # told already
    moment = moment_in(value)
    if moment is None:
        sentence = _("This date cannot be read.")
        if re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+", value):
            sentence = _("This date does not tell its time zone.")
        yield ResultProblem("date", sentence, _date_forms(), told(value))
    elif moment.year not in _YEARS:
        yield ResultProblem("date", _("No test was made in that year."), _date_forms(), told(value))
    elif moment > datetime.now(timezone.utc) + _SKEW:
        yield ResultProblem("date", _("This is still to come."), found=told(value), is_caution=True)


def _date_forms() -> str:
    return _("{date} or {other}").format(**_DATES)


def _maybe(near: Sequence[str]) -> str:
    return _("maybe {names}").format(names=", ".join(near)) if near else ""


def _entry_problems(body: Json) -> Iterator[ResultProblem]:
    comments, defects = body.get("comments"), body.get("defects")
    for number, entry in enumerate(comments if isinstance(comments, list) else ()):
        if not isinstance(entry, str):
            yield ResultProblem(f"comments[{number}]", _("A comment is a text."), _("a text"), told(entry))
    for number, entry in enumerate(defects if isinstance(defects, list) else ()):
        where = f"defects[{number}]"
        if not isinstance(entry, dict):
            yield ResultProblem(where, _("A defect is an object with a name."), _("an object"), told(entry))
            continue
        if not isinstance(entry.get("name"), str):
            yield ResultProblem(
                f"{where}.name", _("A defect needs a name."), _("a text"), told(entry.get("name"))
            )
        if not isinstance(entry.get("properties") or {}, dict):
            yield ResultProblem(
                f"{where}.properties",
                _("This has to be an object."),
                _("an object"),
                told(entry["properties"]),
            )


def _stage_problems(body: Json, test_type: TestType, component: Component) -> Iterator[ResultProblem]:
    code = test_type.reference.code
    if test_type.state in ("closed", "created", "initial"):
        sentence = _("The test type is {state}: no runs of it are taken.").format(state=test_type.state)
        yield ResultProblem("testType", sentence, _("one that is active"), code)
        return
    given = text(body, "stage")
    stage = given or component.stage.code
    at_stage = {test.test_type_id for test in component.stage.tests}
    if test_type.stages:
        belongs = stage in test_type.stages
    else:  # what belongs to other stages than the present one is not known here
        belongs = not at_stage or stage != component.stage.code or test_type.reference.id in at_stage
    if not belongs:
        sentence = (
            _("{test_type} does not belong to the stage {stage}.")
            if given
            else _("{test_type} does not belong to the stage {stage}, which the component is at.")
        )
        yield ResultProblem(
            "stage" if given else "testType",
            sentence.format(test_type=test_type.reference.label, stage=stage),
            _("at {stage}").format(stage=", ".join(test_type.stages)),
            _("at {stage}").format(stage=stage),
        )
    elif given and given != component.stage.code:
        yield ResultProblem(
            "stage",
            _("The component is at another stage by now."),
            component.stage.code,
            given,
            is_caution=True,
        )


def _values_problems(
    given: Json,
    definitions: tuple[Parameter, ...] | tuple[PropertyDefinition, ...],
    path: str,
    test_type: TestType,
) -> Iterator[ResultProblem]:
    codes = [definition.code for definition in definitions]
    for definition in definitions:
        value, where = given.get(definition.code), joined(path, definition.code)
        if value is None:
            if definition.is_required and definition.data_type not in FILE_TYPES:
                sentence = _("{name} is required.").format(name=definition.name or definition.code)
                yield ResultProblem(where, sentence, _("a value"), _("nothing"))
            continue
        yield from value_problems(definition, value, where)
    for code in given:
        if code not in codes:
            near = difflib.get_close_matches(code, codes, 1, 0.6)
            sentence = _("{test_type} has nothing of this name, so it is not sent.").format(
                test_type=test_type.reference.label
            )
            yield ResultProblem(joined(path, code), sentence, _maybe(near), is_caution=True)


def _child_problems(results: Json, test_type: TestType, component: Component) -> Iterator[ResultProblem]:
    """Yield what is wrong with values of parts, which are sent by the part's serial number or code."""
    parts = [slot.component for slot in component.children if slot.component is not None]
    names = {name for part in parts for name in (part.serial_number, part.code, part.id) if name}
    for parameter in test_type.parameters:
        values = results.get(parameter.code)
        if parameter.value_type != "child" or not isinstance(values, dict):
            continue
        for name, value in values.items():
            where = f"results.{parameter.code}.{name}"
            if name not in names:
                labels = ", ".join(part.label for part in parts[:4])
                yield ResultProblem(
                    where,
                    _("This is no part of {name}.").format(name=component.label),
                    labels or _("no part at all"),
                    name,
                )
            else:
                yield from single_problems(parameter, value, where)


def _limit_problems(body: Json, test_type: TestType, component: Component) -> Iterator[ResultProblem]:
    """Yield values beyond their limits in a test that is said to be passed."""
    if body.get("passed") is not True:
        return
    results = child(body, "results")
    for parameter in test_type.parameters:
        limits = parameter.limits_at(text(body, "stage") or component.stage.code)
        judged = limits.judge(results.get(parameter.code))
        if judged in (Judgement.NOT_JUDGED, Judgement.WITHIN):
            continue
        low, high = ("…" if end is None else f"{end:g}" for end in (limits.low, limits.high))
        yield ResultProblem(
            f"results.{parameter.code}",
            _(_BEYOND[judged]),
            _("{low} to {high}").format(low=low, high=high),
            told(results[parameter.code]),
            is_caution=True,
        )
