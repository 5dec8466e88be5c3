"""Whether every Python package is there that the program needs, in a version that it can use."""

from __future__ import annotations

import importlib.metadata
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from itkgui.diagnosis.finding import Finding, Surroundings, Verdict
from itkgui.language import N_, _

_NEED = re.compile(r"(?P<name>[\w.-]+)\s*(?:\[[^]]*\])?\s*(?P<versions>[^;]*)(?:;(?P<marker>.*))?")
_RULE = re.compile(r"(>=|<=|==|!=|<|>)\s*([\d.]+)")
_CONDITION = re.compile(r"(python_version|extra|sys_platform)\s*(>=|<=|==|!=|<|>)\s*[\"']([^\"']*)[\"']")
_LIST = re.compile(r"(?P<key>[\w-]+) = \[")
_TEXT = re.compile(r'"([^"]*)"')
_PROJECT = Path(__file__).parents[3] / "pyproject.toml"  # in a checkout
_FOR_TESTS = "test"
_PACKAGE = "itkgui"
_WHAT_FOR = {
    "root": N_("files of ROOT"),
    "heic": N_("pictures of telephones"),
    "codes": N_("codes in photographs"),
}


@dataclass(frozen=True)
class Need:
    """A package that is asked for; ``extra`` is empty for one that the program cannot do without."""

    name: str
    versions: str
    extra: str = ""


def look(_at: Surroundings) -> Finding:
    """Compare what is installed with what the program's own package asks for."""
    asked = _asked_for()
    if not asked:
        return Finding(
            Verdict.CAUTION,
            _("The program is not installed as a package, so nobody can tell what it needs."),
            _("Install it: pip install, in the folder that it came in, or bash packaging/run.sh"),
            (_python(),),
        )
    missing: list[Need] = []
    optional: list[Need] = []
    old, facts = [], [_python()]
    for need in needs(asked):
        try:
            version = importlib.metadata.version(need.name)
        except importlib.metadata.PackageNotFoundError:
            facts.append(_("{name}: not installed").format(name=need.name))
            (optional if need.extra else missing).append(need)
            continue
        facts.append(f"{need.name} {version}")
        if not _meets(version, need.versions):
            old.append(f"{need.name} {version} ({need.versions})")
    if missing or old:
        names = [need.name for need in missing]
        wanted = " ".join(f'"{need.name}{need.versions}"' for need in missing) or f"--upgrade {_PACKAGE}"
        sentences = [
            _("Packages are missing: {names}.").format(names=", ".join(names)) if names else "",
            _("Packages have a version that does not fit: {names}.").format(names=", ".join(old))
            if old
            else "",
        ]
        cure = _("Install them: {command}").format(command=f"{_pip()} {wanted}")
        return Finding(Verdict.BROKEN, " ".join(filter(None, sentences)), cure, facts)
    if optional:
        extras = sorted({need.extra for need in optional})
        uses = [f"{need.name} ({_what_for(need)})" for need in optional]
        return Finding(
            Verdict.CAUTION,
            _("Packages that are not needed by all are missing: {names}.").format(names=", ".join(uses)),
            _("If you want them: {command}").format(command=f'{_pip()} "itkgui[{",".join(extras)}]"'),
            facts,
        )
    return Finding(Verdict.FINE, _("All packages are there, in versions that fit."), facts=facts)


def _what_for(need: Need) -> str:
    return _(_WHAT_FOR[need.extra]) if need.extra in _WHAT_FOR else need.extra


def _asked_for() -> list[str]:
    """Return what the program's package asks for; in a checkout it may run without being installed."""
    try:
        return importlib.metadata.requires(_PACKAGE) or []
    except importlib.metadata.PackageNotFoundError:
        pass
    try:
        return asked_in(_PROJECT.read_text("utf-8"))
    except (OSError, UnicodeDecodeError):  # no checkout
        return []


def asked_in(project: str) -> list[str]:
    """Return what a pyproject.toml asks for, as an installed package tells it.

    Its lists have a text to a line, or all in one: Python 3.10 has no parser, and nothing may be installed.
    """
    found, table, extra, is_inside = [], "", "", False
    for line in project.splitlines():
        if line.startswith("["):
            table = line.strip()
        elif opened := _LIST.match(line):
            is_needed = table == "[project]" and opened["key"] == "dependencies"
            is_inside = is_needed or table == "[project.optional-dependencies]"
            extra = "" if is_needed else f'; extra == "{opened["key"]}"'
        if is_inside and not line.lstrip().startswith("#"):
            found += [f"{text}{extra}" for text in _TEXT.findall(line)]
            is_inside = not line.rstrip().endswith("]")
    return found


def needs(asked: list[str]) -> Iterator[Need]:
    """Yield what lines such as ``uproot>=5.4; extra == "root"`` ask for on this computer, tests aside."""
    for line in asked:
        found = _NEED.match(line)
        if found is None:
            continue
        conditions = _CONDITION.findall(found["marker"] or "")
        extra = next((value for name, _op, value in conditions if name == "extra"), "")
        if extra != _FOR_TESTS and all(_holds(*one) for one in conditions):
            yield Need(found["name"], found["versions"].strip(" ()"), extra)


def _holds(name: str, operator: str, value: str) -> bool:
    if name == "extra":
        return True
    if name == "sys_platform":
        return (sys.platform == value) == (operator == "==")
    return _meets(f"{sys.version_info[0]}.{sys.version_info[1]}", f"{operator}{value}")


def _meets(version: str, rules: str) -> bool:
    """Tell whether a version fits rules such as ``>=6.8,<6.12``."""
    found = _numbers(version)
    compare = {
        ">=": found.__ge__,
        "<=": found.__le__,
        "==": found.__eq__,
        "!=": found.__ne__,
        "<": found.__lt__,
        ">": found.__gt__,
    }
    return all(compare[operator](_numbers(limit)) for operator, limit in _RULE.findall(rules))


def _numbers(version: str) -> tuple[int, ...]:
    found = [int(number) for number in re.findall(r"\d+", re.split(r"[^\d.]", version, maxsplit=1)[0])]
    return tuple([*found, 0, 0, 0, 0][:4])


def _python() -> str:
    return _("Python {version} ({path})").format(version=sys.version.split()[0], path=sys.executable)


def _pip() -> str:
    return " ".join((sys.executable or "python", "-m", "pip", "install"))
