"""The head of the window: who is signed in and how long, in sight on every screen."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QWidget

from tests.gui.person import Person

pytestmark = pytest.mark.usefixtures("usual_look")


def place_of(person: Person, widget: QWidget) -> QRect:
    return QRect(widget.mapTo(person.window, QPoint()), widget.size())


@pytest.mark.parametrize(("width", "percent"), [(1366, 100), (1024, 100), (1024, 150), (1024, 200)])
def test_name_and_countdown_stand_beside_or_below_the_scan_box(
    person: Person, width: int, percent: int
) -> None:
    person.window.resize(width, 768)
    person.scale(percent)
    strip, box = person.workspace.strip, person.workspace.scan_box
    parts = (strip.session, strip.person)
    inside = person.workspace.header.rect()

    def fits() -> bool:
        places = [place_of(person, part) for part in (*parts, box)]
        apart = not any(a.intersects(b) for a in places for b in places if a is not b)
        whole = all(part.width() >= part.sizeHint().width() for part in parts)
        return apart and whole and all(inside.contains(place) for place in places)

    person.until(fits, "room for all")
    assert strip.session.text() == "session 30 min"
    assert strip.person.text() == "Alex Example · UCSC"


def test_the_page_of_the_person_is_a_place_like_others(person: Person) -> None:
    workspace = person.workspace
    person.click(workspace.strip.session)
    place = workspace.person_place
    assert place.isVisible()
    assert not any(workspace.rail.button(page).isChecked() for page in workspace.rail._buttons)
    page = place.view
    assert page.name.text() == "Alex Example"
    assert "12-3456-1" in page.facts.text()
    assert page.table.rowCount() == len(workspace._context.database.user.memberships) > 1
    assert "renewed by itself" in page.session.text()
    person.press(Qt.Key.Key_Left, workspace, Qt.KeyboardModifier.AltModifier)
    assert not place.isVisible()
    assert workspace.rail.button(workspace.search_view).isChecked()
