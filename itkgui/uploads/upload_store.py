"""The rows of the queue, and the ledger of what was sent: on the disk before anybody acts on them."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from itkgui.client.exceptions import ItkError
from itkgui.language import N_
from itkgui.records.attachment import Owner
from itkgui.uploads import remains
from itkgui.uploads.queue_file import Execute, QueueFile
from itkgui.uploads.upload import HANDED_OVER, Step, Upload, UploadState
from itkgui.uploads.upload_rows import (
    Sending,
    columns_of,
    folded,
    sending_from,
    upload_columns,
    upload_from,
)

Changes = Mapping[str, Any]
"""Fields of an Upload, and what they become."""

ENDED_LIMIT = 10_000  # rows
LEDGER_LIMIT = 200_000


class NotInQueue(ItkError):
    """The queue has no such upload of this person, or not any more."""

    title = N_("Not in the queue")
    sentence = N_("This upload is no longer in the list, so nothing was changed.")
    cure = N_("Add the file again if it still has to be sent.")


class WrongMove(ItkError):
    """The upload is in a state from which it cannot be moved that way, maybe by now."""

    title = N_("Not possible now")
    sentence = N_("The upload has gone on in the meantime, so this was not done.")
    cure = N_("Look at its state, then decide again.")


class UploadStore:
    """The uploads of one person in the queue's file, which threads and processes may share.

    Every method blocks, and what changes something returns once it is on the disk. Raises what QueueFile
    does; ``put_aside`` is as there. ``on_change`` hears of every row that was added or changed here, on the
    thread that did it, with a number that tells the later of two.
    """

    def __init__(
        self,
        folder: Path,
        person: str = "",
        on_change: Callable[[Upload, int], None] | None = None,
        *,
        may_put_aside: bool = True,
        is_shared: bool = False,
    ) -> None:
        self.person = person
        self._on_change = on_change
        self._changes = 0
        self._file = QueueFile(folder, may_put_aside=may_put_aside, is_shared=is_shared)
        self.put_aside = self._file.put_aside

    def close(self) -> None:
        self._file.close()

    # Rows --------------------------------------------------------------------------------------------------

    def add(self, uploads: Sequence[Upload]) -> list[Upload]:
        """Add all or none; return those that were added, with their place at the end of the queue.

        What the queue has, or has ever sent, by its id is not added again.
        """

        def insert(execute: Execute) -> list[Upload]:
            (last,) = execute("SELECT coalesce(max(place), 0) AS place FROM uploads WHERE ended = 0")
            now = time.time()
            added: list[Upload] = []
            for upload in uploads:
                if _is_known(execute, upload.id):
                    continue
                complete = upload.with_changes(
                    place=upload.place or last["place"] + len(added) + 1,
                    added=upload.added or now,
                    ended=(upload.ended or now) if upload.state.has_ended else 0.0,
                )
                _insert(execute, "uploads", upload_columns(complete) | {"person": self.person})
                added.append(complete)
            return added

        return self._write(insert)

    def unfinished(self) -> list[Upload]:
        """Return what has not ended, in the order of ``place``."""
        return self._uploads("person = ? AND ended = 0 ORDER BY place, id", self.person)

    def awaiting_last_look(self) -> list[Upload]:
        """Return what has ended, but may still have come to the server twice."""
        return self._uploads("person = ? AND unclear_until > 0 AND ended > 0", self.person)

    def get(self, upload_id: str) -> Upload:
        """Return an upload as it is now. Raises NotInQueue."""
        return self._row(self._file.read, upload_id)

    def known(self, ids: Iterable[str]) -> frozenset[str]:
        """Return those ids that ``add`` would leave out."""
        return frozenset(one for one in ids if _is_known(self._file.read, one))

    def find(self, upload_id: str) -> Upload | None:
        """Return an upload as it is now, None if this person has none of this id."""
        return self._found(self._file.read, upload_id)

    def move(self, upload: Upload, state: UploadState, **changes: Any) -> Upload:
        """Move an upload to a state, and change some fields with it; return it as it is now.

        What counts is the state on the disk, not the one in ``upload``. What is done enters the ledger.
        Raises WrongMove, NotInQueue.
        """
        return self.move_all([upload], state, **changes)[0]

    def move_all(
        self, uploads: Sequence[Upload], state: UploadState, *, at: Collection[Step] = (), **changes: Any
    ) -> list[Upload]:
        """Move all or none, as ``move`` does; if told so, only while they are ``at`` some steps."""

        def decide(row: Upload) -> Changes:
            if not row.may_become(state):
                raise WrongMove(f"{row.name} is {row.state.value}, which cannot become {state.value}")
            if at and row.step not in at:
                raise WrongMove(f"{row.name}: some of it may be at the server")
            return changes | {"state": state}

        return self._write(
            lambda execute: self._change_all(
                execute, [self._row(execute, upload.id) for upload in uploads], decide
            )
        )

    def change_each(self, ids: Iterable[str], decide: Callable[[Upload], Changes | None]) -> list[Upload]:
        """Change in one go those uploads for which ``decide`` returns changes; return these as they are now.

        It is asked about each as it is on the disk, in their order, before any is changed. What is in the
        queue no more, or cannot move to the state that is among the changes, stays as it is.
        """

        def update(execute: Execute) -> list[Upload]:
            found = [row for one in dict.fromkeys(ids) if (row := self._found(execute, one)) is not None]
            return self._change_all(execute, found, decide)

        return self._write(update)

    def note(self, upload: Upload, step: Step, **changes: Any) -> Upload:
        """Record what may be at the server by now, and what is known of it. Raises NotInQueue.

        A state among the changes is left out if the upload cannot move there, as it was cancelled.
        """

        def decide(row: Upload) -> Changes:
            if "state" in changes and not row.may_become(changes["state"]):
                return {name: value for name, value in changes.items() if name != "state"} | {"step": step}
            return changes | {"step": step}

        return self._changed_one(upload, decide)

    def change(self, upload: Upload, **changes: Any) -> Upload:
        """Change some fields of an upload, but not its state; return it as it is now. Raises NotInQueue."""
        return self._changed_one(upload, lambda _row: changes)

    def _changed_one(self, upload: Upload, decide: Callable[[Upload], Changes]) -> Upload:
        return self._write(
            lambda execute: self._change_all(execute, [self._row(execute, upload.id)], decide)
        )[0]

    def recover(self) -> None:
        """Let what a program that was killed had under way wait for the next try."""
        query = "UPDATE uploads SET state = ? WHERE person = ? AND ended = 0 AND state IN (?, ?)"
        states = (UploadState.SENDING.value, UploadState.CHECKING.value)
        self._file.write(lambda execute: execute(query, UploadState.WAITING.value, self.person, *states))

    # What was sent -----------------------------------------------------------------------------------------

    def claimed(self, owner: Owner) -> frozenset[str]:
        """Return the codes of all entries of a target that uploads of this computer have made, or delete."""
        query = (
            "SELECT code, left_behind FROM uploads WHERE target_kind = ?1 AND target_key = ?2 UNION "
            "SELECT code, '' FROM ledger WHERE target_kind = ?1 AND target_key = ?2"
        )
        found = self._file.read(query, owner.kind.value, owner.key)
        codes = {code for row in found for code in (row["code"], *remains.codes(row["left_behind"]))}
        return frozenset(codes - {""})

    def has_given_away(self, upload: Upload) -> bool:
        """Tell whether another computer was given an upload of the same bytes and title to this target."""
        given = self._uploads(
            "target_kind = ? AND target_key = ? AND sha256 = ? AND state = ? AND trouble_title = ?",
            *(upload.target.kind.value, upload.target.key, upload.sha256),
            *(UploadState.CANCELLED.value, HANDED_OVER),
        )
        return any(row.title == upload.title for row in given)

    def codes_beside(self, upload: Upload, parameter: str) -> tuple[str, ...]:
        """Return the codes of all files that are a value of a run's parameter, in the order of the values."""
        query = "SELECT code, parameters FROM uploads WHERE parent = ? AND code != '' ORDER BY place, id"
        rows = self._file.read(query, upload.parent) if upload.parent else []
        return tuple(row["code"] for row in rows if parameter in json.loads(row["parameters"]))

    def on_their_way(self, owner: Owner, sha256: str) -> list[Upload]:
        """Return what is to arrive of those very bytes, and may be at a target by now."""
        return self._uploads(
            "target_kind = ? AND target_key = ? AND sha256 = ? AND ended = 0 AND step IN (?, ?, ?) "
            "AND state NOT IN (?, ?)",
            *(owner.kind.value, owner.key, sha256),
            *(step.value for step in (Step.ASKED, Step.RESERVED, Step.SENT)),
            *(state.value for state in (UploadState.FAILED, UploadState.CANCELLING)),
        )

    def sent_before(self, sha256: str) -> list[Sending]:
        """Return where these very bytes were sent from this computer, by whomever; the latest comes first."""
        query = "SELECT * FROM ledger WHERE sha256 = ? ORDER BY number DESC"
        return [sending_from(row) for row in self._file.read(query, sha256)]

    def history(self, text: str, first: int, count: int) -> list[Upload]:
        """Return what has ended, the latest first: ``count`` rows from the number ``first`` (from 0) on.

        Each word of the text is in the file's name, the title, the target's label or the state.
        """
        condition, values = self._history(text)
        return self._uploads(f"{condition} ORDER BY ended DESC, id LIMIT ? OFFSET ?", *values, count, first)

    def history_count(self, text: str) -> int:
        condition, values = self._history(text)
        (row,) = self._file.read(f"SELECT count(*) AS number FROM uploads WHERE {condition}", *values)  # noqa: S608
        return int(row["number"])

    def _history(self, text: str) -> tuple[str, tuple[str, ...]]:
        words = [folded(word) for word in text.split()]
        searched = " AND instr(folded(name, title, target_label, state), ?)" * len(words)
        return f"ended > 0 AND person = ?{searched}", (self.person, *words)

    # The queue as a whole ----------------------------------------------------------------------------------

    @property
    def is_paused(self) -> bool:
        return bool(self._file.read("SELECT 1 FROM pauses WHERE person = ?", self.person))

    def set_paused(self, flag: bool) -> None:
        query = "INSERT OR IGNORE INTO pauses VALUES (?)" if flag else "DELETE FROM pauses WHERE person = ?"
        self._file.write(lambda execute: execute(query, self.person))

    def changes(self) -> int:
        """Return the number of the latest change that ``on_change`` has heard of, or is about to."""
        return self._changes

    def version(self) -> int:
        """Return a number that changes whenever another process, or another store, has changed the file."""
        (row,) = self._file.read("PRAGMA data_version")
        return int(row["data_version"])

    # Helpers -----------------------------------------------------------------------------------------------

    def _write(self, update: Callable[[Execute], list[Upload]]) -> list[Upload]:
        """Write rows, and tell of them once they are on the disk."""

        def numbered(execute: Execute) -> tuple[list[Upload], int]:
            self._changes += 1  # one thread at a time writes
            return update(execute), self._changes

        rows, number = self._file.write(numbered)
        if self._on_change is not None:
            for row in rows:
                self._on_change(row, number)
        return rows

    def _row(self, execute: Execute, upload_id: str) -> Upload:
        found = self._found(execute, upload_id)
        if found is None:
            raise NotInQueue(upload_id)
        return found

    def _found(self, execute: Execute, upload_id: str) -> Upload | None:
        found = execute("SELECT * FROM uploads WHERE id = ? AND person = ?", upload_id, self.person)
        return upload_from(found[0]) if found else None

    def _change_all(
        self, execute: Execute, rows: Iterable[Upload], decide: Callable[[Upload], Changes | None]
    ) -> list[Upload]:
        """Decide about all, then change those of which something is to be changed."""
        decided = [(row, changes) for row in rows if (changes := decide(row)) is not None]
        possible = [(row, new) for row, new in decided if "state" not in new or row.may_become(new["state"])]
        changed = [self._changed(execute, row, changes) for row, changes in possible]
        if any(row.state.has_ended for row in changed):
            _trim(execute)
        return changed

    def _changed(self, execute: Execute, before: Upload, changes: Changes) -> Upload:
        state = changes.get("state")
        if state is not None:
            changes = {**changes, "ended": time.time() if state.has_ended else 0.0}
        columns = columns_of(changes)
        settings = ", ".join(f"{name} = ?" for name in columns)
        execute(f"UPDATE uploads SET {settings} WHERE id = ?", *columns.values(), before.id)  # noqa: S608
        row = before.with_changes(**changes)
        if state is None and "code" in changes:  # what was sent may turn out to be another entry
            execute("UPDATE ledger SET code = ? WHERE id = ?", changes["code"], before.id)
        if state is UploadState.DONE:
            _enter(execute, row, self.person)
        return row

    def _uploads(self, condition: str, *values: Any) -> list[Upload]:
        rows = self._file.read(f"SELECT * FROM uploads WHERE {condition}", *values)  # noqa: S608
        return [upload_from(row) for row in rows]


