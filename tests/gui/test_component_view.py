"""The component: who it is, its tabs, loading again, and its tab in the window."""

from __future__ import annotations

from tests.gui.person import Person

PIXEL = "20UPGM23800001"


def test_strip_says_who_it_is(person: Person) -> None:
    component = person.scan(PIXEL)
    assert component.serial.text() == PIXEL
