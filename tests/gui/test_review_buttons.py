"""What the buttons of a review are called: where several files are chosen, for which or how many."""

from __future__ import annotations

from pathlib import Path, PurePath

import pytest

from itkgui.item_models.review_row import ReviewRow
from itkgui.uploads.intake import Found
from itkgui.uploads.targets import Doubt, Finding, Home
from itkgui.views.review.review_doubts import ReviewDoubts
from tests.gui.person import Person
from tests.gui.reviewing import choose, choose_all, drop

STRIP, OTHER = "20USBMS0000001", "20UPGM23800001"


def test_of_several_files_each_button_says_which_it_is_for(person: Person, tmp_path: Path) -> None:
    person.scan(STRIP)
    strange, empty, fine = (tmp_path / name for name in (f"{OTHER}.txt", "R&D.txt", "fine.txt"))
    for path, content in ((strange, "a"), (empty, ""), (fine, "b")):
        path.write_text(content, "utf-8")
    drop(person, [strange, empty, fine])
    choose_all(person)
    doubts = person.sheet.form.doubts
    person.until(doubts.other_button.isVisible, "the ways out")
    assert doubts.other_button.text() == f"Go to {OTHER} with {strange.name} instead"
    assert doubts.here_button.text() == f"{strange.name} belongs here all the same"
    assert doubts.retry_button.text() == "Try R&&D.txt again"
    choose(person, empty.name)
    assert doubts.retry_button.text() == "Try again"
    choose(person, strange.name)
    assert doubts.other_button.text() == f"Go to {OTHER} instead"


@pytest.mark.usefixtures("qapp")
def test_several_files_are_skipped_by_name_or_number(tmp_path: Path) -> None:
    there = Finding(Doubt.THERE_ALREADY, "It is there.")
    rows = [ReviewRow(Found(tmp_path / name, PurePath(name))) for name in ("a.txt", "b.txt", "c" * 90)]
    home, doubts = Home(STRIP, "", "", (), frozenset()), ReviewDoubts()
    rows[0].findings = (there,)
    doubts.show_rows(rows, home)
    assert (doubts.skip_button.text(), doubts.again_button.text()) == ("Skip a.txt", "Add a.txt anyway")
    rows[1].findings = (there,)
    doubts.show_rows(rows, home)
    assert (doubts.skip_button.text(), doubts.again_button.text()) == ("Skip these 2", "Add these 2 anyway")
    doubts.show_rows(rows[:1], home)
    assert (doubts.skip_button.text(), doubts.again_button.text()) == ("Skip it", "Add it anyway")
    rows[2].findings = (Finding(Doubt.SLIPS, "Look at it."),)
    doubts.show_rows(rows[1:], home)
    assert doubts.slips_button.text() == f"Seen: send {'c' * 14}…{'c' * 14} as it is"
