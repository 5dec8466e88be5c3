"""One file of settings, the user's or the site's: read in words that can be told, written key by key."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from itkgui.language import N_, _
from itkgui.settings.declaring import Setting
from itkgui.whole_file import turn, write_whole

SCHEMA = 1  # of what the keys mean; goes up when one is renamed or its values change
# By the schema that a file has: changes it to the next one, in place. What it gets is tables of plain values,
# or at writing those of tomlkit, which keep the comments.
MIGRATIONS: Mapping[int, Callable[[Any], None]] = {}
_SCHEMA_KEY = "schema"
_NEAR = 0.7  # how alike a name and the one that may be meant are at least: "other" is 0.6 like "theme"
_SIZE_LIMIT = 1_000_000  # bytes
_HEAD = N_("Settings of itkgui. What holds, and why: itkgui --show-config")


@dataclass(frozen=True)
class Problem:
    """What in a file, or the environment, was not taken, and ``where`` it stands, with its ``line`` or 0.

    ``what`` happened, its ``effect``, and the ``cure`` are a sentence each; ``setting`` is which one has
    another value than was meant, if it is one. ``of_all`` if nothing that stands there was taken.
    """

    where: str
    what: str
    effect: str
    cure: str
    setting: str = ""
    of_all: bool = False
    line: int = field(default=0, compare=False)  # in another one it is the same problem

    def __str__(self) -> str:
        return f"{self.place}: {self.what} {self.effect} {self.cure}"

    @property
    def place(self) -> str:
        """Where it stands, with the line."""
        return _("{file}, line {line}").format(file=self.where, line=self.line) if self.line else self.where


class NotToml(ValueError):
    """The file is no TOML; tells the line and column. It is kept as it is."""


@dataclass(frozen=True)
class TomlFile:
    """A file that may not be there; ``schema`` and ``migrations`` as above."""

    path: Path
    schema: int = SCHEMA
    migrations: Mapping[int, Callable[[Any], None]] | None = None

    @property
    def mark(self) -> tuple[int, int] | None:
        """Another for each content, as far as size and time of the last change tell; None without a file."""
        try:
            found = self.path.stat()
        except OSError:
            return None
        return found.st_size, found.st_mtime_ns

    def read(
        self, declared: Iterable[Setting], *, is_own: bool = True
    ) -> tuple[dict[str, Any], list[Problem]]:
        """Return the values of the settings that stand in the file, and what else stands there.

        What cannot be taken is left out, and told of. ``is_own`` if it is the user's, not the site's.
        """
        where = str(self.path)
        try:
            content = self._content()
            table = self._parsed(content)
        except OSError as error:
            reason = error.strerror or str(error)
            return {}, [
                Problem(
                    where,
                    _("It cannot be read: {reason}.").format(reason=reason),
                    _(_NONE_TAKEN),
                    _("Check its permissions."),
                    of_all=True,
                )
            ]
        except NotToml as error:
            what = _("It is not TOML: {why}.").format(why=error)
            return {}, [Problem(where, what, _(_NONE_TAKEN), _(_MEND), of_all=True)]
        problems = []
        schema = table.pop(_SCHEMA_KEY, self.schema)
        if type(schema) is not int or schema < 1:
            what = _("{key} must be a whole number from 1, not {value!r}.").format(
                key=_SCHEMA_KEY, value=schema
            )
            problems.append(Problem(where, what, _("The present one is assumed."), _("Take the line out.")))
        elif schema > self.schema:
            what = _("It was written by a newer version of the program.")
            problems.append(Problem(where, what, _("What is new in it is left out."), _("Use that version.")))
        else:
            self._migrate(table, schema)
        values, line_of = {}, partial(_line_of, content)
        known = {one.name: one for one in declared}
        for key, value in table.items():
            if key not in known:
                problems.append(_unknown(where, line_of(key), key, known.values()))
            elif known[key].is_secret or (is_own and not known[key].in_own_file):
                problems.append(_misplaced(where, line_of(key), known[key]))
            else:
                try:
                    values[key] = known[key].kind.of_toml(value)
                except ValueError as error:
                    cure = _("Correct it, or take the line out.")
                    effect = _("Another source or the default holds.")
                    what = f"{key} {error}."
                    problems.append(Problem(where, what, effect, cure, key, line=line_of(key)))
        return values, problems

    def write(self, changes: Mapping[str, Any]) -> None:
        """Set keys to values of TOML, or with None take them out; all else, comments too, stays.

        Another process that writes at the same time is waited for, and what it wrote is kept. Raises OSError,
        and NotToml for a file that is none, which stays as it is.
        """
        import tomlkit  # not for every start: most change no setting
        from tomlkit.exceptions import TOMLKitError

        file = self.path.resolve()  # a link to a file that is kept elsewhere stays one
        with turn(file):
            content = self._content()
            table = self._parsed(content)
            try:
                document = tomlkit.parse(content.decode("utf-8-sig") or f"# {_(_HEAD)}\n\n")
            except TOMLKitError as error:
                raise NotToml(str(error)) from error
            schema = table.get(_SCHEMA_KEY, self.schema)
            is_known = type(schema) is int and 1 <= schema <= self.schema
            if is_known:
                self._migrate(document, schema)
            if is_known or type(schema) is not int:  # that of a newer version stays
                document[_SCHEMA_KEY] = self.schema
            for key, value in changes.items():
                if value is None:
                    document.pop(key, None)
                else:
                    document[key] = value
            write_whole(file, tomlkit.dumps(document), _SIZE_LIMIT)

    def _content(self) -> bytes:
        """Return what stands in the file, nothing if it is not there. Raises OSError."""
        try:
            with self.path.open("rb") as opened:
                content = opened.read(_SIZE_LIMIT)
        except FileNotFoundError:
            return b""
        if len(content) == _SIZE_LIMIT:
            raise OSError(_("it has {count} bytes or more").format(count=f"{_SIZE_LIMIT:,}"))
        return content

    def _parsed(self, content: bytes) -> dict[str, Any]:
        if not content:  # most starts need no parser
            return {}
        if sys.version_info >= (3, 11):
            import tomllib
        else:
            import tomli as tomllib
        try:
            table: dict[str, Any] = tomllib.loads(content.decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            before = content[: error.start]
            line, column = before.count(b"\n") + 1, error.start - (before.rfind(b"\n") + 1) + 1
            raise NotToml(
                _("no text in UTF-8 (at line {line}, column {column})").format(line=line, column=column)
            ) from error
        except RecursionError as error:
            raise NotToml(_("nested too deeply")) from error
        except ValueError as error:
            raise NotToml(_in_words(str(error), content.decode("utf-8-sig"))) from error
        return table

    def _migrate(self, table: Any, schema: int) -> None:
        migrations = MIGRATIONS if self.migrations is None else self.migrations
        for step in range(schema, self.schema):
            migrations[step](table)


_LINE = re.compile(r"at line (\d+)")
_TWICE = re.compile("Cannot|Duplicate")  # so the parser begins what it says of a key
_IN_BRACES = re.compile(r"Duplicate inline table key '(.*)' \(at ")
_TABLE = re.compile(r"^\s*\[", re.MULTILINE)
_KEY = re.compile(r"""\s*["']?([\w.-]+)["']?\s*=""")


def _in_words(said: str, text: str) -> str:
    """Return what the parser says, in words for whoever wrote a key twice; its place stays at the end."""
    if not _TWICE.match(said):
        return said
    lines, line, place = text.split("\n"), _LINE.search(said), said[said.rfind("(") :]
    if line is None:  # at the end of the document
        place = _("(at line {line})").format(line=len(lines))
    written = lines[int(line[1]) - 1 if line else -1]
    if in_braces := _IN_BRACES.match(said):
        key = in_braces[1]
    else:
        keys = [found[1] for found in map(_KEY.match, lines) if found]
        found = _KEY.match(written)  # what looks like one may be in a text of several lines
        key = found[1] if found and keys.count(found[1]) > 1 else ""
    if not key:
        return _("a key stands there twice {place}").format(place=place)
    return _("{key} stands there twice {place}").format(key=key, place=place)


def _line_of(content: bytes, key: str) -> int:
    """Return the number of the line in which a key of no table stands; 0 if none or several look like it."""
    before_tables = _TABLE.split(content.decode("utf-8-sig"), maxsplit=1)[0]
    lines = enumerate(before_tables.split("\n"), 1)
    found = [line for line, text in lines if (match := _KEY.match(text)) and match[1] == key]
    return found[0] if len(found) == 1 else 0


_NONE_TAKEN = N_("Nothing in it was taken.")
_MEND = N_("Mend it, or move it away; until then it is left as it is, and changes are not kept.")


def _unknown(where: str, line: int, key: str, known: Iterable[Setting]) -> Problem:
    import difflib  # only for who has such a key

    near = difflib.get_close_matches(key, [one.name for one in known if not one.is_secret], 1, _NEAR)
    cure = (
        _("Is {setting} meant?").format(setting=near[0])
        if near
        else _("Take it out, or see what there is: itkgui --show-config")
    )
    what = _("No setting is called {key!r}.").format(key=key)
    return Problem(where, what, _("It was left out."), cure, line=line)


def _misplaced(where: str, line: int, setting: Setting) -> Problem:
    if setting.is_secret:
        cure = _("Take it out, and use the sign-in page or {variable}.").format(variable=setting.variables[0])
        return Problem(
            where,
            _("{setting} must not stand in a file.").format(setting=setting.name),
            _("It was not taken."),
            cure,
            line=line,
        )
    cure = _("Use {option}, or the site's file.").format(option=setting.option or setting.variables[0])
    return Problem(
        where,
        _("{setting} decides where this file is.").format(setting=setting.name),
        _("It was not taken."),
        cure,
        line=line,
    )
