"""How it stands with a session, in words for the head of the window and the page of the person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from itkgui.language import _, ngettext
from itkgui.session_keeper import RENEW_AHEAD, Outlook, SessionState


@dataclass(frozen=True)
class SessionWords:
    """What is told: ``text`` in a few words, ``hint`` in sentences; ``tone`` as of a message."""

    text: str
    hint: str
    tone: str = "quiet"


def words_of(outlook: Outlook, ends: datetime | None) -> SessionWords:
    """Return what is told of a session whose present token ends at a moment, None if nobody knows."""
    if outlook.is_urgent and outlook.state is SessionState.FINITE:
        return SessionWords(_time_left(outlook), _finite(_until(ends)), "caution")
    return _WORDS[outlook.state](outlook, _until(ends))


def _until(ends: datetime | None) -> str:
    return f"{ends.astimezone():%H:%M}" if ends is not None else ""


def _time_left(outlook: Outlook) -> str:
    minutes = outlook.minutes or 0
    if minutes < 100:
        return _("session {minutes} min").format(minutes=minutes)
    return _("session {hours} h").format(hours=minutes // 60)


def _kept(outlook: Outlook, until: str) -> SessionWords:
    ahead = round(RENEW_AHEAD / 60)
    hint = ngettext(
        "Good until {until}; renewed by itself {count} minute before, as long as the access codes are good.",
        "Good until {until}; renewed by itself {count} minutes before, as long as the access codes are good.",
        ahead,
    )
    return SessionWords(_time_left(outlook), hint.format(until=until, count=ahead))


def _finite(until: str) -> str:
    return _(
        "Good until {until}, and not renewed: that needs access codes, and you signed in with a token. "
        "When it ends, what is open stays as it is, and you sign in again."
    ).format(until=until)


def _open(_outlook: Outlook, _until: str) -> SessionWords:
    hint = _(
        "You signed in with a token that does not tell when it ends, and that cannot be renewed here. "
        "When the server takes it no more, what is open stays as it is, and you sign in again."
    )
    return SessionWords(_("token, end unknown"), hint)


def _unrenewed(outlook: Outlook, until: str) -> SessionWords:
    why = outlook.trouble
    hint = _("The session could not be renewed. It is good until {until}.").format(until=until)
    if why is not None:
        hint = f"{hint}\n{why.title}: {why.sentence} {why.cure}"
    minutes = outlook.minutes or 0
    return SessionWords(_("{minutes} min, not renewed").format(minutes=minutes), hint, "caution")


def _away(outlook: Outlook, _until: str) -> SessionWords:
    hint = _("The session has ended, and is renewed as soon as the sign-in server answers.")
    if (why := outlook.trouble) is not None:
        hint = f"{hint}\n{why.title}: {why.sentence} {why.cure}"
    return SessionWords(_("session ended, trying"), hint, "caution")


def _over(_outlook: Outlook, _until: str) -> SessionWords:
    hint = _("The session has ended. What is open stays as it is; sign in again to go on.")
    return SessionWords(_("session ended: sign in"), hint, "bad")


_WORDS: dict[SessionState, Callable[[Outlook, str], SessionWords]] = {
    SessionState.KEPT: _kept,
    SessionState.FINITE: lambda outlook, until: SessionWords(_time_left(outlook), _finite(until)),
    SessionState.OPEN: _open,
    SessionState.UNRENEWED: _unrenewed,
    SessionState.AWAY: _away,
    SessionState.OVER: _over,
}
