"""Until when requests whose answer was lost may take effect, and what may have come of them."""

from __future__ import annotations

from typing import Protocol

from itkgui.client.database import ProductionDatabase
from itkgui.records.attachment import Owner
from itkgui.uploads.sorting import Timing
from itkgui.uploads.upload import Step, Upload

EXACT = 2.0  # seconds to which the server tells the time, and its clocks agree


class Journal(Protocol):
    """Where the steps are recorded; each is on the disk when ``note`` returns."""

    def note(self, upload: Upload, step: Step, **changes: object) -> Upload:
        """Record a step and what is known by then; return the upload as it is now."""

    def claimed(self, owner: Owner) -> frozenset[str]:
        """Return the codes of a target's entries that uploads of this computer have made.

        Those that are noted as left behind are among them: their deletion may take effect late.
        """

    def has_given_away(self, upload: Upload) -> bool:
        """Tell whether another computer was given an upload of the same bytes and title to this target."""

    def codes_beside(self, upload: Upload, parameter: str) -> tuple[str, ...]:
        """Return the codes of all files that are a value of a run's parameter, in the order of the values."""


class Doubt:
    """Judges by the server's clock, as its answers told it; moments are seconds since 1970."""

    def __init__(self, database: ProductionDatabase, journal: Journal, timing: Timing) -> None:
        self._client = database.client
        self._me = database.user.identity
        self._journal = journal
        self._timing = timing

    def note(self, upload: Upload, step: Step) -> Upload:
        """Note that what was asked for until now may take effect later.

        What was noted when a try ended stays: what came since then, while the server was away, is not of it.
        """
        is_noted = upload.step is step and step.is_under_way and upload.was_unclear
        if is_noted and not upload.since:
            return upload
        return self._journal.note(upload, step, unclear_until=self.until)

    @property
    def until(self) -> float:
        """Until when what was asked for by now may take effect."""
        return self._client.server_time + self._timing.settled

    def is_over(self, upload: Upload) -> bool:
        """Tell whether nothing more can come of what was lost."""
        return self._client.server_time + EXACT >= upload.unclear_until

    def ended(self, upload: Upload) -> Upload:
        """Note that an upload is unclear no longer, if nothing more can come."""
        return self._journal.note(upload, upload.step, unclear_until=0.0) if self.is_over(upload) else upload

    def is_late(self, upload: Upload, moment: float) -> bool:
        """Tell whether something was made when no request that was thought lost could have made it."""
        return moment > upload.unclear_until + EXACT

    def may_have_made(self, upload: Upload, moment: float, identity: str) -> bool:
        """Tell whether something may come from a request that was thought lost, and from nobody else."""
        return (not self._me or identity == self._me) and not self.is_late(upload, moment)

    def is_shared(self, upload: Upload) -> bool:
        """Tell whether another computer has this upload, or one of the same bytes and title."""
        return bool(upload.since) or self._journal.has_given_away(upload)

    def may_be_counted_on(self, upload: Upload, *, keeps: bool) -> bool:
        """Tell whether what seems to be this upload's a second time may be what another computer proved.

        Of one upload on two computers both keep the same, so that the rest can go; if one keeps nothing, or
        the upload may be there twice, it must not decide for the other. Of two uploads each has its own.
        """
        if self._journal.has_given_away(upload):
            return True
        return bool(upload.since) and (upload.may_repeat or not keeps)
