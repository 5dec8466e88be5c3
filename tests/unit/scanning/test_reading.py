"""What a scan means: labels, links, commands, and what is never looked up."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itkgui.scanning.commands import by_code, code_of
from itkgui.scanning.endings import parted, unframed, words
from itkgui.scanning.layouts import LAYOUTS
from itkgui.scanning.reading import Arrival, Meaning, Reader, Reading, Source

SERIAL, OTHER = "20UPGM23800001", "20USBML0000001"
CODE = "6b1e2f0a" * 4


def read(text: str, source: Source = Source.KEYS) -> Reading:
    return Reader(by_code(["add-files", "quit"])).read(Arrival(text, source))


@pytest.mark.parametrize(
    ("text", "meaning", "meant"),
    [
        (f"{SERIAL}\r", Meaning.SERIAL, SERIAL),
        (f"]C1{SERIAL}\r\n", Meaning.SERIAL, SERIAL),
        (f"\x02{SERIAL}\x03\r", Meaning.SERIAL, SERIAL),
        (f"{SERIAL}\\n", Meaning.SERIAL, SERIAL),
        (" 20U-PG-M2-3800001", Meaning.SERIAL, SERIAL),
        (f"itkgui:{SERIAL}\t", Meaning.LINK, SERIAL),
        (f"https://host/componentView?code={CODE}", Meaning.LINK, CODE),
        ("https://host/other", Meaning.GARBLED, "https://host/other"),
        (f"{CODE}\r", Meaning.NAME, CODE),
        ("R0H0-FR4-01\r", Meaning.NAME, "R0H0-FR4-01"),
        ("ITKGUI-ADD-FILES\r", Meaning.COMMAND, "add-files"),
        ("itkgui-quit", Meaning.COMMAND, "quit"),
        ("ITKGUI-DANCE", Meaning.UNKNOWN_COMMAND, "ITKGUI-DANCE"),
        ("20UPGM2", Meaning.CUT, "20UPGM2"),
        ("20UXGM23800001", Meaning.GARBLED, "20UXGM23800001"),
        (f"{SERIAL}7", Meaning.GARBLED, f"{SERIAL}7"),
        (SERIAL + OTHER, Meaning.TOGETHER, SERIAL + OTHER),
        (SERIAL[:9] + OTHER, Meaning.TOGETHER, SERIAL[:9] + OTHER),
        (f"x{SERIAL}\r", Meaning.GARBLED, f"x{SERIAL}"),
        (f"{SERIAL[1:]}\r", Meaning.CUT, SERIAL[1:]),
        ("USB?Làààààà&\r", Meaning.CUT, OTHER[2:]),
        ("\r\n", Meaning.GARBLED, ""),
        ("A\x1dB\x1eC17", Meaning.GARBLED, "A\x1dB\x1eC17"),
        ("x" * 500, Meaning.GARBLED, "x" * 500),
    ],
)
def test_a_scan_is_understood(text: str, meaning: Meaning, meant: str) -> None:
    reading = read(text)
    assert (reading.meaning, reading.text) == (meaning, meant)
    assert bool(reading.sentence) is (not meaning.is_looked_up and meaning is not Meaning.COMMAND)


def test_two_scans_run_together_are_told_apart_but_not_chosen_from() -> None:
    said = read(SERIAL + OTHER).sentence
    assert SERIAL in said
    assert OTHER in said


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=lambda layout: layout.name)
@pytest.mark.parametrize("caps", [False, True])
def test_commands_are_understood_on_every_keyboard(layout: object, caps: bool) -> None:
    typed = LAYOUTS[layout.name].typed("ITKGUI-ADD-FILES", caps=caps)  # type: ignore[attr-defined]
    assert (read(typed).meaning, read(typed).text) == (Meaning.COMMAND, "add-files")


def test_the_rest_of_a_cut_scan_is_never_looked_up() -> None:
    reader = Reader()
    first = Arrival(SERIAL[:7])
    later = replace(first, text=f"{SERIAL[7:]}\r", moment=first.moment + timedelta(seconds=0.4))
    assert reader.read(first).meaning is Meaning.CUT
    rest = reader.read(later)
    assert rest.meaning is Meaning.CUT
    assert SERIAL[:7] in rest.sentence
    assert reader.read(replace(later, text="R0H0-FR4-01")).meaning is Meaning.NAME


def test_what_may_be_the_end_of_a_scan_is_looked_up_only_where_it_is_whole() -> None:
    reader = Reader()
    assert reader.read(Arrival("ML0000001", is_torn=True)).meaning is Meaning.CUT
    assert reader.read(Arrival(SERIAL, is_torn=True)).meaning is Meaning.SERIAL
    assert reader.read(Arrival("ML0000001")).meaning is Meaning.NAME


def test_a_whole_scan_after_a_cut_one_is_looked_up() -> None:
    reader = Reader()
    reader.read(Arrival(SERIAL[:7]))
    assert reader.read(Arrival(SERIAL)).text == SERIAL


def test_a_name_long_after_a_cut_scan_is_looked_up() -> None:
    reader = Reader()
    first = Arrival(SERIAL[:7])
    reader.read(first)
    later = replace(first, text="3800001", moment=first.moment + timedelta(seconds=5))
    assert reader.read(later).meaning is Meaning.NAME


def test_what_is_too_long_is_told_by_its_true_length() -> None:
    reading = Reader().read(Arrival("7" * 1000, length=10_001))
    assert reading.meaning is Meaning.GARBLED
    assert "10,001" in reading.sentence


def test_what_comes_by_a_wire_is_of_no_keyboard() -> None:
    assert read("éàUPG", Source.PORT).meaning is Meaning.NAME
    assert read(f"{SERIAL}\r\n", Source.PORT).text == SERIAL


@given(st.text(max_size=300))
def test_anything_is_understood_somehow(text: str) -> None:
    reading = read(text)
    if reading.meaning is Meaning.SERIAL:
        assert len(reading.text) == 14


@given(st.text(st.characters(exclude_characters="\r\n\t\\\x02\x03\x04"), max_size=20))
def test_endings_are_parted_from_whatever_they_follow(text: str) -> None:
    assert parted(f"{text}\\n\r\n") == (text, ("\\n", "\r", "\n"))


def test_endings_have_words() -> None:
    assert words(("\r", "\\n")) == (("Enter (CR)", "\r"), ("the letters {letters}", "\\n"))
    assert unframed("]d2]d2") == "]d2"


def test_codes_of_commands_hold_what_every_keyboard_has() -> None:
    assert code_of("add-files") == "ITKGUI-ADD-FILES"
    assert code_of("Größer, bitte!") == "ITKGUI-GR-SSER-BITTE"
