"""Marked texts are translated, whatever stands in them; what is not marked is seen in the pseudo-language."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.mofile import write_mo

from itkgui import language
from itkgui.language import N_, PSEUDO, SYSTEM, _, ngettext


@pytest.fixture(autouse=True)
def english(tmp_path: Path) -> Iterator[None]:
    yield
    language.use("en", tmp_path)


def test_english_needs_no_catalogue(tmp_path: Path) -> None:
    language.use("en", tmp_path)
    assert _("Sign in") == "Sign in"
    assert [ngettext("{count} file", "{count} files", count).format(count=count) for count in (0, 1, 2)] == [
        "0 files",
        "1 file",
        "2 files",
    ]


def test_the_pseudo_language_marks_and_lengthens_what_is_translated(tmp_path: Path) -> None:
    language.use(PSEUDO, tmp_path)
    declared = N_("Tests")
    assert declared == "Tests"
    assert _(declared) == "⟦Tésts~~⟧"
    shown = _("{name} was found").format(name="20UPGM22110394")
    assert shown.startswith("⟦20UPGM22110394 wàs föûñd")
    assert len(_("Pause all of them")) >= 1.3 * len("Pause all of them")
    assert ngettext("{count} file", "{count} files", 2).format(count=2).startswith("⟦2 fîlés")


def test_fields_and_mnemonics_stay_as_they_are(tmp_path: Path) -> None:
    language.use(PSEUDO, tmp_path)
    assert "&U" in _("&Undo")
    assert "{count:,}" in _("{count:,} uploads")
    assert _("") == ""


def test_catalogue_of_the_language_is_spoken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    catalogue = Catalog(locale="de")
    catalogue.add("Sign in", "Anmelden")
    catalogue.add(("{count} file", "{count} files"), ("{count} Datei", "{count} Dateien"))
    place = tmp_path / "de" / "LC_MESSAGES"
    place.mkdir(parents=True)
    with (place / "itkgui.mo").open("wb") as file:
        write_mo(file, catalogue)
    language.use("de", tmp_path)
    assert [_("Sign in"), _("Sign out"), _("")] == ["Anmelden", "Sign out", ""]
    assert ngettext("{count} file", "{count} files", 2).format(count=2) == "2 Dateien"
    for variable in ("LANGUAGE", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("LANG", "de_AT.UTF-8")
    language.use("en", tmp_path)
    assert _("Sign in") == "Sign in"
    if sys.platform != "win32":
        language.use(SYSTEM, tmp_path)
        assert _("Sign in") == "Anmelden"
