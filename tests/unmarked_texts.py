"""Finds, in the code, texts for people that are not marked for translation yet."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from itkgui.client import exceptions

ROOT = Path(__file__).parents[1]
# Rooms and modules with words.
_ROOMS = (
    "views",
    "item_models",
    "records",
    "settings",
    "uploads",
    "scanning",
    "diagnosis",
    "decoding",
    "background",
    "client/exceptions",
)
_MODULES = ("__main__", "application", "desk", "sandbox_host", "session_guard", "single_instance")
_MARKS = {"_", "N_", "ngettext"}
# Details of errors are English, whether these are raised or returned.
_ERRORS = {*exceptions.__all__, "QueueNotWritten"}
# Keys in files, reasons for deletions that the database is told, and languages in their own words; units,
# encodings, names of files, of commands and of a lexer; what uproot calls the type of a string.
_KEPT = {
    "Ohm",
    "Hz",
    "Pa",
    "Shift JIS",
    "Makefile",
    "Dockerfile",
    "itkgui upload --help, itkgui queue --help, itkgui doctor --help",
    "Log",
    "Collectable string class",
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
    "critical",
    "call_exception_handler",
    "log",
    "remember",  # by which name
    "compile",
    "getLogger",
    "setObjectName",
    "TypeVar",
    "with_name",  # a file's
}
# What holds keys, those of commands as Qt spells them, that of what is copied; and what is for logs.
_KEYS = {"keys", "_FORMAT", "detail"}
# A word with a capital and small letters, alone or at the beginning; or several words.
_WORDS = re.compile(r"[A-Z][a-z]+[a-z…]*([ .,:…].*)?|.*\b[a-z]{2,} [a-z]{2,}\b.*", re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")
_SCOPES = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.Lambda,
    ast.ClassDef,
    ast.ListComp,
    ast.SetComp,
    ast.DictComp,
    ast.GeneratorExp,
)
_DOTTED = re.compile(r"\w+(\.\w+)+")  # the name of a thing in code
_SQL = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|CREATE|PRAGMA|BEGIN|ALTER|DROP|WITH) ")


def unmarked(text: str) -> Iterator[str]:
    """Yield patterns of what code seems to show: no docstring, no line of a log, no error of a program."""
    return _in(ast.parse(text))


def _in(node: ast.AST) -> Iterator[str]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
            continue  # a docstring
        if isinstance(child, ast.Assign) and _name(child.targets[0]) in ("__all__", "CODES"):
            continue  # names of classes
        if isinstance(child, ast.Raise):
            yield from _in(ast.List([word for one in ast.walk(child) for word in _words_in(one)]))
            continue
        if isinstance(child, ast.Assert | ast.Subscript | ast.arg | ast.Compare):
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
    if text in _KEPT or text.startswith("# ") or _SQL.match(text) or _DOTTED.fullmatch(text):
        return False
    return _WORDS.fullmatch(text) is not None


def _words_in(node: ast.AST) -> list[ast.expr]:
    """Return what an error is given by name: its words, unlike its detail, are for people."""
    return (
        [word.value for word in node.keywords if word.arg != "detail"] if isinstance(node, ast.Call) else []
    )


def _given_names(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.keyword):
        yield node.arg or ""
    elif isinstance(node, ast.Assign):
        yield from (target.id for target in node.targets if isinstance(target, ast.Name))


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def marked(text: str) -> Iterator[str]:
    """Yield what code has marked for translation."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and _name(node.func) in _MARKS:
            for given in node.args:
                if isinstance(given, ast.Constant) and isinstance(given.value, str):
                    yield given.value


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
    files += [ROOT / "itkgui" / f"{name}.py" for name in _MODULES]
    found = {path.relative_to(ROOT).as_posix(): list(unmarked(path.read_text("utf-8"))) for path in files}
    return {name: patterns for name, patterns in found.items() if patterns}


def shadowed(text: str) -> Iterator[int]:
    """Yield the lines of code that translate where ``_`` is a variable that nobody reads."""
    yield from _shadowed(ast.parse(text), is_taken=False)


def _shadowed(scope: ast.AST, *, is_taken: bool) -> Iterator[int]:
    here = list(_of_scope(scope))
    is_taken = is_taken or (not isinstance(scope, ast.Module) and any(map(_takes, here)))
    for node in here:
        if is_taken and isinstance(node, ast.Call) and _name(node.func) == "_":
            yield node.lineno
        if isinstance(node, _SCOPES):
            yield from _shadowed(node, is_taken=is_taken)


def _of_scope(scope: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(scope):
        yield child
        if not isinstance(child, _SCOPES):
            yield from _of_scope(child)


def _takes(node: ast.AST) -> bool:
    if isinstance(node, ast.arg):
        return node.arg == "_"
    return isinstance(node, ast.Name) and node.id == "_" and isinstance(node.ctx, ast.Store)
