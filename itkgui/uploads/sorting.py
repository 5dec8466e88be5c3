"""Sorts what goes wrong with an upload: some passes, some needs somebody, and some is for good."""

from __future__ import annotations

import random
from dataclasses import dataclass

from itkgui.client.exceptions import (
    AnswerError,
    Conflict,
    ConnectionFailed,
    DuplicateTestRuns,
    FileProblem,
    Forbidden,
    ItkError,
    NotTheApi,
    RedirectRefused,
    ServerTrouble,
    SessionExpired,
    SignInFailed,
    TooLarge,
    TooManyRequests,
    TransferFailed,
    UnreadableAnswer,
)
from itkgui.client.proxies import ProxyWantsPassword
from itkgui.language import N_
from itkgui.settings import Settings
from itkgui.uploads.intake import STILL
from itkgui.uploads.upload import Cause

FULL = 507  # Insufficient Storage
_LATER = (408, 425)  # Request Timeout, Too Early: what a server, or one in between, says of its own moment
# What passes as a rule, but may not: after so many tries in a row it is left to somebody.
_DOUBTFUL_TRIES = 5
_LONGEST_WISH = 3600.0  # seconds that a server may ask to be left alone


class StorageRefused(ItkError):
    """EOS did not take the bytes under a token that the database gave just now."""

    title = N_("EOS refuses the file")
    sentence = N_("The database allowed this upload, but the object store did not take it.")
    cure = N_("Try again in a few minutes; if it stays so, report it with the details.")


class StorageFull(ItkError):
    """EOS has no room for the bytes."""

    title = N_("No room on EOS")
    sentence = N_("There is no room on EOS for this file: nothing that is to be kept there is sent.")
    cure = N_("Tell the database's support, then retry; or send it to ITkPD, which takes smaller files.")


class EosAway(AnswerError):
    """EOS does not answer, or has trouble of its own; the database may be well."""

    title = N_("EOS does not answer")
    sentence = N_("The object store could not be reached, or has a fault of its own; the upload waits.")
    cure = N_("The program tries again by itself; if it lasts, tell the database's support.")

    @classmethod
    def because_of(cls, error: ItkError) -> EosAway:
        asked_for = error.retry_after if isinstance(error, AnswerError) else 0.0
        return cls(str(error), retry_after=asked_for)


class AlreadyThere(ItkError):
    """The target has these bytes from this computer, or they are on their way there."""

    title = N_("There already")
    sentence = N_(
        "The target holds these very bytes already, or will in a moment: they were not sent once more."
    )
    cure = N_("Cancel it, or choose “Send anyway” if it shall be there twice.")


class ProgramFault(ItkError):
    """Something came up that this program is not made for."""

    title = N_("Fault of this program")
    sentence = N_(
        "This program failed at this upload, which was stopped: it may or may not be at the server."
    )
    cure = N_("Retry it: what is at the server is looked for first. If it fails again, report the details.")


class FileGrowing(FileProblem):
    """The file is not copied yet, as it is still being written to."""

    title = N_("Still being written")
    sentence = N_("The file keeps changing: it is copied once it has not changed for two seconds.")
    cure = N_("Wait until the program that writes it has finished.")


class SpoolDamaged(FileProblem):
    """The copy that waits in the queue is not what was dropped any more."""

    title = N_("Copy damaged")
    sentence = N_("The copy of the file that waited on this computer has changed, so it was not sent.")
    cure = N_("Check this computer's disk, then drop the file again.")


class NotTheSame(FileProblem):
    """The original has changed since its copy, which is gone, was taken."""

    title = N_("Not the same file any more")
    sentence = N_(
        "The copy in the queue is gone, and the file has changed since it was added: it was not sent."
    )
    cure = N_("Drop the file again, and look at it before you send it.")


class ResultsStopped(ItkError):
    """What a file belongs to is not on its way."""

    title = N_("Waits for its results")
    sentence = N_("This file belongs to results of a test, which have not been sent.")
    cure = N_("Look what is the matter with these: retry or cancel them, and this file follows.")


class OtherComponent(FileProblem):
    """The results name another component than the one that they were dropped on."""

    title = N_("Results of another component")
    sentence = N_(
        "The results name another component than the one they were to go to, so they were not sent."
    )
    cure = N_("Drop them on the component that they name.")


@dataclass
class Timing:
    """How long the queue waits, in seconds; tests and impatient people shorten it."""

    undo: float = Settings.undo_seconds  # before anything leaves
    first_pause: float = 5.0  # after the first try that failed
    longest_pause: float = 600.0
    disk_pause: float = 5.0  # before a disk that took nothing is tried again
    session_pause: float = 15.0  # before a session is tried again that the server has refused
    still: float = STILL  # for which a file has not changed that is taken for written
    late: float = 2.0  # after which most requests have taken effect whose connection is gone
    settled: float = 300.0  # after which all have, and no bytes can be sent to EOS for an entry made before
    beat: float = 1.0  # between two looks at what another process has done

    def pause_after(self, tries: int, asked_for: float = 0.0) -> float:
        """Return how long to wait after a number of failed tries: doubled each time, and scattered.

        ``asked_for`` is what the server wants, which is kept to up to an hour.
        """
        doubled = min(self.longest_pause, self.first_pause * 2.0 ** min(tries - 1, 30))
        scattered = doubled * random.uniform(0.75, 1.0)  # noqa: S311
        return max(scattered, min(asked_for, _LONGEST_WISH))


def cause_of(error: ItkError, tries: int) -> Cause:
    """Return what kind of trouble an error is after so many tries in a row that failed, this one included."""
    match error:
        case EosAway():
            return Cause.EOS_AWAY
        case SessionExpired() | SignInFailed():
            return Cause.SESSION
        case Forbidden():
            return Cause.RIGHTS
        case TooLarge():
            return Cause.SIZE
        case AlreadyThere() | DuplicateTestRuns():
            return Cause.DUPLICATE
        case StorageFull():
            return Cause.STORAGE
        case AnswerError(status=status) if status == FULL:
            return Cause.STORAGE
        case AnswerError(status=status) if status in _LATER:
            return Cause.PASSING
        case ConnectionFailed() | ProxyWantsPassword() | NotTheApi():
            return Cause.PASSING
        case ServerTrouble() | TooManyRequests() | UnreadableAnswer():
            return Cause.PASSING
        case RedirectRefused() | FileProblem():
            return Cause.PERMANENT
        case StorageRefused():
            return Cause.DOUBTFUL if tries < _DOUBTFUL_TRIES else Cause.STORAGE
        case TransferFailed() | Conflict():
            return Cause.DOUBTFUL if tries < _DOUBTFUL_TRIES else Cause.PERMANENT
        case _:
            return Cause.PERMANENT


def is_answered(error: ItkError) -> bool:
    """Tell whether an error of a request says that nothing was done; else it may have been done.

    No failed connection says so: some break in the middle in the words of one that was never made.
    """
    if isinstance(error, ServerTrouble | NotTheApi | UnreadableAnswer):
        return False
    if isinstance(error, AnswerError) and error.status in _LATER:
        return False
    return isinstance(error, AnswerError | SignInFailed | FileProblem)
