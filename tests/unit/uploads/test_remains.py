"""What is left at a server is stored in English, found again there, and told in the language in use."""

from __future__ import annotations

from pathlib import Path

from itkgui import language
from itkgui.uploads import remains

LEFT = ", ".join(
    (
        remains.entry("1a"),
        remains.run("2b"),
        remains.bytes_of("3c"),
        remains.unfinished("4d"),
        remains.PERHAPS,
    )
)


def test_what_is_stored_is_told_as_it_is_in_english() -> None:
    assert (
        LEFT == "entry 1a, test run 2b, bytes of entry 3c, unfinished entry 4d, maybe an entry of this title"
    )
    assert remains.words(LEFT) == LEFT
    assert remains.words("") == ""


def test_parts_are_translated_and_found_all_the_same(tmp_path: Path) -> None:
    language.use(language.PSEUDO, tmp_path)
    try:
        told = remains.words(LEFT).split(", ")
        assert [part.count("⟦") for part in told] == [1] * 5
        assert all(code in part for code, part in zip(("1a", "2b", "3c", "4d"), told[:4], strict=True))
        assert remains.entries(LEFT) == ["1a"]
        assert remains.unfinished_entries(LEFT) == ["4d"]
        assert remains.codes(LEFT) >= {"1a", "2b", "3c", "4d"}
    finally:
        language.use("en", tmp_path)
