"""What the commands of the queue say: lines for people, JSON for scripts, progress on a terminal."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from typing import Any

from itkgui.client.exceptions import ItkError
from itkgui.exit_codes import ExitCode
from itkgui.language import N_, _, ngettext
from itkgui.log import redact
from itkgui.records.sizes import size_text
from itkgui.uploads import remains
from itkgui.uploads.hand_over import is_handed_over
from itkgui.uploads.upload import Upload, UploadKind, UploadState
from itkgui.uploads.upload_queue import UploadQueue

PAUSED = N_("The queue is paused: nothing is sent before “itkgui queue resume”.")
_BETWEEN = 0.2  # seconds between two looks at the progress


@dataclass(frozen=True)
class Objection:
    """What stands against sending a file, in words; ``field`` is where in results of a test.

    What ``may_pass`` is sent if somebody says that it is to be sent anyway; what ``needs_other`` can be sent
    by another person, whom ``expected`` names.
    """

    file: str
    sentence: str
    field: str = ""
    expected: str = ""
    found: str = ""
    may_pass: bool = False
    needs_other: bool = False

    @property
    def line(self) -> str:
        where = f"{self.file}, {self.field}" if self.field else self.file
        if self.needs_other:
            who = f"{self.expected[:1].upper()}{self.expected[1:]}"
            told = _("{sentence} {who} has to send this.").format(sentence=self.sentence, who=who)
            return f"{where}: {told}"
        expected = _("expected {what}").format(what=self.expected) if self.expected else ""
        found = _("found {what}").format(what=self.found) if self.found else ""
        compared = ", ".join(filter(None, (expected, found)))
        return f"{where}: {self.sentence}" + (f" ({compared})" if compared else "")


class Teller:
    """Tells people on the terminal what goes on; for scripts, all at the end as one object of JSON.

    What a command was asked for goes to standard output, anything else to standard error.
    """

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self.if_interrupted = _(
            "Interrupted. What was taken into the queue stays there: itkgui queue run sends it."
        )
        self._told: dict[str, Any] = {}
        self._is_terminal = not as_json and sys.stderr.isatty()
        self._line = ""
        self._looked = 0.0

    def say(self, *lines: str) -> None:
        """Say what was asked for."""
        if not self.as_json:
            self._clear()
            sys.stdout.writelines(f"{printable(line)}\n" for line in lines)
            sys.stdout.flush()

    def remark(self, text: str) -> None:
        """Say what is worth knowing besides."""
        if not self.as_json:
            self._clear()
            sys.stderr.write(f"itkgui: {printable(text)}\n")

    def warn(self, text: str) -> None:
        """Say what somebody may want to look at, though it hinders nothing."""
        self.remark(_("warning: {text}").format(text=text))

    def error(self, error: ItkError, about: str = "") -> None:
        """Tell why nothing more is done; ``about`` is what somebody has written that it concerns."""
        self._told["error"] = {
            "title": error.title,
            "sentence": error.sentence,
            "cure": error.cure,
            "detail": redact(error.detail),
        }
        detail = f" [{redact(error.detail)}]" if error.detail else ""
        where = f"{about}: " if about else ""
        self._tell_error(f"{where}{error.title}. {error.sentence} {error.cure}{detail}")

    def _tell_error(self, text: str) -> None:
        self.remark(_("error: {text}").format(text=text))

    def object_to(self, objections: Iterable[Objection], *, anyway: bool) -> None:
        """Tell what stands against sending files: as warnings what does not hinder it ``anyway``."""
        found = list(objections)
        self._told["objections"] = [asdict(objection) for objection in found]
        for objection in found:
            if objection.may_pass and anyway:
                self.warn(objection.line)
            else:
                self._tell_error(objection.line)

    def tell(self, **facts: Any) -> None:
        """Keep facts for scripts."""
        self._told.update(facts)

    @property
    def took_nothing(self) -> bool:
        """Whether there were files to send, of which the queue has none."""
        return self._told.get("taken") == []

    def rows(self, rows: Iterable[Upload]) -> None:
        self.tell(uploads=[row_facts(row) for row in rows])

    def progress(self, queue: UploadQueue, ids: Sequence[str]) -> None:
        """Show on a terminal how far some uploads are."""
        now = time.monotonic()
        if not self._is_terminal or now - self._looked < _BETWEEN:
            return
        self._looked = now
        rows = [row for row in map(queue.get, ids) if row is not None]
        done = len(ids) - sum(not row.state.has_ended for row in rows)
        moving = [found for row in rows if (found := queue.progress(row.id)) is not None]
        share = (len(ids) - len(rows) + sum(map(queue.share_done, rows))) / max(1, len(ids))
        parts = [_("{done} of {count}").format(done=done, count=len(ids)), f"{100 * share:.0f} %"]
        if rate := sum(progress.rate for progress in moving):
            parts.append(f"{size_text(int(rate))}/s")
        later = [row for row in rows if row.trouble is not None and row.next_try > time.time()]
        if later and not moving:
            wait = min(row.next_try for row in later) - time.time()
            title = later[0].trouble.title if later[0].trouble else ""
            parts.append(_("{title}: next try in {seconds} s").format(title=title, seconds=f"{wait:.0f}"))
        self._clear()
        self._line = printable(" · ".join(parts))
        sys.stderr.write(self._line)
        sys.stderr.flush()

    def end(self, code: ExitCode) -> None:
        self._clear()
        if self.as_json:
            sys.stdout.write(
                json.dumps({"code": int(code), **self._told}, ensure_ascii=False, indent=2) + "\n"
            )
            sys.stdout.flush()

    def _clear(self) -> None:
        if self._line:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
            self._line = ""


def left_there(count: int, *, is_paused: bool) -> str:
    """Return what is said of files that the queue has, and nobody sends for this command."""
    if is_paused:
        text = ngettext(
            "{count} file is in the queue, which is paused: nothing is sent before “itkgui queue resume”.",
            "{count} files are in the queue, which is paused: nothing is sent before “itkgui queue resume”.",
            count,
        )
    else:
        text = ngettext(
            "{count} file is in the queue; the window or “itkgui queue run” sends.",
            "{count} files are in the queue; the window or “itkgui queue run” sends.",
            count,
        )
    return text.format(count=count)


def looked_for_later(rows: Iterable[Upload]) -> str:
    """Return what is said of uploads of which something may come late, and which nobody looks after now."""
    then = [max(row.next_try, time.time()) for row in rows]
    text = ngettext(
        "An answer was lost on the way of {count} upload: something of it may come late. The window or"
        " “itkgui queue run” looks for that, and removes what is too much, from {moment} on.",
        "Answers were lost on the way of {count} uploads: something of them may come late. The window or"
        " “itkgui queue run” looks for that, and removes what is too much, from {moment} on.",
        len(then),
    )
    return text.format(count=len(then), moment=f"{datetime.fromtimestamp(max(then)).astimezone():%H:%M:%S}")


def printable(text: str) -> str:
    """Return a text without what would move the cursor: names of files may be anything."""
    return "".join(mark if mark.isprintable() else "�" for mark in text)


def row_facts(row: Upload) -> Mapping[str, Any]:
    """Return what scripts may know of an upload; moments are ISO 8601 in UTC, null if there is none."""
    trouble = row.trouble
    return {
        "id": row.id,
        "kind": row.kind.value,
        "file": row.name,
        "title": row.title,
        "target": {"kind": row.target.kind.value, "key": row.target.key, "label": row.target.label},
        "parent": row.parent or None,
        "storage": row.storage.value,
        "size": row.size,
        "sha256": row.sha256 or None,
        "state": row.state.value,
        "code": row.code or None,
        "tries": row.tries,
        "next_try": _moment(row.next_try) if row.state is UploadState.WAITING else None,
        "trouble": None
        if trouble is None
        else {
            "cause": trouble.cause.value,
            "title": trouble.title,
            "sentence": trouble.sentence,
            "cure": trouble.cure,
            "detail": trouble.detail,
        },
        "left_behind": row.at_server or None,
        "last_look": _moment(row.next_try or time.time()) if row.awaits_last_look else None,
        "added": _moment(row.added),
        "ended": _moment(row.ended),
    }


def row_lines(row: Upload, *, is_run: bool = True) -> list[str]:
    """Return an upload in a line for people, and in another one what is the matter with it.

    ``is_run`` tells whether some process runs the queue: else nothing that has begun goes on.
    """
    state = _(row.state.value)
    if is_handed_over(row):
        state = _("handed over")
    elif not is_run and row.state in (UploadState.SENDING, UploadState.CHECKING):
        state = _("interrupted")
    what = _("test run") if row.kind is UploadKind.TEST_RUN else row.storage.label
    way = f"{row.name} → {row.target.label}  ({what}, {size_text(row.size)})"
    line = f"{row.id[:8]}  {state:<11}  {way}"
    if row.state is UploadState.DONE:
        line += f"  {row.code}"
    if row.at_server:
        line += "  " + _("left at the server: {parts}").format(parts=remains.words(row.at_server))
    if row.state is UploadState.DONE or row.trouble is None or is_handed_over(row):
        return [line]
    detail = f" [{row.trouble.detail}]" if row.trouble.detail else ""
    trouble = f"{row.trouble.title}. {row.trouble.sentence} {row.trouble.cure}{detail}"
    return [line, f"{'':10}{trouble}"]


def _moment(seconds: float) -> str | None:
    if not seconds:
        return None
    return (
        datetime.fromtimestamp(seconds, timezone.utc)
        .isoformat(timespec="milliseconds")
        .replace("+00:00", "Z")
    )
