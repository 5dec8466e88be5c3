"""Finds, in the code, texts for people that are not marked for translation yet."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from itkgui.client import exceptions

ROOT = Path(__file__).parents[1]
UNSWEPT = Path(__file__).with_name("unswept.txt")  # files with texts still to be marked; it may only shrink
_ROOMS = ("views", "item_models", "records", "settings", "uploads", "scanning", "diagnosis")  # with words
_MARKS = {"_", "N_", "ngettext"}
# Details of errors are English, whether these are raised or returned.
_ERRORS = {*exceptions.__all__, "QueueNotWritten"}
# Keys in files, reasons for deletions that the database is told, and languages in their own words.
_KEPT = {
    "eos away",
    "itkgui uploads",
    "upload cancelled",
    "uploaded twice",
    "openid https://itkpd.unicornuniversity.net",
    "English",
}
_NOT_SHOWN = {
    "debug",
    "info",
    "warning",
    "error",
    "exception",
    "call_exception_handler",
    "log",
    "remember",  # by which name
    "compile",
    "getLogger",
    "setObjectName",
    "TypeVar",
    "with_name",  # a file's
}
_KEYS = {"keys", "_FORMAT"}  # what holds keys: those of commands as Qt spells them, that of what is copied
# A word with a capital and small letters, alone or at the beginning; or several words.
_WORDS = re.compile(r"[A-Z][a-z]+[a-z…]*([ .,:…].*)?|.*\b[a-z]{2,} [a-z]{2,}\b.*", re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")
_SQL = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|CREATE|PRAGMA|BEGIN|ALTER|DROP|WITH) ")


def unmarked(text: str) -> Iterator[str]:
    """Yield patterns of what code seems to show: no docstring, no line of a log, no error of a program."""
    return _in(ast.parse(text))


def _in(node: ast.AST) -> Iterator[str]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
            continue  # a docstring
        if isinstance(child, ast.Assign) and _name(child.targets[0]) == "__all__":
            continue
        if isinstance(child, ast.Raise | ast.Assert | ast.Subscript | ast.arg | ast.Compare):
            continue  # what is compared is not shown
        if isinstance(child, ast.keyword) and child.arg in ("key", "prog"):
            continue  # by which something is kept; what is typed to start the program
        if isinstance(child, ast.Call) and _name(child.func) in _NOT_SHOWN | _MARKS | _ERRORS:
            continue
        if _KEYS.intersection(_given_names(child)):
            continue
        if isinstance(child, ast.AnnAssign):  # the annotation is no text
            yield from _in(ast.Expr(child.value)) if child.value is not None else ()
        elif isinstance(child, ast.Constant):
            if isinstance(child.value, str) and _is_text(child.value):
                yield re.escape(child.value)
        elif isinstance(child, ast.JoinedStr):
            parts = [str(one.value) if isinstance(one, ast.Constant) else "" for one in child.values]
            if _is_text("".join(parts).strip()):
                yield "".join(re.escape(part) if part else ".*" for part in parts)
        else:
            yield from _in(child)


def _is_text(text: str) -> bool:
    text = _TAG.sub("", text)
    if text in _KEPT or text.startswith("# "):
        return False
    return _WORDS.fullmatch(text) is not None and _SQL.match(text) is None


def _given_names(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.keyword):
        yield node.arg or ""
    elif isinstance(node, ast.Assign):
        yield from (target.id for target in node.targets if isinstance(target, ast.Name))


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def translated_too_soon(text: str) -> Iterator[int]:
    """Yield the lines of code that translate while it is imported, when no language is in use yet."""
    return _at_import(ast.parse(text))


def _at_import(node: ast.AST) -> Iterator[int]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call) and _name(child.func) in ("_", "ngettext"):
            yield child.lineno
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield from _at_import(child)


@cache
def by_file() -> dict[str, list[str]]:
    """Return the patterns of each file that has any, by its path in the project."""
    files = [path for room in _ROOMS for path in sorted((ROOT / "itkgui" / room).rglob("*.py"))]
    files += sorted((ROOT / "itkgui/client/exceptions").glob("*.py"))
    found = {path.relative_to(ROOT).as_posix(): list(unmarked(path.read_text("utf-8"))) for path in files}
    return {name: patterns for name, patterns in found.items() if patterns}


def unswept() -> set[str]:
    return set(UNSWEPT.read_text("utf-8").split())
