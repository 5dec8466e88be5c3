"""Faults on demand: rules that make the servers fail, set and cleared over HTTP while they run.

`POST /_sandbox/faults` takes a list of rules and appends them to those in force, `GET` lists all of them with
how often each may still act (`left`; null: for ever), `DELETE` clears them. A rule is an object:

- `match` (needed): `"METHOD glob"`, such as `"PUT /eos/*"`, `"* *"` or `"POST *grantToken"`. The method may
  be `*`; the glob is held against the decoded path without the query, and its `*` stands for slashes too.
- `do` (needed): one of the actions below.
- `server`: only at "api" (identity provider included), "door" or "node"; without it: at any of them. The door
  of EOS sees every EOS request first and only redirects it, so a rule that names no server and could not act
  there (bytes that never travel through the door, a commit that is not made there) waits for the node.
- `times`: how often it acts (default 1; null: until it is cleared). `skip`: how many matching requests it
  lets pass first (default 0).
- `after_bytes`: the point at which it acts (default 0), and `side`: "request" or "answer", whose body is
  counted. Without `side`: the request's for uploads and other requests that are not GET, HEAD or DELETE and
  whose body has yet to be received, else the answer's (as it travels, so perhaps compressed). In a request, 0
  is before its first byte is read; in an answer, 0 is before the status line, more is after so many bytes of
  its body. A body that ends earlier is followed by the fault at its end.
- `ms`, `status`, `headers`: see the actions; an action ignores the keys that it does not use.

The first rule that matches and still has turns acts, alone. The actions:

- `reset`: the connection ends with a TCP reset at that point.
- `stall`: at that point nothing moves any more for `ms` milliseconds, then all goes on. Without `ms` until
  the client leaves (or closes its sending half), the rules are cleared, or the sandbox stops.
- `slow`: from that point on there is a pause of `ms` (default 500) before each 16 KiB of the body. It ends
  early where a stall would.
- `truncate`: of an uploaded file (PUT or form) only the first `after_bytes` bytes are stored, and success is
  reported. Of an answer the first `after_bytes` bytes of the body are sent (at most all but one), then the
  connection ends cleanly although Content-Length promised more. An answer without a body is whole.
- `status`: answered with `status` (400 to 599, default 503) and `headers` (an object of texts) in the
  server's own style; nothing else is done.
- `html`: answered with status 200 and a web page; nothing else is done.
- `garbage`: a successful read (GET) keeps its status, headers and length, but every byte of its body is
  another one; all else is answered with status 200, the usual content type and noise, and nothing is done.
- `commit_then_drop`: everything is done, then the connection ends without an answer.
- `drop_then_commit`: once the request is there the connection ends without an answer, and `ms` milliseconds
  later, or as soon as the rules are cleared, everything is done.
- `expire_token`: the token in the request is good no more, now and for ever, as if it had expired: the bearer
  at the API (401), the token or the capability at EOS (403). grantToken and generate-token hand out one
  that is no good.

A rule that was cleared in the middle of its act lets go at once, and the request goes on undisturbed.
"""

from __future__ import annotations

import contextlib
import fnmatch
import math
import select
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

from itkgui.sandbox.wire.fault_rules import Rule, parse_rules
from itkgui.sandbox.wire.messages import DroppedError, Request

_PIECE = 16 * 1024
_MOST_RULES = 1000
_GLANCE = 0.1
_READS = frozenset({"GET", "HEAD", "DELETE"})


