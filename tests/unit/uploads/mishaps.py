"""What may go wrong with the servers, and at which requests, for the state machine of the queue."""

from __future__ import annotations

from random import Random
from typing import Any

from itkgui.records.attachment import Storage

LATE = (60, 120)  # ms
"""How much later something is done whose connection is gone: more than the ``Timing.late`` of the scene."""

_LISTS = ["GET *getComponent"]
_TAKING_BACK = [
    "POST *deleteComponentAttachment",
    "POST *deleteTestRunAttachment",
    "POST *deleteTestRun",
    "DELETE /eos/*",
]
_SENDING = {
    Storage.FILE: ["POST *createComponentAttachment", "GET *getComponentAttachment", *_LISTS],
    Storage.EOS: ["POST *requestUploadEosFile", "PUT /eos/*", "PUT /eos/*", "GET /eos/*", *_LISTS],
}
_OF_RUNS = [
    "POST *uploadTestRunResults",
    "GET *getTestRun*",
    "GET *listTestRunsByComponent",
    "POST *createTestRunAttachment",
    "GET *getTestRunAttachment",
]
PLACES = sorted({*_TAKING_BACK, *_OF_RUNS, *_SENDING[Storage.FILE], *_SENDING[Storage.EOS]})

_Rules = list[dict[str, Any]]
_STALLS: _Rules = [
    {"do": "stall", "ms": 60},
    {"do": "stall", "ms": 60, "side": "answer"},
    {"do": "slow", "ms": 20},
]
_RESETS: _Rules = [{"do": "reset"}, {"do": "reset", "after_bytes": 5_000}, {"do": "reset", "side": "answer"}]
_REFUSALS: _Rules = [
    *({"do": "status", "status": status} for status in (400, 403, 409, 413, 500, 503, 507)),
    {"do": "status", "status": 401, "times": 2},
    {"do": "status", "status": 429, "headers": {"Retry-After": "0"}},
    {"do": "expire_token"},
]
_NONSENSE: _Rules = [{"do": "garbage"}, {"do": "html"}, {"do": "truncate", "after_bytes": 100}]
_LOST_ANSWERS: _Rules = [{"do": "commit_then_drop"}, *({"do": "drop_then_commit", "ms": ms} for ms in LATE)]
_KINDS: list[_Rules] = [_STALLS, _RESETS, _REFUSALS, _NONSENSE]
# Where in a request everything stops, so that whoever waits for it can be killed there.
POINTS: _Rules = [{}, {"after_bytes": 1_000}, {"after_bytes": 10**9}, {"side": "answer"}]


def failures(luck: Random, storage: Storage, *, of_runs: bool) -> _Rules:
    """Return rules of faults that what is sent to a storage will meet, on its way there or back."""
    places = _OF_RUNS if of_runs else _SENDING[storage]
    rules: _Rules = []
    for _ in range(luck.randint(1, 3)):
        place = luck.choice(_TAKING_BACK if luck.random() < 0.2 else places)
        kinds = _KINDS if place.startswith("GET") else [*_KINDS, _LOST_ANSWERS, _LOST_ANSWERS]
        rules.append({"match": place, "skip": luck.randrange(2), **luck.choice(luck.choice(kinds))})
    return rules
