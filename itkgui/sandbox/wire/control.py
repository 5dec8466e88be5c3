"""The control paths of the sandbox, on the port of the API and for programs on this machine only.

`PATHS` says what they do; `faults` tells of the rules, `request_log` of the log, whose newest entry is the
last. All answers are JSON, an error has the key "error". Whoever is not on loopback, calls this machine by
another name (as after DNS rebinding) or comes from a web page (`Origin`) meets an unknown path.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from typing import Any

from itkgui.sandbox.wire.fault_rules import RuleError
from itkgui.sandbox.wire.faults import Faults
from itkgui.sandbox.wire.messages import BadRequestError, Request, Response
from itkgui.sandbox.wire.request_log import RequestLog
from itkgui.sandbox.wire.strict_json import read_json

_ROOT = "/_sandbox/"
PATHS = {
    "/_sandbox/faults": "POST appends rules, GET lists them with their turns, DELETE clears them",
    "/_sandbox/log": "GET lists the last 10,000 requests, DELETE empties the list",
    "/_sandbox/state": "GET tells what is stored",
}
_LARGEST = 1024 * 1024
_HOST = re.compile(r"(?:\[([0-9a-f:.]+)\]|([a-z0-9.-]+))(?::\d{1,5})?")


class Control:
    """Answers the control paths; nothing sent to them is logged, delayed or disturbed by faults."""

    def __init__(self, faults: Faults, log: RequestLog, state: Callable[[], dict[str, Any]]) -> None:
        self._faults = faults
        self._log = log
        self._actions: dict[str, dict[str, Callable[[Request], Any]]] = {
            "faults": {"GET": self._list_faults, "POST": self._add_faults, "DELETE": self._clear_faults},
            "log": {"GET": lambda _: log.listed(), "DELETE": self._clear_log},
            "state": {"GET": lambda _: state()},
        }

    def answers(self, request: Request) -> bool:
        """Whether this is a control path, and its sender one who may use it."""
        return (
            request.path.startswith(_ROOT)
            and request.path.removeprefix(_ROOT) in self._actions
            and _is_loopback(request.peer)
            and _is_loopback(_host(request.headers.get("Host", "")))
            and "Origin" not in request.headers
            and request.headers.get("Sec-Fetch-Site", "none") in ("none", "same-origin")
        )

    def answer(self, request: Request) -> Response:
        actions = self._actions[request.path.removeprefix(_ROOT)]
        action = actions.get(request.method)
        if action is None:
            response = Response.json({"error": f"Use {', '.join(actions)}."}, 405)
            response.headers.append(("allow", ", ".join(actions)))
            return response
        try:
            return Response.json(action(request))
        except (RuleError, BadRequestError) as error:
            return Response.json({"error": str(error)}, getattr(error, "status", 400))

    def _list_faults(self, _: Request) -> Any:
        return self._faults.listed()

    def _add_faults(self, request: Request) -> Any:
        self._faults.add(read_json(request.body.whole(_LARGEST)))
        return self._faults.listed()

    def _clear_faults(self, _: Request) -> Any:
        self._faults.clear()
        return []

    def _clear_log(self, _: Request) -> Any:
        self._log.clear()
        return []


def _host(header: str) -> str:
    """Return the name in a Host header, without port and brackets; "" if there is more in it."""
    match = _HOST.fullmatch(header.strip().lower())
    return (match[1] or match[2]) if match else ""


def _is_loopback(name: str) -> bool:
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
