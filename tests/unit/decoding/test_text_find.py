"""Finding in a file, part by part: every hit at its bytes, whatever the encoding, and no pattern for ever."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from itkgui.decoding import text_find
from itkgui.decoding.decoders import Decoders
from itkgui.decoding.text import load_text
from itkgui.decoding.text_find import Found, PatternProblem, Query, find_part
from itkgui.decoding.text_source import TextSource
from itkgui.decoding.undecodable import TooSlow, Undecodable
from tests.unit.decoding.test_text import label_of, opened, written


@pytest.fixture(scope="module")
def decoders() -> Iterator[Decoders]:
    found = Decoders(processes=1)
    yield found
    found.close()


def found_in(source: TextSource, query: Query) -> Found:
    found = Found(source.encoding.mark, source.size)
    while not found.is_complete:
        before = found.position
        found.add(find_part(source, query, found.position))
        assert found.position > before
    return found


def texts_found(source: TextSource, query: Query) -> list[str]:
    raw, found = source.path.read_bytes(), found_in(source, query)
    return [
        raw[start:end].decode(source.encoding.codec)
        for start, end in zip(found.starts, found.ends, strict=True)
    ]


@pytest.mark.parametrize(
    ("query", "hits"),
    [
        (Query("error"), ["Error", "ERROR", "error"]),
        (Query("error", matches_case=True), ["error"]),
        (Query("größe"), ["Größe", "größe"]),
        (Query("größe", matches_case=True), ["größe"]),
        (Query(r"\d+ µm", is_pattern=True), ["15 µm", "7 µm"]),
        (Query(r"^e\w+", is_pattern=True), ["Error", "error"]),
        (Query(r"x*", is_pattern=True), []),
        (Query("[.]"), []),
        (Query("😀"), ["😀"]),
        (Query("not there"), []),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32", "latin-1"])
def test_hits_are_at_their_bytes(tmp_path: Path, query: Query, hits: list[str], encoding: str) -> None:
    text = "Error Größe 15 µm\nan ERROR größe 7 µm 😀\nerror\n"
    if encoding == "latin-1":
        text, hits = text.replace("😀", ""), [hit for hit in hits if hit != "😀"]
    label = "UTF-8" if encoding == "utf-8-sig" else label_of(encoding)
    source = load_text(written(tmp_path / "a.txt", text.encode(encoding)), label).source
    assert source is not None
    assert texts_found(source, query) == hits


@pytest.mark.parametrize("query", [Query("needle"), Query("n.{3}le", is_pattern=True), Query("ü needle")])
@pytest.mark.parametrize("line_end", ["\n", ""])
def test_every_hit_is_found_once(tmp_path: Path, query: Query, line_end: str) -> None:
    dice = random.Random(3)
    parts = []
    for _ in range(300):
        parts += ["hay stack" * dice.randrange(1, 1600), line_end, "ü needle", line_end]
    source, _ = opened(tmp_path / "a.txt", "".join(parts))
    found = found_in(source, query)
    assert len(found.starts) == 300
    assert list(found.starts) == sorted(set(found.starts))


def test_hits_in_broken_utf8(tmp_path: Path) -> None:
    content = "ü\n".encode() * 50 + b"\xff\xfe ab\xc3 needle \xe2\x82\n" + "ü 12\n".encode()
    source, _ = opened(tmp_path / "a.txt", content)
    assert source.encoding.label == "UTF-8"
    found = found_in(source, Query(r"needle|\d+", is_pattern=True))
    assert [content[start:end] for start, end in zip(found.starts, found.ends, strict=True)] == [
        b"needle",
        b"12",
    ]


def test_halves_of_other_characters_are_no_hits(tmp_path: Path) -> None:
    source = load_text(written(tmp_path / "a.txt", "䅂AB\u4241\n".encode("utf-16-le")), "UTF-16 LE").source
    assert source is not None
    assert texts_found(source, Query("AB")) == ["AB"]
    assert texts_found(source, Query("ab")) == ["AB"]


def test_no_more_hits_are_kept_than_needed(tmp_path: Path) -> None:
    source, _ = opened(tmp_path / "a.txt", "a\n" * 150_000)
    found = found_in(source, Query("a"))
    assert len(found.starts) == text_find.MOST_HITS
    assert not found.has_all


@pytest.mark.parametrize("pattern", ["(", "[", "a{99999999999}", "(?P<a>", "*", "\\"])
def test_what_is_no_pattern_is_told(tmp_path: Path, decoders: Decoders, pattern: str) -> None:
    source, _ = opened(tmp_path / "a.txt", "text\n")
    with pytest.raises(PatternProblem) as raised:
        decoders.run(find_part, source, Query(pattern, is_pattern=True), 0)
    assert "no regular expression" in raised.value.sentence


@pytest.mark.parametrize("pattern", [r"(a+)+$", r"(a|aa)+b", r"(.*)*x{3}y"])
def test_a_hostile_pattern_ends(tmp_path: Path, decoders: Decoders, pattern: str) -> None:
    source, _ = opened(tmp_path / "a.txt", "a" * 5000 + "!\n")
    with pytest.raises(TooSlow):
        decoders.run(find_part, source, Query(pattern, is_pattern=True), 0, patience=0.5)
    assert decoders.run(find_part, source, Query("!"), 0).starts


def test_a_file_that_changes_ends_the_search(tmp_path: Path) -> None:
    source, _ = opened(tmp_path / "a.txt", "text\n")
    source.path.write_text("another text\n")
    with pytest.raises(Undecodable, match="now 13"):
        find_part(source, Query("text"), 0)


@pytest.mark.parametrize("seed", range(20))
def test_as_python_finds(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    text = "".join(dice.choice("abü \nA") for _ in range(20_000))
    source, _ = opened(tmp_path / "a.txt", text)
    wanted = "".join(dice.choice("abüA ") for _ in range(dice.randrange(1, 4)))
    expected = [found[0] for found in re.finditer(re.escape(wanted), text, re.IGNORECASE)]
    assert texts_found(source, Query(wanted)) == expected
