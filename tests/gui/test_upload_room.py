"""The list of uploads in a small window."""

from __future__ import annotations

from pathlib import Path

from tests.gui.person import Person
from tests.gui.test_upload_desk import let_wait
from tests.gui.test_upload_view import look, notes


def test_all_columns_are_seen_at_once(person: Person, tmp_path: Path) -> None:
    let_wait(person, notes(tmp_path, 40))  # more than fit: there is a scroll bar beside them
    person.window.resize(1366, 768)
    queue = look(person)
    across = queue.view.horizontalScrollBar()
    person.until(lambda: across.maximum() == 0, "the end of scrolling sideways")
