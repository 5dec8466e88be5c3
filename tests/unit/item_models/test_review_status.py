"""What a review says below its files: each case is a sentence of its own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from itkgui.item_models.review_status import (
    changed_text,
    doubt_of_rights,
    left_out_text,
    lost_text,
    ready_text,
    send_text,
    unused_words_text,
)
from itkgui.item_models.review_table import Tally
from itkgui.records.people import Membership, Reference, User


@pytest.mark.parametrize(
    ("tally", "person", "said"),
    [
        (Tally(count=2, copied=1, size=2_000), "", "2.0 kB in all · 1 of 2 copied"),
        (
            Tally(count=2, copied=2, size=2_000),
            "A. Person",
            "2.0 kB in all · all copied: a stick may be pulled · as A. Person",
        ),
    ],
)
def test_what_is_ready_tells_whether_the_stick_is_needed_still(tally: Tally, person: str, said: str) -> None:
    assert ready_text(tally, person) == said


def test_who_belongs_nowhere_is_told_before_anything_is_sent() -> None:
    guest = User("1", "A.", "Guest")
    assert doubt_of_rights(guest) == (
        "Your account belongs to no institution: the database will probably refuse."
    )
    member = Membership(Reference("UCSC"), is_default=True, rights=())
    assert not doubt_of_rights(replace(guest, memberships=(member,)))


@pytest.mark.parametrize(
    ("runs", "files", "said"),
    [
        (0, 0, "Send"),
        (1, 0, "Send 1 test run"),
        (0, 2_000, "Send 2,000 files"),
        (2, 1, "Send 2 test runs and 1 file"),
    ],
)
def test_the_button_names_only_what_there_is(runs: int, files: int, said: str) -> None:
    assert send_text(Tally(count=3_000, ready=runs + files, ready_runs=runs)) == said


def test_files_left_out_are_counted() -> None:
    assert left_out_text(1) == "1 more file was left out, like those before."
    assert left_out_text(2_000) == "2,000 more files were left out, like those before."


def test_one_file_that_has_changed_is_named_and_several_are_counted() -> None:
    rest = "changed since the drop, so this is looked at again. Then press Send."
    assert changed_text(["a.json"]) == f"a.json has {rest}"
    assert changed_text(["a.json", "b.json"]) == f"2 files have {rest}"


def test_who_gives_a_review_up_is_told_all_that_is_lost() -> None:
    assert lost_text(is_changed=False, is_pasted=False) == ""
    assert lost_text(is_changed=True, is_pasted=False) == "What was typed and decided for it is not kept."
    assert lost_text(is_changed=False, is_pasted=True) == "A pasted picture is nowhere else."
    assert len(lost_text(is_changed=True, is_pasted=True).splitlines()) == 2


def test_words_that_come_too_late_are_told() -> None:
    assert unused_words_text(["a.txt"]).startswith("a.txt was here already, and keeps")
    assert unused_words_text(["a.txt", "b.txt"]).startswith("2 files were here already, and keep")
