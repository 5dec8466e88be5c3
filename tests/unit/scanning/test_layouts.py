"""Keyboards: whatever a computer makes of a label can be taken back."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itkgui.scanning.layouts import LAYOUTS, Layout, guesses
from itkgui.scanning.reading import Arrival, Meaning, Reader, Reading

LETTERS = string.digits + string.ascii_uppercase
serials = st.builds(
    lambda where, kind, number: f"20U{where}{kind}{number}",
    st.sampled_from(("PI", "PB", "PE", "PG", "SB", "SE", "SG", "CM", "CE")),
    st.text(LETTERS, min_size=2, max_size=2),
    st.text(LETTERS, min_size=7, max_size=7),
)
each_layout = pytest.mark.parametrize("layout", LAYOUTS.values(), ids=lambda layout: layout.name)
caps_locks = st.sampled_from(({}, {"caps": True}, {"caps": True, "caps_on_all": True}))
endings = st.sampled_from(("", "\r", "\t", "\n", "\r\n", "\\n", "\\n\r"))


def read(text: str, layout: str = "") -> Reading:
    return Reader(layout=layout).read(Arrival(text))


@each_layout
@given(text=st.text(string.printable.strip(), max_size=40))
def test_what_a_keyboard_makes_of_a_text_can_be_taken_back(layout: Layout, text: str) -> None:
    assert layout.taken_back(layout.typed(text)) == text


@each_layout
@given(serial=serials, caps=caps_locks, ending=endings)
def test_a_label_is_put_right_where_the_keyboard_is_known(
    layout: Layout, serial: str, caps: dict[str, bool], ending: str
) -> None:
    typed = layout.typed(serial + ending, **caps)
    reading = read(typed, layout.name)
    assert (reading.meaning, reading.text) == (Meaning.SERIAL, serial)
    assert bool(reading.endings) is bool(ending)


@each_layout
@given(serial=serials, caps=caps_locks, ending=endings)
def test_a_label_is_put_right_or_the_other_reading_is_told(
    layout: Layout, serial: str, caps: dict[str, bool], ending: str
) -> None:
    reading = read(layout.typed(serial + ending, **caps))
    assert reading.meaning is Meaning.SERIAL
    # Where only letters change places, as Y and Z, either may be meant.
    assert serial in (reading.text, *reading.also)
    if not set(serial[3:]) & set("AQWZYM"):
        assert reading.text == serial


def test_the_french_keyboard_is_told_by_its_digits() -> None:
    reading = read('éàUPG?é"(ààà&\r'.replace("(", "-"))
    assert reading.text.startswith("20UPGM23")
    assert (reading.layout.name, reading.caps) == ("azerty", False)
    assert reading.repair == "AZERTY"


def test_caps_lock_alone_is_told() -> None:
    reading = read("20upgm23800001")
    assert (reading.text, reading.is_repaired) == ("20UPGM23800001", False)
    assert read("20U-pg-m23800001").text == "20UPGM23800001"


def test_the_first_guess_is_what_came() -> None:
    first = next(guesses("LBNL-17/b"))
    assert (first.text, first.layout.name, first.caps) == ("LBNL-17/b", "us", False)


def test_other_names_come_through_as_they_are_unless_the_keyboard_is_known() -> None:
    assert read("AZ-17q").text == "AZ-17q"
    assert read("QW)&èa", "azerty").text == "AZ-17q"
