"""The entries of targets: which may be an upload's, what they hold, and how those that are too many go."""

from __future__ import annotations

import contextlib
import logging
import math
from collections.abc import Iterable, Iterator, Sequence

from itkgui.client import transfer
from itkgui.client.attachments import Fingerprint
from itkgui.client.clock import steady
from itkgui.client.database import ProductionDatabase
from itkgui.client.exceptions import AnswerError, BadRequest, Forbidden, ItkError, NotFound, UnexpectedStatus
from itkgui.client.sending import Sought
from itkgui.records.attachment import Attachment, Owner, Storage
from itkgui.uploads import remains
from itkgui.uploads.doubt import EXACT, Doubt, Journal
from itkgui.uploads.sorting import FULL, EosAway, StorageFull, StorageRefused, cause_of
from itkgui.uploads.upload import Cause, Upload

log = logging.getLogger(__name__)

_GRACE = 10.0  # seconds that a deletion may go on after a cancel
_FRESH = 30.0  # seconds for which a listing tells what was there before


class Entries:
    """What a saga has to know of the entries at the server, and how it deletes them; raises as Saga does."""

    def __init__(self, database: ProductionDatabase, journal: Journal, doubt: Doubt) -> None:
        self._database = database
        self._journal = journal
        self._doubt = doubt
        self._listed: dict[Owner, tuple[float, tuple[str, ...]]] = {}

    def of(self, owner: Owner) -> tuple[Attachment, ...]:
        listed = self._database.files.of(owner, with_eos_tokens=True)
        self._listed[owner] = steady(), tuple(entry.code for entry in listed)
        return listed

    def known_at(self, owner: Owner) -> tuple[str, ...]:
        """Return the codes that a target has, as it was listed lately.

        What came there since from elsewhere would be taken for ours only if it had our title and our bytes,
        and then it is as good; so hundreds of files for one target do not ask before each.
        """
        listed_at, codes = self._listed.get(owner, (-math.inf, ()))
        if steady() - listed_at < _FRESH:
            return codes
        return tuple(entry.code for entry in self.of(owner))

    def candidates(self, upload: Upload, listed: Iterable[Attachment]) -> list[Attachment]:
        """Return the entries that may be this upload's: new, of its title, not taken, not unwanted."""
        return self._like(upload, listed, self._journal.claimed(upload.target))

    def _like(self, upload: Upload, listed: Iterable[Attachment], taken: frozenset[str]) -> list[Attachment]:
        # What was lost may have been sent to the other storage before somebody chose this one.
        storages = (Storage.FILE, Storage.EOS) if upload.was_unclear else (upload.storage,)
        # On another computer somebody else may have taken the upload as an own one.
        person = "" if upload.since else self._database.user.identity
        sought = Sought(upload.title, storages, taken | set(upload.before), person)
        return [entry for entry in sought.among(listed) if age_of(entry)[0] >= upload.since - EXACT]

    def _claimed_by_others(self, upload: Upload) -> frozenset[str]:
        return self._journal.claimed(upload.target) - remains.codes(upload.left_behind)

    def held(self, entry: Attachment) -> Fingerprint | None:
        """Return what the server holds of an entry, None if it has no bytes or is there no more."""
        try:
            if entry.storage is Storage.EOS:
                with at_eos():
                    return self._database.files.fingerprint(entry, entry.url)
            return self._database.files.fingerprint(entry)
        except (BadRequest, NotFound) as error:
            if isinstance(error, BadRequest) and self._is_there(entry):
                raise
            return None

    def is_good(self, upload: Upload, entry: Attachment) -> bool:
        """Tell whether an entry holds the bytes of an upload."""
        return self.held(entry) == fingerprint_of(upload, entry.storage)

    def _is_there(self, entry: Attachment) -> bool:
        """Tell whether an entry is listed now: others, on other computers too, may have deleted it."""
        return any(listed.code == entry.code for listed in self.of(entry.owner))

    def delete(self, upload: Upload, entry: Attachment, *, has_bytes: bool = True) -> Upload:
        """Delete an entry, then its bytes; what may stay of them is noted as long as that is so."""
        rest, unfinished = remains.bytes_of(entry.code), remains.unfinished(entry.code)
        is_unfinished = unfinished in remains.parts(upload.left_behind)
        name = unfinished if is_unfinished else remains.entry(entry.code)
        is_again = rest in remains.parts(upload.left_behind)
        gone = remains.without(upload.left_behind, name, rest)
        halves = [rest] if has_bytes and entry.storage is Storage.EOS else []
        upload = self._journal.note(upload, upload.step, left_behind=remains.with_parts(gone, name, *halves))
        with transfer.shielded(_GRACE):  # the answer alone has the right to delete the bytes
            try:
                url, token = self._database.files.delete_entry(entry)
            except (BadRequest, NotFound):
                if self._is_there(entry):
                    raise
                stays = is_again  # else somebody else has deleted it, who deletes its bytes
            else:
                stays = entry.storage is Storage.EOS and not (url and token)
                if entry.storage is Storage.EOS:
                    upload = self._journal.note(
                        upload, upload.step, left_behind=remains.with_parts(gone, *halves)
                    )
                    self._database.files.delete_bytes(entry.code, url, token)
        left = remains.with_parts(gone, *halves) if stays else gone
        return self._journal.note(upload, upload.step, left_behind=left)

    def without_twins(
        self,
        upload: Upload,
        listed: Sequence[Attachment],
        own: Attachment | None = None,
        *,
        keeps: bool = False,
    ) -> tuple[Upload, Attachment | None]:
        """Delete what tries that were thought lost have brought; if told so, keep one, and return that.

        ``own`` is the entry that is known to be good, if there is one. What has other bytes may be somebody's
        work: it is noted, for a person to judge. Entries that were left as their bytes might come late go as
        soon as none can come.
        """
        equal: list[Attachment] = [own] if own is not None else []
        empty: list[Attachment] = []
        other: list[Attachment] = []
        unwanted = remains.codes(upload.left_behind)  # whose deletion may take effect at any moment
        upload = self._without_unfinished(upload, listed)
        unfinished = set(remains.unfinished_entries(upload.left_behind))
        for entry in self._like(upload, listed, self._claimed_by_others(upload)):
            is_known = entry.code in unfinished or (own is not None and entry.code == own.code)
            if is_known or not self._may_be_of(upload, entry):
                continue
            held = self.held(entry)
            (
                empty if held is None else equal if held == fingerprint_of(upload, entry.storage) else other
            ).append(entry)
        good = [entry for entry in equal if entry.code not in unwanted]
        kept = min(good, key=age_of) if good and keeps else None
        if empty:  # the bytes may have come since it was listed
            codes = {entry.code for entry in empty}
            empty = [e for e in self.of(upload.target) if e.code in codes and self.held(e) is None]
        if self._doubt.is_shared(upload) and not self._doubt.is_over(upload):
            empty = []  # another computer may be sending their bytes
        if self._doubt.may_be_counted_on(upload, keeps=keeps):
            other += [entry for entry in equal if entry is not kept]
            equal = []
        upload = self._tell_of(upload, listed, other)
        for entry in empty:
            log.info("entry %s of %s got no bytes, and is deleted again", entry.code, upload.title)
            upload = self.delete(upload, entry, has_bytes=False)
        for entry in (entry for entry in equal if entry is not kept):
            log.warning("%s arrived twice: %s is deleted again", upload.title, entry.code)
            upload = self.delete(upload, entry)
        return upload, kept

    def _without_unfinished(self, upload: Upload, listed: Iterable[Attachment]) -> Upload:
        """Delete entries whose bytes were lost on their way, if none can come any more."""
        codes = remains.unfinished_entries(upload.left_behind)
        if not codes or not self._doubt.is_over(upload):
            return upload
        there = {entry.code: entry for entry in listed}
        for code in codes:
            if code in there:
                log.info("entry %s of %s is deleted, as its bytes were lost", code, upload.title)
                upload = self.delete(upload, there[code])
        left = remains.without(upload.left_behind, *map(remains.unfinished, codes))
        return self._journal.note(upload, upload.step, left_behind=left)

    def _may_be_of(self, upload: Upload, entry: Attachment) -> bool:
        """Tell whether an entry may come from a request that was thought lost, and from nobody else."""
        moment, _ = age_of(entry)
        return self._doubt.may_have_made(upload, moment, entry.user.identity)

    def is_late(self, upload: Upload, entry: Attachment) -> bool:
        """Tell whether an entry was made when no request that was thought lost could have made it."""
        return entry.moment is not None and self._doubt.is_late(upload, age_of(entry)[0])

    def _tell_of(self, upload: Upload, listed: Iterable[Attachment], others: Iterable[Attachment]) -> Upload:
        """Note entries that are left, and no longer those that are gone or another upload's by now."""
        claimed = self._claimed_by_others(upload) - {upload.code}
        there = {entry.code for entry in listed} - claimed
        old = [code for code in remains.entries(upload.left_behind) if code not in there]
        left = remains.without(upload.left_behind, remains.PERHAPS, *map(remains.entry, old))
        left = remains.with_parts(left, *(remains.entry(entry.code) for entry in others))
        if left == upload.left_behind:
            return upload
        return self._journal.note(upload, upload.step, left_behind=left)


@contextlib.contextmanager
def at_eos() -> Iterator[None]:
    """Tell trouble with EOS from trouble with the database."""
    try:
        yield
    except ItkError as error:
        if isinstance(error, AnswerError) and error.status == FULL:
            raise StorageFull(error.detail) from error
        if cause_of(error, 1) is Cause.PASSING:
            raise EosAway.because_of(error) from error
        if isinstance(error, Forbidden | UnexpectedStatus):  # by the object's token, not by somebody's rights
            raise StorageRefused(error.detail) from error
        raise


def age_of(entry: Attachment) -> tuple[float, str]:
    """Return by what the oldest of some entries is found, the same wherever that is asked; seconds, code."""
    return entry.moment.timestamp() if entry.moment is not None else math.inf, entry.code


def fingerprint_of(upload: Upload, storage: Storage) -> Fingerprint:
    """Return by what the bytes of an upload are told in a storage."""
    return Fingerprint(upload.size, upload.adler32 if storage is Storage.EOS else upload.sha256)
