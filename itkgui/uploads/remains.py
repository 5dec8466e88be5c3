"""What uploads have left at a server, as a row tells it: parts such as ``entry 12ab`` in one text."""

from __future__ import annotations


def entry(code: str) -> str:
    """Return what is said of an entry that is there still."""
    return f"entry {code}"


def run(run_id: str) -> str:
    """Return what is said of a test run that is there still."""
    return f"test run {run_id}"


def bytes_of(code: str) -> str:
    """Return what is said of bytes on EOS that may be there without their entry."""
    return f"bytes of {entry(code)}"


def with_parts(left: str, *parts: str) -> str:
    """Return what is left with these too."""
    return ", ".join(dict.fromkeys(part for part in (*left.split(", "), *parts) if part))


def without(left: str, *parts: str) -> str:
    """Return what is left but for these."""
    return ", ".join(part for part in left.split(", ") if part not in parts)


def entries(left: str) -> list[str]:
    """Return the codes of the entries that are left."""
    return [part.removeprefix("entry ") for part in left.split(", ") if part.startswith("entry ")]
