"""The whole program in a language that is longer and accented: all is translated, once, and has room."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from itkgui import language
from tests.conftest import settings_for
from tests.gui.every_page import EveryPage
from tests.gui.page_checks import cut_off
from tests.gui.page_texts import (
    is_twice,
    left_in,
    texts_of,
    texts_of_context_menus,
    words_of,
    words_of_the_sandbox,
)
from tests.gui.person import Person
from tests.sandbox_process import SandboxProcess

MARKED = "⟦"
# What is called the same in every language: keys, the database, what a ROOT file holds, encodings, an
# account; two columns that begin with a capital; parts of the bundle; and a file of the test's.
NAMES = words_of(
    "Ctrl Alt Shift Enter Return Esc Backspace Del Home End PgUp PgDown Left Right Up Down Space Tab"
    " ITkPD TDirectory TTree tot hits occupancy Latin alex Sigma Humidity doctor queue seen txt"
)
QT = words_of("Cancel OK Scroll Close Tab")  # on its own buttons, which its catalogues translate


@pytest.fixture
def pseudo(tmp_path: Path) -> Iterator[None]:
    language.use(language.PSEUDO, tmp_path)
    yield
    language.use("en", tmp_path)


@pytest.mark.usefixtures("pseudo")
def test_every_text_is_translated_once_and_fits(
    sandbox: SandboxProcess, start_program: Callable[..., Person], tmp_path: Path
) -> None:
    person = start_program(settings_for(sandbox))
    pages = EveryPage(person, tmp_path)
    seen: dict[str, str] = {}
    narrow: set[str] = set()
    menus: set[str] = set()
    for page in pages.shown():
        narrow |= {one for one in pages.found_now(cut_off) if MARKED in one}
        if page == "log":  # which is in English for all
            continue
        for text in (*texts_of(pages.window), *texts_of_context_menus(pages.window, menus)):
            seen.setdefault(text, page)
    assert any(MARKED in text for text in seen)
    assert not narrow
    assert not [text for text in seen if is_twice(text)]
    data = words_of_the_sandbox() | NAMES | QT | words_of(f"{tmp_path} {Path.home()}")
    left = left_in(seen, data)
    assert not {text: (seen[text], words) for text, words in left.items()}


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("⟦Sîgñ îñ~~⟧", set()),
        ("⟦Bâçk tô ⟦pîxél~~⟧ B-17~~~⟧", set()),
        ("Sign in", {"Sign"}),
        ("20UPGM23800001 · ⟦pâsséd~~⟧ · run 3", {"run"}),
        ("<b>Stage</b> ⟦ôf pârt…", {"Stage"}),
    ],
)
def test_what_is_not_translated_is_seen(text: str, left: set[str]) -> None:
    assert words_of(text) == left
    assert set(left_in([text], set())) == ({text} if left else set())


def test_what_is_translated_twice_is_seen(tmp_path: Path) -> None:
    pseudo = language.PseudoTranslations()
    once = pseudo.gettext("Tests")
    assert is_twice(pseudo.gettext(once))
    assert not is_twice(once)
    assert not is_twice(pseudo.gettext("{count} of {name}").format(count=3, name=once))
