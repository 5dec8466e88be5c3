"""What uploads have left at a server, as a row tells it: parts such as ``entry 12ab`` in one text.

A row has it in English, in which parts are found again; ``words`` tells it to people.
"""

from __future__ import annotations

import re

from itkgui.language import N_, _

PERHAPS = N_("maybe an entry of this title")  # nobody could look
_ENTRY, _RUN = N_("entry {code}"), N_("test run {code}")
_BYTES, _UNFINISHED = N_("bytes of entry {code}"), N_("unfinished entry {code}")
_CODE = re.compile(r"(?:entry|test run) (\w+)")


def words(left: str) -> str:
    """Return what is left in the language in use."""
    return ", ".join(map(_translated, parts(left)))


def _translated(part: str) -> str:
    what, _blank, code = part.rpartition(" ")
    pattern = f"{what} {{code}}"
    return _(pattern).format(code=code) if pattern in (_ENTRY, _RUN, _BYTES, _UNFINISHED) else _(part)


def entry(code: str) -> str:
    """Return what is said of an entry that is there still."""
    return _ENTRY.format(code=code)


def run(run_id: str) -> str:
    """Return what is said of a test run that is there still."""
    return _RUN.format(code=run_id)


def bytes_of(code: str) -> str:
    """Return what is said of bytes on EOS that may be there without their entry."""
    return _BYTES.format(code=code)


def unfinished(code: str) -> str:
    """Return what is said of an entry that waits for no bytes any more, but may get some late."""
    return _UNFINISHED.format(code=code)


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
