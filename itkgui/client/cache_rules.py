"""What a cache may keep, under which key, and of what an answer tells: rules without any state."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeGuard
from urllib.parse import parse_qsl, urlsplit

import requests

from itkgui.client.origins import Origin
from itkgui.records.json_fields import Json

# What servers write, and people choose, may be beyond any calendar.
LONGEST = timedelta(days=3650)

# Commands that answer with the bytes of a file (API reference §5.5), or with the right to write one (§6.2).
_NEVER_KEPT = re.compile(r".*Attachment|getBinaryData|requestUploadEosFile|generate-token")
# These lists change when the database is set up anew, not when somebody works with it.
_DEFINITIONS = ("listComponentTypes", "listTestTypes", "listInstitutions", "listProjects")
# These are of the one component that the question names; what is written of others leaves them as they are.
_RUNS = "listTestRunsByComponent"
_OF_ONE = (_RUNS, "listShipmentsByComponent")
# Whoever holds a link with such a token may read the file (API reference §6.5).
_EOS_TOKEN = (b"zteos64", b"authz")

_IDENTIFIERS = ("id", "code", "serialNumber", "alternativeIdentifier")
_NAMING = frozenset((*_IDENTIFIERS, "component", "testRun", "shipment", "batch"))
# Only components, test runs and shipments have one of these fields (API reference §5.3, §5.6 and §5.8).
_MARKS = frozenset(("serialNumber", "alternativeIdentifier", "runNumber", "shipmentItems", "trackingNumber"))
_LIKE_AN_IDENTIFIER = re.compile(rb'"([0-9a-f]{24}|[0-9a-f]{32}|20U[0-9A-Z]{11})"')


@dataclass(frozen=True)
class Question:
    """A read whose answer may be kept; ``key`` tells it from every other one, ``body`` is its JSON."""

    key: str
    path: str
    query: str
    body: Any

    @classmethod
    def of(cls, request: requests.PreparedRequest, origin: Origin) -> Question | None:
        """Read a request; None if it is no read of that server, or asks for bytes or for an EOS token.

        The order of keys in the body makes no difference, that of lists does.
        """
        url, body = request.url or "", request.body or b""
        # A file that is uploaded is no text, and a part of an answer is none.
        if request.method != "GET" or not isinstance(body, bytes | str) or "Range" in request.headers:
            return None
        parts = urlsplit(url)
        command = parts.path.rpartition("/")[2]
        if Origin.of(url) != origin or _NEVER_KEPT.fullmatch(command):
            return None
        try:
            meant = json.loads(body) if body else None
        except (ValueError, RecursionError):
            return None
        if isinstance(meant, Mapping) and meant.get("noEosToken", True) is not True:
            return None
        if "noeostoken" in parts.query.lower():
            return None
        return cls(_key(origin, parts.path, parts.query, body, meant), parts.path, parts.query, meant)

    @property
    def command(self) -> str:
        return self.path.rpartition("/")[2]

    def by_other_names(self, answer: Json, origin: Origin) -> list[str]:
        """Return the keys of what the answer answers as well: of a component by its other names.

        Whoever scanned a part can so read it under its code when the server is away, and the other way round.
        """
        if (
            self.command != "getComponent"
            or not isinstance(self.body, Mapping)
            or "component" not in self.body
        ):
            return []
        asked = {key: value for key, value in self.body.items() if key != "alternativeIdentifier"}
        others = [{**asked, "component": answer.get(name)} for name in ("code", "serialNumber")]
        alternative = answer.get("alternativeIdentifier")
        others.append({**asked, "component": alternative, "alternativeIdentifier": True})
        return [
            _key(origin, self.path, self.query, True, other)
            for other in others
            if _is_name(other["component"]) and other != self.body
        ]

    @property
    def is_changing_list(self) -> bool:
        """Whether what is in the answer may change with any write."""
        is_of_one = self.command in _OF_ONE and next(_named(self.body), "") != ""
        return self.command.startswith("list") and self.command not in _DEFINITIONS and not is_of_one

    def objects(self, answer: Json, body: bytes) -> set[tuple[str, ...]]:
        """Return what question and answer mention, an entry with all its identifiers for each object.

        ``body`` is the text of the answer. A list gives nothing, as it is forgotten with every write anyway,
        but for one that is of a component. Its runs are one with it: if one goes, all pages are others.
        """
        if self.is_changing_list or self.command in _DEFINITIONS:
            return set()
        found = set(_identified(answer))
        if self.command == _RUNS:
            return {tuple(sorted({name for names in found for name in names}.union(_named(self.body))))}
        known = {name for names in found for name in names}
        others = {match[1].decode() for match in _LIKE_AN_IDENTIFIER.finditer(body)}
        others.update(_named(self.body))
        others.update(value for key, value in parse_qsl(self.query) if key in _NAMING)
        return found | {(name,) for name in others - known}


def _key(origin: Origin, path: str, query: str, has_body: object, meant: Any) -> str:
    text = json.dumps([str(origin), path, query, bool(has_body), meant], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def is_keepable(response: requests.Response) -> bool:
    """Tell by its head whether an answer may be kept: a success in JSON that is no file."""
    media_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return (
        response.status_code == 200
        and media_type == "application/json"
        and "Content-Disposition" not in response.headers
        and response.headers.get("Vary", "").strip() != "*"
    )


def is_sound(data: object, body: bytes) -> TypeGuard[Json]:
    """Tell whether what a body says is an answer without an error and without an EOS token."""
    if not isinstance(data, Mapping) or not body or body.isspace():
        return False
    text = body.lower()
    if any(trace in text for trace in _EOS_TOKEN):
        return False
    reports = data.get("uuAppErrorMap") or {}
    return isinstance(reports, Mapping) and all(
        isinstance(entry, Mapping) and entry.get("type") == "warning" for entry in reports.values()
    )


def _named(body: Any) -> Iterator[str]:
    """Yield what a request calls the objects that it asks for."""
    for node in _nodes(body):
        for key in _NAMING.intersection(node):
            value = node[key]
            yield from (name for name in (value if isinstance(value, list) else [value]) if _is_name(name))


def _identified(answer: Json) -> Iterator[tuple[str, ...]]:
    """Yield the identifiers of each component, test run and shipment."""
    for node in _nodes(answer):
        if not _MARKS.isdisjoint(node):
            names = tuple(node[key] for key in _IDENTIFIERS if _is_name(node.get(key)))
            if names:
                yield names


def _nodes(data: Any) -> Iterator[dict[str, Any]]:
    """Yield every JSON object in a value, however deep."""
    waiting = [data]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            yield value
            waiting += [inner for inner in value.values() if isinstance(inner, dict | list)]
        elif isinstance(value, list):
            waiting += [inner for inner in value if isinstance(inner, dict | list)]


def _is_name(value: object) -> bool:
    return isinstance(value, str) and value != ""
