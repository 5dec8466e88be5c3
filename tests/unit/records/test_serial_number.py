"""Serial numbers as they are scanned, typed and mistyped (API reference §8.1)."""

from __future__ import annotations

import pytest

from itkgui.records.serial_number import SerialNumber, looks_like_serial_number, without_marks

GOOD = {
    "20UPGFC0086422": ("P", "G", "FC", "0086422"),
    "20UPIMS0000001": ("P", "I", "MS", "0000001"),
    "20UPBM20000001": ("P", "B", "M2", "0000001"),
    "20UPEM20000001": ("P", "E", "M2", "0000001"),
    "20UPGRA0000023": ("P", "G", "RA", "0000023"),
    "20UPGXM2110394": ("P", "G", "XM", "2110394"),
    "20USBML1234567": ("S", "B", "ML", "1234567"),
    "20USES00000123": ("S", "E", "S0", "0000123"),
    "20USGP3ABC0001": ("S", "G", "P3", "ABC0001"),
    "20UCMXX0000001": ("C", "M", "XX", "0000001"),
    "20UCE010000001": ("C", "E", "01", "0000001"),
}


@pytest.mark.parametrize("text", GOOD)
def test_good_one_is_taken_apart_and_put_together_again(text: str) -> None:
    found = SerialNumber.parse(text)
    parts = (found.project, found.subproject, found.type_code, found.number)
    assert parts == GOOD[text]
    assert str(found) == text


@pytest.mark.parametrize("text", ["20upgfc0086422", " 20UPGFC0086422\r\n", "\t20uPgFc0086422 "], ids=repr)
def test_lower_case_and_what_a_scanner_adds_are_forgiven(text: str) -> None:
    assert str(SerialNumber.parse(text)) == "20UPGFC0086422"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("", "starts with 20U", id="nothing"),
        pytest.param("UPGFC0086422", "starts with 20U", id="start missing"),
        pytest.param("2OUPGFC0086422", "starts with 20U", id="letter O for zero"),
        pytest.param("20UPGFC008642", "14 characters; this one has 13", id="one too few"),
        pytest.param("20UPGFC00864222", "14 characters; this one has 15", id="one too many"),
        pytest.param("20U", "14 characters; this one has 3", id="only the start"),
        pytest.param("20UPGFC008642220UPGFC0086422", "14 characters; this one has 28", id="scanned twice"),
        pytest.param("20UPXFC0086422", "“PX”", id="unknown subproject"),
        pytest.param("20USIFC0086422", "“SI”", id="subproject of the other project"),
        pytest.param("20UCGFC0086422", "“CG”", id="common project with a foreign subproject"),
        pytest.param("20UPGFC00-6422", "only letters A to Z and digits", id="dash in the number"),
        pytest.param("20UPG F0086422", "only letters A to Z and digits", id="blank within"),
        pytest.param("20UPGFC008642²", "only letters A to Z and digits", id="digit that is none"),
        pytest.param("20UPGFÄ0086422", "only letters A to Z and digits", id="letter beyond Z"),
    ],
)
def test_bad_one_is_explained_by_what_is_wrong_with_it(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words) as caught:
        SerialNumber.parse(text)
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence


@pytest.mark.parametrize(
    ("text", "meant"),
    [("20UPGFC0086422", True), (" 20upg", True), ("20UXX", True), ("R0H0-FR4-01", False), ("", False)],
)
def test_what_is_meant_as_one_is_recognised_though_mistyped(text: str, meant: bool) -> None:
    assert looks_like_serial_number(text) is meant


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("\ufeff20UPGM2\u200b3800001\x1d", "20UPGM23800001"),
        ("２０ＵＰＧＭ２３８００００１", "20UPGM23800001"),
        ("20U\u2013PG\u2011M23800001", "20UPGM23800001"),
        ("\u202eLBNL-LS \u200f0001\0", "LBNL-LS 0001"),
        ("Ｗ\u20131", "Ｗ\u20131"),
        ("20UPGFC008642²", "20UPGFC008642²"),
    ],
    ids=ascii,
)
def test_what_nobody_sees_is_dropped_and_what_looks_usual_is_made_usual(text: str, bare: str) -> None:
    assert without_marks(text) == bare