def _is_known(execute: Execute, upload_id: str) -> bool:
    query = "SELECT 1 FROM uploads WHERE id = ?1 UNION ALL SELECT 1 FROM ledger WHERE id = ?1"
    return bool(execute(query, upload_id))


def _insert(execute: Execute, table: str, columns: dict[str, Any]) -> None:
    marks = ", ".join("?" * len(columns))
    execute(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", *columns.values())  # noqa: S608


def _enter(execute: Execute, upload: Upload, person: str) -> None:
    """Enter what was sent into the ledger, whose oldest lines go."""
    same = ("id", "sha256", "target", "name", "title", "storage", "code")
    line = columns_of({name: getattr(upload, name) for name in same})
    _insert(execute, "ledger", line | {"person": person, "moment": upload.ended})
    execute("DELETE FROM ledger WHERE number <= (SELECT max(number) FROM ledger) - ?", LEDGER_LIMIT)


def _trim(execute: Execute) -> None:
    """Let the oldest go of what has ended, but nothing that is still looked after or that files wait for."""
    execute(
        "DELETE FROM uploads WHERE unclear_until = 0 "
        "AND id NOT IN (SELECT parent FROM uploads WHERE ended = 0) AND id IN "
        "(SELECT id FROM uploads WHERE ended > 0 ORDER BY ended DESC LIMIT -1 OFFSET ?)",
        ENDED_LIMIT,
    )
