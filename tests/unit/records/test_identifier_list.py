"""Pasted lists: however they were written, the same identifiers come out."""

from __future__ import annotations

import pytest

from itkgui.records.identifier_list import complaint_about, identifiers_in, written_in

ONE, TWO = "20UPGM23800001", "20USBML0000001"


@pytest.mark.parametrize(
    "written",
    [
        f"{ONE}\n{TWO}",
        f"{ONE}\r\n\r\n {TWO}\t",
        f"{ONE}, {TWO};",
        f"{ONE}\t{TWO}\n",
        f"{ONE} {TWO}",
        f'"{ONE}"\n"{TWO}"\n{ONE}',
        f"{ONE}\u2028{TWO}",
        f"\ufeff{ONE}\u200b\n\u200e{TWO}\0",
    ],
)
def test_lists_of_serial_numbers(written: str) -> None:
    assert identifiers_in(written) == [ONE, TWO]


def test_other_names_keep_their_blanks() -> None:
    assert identifiers_in("LBNL LS 0001\nR0H0-FR4-01") == ["LBNL LS 0001", "R0H0-FR4-01"]


def test_blanks_within_a_serial_number_do_not_part_it() -> None:
    assert identifiers_in("20 UPGM 23800001") == ["20 UPGM 23800001"]


@pytest.mark.parametrize("written", ["", " \n\t ", ",;,"])
def test_nothing_gives_nothing(written: str) -> None:
    assert identifiers_in(written) == []


def test_what_is_written_twice_is_told_twice() -> None:
    assert written_in(f"{ONE}\n{TWO} {ONE}") == [ONE, TWO, ONE]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (ONE, ""),
        (f" {ONE.lower()} ", ""),
        ("20-U-PG-M2-3800001", ""),
        ("LBNL LS 0001", ""),
        ("\ufeff20UPGM238\u200b00001", ""),
        ("\u200b20UPGM238", "14 characters; this one has 9"),
        ("x" * 201, "no more than 200 characters"),
        ("20UPGM238", "14 characters; this one has 9"),
        ("20UXXM23800001", "“XX”"),
    ],
)
def test_what_is_no_serial_number_though_meant_as_one_is_told(text: str, said: str) -> None:
    complaint = complaint_about(text)
    assert said in complaint
    assert bool(said) == bool(complaint)
