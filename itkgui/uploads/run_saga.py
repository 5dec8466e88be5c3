"""The steps that bring the results of a test to the database as a test run, and prove that they are there."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from itkgui.client import transfer
from itkgui.client.database import ProductionDatabase
from itkgui.client.duplicates import is_duplicate
from itkgui.client.exceptions import (
    ChecksumMismatch,
    DuplicateTestRuns,
    FileUnreadable,
    ItkError,
    NotReadBack,
    TestRunNotFound,
    UnreadableAnswer,
)
from itkgui.records.json_fields import Json, child, objects, text
from itkgui.uploads.saga import Journal
from itkgui.uploads.sorting import SpoolDamaged, Timing, is_answered
from itkgui.uploads.upload import Step, Upload

log = logging.getLogger(__name__)

_GRACE = 10.0  # seconds that a short request may go on after a cancel
_RUNS_PER_CALL = 50
_GONE = ("deleted", "requestedToDelete")


class RunSaga:
    """Does for results what Saga does for files, which see; the ``code`` of such an upload is the run's id.

    The database prevents no duplicates (API reference §5.6): results that it holds already are sent only if
    the upload says that a second run of them is wanted.
    """

    def __init__(
        self, database: ProductionDatabase, journal: Journal, spool: Path, late: float = Timing.late
    ) -> None:
        self._client = database.client
        self._me = database.user.identity
        self._journal = journal
        self._spool = spool
        self._late = late

    def send(self, upload: Upload) -> Upload:
        """Bring an upload to Step.SENT. Raises DuplicateTestRuns, SpoolDamaged."""
        body = self._body(upload)
        if upload.step is not Step.NEW:
            upload = self._settle(upload, body)
        if upload.step is Step.SENT:
            return upload
        there = self._run_ids(body)
        before = upload.before if upload.was_unclear else there
        mine = self._mine(upload, body, there) if upload.was_unclear else ()
        if mine:  # it has come late
            return self._journal.note(upload, Step.SENT, code=mine[0])
        if not upload.may_repeat and (equal := self._equal_runs(body, there)):
            raise DuplicateTestRuns(equal)
        asked = self._journal.note(upload, Step.ASKED, before=before)
        transfer.current().check()
        try:
            with transfer.shielded(_GRACE):  # a cancel must not lose the answer: the run is made
                answer = self._client.post("uploadTestRunResults", body)
        except ItkError as error:
            if is_answered(error):
                self._journal.note(asked, Step.NEW)
            raise
        run_id = text(child(answer, "testRun"), "id")
        if not run_id:
            raise UnreadableAnswer("uploadTestRunResults told no test run")
        return self._journal.note(asked, Step.SENT, code=run_id)

    def check(self, uploads: Sequence[Upload]) -> list[str | ItkError]:
        """Return for each upload the id of the run that is proved to hold its results, or what is wrong."""
        return [self._checked(upload) for upload in uploads]

    def withdraw(self, upload: Upload) -> Upload:
        """Delete the test run of an upload, if there is one; it is at Step.NEW then."""
        if upload.step is Step.ASKED:
            transfer.current().pause(self._late)
            upload = self._settle(upload, self._body(upload))
        if upload.step is not Step.NEW:
            upload = self._remove(upload)
        if upload.was_unclear:
            self._remove_twins(upload, self._body(upload))
        return upload

    def _remove(self, upload: Upload) -> Upload:
        upload = self._journal.note(upload, Step.WITHDRAWING)
        run = self._run(upload.code)
        if run is not None and text(run, "state") not in _GONE:
            self._client.post("deleteTestRun", {"testRun": upload.code, "reason": "upload cancelled"})
        return self._journal.note(upload, Step.NEW, code="")

    def _settle(self, upload: Upload, body: Json) -> Upload:
        """Find out what an earlier try has done: the run is there (SENT), or it is not (NEW)."""
        if upload.step is Step.WITHDRAWING:
            return self._remove(upload)
        if upload.step is not Step.ASKED:
            return upload
        upload = self._journal.note(upload, Step.ASKED, was_unclear=True)
        mine = self._mine(upload, body, self._run_ids(body))
        if mine:
            return self._journal.note(upload, Step.SENT, code=mine[0])
        return self._journal.note(upload, Step.NEW)

    def _mine(self, upload: Upload, body: Json, there: Iterable[str]) -> tuple[str, ...]:
        """Return which of the runs that are there may be this upload's: new, equal, and nobody else's."""
        taken = self._journal.claimed(upload.target) | set(upload.before)
        new = [run for run in there if run not in taken]
        return self._equal_runs(body, new, lambda run: self._is_mine(body, run))

    def _is_mine(self, body: Json, run: Json) -> bool:
        number = text(body, "runNumber")
        return (not self._me or text(child(run, "user"), "userIdentity") in ("", self._me)) and (
            not number or text(run, "runNumber") == number
        )

    def _checked(self, upload: Upload) -> str | ItkError:
        run = self._run(upload.code)
        if run is None or text(run, "state") in _GONE:
            return NotReadBack(f"the database does not show the test run {upload.code}")
        body = self._body(upload)
        if not is_duplicate(body, run):
            return ChecksumMismatch(f"the test run {upload.code} holds other values than were sent")
        if upload.was_unclear:
            self._remove_twins(upload, body)
        return upload.code

    def _remove_twins(self, upload: Upload, body: Json) -> None:
        """Delete the run that an earlier try, thought lost, has made after all."""
        for twin in self._mine(upload, body, self._run_ids(body)):
            if twin == upload.code:
                continue
            log.warning("the results of %s arrived twice: test run %s is deleted again", upload.title, twin)
            self._client.post("deleteTestRun", {"testRun": twin, "reason": "uploaded twice"})

    def _run(self, run_id: str) -> Json | None:
        try:
            return self._client.get("getTestRun", {"testRun": run_id, "noEosToken": True}, refresh=True)
        except TestRunNotFound:
            return None

    def _run_ids(self, body: Json) -> tuple[str, ...]:
        """Return the ids of the component's ready runs of this test type."""
        component = text(body, "component")
        key = "code" if len(component) == 32 else "serialNumber"
        wanted = {key: component, "testType": [text(body, "testType")], "state": ["ready"]}
        runs = self._client.pages("listTestRunsByComponent", {"filterMap": wanted}, refresh=True)
        return tuple(key for run in runs if (key := text(run, "id")))

    def _equal_runs(
        self, body: Json, ids: Sequence[str], is_wanted: Callable[[Json], bool] = lambda _: True
    ) -> tuple[str, ...]:
        """Return those of some runs that hold the results."""
        equal: list[str] = []
        for start in range(0, len(ids), _RUNS_PER_CALL):
            question = {"testRun": list(ids[start : start + _RUNS_PER_CALL]), "noEosToken": True}
            runs = objects(self._client.get("getTestRunBulk", question, refresh=True), "itemList")
            equal += [text(run, "id") for run in runs if is_duplicate(body, run) and is_wanted(run)]
        return tuple(equal)

    def _body(self, upload: Upload) -> Json:
        path = self._spool / upload.spool_name
        try:
            content = path.read_bytes()
            if hashlib.sha256(content).hexdigest() != upload.sha256:
                raise SpoolDamaged(f"{upload.name} has another checksum than when it was copied")
            found = json.loads(content)
        except OSError as error:
            raise SpoolDamaged(f"{upload.name}: {error.strerror}") from error
        except (ValueError, RecursionError) as error:
            raise FileUnreadable(f"{upload.name} is no JSON: {error}") from error
        if not isinstance(found, dict):
            raise FileUnreadable(f"{upload.name} holds no results")
        return found
