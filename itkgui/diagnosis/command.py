"""The command ``itkgui doctor``: looks at all that the program needs, without a window.

It runs where Qt cannot be loaded, and where packages are missing: what cannot be looked at then is told.
"""

from __future__ import annotations

import argparse
import json
import platform
import shutil
import sys
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from itkgui import __version__, exit_codes
from itkgui.diagnosis.doctor import CHECKS, Check, Examination
from itkgui.diagnosis.finding import Finding, Surroundings, Verdict, worst
from itkgui.exit_codes import ExitCode
from itkgui.language import _
from itkgui.log import redact

if TYPE_CHECKING:
    from itkgui.settings.configuration import Configuration

_WIDTH = 110  # characters; a narrower terminal has fewer


def main(arguments: Sequence[str]) -> int:
    """Run the command with its arguments, ``doctor`` first; return its exit code."""
    parser = argparse.ArgumentParser(
        prog="itkgui doctor",
        description=_("Look at all that the program needs, and tell what helps where something is wrong."),
        epilog=exit_codes.table(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--json", action="store_true", help=_("tell everything as one object of JSON"))
    parser.add_argument("--facts", action="store_true", help=_("tell what each verdict is based on"))
    parser.add_argument(
        "--bundle", type=Path, metavar="ZIP", help=_("write a support bundle, without secrets, to this file")
    )
    parser.add_argument(
        "--errors",
        action="store_true",
        help=_("list the codes of all errors, with what helps, and do nothing else"),
    )
    configuration = _configuration(parser, arguments[1:])
    chosen = parser.parse_args(arguments[1:])
    if chosen.errors:
        from itkgui.paths import resource

        _write(resource("help/errors.txt").read_text("utf-8").rstrip())
        return ExitCode.DONE
    if configuration is None:
        at = Surroundings()
    else:
        configuration.speak()
        for problem in configuration.problems:
            _remark(redact(str(problem)))
        at = Surroundings(configuration.settings, configuration.paths)
    examination = Examination(at)
    while not examination.wait(max(check.limit for check in CHECKS)):
        pass
    findings = examination.findings
    _write(report(findings) if chosen.json else told(findings, with_facts=chosen.facts))
    if chosen.bundle is not None:
        return _bundled(configuration, findings, chosen.bundle)
    is_broken = worst([one.verdict for one in findings.values()]) is Verdict.BROKEN
    return ExitCode.FAILED if is_broken else ExitCode.DONE


def told(
    findings: Mapping[str, Finding], checks: Sequence[Check] = CHECKS, *, with_facts: bool = False
) -> str:
    """Return what was found, for people: a line for each check, and below it what helps."""
    verdicts = max(len(verdict.word) for verdict in Verdict)
    titles = max(len(_(check.title)) for check in checks)
    indent = " " * (verdicts + titles + 4)
    width = max(60, min(_WIDTH, shutil.get_terminal_size((_WIDTH, 24)).columns))
    lines = [f"itkgui {__version__}, Python {platform.python_version()}, {platform.platform()}", ""]
    for check in checks:
        finding = findings[check.key]
        head = f"{finding.verdict.word:{verdicts}}  {_(check.title):{titles}}  "
        lines += _wrapped(finding.sentence, width, head, indent)
        if finding.cure:
            lines += _wrapped(finding.cure, width, f"{indent}→ ", f"{indent}  ")
        if with_facts:
            lines += [f"{indent}· {fact}" for fact in finding.facts]
    return "\n".join(lines)


def _wrapped(text: str, width: int, first: str, others: str) -> list[str]:
    # What is to be typed must not be cut within a word.
    return textwrap.wrap(
        text,
        width,
        initial_indent=first,
        subsequent_indent=others,
        break_long_words=False,
        break_on_hyphens=False,
    )


def report(findings: Mapping[str, Finding], checks: Sequence[Check] = CHECKS) -> str:
    """Return the same as JSON, for scripts."""
    found: dict[str, Any] = {
        "itkgui": __version__,
        "python": platform.python_version(),
        "system": platform.platform(),
        "verdict": worst([one.verdict for one in findings.values()]).name.lower(),
        "checks": {check.key: {"title": _(check.title), **findings[check.key].as_json} for check in checks},
    }
    return json.dumps(found, indent=2, ensure_ascii=False)


def _configuration(parser: argparse.ArgumentParser, arguments: Sequence[str]) -> Configuration | None:
    """Return what is set, by options too, which the parser takes then; None where packages are missing."""
    try:
        from itkgui.settings.command_line import add_options, given_options
        from itkgui.settings.configuration import load
    except ModuleNotFoundError as error:
        if (error.name or "itkgui").partition(".")[0] == "itkgui":
            raise
        return None
    add_options(parser)
    try:
        return load(given_options(parser.parse_args(arguments)))
    except ValueError as error:
        parser.error(redact(str(error)))


def _bundled(configuration: Configuration | None, findings: Mapping[str, Finding], file: Path) -> ExitCode:
    if configuration is None:
        _remark(_("No bundle was written: the program is too incomplete for it."))
        return ExitCode.FAILED
    from itkgui.diagnosis.support_bundle import collected

    try:
        collected(configuration, told(findings, with_facts=True)).save(file)
    except OSError as error:
        _remark(_("No bundle was written: {why}").format(why=error))
        return ExitCode.FAILED
    _remark(_("The support bundle is {file}. Look into it before you send it.").format(file=file))
    is_broken = worst([one.verdict for one in findings.values()]) is Verdict.BROKEN
    return ExitCode.FAILED if is_broken else ExitCode.DONE


def _write(text: str) -> None:
    _say(sys.stdout, text)


def _remark(text: str) -> None:
    """Say what was not asked for, beside what was."""
    _say(sys.stderr, text)


def _say(where: TextIO | None, text: str) -> None:
    if where is not None:  # a windowed program on Windows has none
        encoding = where.encoding or "ascii"
        where.write(text.encode(encoding, "replace").decode(encoding) + "\n")
        where.flush()
