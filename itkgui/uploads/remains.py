"""What uploads have left at a server, as a row tells it: parts such as ``entry 12ab`` in one text."""

from __future__ import annotations

import re

PERHAPS = "maybe an entry of this title"  # nobody could look
_CODE = re.compile(r"(?:entry|test run) (\w+)")


def entry(code: str) -> str:
    """Return what is said of an entry that is there still."""
    return f"entry {code}"


def run(run_id: str) -> str:
    """Return what is said of a test run that is there still."""
    return f"test run {run_id}"


def bytes_of(code: str) -> str:
    """Return what is said of bytes on EOS that may be there without their entry."""
    return f"bytes of {entry(code)}"


def unfinished(code: str) -> str:
    """Return what is said of an entry that waits for no bytes any more, but may get some late."""
    return f"unfinished {entry(code)}"


def parts(left: str) -> list[str]:
    return [part for part in left.split(", ") if part]


def with_parts(left: str, *more: str) -> str:
    """Return what is left with these too."""
    return ", ".join(dict.fromkeys((*parts(left), *filter(None, more))))


def without(left: str, *gone: str) -> str:
    """Return what is left but for these."""
    return ", ".join(part for part in parts(left) if part not in gone)


def entries(left: str) -> list[str]:
    """Return the codes of the entries that are left."""
    return [part.removeprefix("entry ") for part in parts(left) if part.startswith("entry ")]


def unfinished_entries(left: str) -> list[str]:
    """Return the codes of the entries that may get bytes late."""
    start = unfinished("")
    return [part.removeprefix(start) for part in parts(left) if part.startswith(start)]


def codes(left: str) -> set[str]:
    """Return the codes of all entries and runs of which something is left."""
    return set(_CODE.findall(left))
