"""The steps that bring the results of a test to the database as a test run, and prove that they are there."""

from __future__ import annotations

import hashlib
import json
import logging
import math
from collections.abc import Sequence
from pathlib import Path

from itkgui.client import transfer
from itkgui.client.database import ProductionDatabase
from itkgui.client.duplicates import is_duplicate
from itkgui.client.exceptions import (
    BadRequest,
    ChecksumMismatch,
    DuplicateTestRuns,
    FileUnreadable,
    ItkError,
    NotFound,
    NotReadBack,
    TestRunNotFound,
    UnreadableAnswer,
)
from itkgui.records.json_fields import Json, child, objects, text, timestamp
from itkgui.uploads import remains
from itkgui.uploads.doubt import EXACT, Doubt, Journal
from itkgui.uploads.sorting import OtherComponent, SpoolDamaged, Timing, is_answered
from itkgui.uploads.upload import Step, Upload, UploadState

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
        self, database: ProductionDatabase, journal: Journal, spool: Path, timing: Timing | None = None
    ) -> None:
        self._client = database.client
        self._me = database.user.identity
        self._journal = journal
        self._spool = spool
        self._timing = timing or Timing()
        self._doubt = Doubt(database, journal, self._timing)

    def send(self, upload: Upload) -> Upload:
        """Bring an upload to Step.SENT. Raises DuplicateTestRuns, SpoolDamaged, OtherComponent."""
        body = self._body(upload)
        self._check_component(upload, body)
        if upload.step is not Step.NEW or upload.was_unclear or upload.since:
            upload = self._settle(upload, body)
        if upload.step is Step.SENT:
            return upload
        there = self._run_ids(body)
        before = upload.before if upload.was_unclear else there
        if not upload.may_repeat and (equal := self._equal_runs(body, there)):
            if upload.was_unclear and (mine := self._mine(upload, body)):  # it has come this very moment
                return self._journal.note(upload, Step.SENT, code=text(mine[0], "id"))
            raise DuplicateTestRuns(text(run, "id") for run in equal)
        known = upload.unclear_until
        asked = self._journal.note(upload, Step.ASKED, before=before, unclear_until=0.0)
        transfer.current().check()
        try:
            with transfer.shielded(_GRACE):  # a cancel must not lose the answer: the run is made
                answer = self._client.post("uploadTestRunResults", body)
            run_id = text(child(answer, "testRun"), "id")
            if not run_id:
                raise UnreadableAnswer("uploadTestRunResults told no test run")
        except ItkError as error:
            if is_answered(error):
                self._journal.note(asked, Step.NEW, unclear_until=known)
            else:
                self._doubt.note(asked, Step.ASKED)
            raise
        return self._journal.note(asked, Step.SENT, code=run_id, unclear_until=known)

    def check(self, uploads: Sequence[Upload]) -> list[str | ItkError]:
        """Return for each upload the id of the run that is proved to hold its results, or what is wrong."""
        return [self._checked(upload) for upload in uploads]

    def look_again(self, upload: Upload) -> Upload:
        """Do as Saga.look_again."""
        body = self._body(upload)
        if upload.state is UploadState.HELD and upload.step is not Step.SENT:
            upload = self._settle(upload, body)
        has_arrived = upload.state is UploadState.DONE or upload.step is Step.SENT
        kept = self._without_twins(upload, body, keeps=has_arrived)
        if kept and kept != upload.code:
            upload = self._journal.note(upload, upload.step, code=kept)
        return self._doubt.ended(upload)

    def withdraw(self, upload: Upload) -> Upload:
        """Delete the test run of an upload, if there is one; it is at Step.NEW then."""
        if upload.step is Step.ELSEWHERE:
            return self._journal.note(upload, Step.NEW)
        if upload.step is Step.ASKED:
            transfer.current().pause(self._timing.late)
            upload = self._journal.note(self._doubt.note(upload, Step.ASKED), Step.NEW)
        if upload.step is not Step.NEW:
            upload = self._remove(upload)
        if upload.was_unclear:
            self._without_twins(upload, self._body(upload), keeps=False)
        return upload

    def _remove(self, upload: Upload) -> Upload:
        upload = self._journal.note(upload, Step.WITHDRAWING)
        if self._is_there(upload.code):
            self._delete(upload.code, "upload cancelled")
        left = remains.without(upload.left_behind, remains.run(upload.code))
        return self._journal.note(upload, Step.NEW, code="", left_behind=left)

    def _settle(self, upload: Upload, body: Json) -> Upload:
        """Find out what an earlier try has done: the run is there (SENT), or it is not (NEW)."""
        if upload.step is Step.WITHDRAWING:
            return self._remove(upload)
        if upload.step is Step.SENT and (not upload.tries or self._is_there(upload.code)):
            return upload
        if upload.step is not Step.NEW or upload.since:
            upload = self._doubt.note(upload, upload.step)
        if mine := self._mine(upload, body):
            return self._journal.note(upload, Step.SENT, code=text(mine[0], "id"))
        return self._journal.note(upload, Step.NEW, code="")

    def _mine(self, upload: Upload, body: Json) -> list[Json]:
        """Return the runs that may be this upload's, the best first: new, equal, not taken, not unwanted."""
        return self._like(upload, body, self._journal.claimed(upload.target))

    def _like(self, upload: Upload, body: Json, taken: frozenset[str]) -> list[Json]:
        new = [run for run in self._run_ids(body) if run not in taken and run not in upload.before]
        mine = [run for run in self._equal_runs(body, new) if self._is_mine(upload, body, run)]
        return sorted((run for run in mine if _made(run) >= upload.since - EXACT), key=_rank)

    def _is_mine(self, upload: Upload, body: Json, run: Json) -> bool:
        number = text(body, "runNumber")
        # On another computer somebody else may have taken the upload as an own one.
        is_by_me = upload.since or not self._me or text(child(run, "user"), "userIdentity") in ("", self._me)
        return bool(is_by_me) and (not number or text(run, "runNumber") == number)

    def _checked(self, upload: Upload) -> str | ItkError:
        run = self._run(upload.code)
        body = self._body(upload)
        if run is None or text(run, "state") in _GONE:
            run = next(iter(self._mine(upload, body)), None)  # another computer may have kept its own
        if run is None:
            return NotReadBack(f"the database does not show the test run {upload.code}")
        if not is_duplicate(body, run):
            return ChecksumMismatch(f"the test run {upload.code} holds other values than were sent")
        kept = self._without_twins(upload, body, keeps=True) if upload.was_unclear else ""
        return kept or text(run, "id")

    def _without_twins(self, upload: Upload, body: Json, *, keeps: bool) -> str:
        """Delete the runs that tries that were thought lost have made; keep one if told so, and return it."""
        unwanted = remains.codes(upload.left_behind)  # whose deletion may take effect at any moment
        own = self._run(upload.code) if upload.code else None
        equal = [own] if own is not None and text(own, "state") not in _GONE else []
        taken = self._journal.claimed(upload.target) - unwanted | {upload.code}
        equal += [run for run in self._like(upload, body, taken) if self._may_be_of(upload, run)]
        good = [run for run in equal if text(run, "id") not in unwanted]
        kept = text(min(good, key=_rank), "id") if good and keeps else ""
        extra = [run_id for run in equal if (run_id := text(run, "id")) != kept]
        names = [remains.run(run_id) for run_id in extra]
        left = remains.with_parts(
            remains.without(upload.left_behind, remains.PERHAPS, *map(remains.run, unwanted)), *names
        )
        if left != upload.left_behind:
            upload = self._journal.note(upload, upload.step, left_behind=left)
        if self._doubt.may_be_counted_on(upload, keeps=keeps):
            return kept
        for run_id in extra:
            log.warning("the results of %s arrived twice: test run %s is deleted again", upload.title, run_id)
            self._delete(run_id, "uploaded twice")
        if extra:
            self._journal.note(upload, upload.step, left_behind=remains.without(left, *names))
        return kept

    def _delete(self, run_id: str, reason: str) -> None:
        try:
            self._client.post("deleteTestRun", {"testRun": run_id, "reason": reason})
        except (BadRequest, NotFound):
            if self._is_there(run_id):  # else others, on other computers too, have done it
                raise

    def _is_there(self, run_id: str) -> bool:
        run = self._run(run_id)
        return run is not None and text(run, "state") not in _GONE

    def _may_be_of(self, upload: Upload, run: Json) -> bool:
        """Tell whether a run may come from a request that was thought lost, and from nobody else."""
        return self._doubt.may_have_made(upload, _made(run), text(child(run, "user"), "userIdentity"))

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

    def _equal_runs(self, body: Json, ids: Sequence[str]) -> list[Json]:
        """Return those of some runs that hold the results."""
        equal: list[Json] = []
        for start in range(0, len(ids), _RUNS_PER_CALL):
            question = {"testRun": list(ids[start : start + _RUNS_PER_CALL]), "noEosToken": True}
            runs = objects(self._client.get("getTestRunBulk", question, refresh=True), "itemList")
            equal += [run for run in runs if is_duplicate(body, run)]
        return equal

    def _check_component(self, upload: Upload, body: Json) -> None:
        """Raise OtherComponent if the results are not of the component that the upload is for."""
        named = text(body, "component")
        if named in (upload.target.key, upload.target.label):
            return
        found = self._client.get("getComponent", {"component": named, "noTests": True, "noEosToken": True})
        if upload.target.key not in (text(found, "code"), text(found, "id")):
            raise OtherComponent(f"{upload.name} names {named}, not {upload.target.label}")

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


def _made(run: Json) -> float:
    """Return when a run was made, in seconds since 1970; late if that is not known."""
    made = timestamp(run, "cts") or timestamp(child(run, "sys"), "cts")
    return made.timestamp() if made is not None else math.inf


def _rank(run: Json) -> tuple[bool, float, str]:
    """Return by what the one of equal runs is found that stays: one with files, else the oldest.

    It is the same wherever that is asked.
    """
    return not run.get("attachments"), _made(run), text(run, "id")
