"""JSON laid out in a file of its own, and its values as the rows of a tree."""

from __future__ import annotations

import json
import re
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from itkgui.client.files import BinaryFile
from itkgui.decoding.text import LoadedText, load_text
from itkgui.decoding.text_source import TextSource
from itkgui.language import N_, _

# What Python takes in 0.3 s and 300 MB at worst, which a decoder's process may take.
LARGEST_JSON = 16 * 2**20  # bytes
# Of more only the level that is looked at is taken apart: 0.6 s and 280 MB for this much, measured.
LARGEST_TREE = 200 * 2**20  # bytes
# The indents of deep JSON can take a thousand times the space of the file.
LARGEST_LAID_OUT = 64 * 2**20  # characters
ROWS = 200  # of a tree that come together
LONGEST_VALUE = 1000  # characters of a value in a row
TOO_LARGE = N_("JSON, too large to be laid out")
ONLY_TREE = N_("JSON, too large to be laid out: look at it as a tree")
_NO_TREE = N_("JSON, too large for a tree")
_TOO_DEEP = N_("JSON, too deep to be laid out")
_INVALID = N_("looks like JSON but is not valid")
_MOST_NAMES = 3  # that stand twice in an object are told
_LONGEST_NAME = 40  # characters
_HALF = re.compile("[\ud800-\udfff]")
_INDENT = "  "
_WRITTEN = 4096  # tokens written in one go
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{},:]|[^\s\[\]{},:"]+', re.DOTALL)
_OPEN, _CLOSE = frozenset("[{"), frozenset("]}")


@dataclass(frozen=True)
class JsonRow:
    """A value in a tree: its name or number, its text, and how many values are in it (-1: it holds none)."""

    name: str
    text: str
    kind: str
    count: int = -1


@dataclass
class _Oddities:
    """What Python takes in JSON, and other programs refuse or take in another way."""

    constants: set[str] = field(default_factory=set)
    twice: dict[str, None] = field(default_factory=dict)

    def pairs(self, members: list[tuple[str, Any]]) -> None:
        names = {name for name, _value in members}
        if len(names) < len(members):
            counts = Counter(name for name, _value in members)
            self.twice |= dict.fromkeys(name for name in counts if counts[name] > 1)

    @property
    def words(self) -> list[str]:
        constants = ", ".join(sorted(self.constants))
        said = [_("with {names}, which is not standard").format(names=constants)] if constants else []
        for name in islice(self.twice, _MOST_NAMES):
            short = name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"
            said.append(_("“{name}” twice in one object").format(name=_half_shown(short)))
        return said + [_("more names twice")] * (len(self.twice) > _MOST_NAMES)


class _Object(list[tuple[str, Any]]):
    """The members of an object in their order, those of the same name too."""


def load_laid_out(file: BinaryFile, source: TextSource, folder: Path) -> LoadedText:
    """Write JSON laid out into a file below a folder, and open that.

    Without a source ``facts`` tell why it cannot be, else what is odd in it. Numbers and members stay as they
    are in the file. Raises Undecodable if the file cannot be read.
    """
    if source.size > LARGEST_JSON:
        return too_large()
    odd = _Oddities()
    text, said = _json_text(source, odd)
    if said:
        return LoadedText("", said)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = Path(tempfile.mkdtemp(dir=folder)) / "laid-out.json"
        if not _write(text, path):
            path.unlink()
            path.parent.rmdir()
            return too_large()
    except OSError as error:
        said = _("JSON, not laid out: it cannot be written to this computer, {reason}")
        return LoadedText("", said.format(reason=error.strerror))
    made = BinaryFile(path, file.name, path.stat().st_size, "application/json")
    return replace(load_text(made, "UTF-8"), facts="  ·  ".join((_("JSON, laid out"), *odd.words)))


def too_large() -> LoadedText:
    """Return what is said instead of JSON that is too large to be laid out."""
    return LoadedText("", _(TOO_LARGE), is_too_large=True)


def _write(text: str, path: Path) -> bool:
    """Write JSON laid out, and return whether it is not too large."""
    size = 0
    with path.open("w", encoding="utf-8", newline="\n") as out:
        for part in _laid_out(text):
            size += len(part)
            if size > LARGEST_LAID_OUT:
                return False
            out.write(part)
    return True


def json_rows(source: TextSource, place: Sequence[int], first: int) -> tuple[int, tuple[JsonRow, ...]]:
    """Return how many values are in one, and at most ``ROWS`` of them from the ``first`` on.

    ``place`` leads to it: the number of each value in the one above, from the outermost on. Of what is too
    large to be laid out, members of the same name are one, the last. Raises Undecodable.
    """
    if source.size > LARGEST_JSON:
        return _rows_of_large(source, place, first)
    text, said = _json_text(source)
    if said:
        return 0, (JsonRow("", said, "problem"),)
    value = json.loads(text, object_pairs_hook=_Object, parse_float=_Literal, parse_int=_Literal)
    for number in place:
        inner = value[number]
        value = inner[1] if isinstance(value, _Object) else inner
    if not isinstance(value, list):
        return 1, (_row("", value),)
    chosen = value[first : first + ROWS]
    if isinstance(value, _Object):
        return len(value), tuple(_row(name, inner) for name, inner in chosen)
    return len(value), tuple(_row(f"{number}", inner) for number, inner in enumerate(chosen, first))


def can_be_a_tree(source: TextSource) -> bool:
    """Tell whether the values of a JSON file can be read as the rows of a tree."""
    return source.size <= (LARGEST_TREE if source.encoding.codec == "utf-8" else LARGEST_JSON)


def _rows_of_large(source: TextSource, place: Sequence[int], first: int) -> tuple[int, tuple[JsonRow, ...]]:
    """Do what ``json_rows`` does, taking apart only the values that lead to those that are wanted."""
    if not can_be_a_tree(source):
        return 0, (JsonRow("", _(_NO_TREE), "problem"),)
    with source.opened() as file:
        raw: Any = file.read()[source.encoding.mark :]
    try:
        value = _taken_apart(raw)
        for number in place:
            value = _taken_apart(_nth(value, number))
        if not isinstance(value, list | dict):
            return 1, (_row("", value),)
        named = value.items() if isinstance(value, dict) else enumerate(value)
        chosen = islice(named, first, first + ROWS)
        return len(value), tuple(_row(f"{name}", _taken_apart(inner)) for name, inner in chosen)
    except RecursionError:
        return 0, (JsonRow("", _(_TOO_DEEP), "problem"),)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return 0, (JsonRow("", _(_INVALID), "problem"),)


def _taken_apart(raw: bytes | msgspec.Raw) -> Any:
    """Return a value in JSON: what is in a list or an object stays as it is written."""
    written = memoryview(raw)
    sign = bytes(written[:64]).lstrip()[:1] or bytes(written).lstrip()[:1]
    if sign == b"{":
        return msgspec.json.decode(raw, type=dict[str, msgspec.Raw])
    if sign == b"[":
        return msgspec.json.decode(raw, type=list[msgspec.Raw])
    if sign.isdigit() or sign == b"-":
        return _Literal(bytes(written).strip().decode())
    return msgspec.json.decode(raw)


def _nth(value: Any, number: int) -> Any:
    return next(islice(value.values(), number, None)) if isinstance(value, dict) else value[number]


class _Literal(str):
    """A number as it is written."""

    __slots__ = ()


def _json_text(source: TextSource, odd: _Oddities | None = None) -> tuple[str, str]:
    """Return the text of a JSON file, or else what is wrong with it; note what is odd in it."""
    with source.opened() as file:
        raw = file.read()
    text = source.encoding.decode(raw[source.encoding.mark :])
    odd = odd or _Oddities()
    try:  # nothing is kept of it: Python's numbers have limits of their own
        json.loads(
            text,
            parse_int=len,
            parse_float=len,
            parse_constant=odd.constants.add,
            object_pairs_hook=odd.pairs,
        )
    except RecursionError:
        return "", _(_TOO_DEEP)
    except json.JSONDecodeError as error:
        why = error.msg.removesuffix(" at").removesuffix(" starting")
        said = _("looks like JSON but is not valid: {why} in line {line:,}, column {column:,}")
        return "", said.format(why=why[0].lower() + why[1:], line=error.lineno, column=error.colno)
    return text, ""


def _laid_out(text: str) -> Iterator[str]:
    parts: list[str] = []
    depth, before = 0, ""
    for found in _TOKEN.finditer(text):
        sign = found[0]
        if sign in _CLOSE:
            depth -= 1
            if before not in _OPEN:
                parts.append("\n" + depth * _INDENT)
        elif before in _OPEN:
            parts.append("\n" + depth * _INDENT)
        if sign == ",":
            parts.append(",\n" + depth * _INDENT)
        elif sign == ":":
            parts.append(": ")
        else:
            parts.append(_readable(sign) if "\\u" in sign else sign)
        if sign in _OPEN:
            depth += 1
        before = sign
        if len(parts) > _WRITTEN:
            yield "".join(parts)
            parts.clear()
    yield "".join(parts)


def _readable(token: str) -> str:
    return _half_shown(json.dumps(json.loads(token), ensure_ascii=False))


def _half_shown(text: str) -> str:
    """Return a text with halves of characters, which cannot be written, as JSON writes them."""
    return _HALF.sub(lambda half: f"\\u{ord(half[0]):04x}", text)


def _row(name: str, value: Any) -> JsonRow:
    if isinstance(value, _Object | dict):
        return JsonRow(name[:LONGEST_VALUE], f"{{{len(value):,}}}", "object", len(value))
    if isinstance(value, list):
        return JsonRow(name[:LONGEST_VALUE], f"[{len(value):,}]", "list", len(value))
    if isinstance(value, _Literal):
        return JsonRow(name[:LONGEST_VALUE], value[:LONGEST_VALUE], "number")
    if isinstance(value, str):
        return JsonRow(name[:LONGEST_VALUE], _half_shown(value[:LONGEST_VALUE]), "string")
    return JsonRow(name[:LONGEST_VALUE], json.dumps(value), "number")
