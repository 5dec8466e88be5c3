"""Labels of vendors: rules of a site tell which component of the database a label means.

They stand in ``labels.toml`` beside the settings, of the computer and of the user, who has the first word;
``EXAMPLE`` shows their form.
"""

from __future__ import annotations

import re
import string
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from itkgui.client.exceptions import ItkError
from itkgui.language import N_, _

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FILE_NAME = "labels.toml"
EXAMPLE = """\
# Labels of vendors, and which component each means. Take away the number signs, and write your own.
#
# [[label]]
# name = "VTRx+ of the vendor"
# pattern = "VTRX-(?P<number>[0-9]{6})"      # a regular expression for the whole label, case ignored
# identifier = "VTRx+_{number}"              # looked up as a serial number, alternative identifier or code
#
# [[label]]
# name = "Sensor wafers"
# pattern = "(?P<wafer>VPX[0-9]+-W[0-9]+)"
# project = "S"                              # or by a property of a component type
# component_type = "SENSOR"
# property = "WAFER"
# value = "{wafer}"
"""

_LARGEST = 1_000_000  # bytes
_LONGEST = 200  # characters of a label, and of a pattern; more of both could take long to compare
_TEXTS = ("name", "pattern", "identifier", "project", "component_type", "property", "value")
# What a pattern is made of: what is meant as it stands, a set, a group's beginning, and all else.
_PARTS = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\((?:\?(?:P<\w+>|<?[=!]|[\w-]*:|>)?)?|.", re.DOTALL)


class LabelOfSeveral(ItkError):
    """Several components of the database have the property that a rule looks for; the first are named."""

    title = N_("Several components have this label")
    sentence = N_("The database knows more than one component with this label, so none was opened.")
    cure = N_("Look for them with the search, by the property; and have the label's rule made stricter.")


@dataclass(frozen=True)
class LabelRule:
    """One rule; either an ``identifier`` or a ``property_code`` of a ``component_type`` with a ``value``."""

    name: str
    pattern: re.Pattern[str]
    identifier: str = ""
    project: str = ""
    component_type: str = ""
    property_code: str = ""
    value: str = ""


@dataclass(frozen=True)
class Label:
    """What a rule makes of a label; texts as in the rule, its fields filled in."""

    rule: str
    identifier: str = ""
    project: str = ""
    component_type: str = ""
    property_code: str = ""
    value: str = ""

    @property
    def words(self) -> str:
        """What is looked up."""
        return self.identifier or f"{self.component_type} {self.property_code} = {self.value}"


@dataclass(frozen=True)
class LabelProblem:
    """What cannot be used, and where it stands."""

    where: str
    what: str


@dataclass(frozen=True)
class LabelRules:
    """All rules, the first that fits counts; what could not be used is left out and told.

    ``files`` are those that there are.
    """

    rules: tuple[LabelRule, ...] = ()
    problems: tuple[LabelProblem, ...] = ()
    files: tuple[Path, ...] = ()

    def meaning(self, text: str) -> Label | None:
        """Return what a label means by the rules; None if none fits."""
        if len(text) > _LONGEST:
            return None
        for rule in self.rules:
            match = rule.pattern.fullmatch(text)
            if match is not None:
                named = {name: value or "" for name, value in match.groupdict().items()}
                filled = (
                    part.format(text, **named)
                    for part in (
                        rule.identifier,
                        rule.project,
                        rule.component_type,
                        rule.property_code,
                        rule.value,
                    )
                )
                return Label(rule.name, *filled)
        return None


def load(files: Iterable[Path]) -> LabelRules:
    """Read the rules of all files that are there, those of the first file first."""
    rules: list[LabelRule] = []
    problems: list[LabelProblem] = []
    there: list[Path] = []
    for file in files:
        try:
            found, doubts = _read(file)
        except (FileNotFoundError, NotADirectoryError):
            continue
        except (OSError, ValueError) as error:  # ValueError: no TOML, no UTF-8
            found, doubts = (), (LabelProblem(str(file), str(error)),)
        there.append(file)
        rules += found
        problems += doubts
    return LabelRules(tuple(rules), tuple(problems), tuple(there))


def _read(file: Path) -> tuple[Sequence[LabelRule], Sequence[LabelProblem]]:
    """Raises OSError, ValueError for what is no TOML."""
    with file.open("rb") as opened:
        content = opened.read(_LARGEST + 1)
    if len(content) > _LARGEST:
        raise ValueError(_("The file is too large."))
    try:
        entries = tomllib.loads(content.decode()).get("label", [])
    except RecursionError as error:
        raise ValueError(_("The file is nested too deeply.")) from error
    if not isinstance(entries, list):
        raise ValueError(_("“label” must be a list of tables: [[label]]."))  # noqa: TRY004 - of a file
    rules: list[LabelRule] = []
    problems: list[LabelProblem] = []
    for number, entry in enumerate(entries, 1):
        found = _rule_or_problem(entry, f"{file}: [[label]] {number}")
        (rules if isinstance(found, LabelRule) else problems).append(found)  # type: ignore[arg-type]
    return rules, problems


def _rule_or_problem(entry: Any, where: str) -> LabelRule | LabelProblem:
    try:
        return _rule(entry)
    except ValueError as error:
        return LabelProblem(where, str(error))


def _rule(entry: Any) -> LabelRule:
    """Raises ValueError with a sentence."""
    if not isinstance(entry, Mapping):
        raise ValueError(_("A rule is a table: [[label]]."))  # noqa: TRY004 - of a file, not of the program
    for key, value in entry.items():
        if key not in _TEXTS:
            raise ValueError(
                _("“{key}” is not known; there are {keys}.").format(key=key, keys=", ".join(_TEXTS))
            )
        if not isinstance(value, str):
            raise ValueError(_("“{key}” must be a text in quotes.").format(key=key))  # noqa: TRY004 - as above
    texts = {key: str(entry.get(key, "")) for key in _TEXTS}
    if not texts["pattern"]:
        raise ValueError(_("There is no “pattern”."))
    has_property = bool(texts["component_type"] and texts["property"] and texts["value"])
    if bool(texts["identifier"]) is has_property:
        raise ValueError(_("A rule has either “identifier”, or “component_type”, “property” and “value”."))
    if len(texts["pattern"]) > _LONGEST or _may_last(texts["pattern"]):
        raise ValueError(
            _(
                "The pattern could take too long to compare; write it without repeats, or alternatives, that "
                "are repeated."
            )
        )
    try:
        pattern = re.compile(texts["pattern"], re.IGNORECASE)
    except (re.error, OverflowError) as error:
        raise ValueError(_("The pattern is no regular expression: {error}").format(error=error)) from error
    known = {*pattern.groupindex, "0"}
    parts = [texts[key] for key in ("identifier", "project", "component_type", "property", "value")]
    for part in parts:
        for field in _fields(part):
            if field not in known:
                said = _("“{part}” has a field that the pattern does not name: {field}.")
                raise ValueError(said.format(part=part, field=field))
    return LabelRule(texts["name"] or texts["pattern"], pattern, *parts)


def _may_last(pattern: str) -> bool:
    """Tell whether a group that is repeated may fit one text in several ways: (a+)+, (a|a)* and the like.

    Some labels would be compared with them for ever.
    """
    groups, closed = [False], False  # whether each has a repeat or alternatives in it
    for part in _PARTS.findall(pattern):
        if part in ("*", "+", "?", "{", "|"):
            if closed and part in ("*", "+", "{"):
                return True
            groups[-1] = True
        if part.startswith("("):
            groups.append(False)
        closed = part == ")" and len(groups) > 1 and groups.pop()
        groups[-1] |= closed
    return False


def _fields(template: str) -> Sequence[str]:
    """Return the names of the fields of a template. Raises ValueError for one that cannot be filled in."""
    parts = list(string.Formatter().parse(template))
    if any(spec or conversion for _t, _n, spec, conversion in parts):
        raise ValueError(_("Fields in “{template}” are names only.").format(template=template))
    return [name for _t, name, _s, _c in parts if name is not None]