class Faults:
    """The rules in force; safe to share between all threads of all servers."""

    def __init__(self) -> None:
        self._rules: list[Rule] = []
        self._changed = threading.Condition()
        self._era = 0
        self._stopped = False

    def add(self, content: Any) -> None:
        """Append rules as they came in JSON. Raises RuleError, and adds none of them then."""
        rules = parse_rules(content, most=_MOST_RULES - len(self._rules))
        with self._changed:
            self._rules += rules

    def listed(self) -> list[dict[str, Any]]:
        with self._changed:
            return [rule.as_json() for rule in self._rules]

    def clear(self) -> None:
        with self._changed:
            self._rules = []
            self._era += 1
            self._changed.notify_all()

    def stop(self) -> None:
        """Let go of everybody who waits; their connections end."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    def pick(self, server: str, request: Request, connection: socket.socket) -> Fault | None:
        """Return what is to go wrong with this request; a turn of its rule is used up by that."""
        with self._changed:
            for rule in self._rules:
                if rule.left == 0 or not _matches(rule, server, request):
                    continue
                if rule.skip > 0:
                    rule.skip -= 1
                    continue
                if rule.left is not None:
                    rule.left -= 1
                return Fault(rule, self, self._era, connection, _side(rule, request))
        return None

    def pause(self, seconds: float | None, era: int, left: Callable[[], bool]) -> None:
        """Wait for so long (None: without end), but not beyond the end of an era.

        Raises DroppedError if the client leaves or the sandbox stops.
        """
        deadline = None if seconds is None else time.monotonic() + seconds
        with self._changed:
            while self._era == era:
                if self._stopped or left():
                    raise DroppedError("Nobody waits for this any more.")
                remaining = _GLANCE if deadline is None else min(_GLANCE, deadline - time.monotonic())
                if remaining <= 0:
                    return
                self._changed.wait(remaining)

    def is_over(self, era: int) -> bool:
        return self._era != era


class Fault:
    """One rule that acts on one request; a gate for the bytes of either its body or its answer's."""

    def __init__(self, rule: Rule, faults: Faults, era: int, connection: socket.socket, side: str) -> None:
        self.rule = rule
        self.on_request = side == "request"
        self._faults = faults
        self._era = era
        self._connection = connection
        self._acted = False
        self._next_pause = math.inf if rule.do == "drop_then_commit" else rule.after_bytes

    @property
    def do(self) -> str:
        return self.rule.do

    @property
    def is_gate(self) -> bool:
        return self.do in ("reset", "stall", "slow", "drop_then_commit")

    def allow(self, passed: int, wanted: int) -> int:
        if self._faults.is_over(self._era) or (self._acted and self.do == "stall"):
            return wanted
        point = self._next_pause
        if passed < point:
            return int(min(wanted, point - passed))
        self._act()
        if self.do == "slow":
            self._next_pause = passed + _PIECE
            return min(wanted, _PIECE)
        return wanted

    def end(self) -> None:
        if self.do != "slow" and not self._acted and not self._faults.is_over(self._era):
            self._act()

    def _act(self) -> None:
        self._acted = True
        if self.do == "reset":
            raise DroppedError("A fault resets the connection.", reset=True)
        if self.do == "drop_then_commit":
            with contextlib.suppress(OSError):  # the client was quicker
                socket.socket.shutdown(self._connection, socket.SHUT_RDWR)
            self._faults.pause(self.rule.seconds, self._era, lambda: False)
            return
        self._faults.pause(self.rule.seconds, self._era, lambda: has_left(self._connection))


def has_left(connection: socket.socket) -> bool:
    """Whether the client has closed its end of a connection, or at least its sending half."""
    if hasattr(select, "poll"):
        # Where the system can tell, it also tells of a client that left behind what is still unread.
        hang_up = getattr(select, "POLLRDHUP", 0) | select.POLLHUP | select.POLLERR
        poll = select.poll()
        poll.register(connection, select.POLLIN | hang_up)
        events = poll.poll(0)
        if not events or events[0][1] & hang_up:
            return bool(events)
    elif not select.select([connection], [], [], 0)[0]:
        return False
    try:
        # Past any TLS: only whether there is something matters.
        return not socket.socket.recv(connection, 1, socket.MSG_PEEK)
    except BlockingIOError:
        return False
    except OSError:
        return True


def _matches(rule: Rule, server: str, request: Request) -> bool:
    if rule.method not in ("*", request.method) or rule.server not in (None, server):
        return False
    if not fnmatch.fnmatchcase(request.path, rule.glob):
        return False
    return rule.server is not None or server != "door" or _can_act_at_door(rule, request)


def _can_act_at_door(rule: Rule, request: Request) -> bool:
    """Whether a rule is about what the door does itself, which is to redirect and to delete."""
    if request.method in ("GET", "HEAD"):
        # Its answer has no body, so there is only one point in it.
        at_once = rule.do in ("reset", "stall") and rule.after_bytes == 0
        return at_once or rule.do not in ("reset", "stall", "slow", "truncate", "garbage")
    if request.method == "PUT":
        if rule.do in ("truncate", "commit_then_drop", "drop_then_commit"):
            return False
        # The body of whoever asks first never comes here.
        held_back = request.body.awaits_invitation
        return not (held_back and rule.do in ("reset", "stall", "slow") and rule.after_bytes > 0)
    return True


def _side(rule: Rule, request: Request) -> str:
    if rule.do == "drop_then_commit":
        return "request"
    if rule.side is not None:
        return rule.side
    if rule.do == "truncate":
        return "request" if request.is_upload else "answer"
    return "answer" if request.method in _READS or request.body.ended else "request"
