"""What must have become of uploads, whatever has happened: compared with what the sandbox truly holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from itkgui.client.exceptions import FileEmpty, FileMissing, FileUnreadable
from itkgui.records.attachment import OwnerKind, Storage
from itkgui.sandbox.eos.object_store import path_of_code, storage_name
from itkgui.uploads import remains
from itkgui.uploads.hand_over import is_handed_over
from itkgui.uploads.sorting import NotTheSame, SpoolDamaged
from itkgui.uploads.spool import FileChanged
from itkgui.uploads.upload import Upload, UploadKind, UploadState
from tests.unit.uploads.bench import Bench

# What may become of a file that was damaged on this computer before it was sent.
_ERRORS = (SpoolDamaged, NotTheSame, FileEmpty, FileMissing, FileUnreadable, FileChanged)
_DAMAGE = {error.title for error in _ERRORS}


@dataclass
class Account:
    """What was asked of the queues of some computers in one sequence, and what is known to the server."""

    bench: Bench
    added: dict[str, Upload] = field(default_factory=dict)
    unsure: list[list[Upload]] = field(default_factory=list)  # by whom was killed: all of them, or none
    given_up: set[str] = field(default_factory=set)  # said to be cancelled: nothing may be left of them
    wavering: set[str] = field(default_factory=set)  # cancelled or not
    hurt: set[str] = field(default_factory=set)  # whose file or copy was damaged on the disk
    contents: dict[str, set[str]] = field(default_factory=dict)  # by id, SHA-256 of what the file ever was
    measured: dict[str, tuple[Upload, float]] = field(default_factory=dict)  # by number of the run

    def __post_init__(self) -> None:
        state = self.bench.control.state()
        self._orphans_before = _orphans(state)
        self.before = {entry["code"] for entry in state["attachments"]} | self.bench.runs().keys()

    def with_children(self, ids: Collection[str]) -> set[str]:
        return {one.id for one in self.added.values() if one.id in ids or one.parent in ids}

    def note_cancelled(self, told: Collection[str], done: Collection[str]) -> None:
        """Note what was told to be cancelled, and was not done; files of results may go with these."""
        self.given_up |= set(told) - set(done)
        self.wavering |= self.with_children(told) - set(told)

    def note_doubt(self, ids: Collection[str]) -> None:
        """Note what may have been cancelled, and may go on."""
        doubtful = self.with_children(ids)
        self.given_up -= doubtful
        self.wavering |= doubtful

    def note_tried_again(self, ids: Collection[str]) -> None:
        """Note what was cancelled and may go on after all, with the results that a file needs."""
        again = self.given_up & set(ids)
        self.note_doubt(again)
        results = {self.added[one].parent for one in again if one in self.added} - {""}
        self.given_up -= results
        self.wavering |= results

    # The end -----------------------------------------------------------------------------------------------

    def audit(self, computers: Sequence[Sequence[Upload]]) -> None:
        """Check the rows of all computers against the wishes, and the server against the rows."""
        rows = [row for computer in computers for row in computer]
        alive = {row.id: row for row in rows if not is_handed_over(row)}
        for uploads in self.unsure:
            known = [upload for upload in uploads if upload.id in alive]
            assert len(known) in (0, len(uploads)), f"of {uploads} only {known} were added"
            self.added |= {upload.id: upload for upload in known}
        assert alive.keys() == self.added.keys(), "an upload is lost or comes from nowhere"
        for row in alive.values():
            assert self._has_ended_well(row, alive), f"{row}"
        for row in rows:
            if not is_handed_over(row) and (other := alive[row.id]) is not row:
                # Of two archives that it was in one after the other, each computer has taken one.
                assert row.since, "two computers have an upload"
                assert other.since, "two computers have an upload"
                assert (row.state, row.code) == (other.state, other.code), (
                    f"{row} is another thing at {other}"
                )
        self._compare(rows)

    def _has_ended_well(self, row: Upload, alive: dict[str, Upload]) -> bool:
        match row.state:
            case UploadState.DONE:
                is_wanted = row.id not in self.given_up
                return is_wanted and row.trouble is None and row.sha256 in self.contents[row.id]
            case UploadState.CANCELLED:
                return row.id in self.given_up | self.wavering
            case UploadState.FAILED:
                return row.id in self.hurt and row.trouble is not None and row.trouble.title in _DAMAGE
            case UploadState.WAITING:  # for results that cannot be sent as they are
                return bool(row.parent) and alive[row.parent].state is UploadState.FAILED
        return False

    def _compare(self, rows: Sequence[Upload]) -> None:
        state = self.bench.control.state()
        # Of what nobody could look for, such as results whose file is gone, a row tells by its own title.
        left = " ".join(row.left_behind.replace(remains.PERHAPS, f"“{row.title}”") for row in rows)
        done = [row for row in rows if row.state is UploadState.DONE]
        expected: Counter[tuple[Any, ...]] = Counter()
        for row in sorted(done, key=lambda row: row.since):
            entry = (
                row.code,
                row.title,
                _filename(row),
                row.storage.value,
                row.sha256,
                row.size,
                _owner_id(row),
            )
            # Of what is alike, one entry is enough for the computer that has it from an archive.
            if row.kind is UploadKind.FILE and not (row.since and entry in expected):
                expected[entry] += 1
        found = Counter(
            (
                *(entry[key] for key in ("code", "title", "filename", "type", "sha256", "size")),
                entry["owner"]["id"],
            )
            for entry in state["attachments"]
            if entry["code"] not in self.before
        )
        assert not expected - found, f"done, but not there: {expected - found}"
        more = [entry for entry in found - expected if not _is_told(left, *entry[:2])]
        assert not more, f"there, but not told: {more}"
        orphans = _orphans(state) - self._orphans_before
        told = {code for code, title, *_ in found if _is_told(left, code, title)}
        known = {name for word in (*left.split(), *told) for name in _names_of(word.strip(","))}
        assert orphans <= known, f"{orphans - known} are left behind unsaid"
        self._compare_runs(done, left)

    def _compare_runs(self, done: Iterable[Upload], left: str) -> None:
        by_id = {row.id: row for row in done}
        expected = {row.code for row in by_id.values() if row.kind is UploadKind.TEST_RUN}
        for run_id, run in self.bench.runs().items():
            if run_id in self.before:
                continue
            upload, mass = self.measured[run["runNumber"]]
            if run_id in expected:
                assert by_id[upload.id].code == run_id, f"run {run_id} is not that of {upload}"
                assert self.bench.mass_of(run_id) == mass
                expected.remove(run_id)
            else:
                assert _is_told(left, run_id, upload.title), f"run {run_id} of {upload} is left behind unsaid"
        assert not expected, f"runs are missing: {expected}"
        for row in by_id.values():
            is_at_run = not row.parent or row.target.key == by_id[row.parent].code
            assert is_at_run, f"{row.name} is at a wrong run"


def _is_told(left: str, code: str, title: str) -> bool:
    return code in left or f"“{title}”" in left


def _orphans(state: dict[str, Any]) -> set[str]:
    return {*state["orphan_records"], *(entry["name"] for entry in state["orphan_bytes"])}


def _names_of(code: str) -> tuple[str, ...]:
    """Return under which names the bytes of an entry may be left."""
    return (code, storage_name(path_of_code(code))) if len(code) == 32 else ()


def _filename(row: Upload) -> str:
    """Return under which name the server has it: what is on EOS goes by its code."""
    return row.code if row.storage is Storage.EOS else row.name


def _owner_id(row: Upload) -> str:
    return row.target.label if row.target.kind is OwnerKind.COMPONENT else row.target.key
