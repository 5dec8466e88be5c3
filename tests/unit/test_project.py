"""What the project promises of its text and import-linter cannot say; each rule proves that it can fail."""

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOP = ("itkgui", "resources", "tests", "packaging", ".ci", "README.md", "pyproject.toml")
THIS = Path(__file__).relative_to(ROOT).as_posix()
LINES_PER_FILE = 400
LONG_STILL = "gui/test_attachment_list|gui/test_preview_image|gui/test_preview_text|unit/decoding/test_image"

Finder = Callable[[str], Iterator[int]]  # from a file's text to the numbers of the lines that offend


def nodes(text: str, names: Iterable[str]) -> Iterator[ast.AST]:
    """What a text consists of, if the last part of one of these names stands in it: most need no parsing."""
    if any(name.rpartition(".")[2] in text for name in names):
        yield from ast.walk(ast.parse(text))


def calls(*names: str) -> Finder:
    """Calls by these names, of functions and methods alike; `a.b` means only the `b` of an `a`."""

    def find(text: str) -> Iterator[int]:
        for node in nodes(text, names):
            if isinstance(node, ast.Call):
                called = f".{ast.unparse(node.func)}"
                if any(called.endswith(f".{name}") for name in names):
                    yield node.lineno

    return find


def waits(*names: str) -> Finder:
    """Calls that wait a fixed time; in a loop they only pace it, and its condition decides."""
    find_calls = calls(*names)

    def find(text: str) -> Iterator[int]:
        loops = [node for node in nodes(text, names) if isinstance(node, ast.For | ast.While)]
        paced = {number for loop in loops for number in range(loop.lineno, (loop.end_lineno or 0) + 1)}
        return (number for number in find_calls(text) if number not in paced)

    return find


def imports(*modules: str) -> Finder:
    """Imports of these modules or of anything in them, wherever they stand."""

    def find(text: str) -> Iterator[int]:
        for node in nodes(text, modules):
            if isinstance(node, ast.Import | ast.ImportFrom):
                stem = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
                names = [f"{stem}{alias.name}." for alias in node.names]
                if any(name.startswith(module + ".") for name in names for module in modules):
                    yield node.lineno

    return find


def mentions(pattern: str) -> Finder:
    return lambda text: (n for n, line in enumerate(text.splitlines(), 1) if re.search(pattern, line))


def too_long(text: str) -> Iterator[int]:
    return iter([LINES_PER_FILE + 1] if text.count("\n") > LINES_PER_FILE else [])


@dataclass(frozen=True)
class Rule:
    """One promise: what may not stand in the files whose path matches, and a text that breaks it."""

    promise: str
    files: str
    find: Finder
    offence: str


RULES = [
    Rule(
        "no nested event loop, but for a drag, which Qt has no other way for",
        r"itkgui/(?!views/attachments/attachment_drag\.py).*\.py",
        calls("exec", "exec_", "processEvents"),
        "QDialog().exec()",
    ),
    Rule(
        "widgets only in views, application, program and tour",
        r"itkgui/(?!views/|application\.py|program\.py|tour/).*\.py",
        imports("PySide6.QtWidgets"),
        "from PySide6 import QtCore, QtWidgets",
    ),
    Rule(
        "HTTP only in the client, and in what scripts see of it",
        r"itkgui/(?!client/|itkdb/).*\.py",
        imports("requests", "requests_cache", "urllib3"),
        "from requests.adapters import HTTPAdapter",
    ),
    Rule(
        "databases only in the queue's file, the store of answers and the sandbox's book",
        r"itkgui/(?!uploads/queue_file\.py|client/answer_store\.py|sandbox/ledger/book\.py).*\.py",
        imports("sqlite3"),
        "def late():\n    import sqlite3 as db",
    ),
    Rule(
        "plots only in views/plots",
        r"itkgui/(?!views/plots/).*\.py",
        imports("pyqtgraph"),
        "import pyqtgraph",
    ),
    Rule(
        "keys only in the list of commands, and given to widgets by their offers alone",
        r"itkgui/(?!views/commands\.py).*\.py",
        calls("QShortcut", "setShortcut", "setShortcuts"),
        "button.setShortcut('F5')",
    ),
    Rule(
        "a file fits on a few screens, a test's too",
        rf"(itkgui|tests)/(?!({LONG_STILL})\.py).*\.py",
        too_long,
        "\n" * (LINES_PER_FILE + 1),
    ),
    Rule(
        "tests wait for something, not for a while",
        r"tests/.*\.py",
        waits("time.sleep", "qtbot.wait", "qWait"),
        "qtbot.wait(100)",
    ),
    Rule(
        "no path of one machine, no registry's host",
        rf"(?!{THIS}).*",
        mentions(r"(?<![\w.])/(work|root|home|Users)/|\b(pypi|pythonhosted|npmjs|deb\.debian)\.org\b"),
        'DATA = "/home/somebody/data"',
    ),
]


def project_files() -> list[Path]:
    """Every file of the project, found without git, which a fresh machine may not have."""
    paths = [path for name in TOP for path in (ROOT / name, *(ROOT / name).rglob("*"))]
    return [path for path in paths if path.is_file() and "__pycache__" not in path.parts]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.promise)
def test_rule_is_kept(rule: Rule) -> None:
    offences = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in project_files()
        if re.fullmatch(rule.files, path.relative_to(ROOT).as_posix())
        for line in rule.find(path.read_text(encoding="utf-8", errors="ignore"))
    ]
    assert not offences, rule.promise


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.promise)
def test_rule_can_fail(rule: Rule) -> None:
    assert list(rule.find(rule.offence))
    assert not list(rule.find("import itkgui\n"))
