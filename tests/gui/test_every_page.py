"""On every page: what is written can be read in every look, hit in gloves, named, and reached by keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from itkgui.views.style import SIZES
from itkgui.views.theme import CONTRAST, LIGHT, THEMES
from tests.gui.every_page import EveryPage
from tests.gui.page_checks import cut_off, faint, restless, small
from tests.gui.page_fields import overfilled
from tests.gui.page_keys import nameless, unreachable, unseen_focus
from tests.gui.person import Person
from tests.gui.regular import RegularProgram

SMALL, USUAL = QSize(1024, 768), QSize(1366, 768)
Check = Callable[[QWidget], list[str]]
pytestmark = [pytest.mark.usefixtures("usual_look"), pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def opened() -> dict[Person, EveryPage]:
    """What is open already, of whom."""
    return {}


@pytest.fixture
def pages(
    regular_program: RegularProgram,
    opened: dict[Person, EveryPage],
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> Iterator[EveryPage]:
    """All pages of one program for all tests, in the usual look again after each."""
    person, failed = regular_program.person, request.session.testsfailed
    if person not in opened:
        opened[person] = EveryPage(person, tmp_path)
    yield opened[person]
    if request.session.testsfailed > failed:
        regular_program.end()  # who knows where it stands
        return
    person.program.style.wear_gloves(False)
    person.wear(LIGHT)
    person.scale(SIZES[0])


@pytest.fixture
def person(pages: EveryPage, regular_program: RegularProgram) -> Person:
    return regular_program.person


def found_by(pages: EveryPage, *checks: Check, sizes: Sequence[QSize] = (USUAL,)) -> dict[str, str]:
    """Return what the checks find, each once, with the page and the size of window where it is seen first."""
    return found_at(pages, dict.fromkeys(sizes, checks))


def found_at(pages: EveryPage, wanted: Mapping[QSize, Sequence[Check]]) -> dict[str, str]:
    """Return the same for checks that differ with the size of the window."""
    found: dict[str, str] = {}
    for page in pages.shown():
        for size, checks in wanted.items():
            pages.resize(size)
            for check in checks:
                for one in pages.found_now(check):
                    found.setdefault(one, f"{page} at {size.width()}")
    return found


def test_texts_and_the_focus_are_seen_in_every_look(person: Person, pages: EveryPage) -> None:
    for theme in THEMES:
        person.wear(theme)
        known: set[tuple[str, str]] = set()
        assert not found_by(pages, faint, partial(unseen_focus, known=known)), theme


def test_everything_has_a_name_and_room_and_is_reached_by_keys(person: Person, pages: EveryPage) -> None:
    known: set[str] = set()
    overfills = partial(overfilled, known=known)
    assert not found_by(pages, overfills, nameless, unreachable, cut_off, sizes=[SMALL])
    assert len(known) > 20
    for percent, sizes in ((150, (SMALL, USUAL)), (175, (SMALL,)), (200, (USUAL,))):
        person.scale(percent)
        assert not found_by(pages, cut_off, restless, sizes=sizes), percent


def test_everything_can_be_hit_in_gloves(person: Person, pages: EveryPage) -> None:
    style = person.program.style
    person.wear(CONTRAST)  # whose frames are the widest
    style.wear_gloves(True)
    person.until(lambda: not style.is_changing, "the gloves")
    assert not found_at(pages, {USUAL: (small, cut_off), SMALL: (small, restless)})
