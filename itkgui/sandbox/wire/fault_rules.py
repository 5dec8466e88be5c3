"""The rules of the faults as they come in JSON: what they may hold, and what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import Any

# What a fault can do, in one line each; `faults` tells all of it.
ACTIONS = {
    "reset": "the connection ends with a TCP reset",
    "stall": "nothing moves any more for ms, or until the rules are cleared",
    "slow": "a pause of ms (500) before each 16 KiB",
    "truncate": "bytes of an upload are lost in silence; an answer ends too early",
    "status": "answered with status (503) and headers, nothing is done",
    "html": "answered with a web page and status 200, nothing is done",
    "garbage": "a read brings wrong bytes; all else is answered with noise, nothing is done",
    "commit_then_drop": "all is done, but the connection ends without an answer",
    "drop_then_commit": "the connection ends without an answer, and all is done ms later",
    "expire_token": "the token that is sent or asked for is good no more",
}
SERVERS = ("api", "door", "node")
SIDES = ("request", "answer")
_SLOW_MS = 500
_LARGEST = 2**53

_MATCH = re.compile(r"(\*|[A-Z]+) (\S.*)")
_HEADER_NAME = re.compile(r"[A-Za-z0-9-]{1,80}")
_HEADER_VALUE = re.compile(r"[\x20-\x7e]{0,1000}")


class RuleError(ValueError):
    """A rule that is not one; the message names the key that is wrong."""


@dataclass
class Rule:
    """One rule (see `faults`); `left` and `skip` count down while it acts, under the lock of the faults."""

    match: str
    do: str
    server: str | None = None
    side: str | None = None
    after_bytes: int = 0
    status: int = 503
    headers: dict[str, str] = field(default_factory=dict)
    ms: int | None = None
    skip: int = 0
    times: int | None = 1

    def __post_init__(self) -> None:
        self.left = self.times
        self.method, _, self.glob = self.match.partition(" ")

    @property
    def seconds(self) -> float | None:
        """How long it pauses; None: without end."""
        if self.ms is None:
            return _SLOW_MS / 1000 if self.do == "slow" else None
        return self.ms / 1000

    def as_json(self) -> dict[str, Any]:
        return {entry.name: getattr(self, entry.name) for entry in fields(self)} | {"left": self.left}


def parse_rules(content: Any, *, most: int) -> list[Rule]:
    """Return the rules in a JSON value, at most so many. Raises RuleError."""
    if not isinstance(content, list):
        raise RuleError("The body must be a list of rules.")
    if len(content) > most:
        raise RuleError("There are too many rules.")
    return [_parse(number, entry) for number, entry in enumerate(content, 1)]


def _parse(number: int, entry: Any) -> Rule:
    if not isinstance(entry, dict):
        raise RuleError(f"Rule {number} is not an object.")
    for key, value in entry.items():
        if key not in _KEYS:
            raise RuleError(f'Rule {number}: there is no key "{key}"; there are {", ".join(_KEYS)}.')
        is_good, wanted = _KEYS[key]
        if not is_good(value):
            raise RuleError(f'Rule {number}: "{key}" must be {wanted}.')
    for key in ("match", "do"):
        if key not in entry:
            raise RuleError(f'Rule {number}: "{key}" is missing.')
    return Rule(**entry)


def _whole(low: int, high: int = _LARGEST) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _or_null(check: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: value is None or check(value)


def _one_of(choices: tuple[str, ...]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and value in choices


def _is_match(value: Any) -> bool:
    return isinstance(value, str) and _MATCH.fullmatch(value) is not None


def _is_headers(value: Any) -> bool:
    return isinstance(value, dict) and all(
        isinstance(text, str) and _HEADER_NAME.fullmatch(name) and _HEADER_VALUE.fullmatch(text)
        for name, text in value.items()
    )


# What each key may hold, and how that is said.
_KEYS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "match": (_is_match, 'a text such as "PUT /eos/*": a method in capitals or *, a blank, a glob'),
    "do": (_one_of(tuple(ACTIONS)), f"one of {', '.join(ACTIONS)}"),
    "server": (_or_null(_one_of(SERVERS)), f"one of {', '.join(SERVERS)}, or null"),
    "side": (_or_null(_one_of(SIDES)), f"one of {', '.join(SIDES)}, or null"),
    "after_bytes": (_whole(0), "a whole number from 0"),
    "status": (_whole(400, 599), "a whole number from 400 to 599"),
    "headers": (_is_headers, "an object of header names and short texts"),
    "ms": (_or_null(_whole(0, 10**9)), "a whole number from 0, or null"),
    "skip": (_whole(0), "a whole number from 0"),
    "times": (_or_null(_whole(1)), "a whole number from 1, or null"),
}
