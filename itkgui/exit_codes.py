"""How a run of the program ends, for scripts: the only place where these numbers and their meanings stand."""

from __future__ import annotations

from enum import IntEnum

from itkgui.language import N_, _


class ExitCode(IntEnum):
    """What the program, ``upload``, ``queue`` and ``doctor`` return; numbers never change their meaning."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    NO_DISPLAY = 3
    NOTHING_SENT = 4
    NEEDS_YOU = 5
    ELSEWHERE = 6
    LIBRARY_MISSING = 7
    INTERRUPTED = 130

    @property
    def meaning(self) -> str:
        return _(_MEANINGS[self])


_MEANINGS = {
    ExitCode.DONE: N_("all that was asked for is done; what was to be sent is read back from the server"),
    ExitCode.FAILED: N_(
        "something is wrong: it cannot be sent as it is, or was cancelled; a setting has a fault; the doctor"
        " found something broken; a step of the tour or the check of the start failed"
    ),
    ExitCode.USAGE: N_("wrong usage"),
    ExitCode.NO_DISPLAY: N_("there is no display to open a window on"),
    ExitCode.NOTHING_SENT: N_(
        "nothing was sent: a file, a check or the server stood against it; the queue was not changed"
    ),
    ExitCode.NEEDS_YOU: N_(
        "something is needed of you: a sign-in, a right, room, or an end of the pause; what is in the queue"
        " waits"
    ),
    ExitCode.ELSEWHERE: N_(
        "another process runs the queue: it has the files, and sends them unless it ends before"
    ),
    ExitCode.LIBRARY_MISSING: N_("a library that the window needs is missing; its package is named"),
    ExitCode.INTERRUPTED: N_("interrupted; what was taken into the queue stays there"),
}


def table() -> str:
    """Return what each exit code means, as it stands below a command's help."""
    import textwrap  # only for who asks for help

    lines = [_("exit codes:")]
    for code in ExitCode:
        head = f"  {code.value:<5}"
        lines += textwrap.wrap(code.meaning, 100, initial_indent=head, subsequent_indent=" " * len(head))
    return "\n".join(lines) + "\n"
