"""A session in words, and the rights of a person: what each state, and each right, is told as."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from itkgui.client.exceptions import ServerUnreachable
from itkgui.item_models.membership_table import MembershipTable, allowed_text, rights_text
from itkgui.item_models.session_words import words_of
from itkgui.records.people import User
from itkgui.session_keeper import Outlook, SessionState

ENDS = datetime(2026, 11, 26, 14, 20, tzinfo=timezone.utc)
AWAY = ServerUnreachable("refused")


@pytest.mark.parametrize(
    ("outlook", "text", "tone", "hint"),
    [
        (Outlook(SessionState.KEPT, 24), "session 24 min", "quiet", "renewed by itself 5 minutes before"),
        (Outlook(SessionState.KEPT, 125), "session 2 h", "quiet", "renewed by itself"),
        (Outlook(SessionState.FINITE, 24), "session 24 min", "quiet", "that needs access codes"),
        (Outlook(SessionState.FINITE, 10), "session 10 min", "caution", "what is open stays as it is"),
        (Outlook(SessionState.OPEN), "token, end unknown", "quiet", "does not tell when it ends"),
        (Outlook(SessionState.UNRENEWED, 3, AWAY), "3 min, not renewed", "caution", "Server not reached: "),
        (Outlook(SessionState.AWAY, 0, AWAY), "session ended, trying", "caution", "Server not reached: "),
        (Outlook(SessionState.AWAY, 0), "session ended, trying", "caution", "as soon as the sign-in server"),
        (Outlook(SessionState.OVER, 0), "session ended: sign in", "bad", "sign in again to go on"),
    ],
)
def test_each_state_has_its_own_words(outlook: Outlook, text: str, tone: str, hint: str) -> None:
    words = words_of(outlook, None if outlook.minutes is None else ENDS)
    assert (words.text, words.tone) == (text, tone)
    assert hint in words.hint


def test_the_end_is_told_by_the_clock_on_the_wall() -> None:
    assert f"until {ENDS.astimezone():%H:%M}" in words_of(Outlook(SessionState.KEPT, 24), ENDS).hint


@pytest.mark.parametrize(
    ("flags", "rights", "allowed"),
    [
        ({}, "member", "files and comments"),
        ({"executive": True}, "executive", "one stage forward, not back, and not out of the last one"),
        ({"executive": True, "authority": True}, "executive, authority", "any stage"),
        (
            {"authority": True, "componentManager": True, "clusterManager": True},
            "authority, component manager, cluster manager",
            "any stage; acts for several institutions",
        ),
        ({"componentManager": True}, "component manager", "files and comments"),
    ],
)
def test_rights_are_told_with_what_they_allow(flags: dict[str, bool], rights: str, allowed: str) -> None:
    user = User.from_json({"institutions": [{"code": "UCSC", "name": "SCIPP", "default": True, **flags}]})
    (membership,) = user.memberships
    assert rights_text(membership) == rights
    assert allowed_text(membership) == allowed
    texts = [column.text(membership) for column in MembershipTable().columns]
    assert texts[:3] == ["UCSC", "SCIPP", "home"]


def test_whoever_acts_signs_with_name_and_institution() -> None:
    data = {"firstName": "Alex", "lastName": "Example", "institutions": [{"code": "UCSC"}]}
    assert User.from_json(data).signature == "Alex Example · UCSC"
    assert User.from_json({"firstName": "Alex"}).signature == "Alex"
    assert User.from_json({}).signature == ""
