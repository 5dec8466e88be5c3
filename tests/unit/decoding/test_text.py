"""Texts by pages: every row in its place, whatever the encoding, the length of the lines, and the damage."""

from __future__ import annotations

import os
import random
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from itkgui.client.files import BinaryFile
from itkgui.decoding.text import MOST_COPIED, LoadedText, TextPage, copied_text, load_text, read_page
from itkgui.decoding.text_encoding import ENCODINGS
from itkgui.decoding.text_escapes import looks_of, shown
from itkgui.decoding.text_index import TextIndex, begin_index, index_part
from itkgui.decoding.text_source import PAGE, PIECE, TextSource
from itkgui.decoding.undecodable import Undecodable

_WIDE = ("utf-16", "utf-16-le", "utf-16-be", "utf-32")


def written(path: Path, content: bytes | str) -> BinaryFile:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return BinaryFile(path, path.name, path.stat().st_size, "text/plain")


def opened(path: Path, content: bytes | str) -> tuple[TextSource, TextIndex]:
    """Write a text, and return what reads it, with its whole index."""
    loaded = load_text(written(path, content))
    assert loaded.source is not None
    return loaded.source, whole_index(loaded.source)


def whole_index(source: TextSource, step: int = 2**20) -> TextIndex:
    index = begin_index(source)
    while not index.is_complete:
        index.add(index_part(source, index.mark, step))
    return index


def pages_of(source: TextSource, index: TextIndex) -> list[TextPage]:
    return [read_page(source, *index.page(number)) for number in range(len(index.offsets))]


def lines_of(pages: list[TextPage]) -> list[str]:
    """Return the lines that pages show, their pieces put together."""
    lines: list[str] = []
    for page in pages:
        for text, line, goes_on in zip(page.texts, page.lines, page.continues, strict=True):
            assert goes_on == (line < len(lines))
            if goes_on:
                assert line == len(lines) - 1
                lines[-1] += text
            else:
                lines.append(text)
    return lines


# Rows ------------------------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(
    lengths=st.lists(
        st.one_of(
            st.integers(0, 40), st.sampled_from((PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 3 * PIECE + 7))
        ),
        max_size=700,
    ),
    ends=st.booleans(),
    encoding=st.sampled_from(("utf-8", "latin-1", *_WIDE)),
    step=st.sampled_from((8, 1024, 4096, 2**20)),
)
def test_every_row_is_in_its_place(
    tmp_path_factory: pytest.TempPathFactory, lengths: list[int], ends: bool, encoding: str, step: int
) -> None:
    dice = random.Random(len(lengths))
    lines = ["".join(dice.choice("abc é") for _ in range(length)) for length in lengths]
    if step == 8:
        lines = lines[:20]
    text = "\n".join(lines) + ("\n" if ends and lines else "")
    path = tmp_path_factory.mktemp("rows") / "a.txt"
    loaded = load_text(written(path, text.encode(encoding)), label_of(encoding))
    assert loaded.source is not None
    index = whole_index(loaded.source, step)
    pages = pages_of(loaded.source, index)
    expected = text.split("\n")
    if not expected[-1]:
        expected.pop()
    assert lines_of(pages) == expected
    assert index.rows == sum(len(page.texts) for page in pages)
    assert all(len(page.texts) == PAGE for page in pages[:-1])
    assert index.line_count == len(expected)
    assert all(len(text) <= PIECE for page in pages for text in page.texts)
    for page in pages:
        for row, start in enumerate(page.starts):
            assert page.column(row, start) == 0


def label_of(encoding: str) -> str:
    names = {"utf-16": "UTF-16 LE", "utf-32": "UTF-32 LE"}
    return names.get(encoding) or next(label for label, codec in ENCODINGS.items() if codec == encoding)


def test_an_index_grows_the_same_in_parts(tmp_path: Path) -> None:
    source, whole = opened(tmp_path / "a.txt", "".join(f"line {n}\n" * (n % 3) for n in range(5000)))
    parts = whole_index(source, 4096)
    assert parts == whole


def test_a_line_is_found_by_its_number(tmp_path: Path) -> None:
    content = "".join("x" * (5000 if n % 50 == 0 else 10) + f" {n}\n" for n in range(2000))
    source, index = opened(tmp_path / "a.txt", content)
    for line in (0, 49, 50, 51, 1000, 1999):
        page = read_page(source, *index.page(index.page_of_line(line)))
        row = list(page.lines).index(line)
        assert not page.continues[row]
        text = "".join(text for text, number in zip(page.texts, page.lines, strict=True) if number == line)
        assert text.endswith(f" {line}") or len(text) >= PIECE


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
def test_line_ends_of_all_systems(tmp_path: Path, end: str) -> None:
    source, index = opened(tmp_path / "a.txt", end.join(("one", "two", "", "four", "")))
    assert lines_of(pages_of(source, index)) == ["one", "two", "", "four"]


def test_a_line_without_end(tmp_path: Path) -> None:
    source, index = opened(tmp_path / "a.txt", "µ" * 3_000_000)
    pages = pages_of(source, index)
    assert lines_of(pages) == ["µ" * 3_000_000]
    assert index.line_count == 1


def test_only_a_mark(tmp_path: Path) -> None:
    source, index = opened(tmp_path / "a.txt", "\ufeff")
    assert (index.rows, index.is_complete) == (0, True)
    assert load_text(written(source.path, "\ufeff")).page is None


# Encodings -------------------------------------------------------------------------------------------------

_GERMAN = "Prüfung der Drahtbonds: größer als 21 °C, 5 µm\n" * 3
_GUESSES = [
    (_GERMAN, "utf-8", "UTF-8"),
    (_GERMAN, "utf-8-sig", "UTF-8"),
    (_GERMAN, "utf-16", "UTF-16 LE"),
    (_GERMAN, "utf-16-le", "UTF-16 LE"),
    (_GERMAN, "utf-16-be", "UTF-16 BE"),
    (_GERMAN, "utf-32", "UTF-32 LE"),
    (_GERMAN, "latin-1", "Latin-1"),
    (_GERMAN + "– „gut“", "cp1252", "Windows-1252"),
    ("Проверка модуля: все соединения целы\n" * 20, "cp1251", "Windows-1251"),
    ("検査結果は良好です。温度は正常\n" * 20, "cp932", "Shift JIS"),
    ("plain\n", "ascii", "UTF-8"),
    ("Grüße aus Göttingen - naïve\n", "latin-1", "Latin-1"),
    ("“Größe” – naïve\n", "cp1252", "Windows-1252"),
    ("25 °C ± 1, 5 µm\n", "latin-1", "Latin-1"),
    ("Zażółć gęślą jaźń\n", "cp1250", "Windows-1250"),
    ("Привет, мир\n", "koi8-r", "KOI8-R"),
    ("テスト試験\n", "cp932", "Shift JIS"),
]


@pytest.mark.parametrize(
    ("text", "encoding", "label"), _GUESSES, ids=[f"{row[1]}, {len(row[0])}" for row in _GUESSES]
)
def test_an_encoding_is_guessed(tmp_path: Path, text: str, encoding: str, label: str) -> None:
    source, index = opened(tmp_path / "a.txt", text.encode(encoding))
    assert source.encoding.label == label
    assert lines_of(pages_of(source, index)) == text.splitlines()


def test_what_tells_the_encoding_may_come_late(tmp_path: Path) -> None:
    content = b"plain\n" * 100_000 + (_GERMAN * 10).encode("latin-1") + b"plain\n" * 100_000
    source, _ = opened(tmp_path / "a.txt", content)
    assert source.encoding.label == "Latin-1"


def test_broken_utf8_stays_utf8(tmp_path: Path) -> None:
    content = _GERMAN.encode() + b"\xff\xfe broken\n" + _GERMAN.encode()
    source, index = opened(tmp_path / "a.txt", content)
    assert source.encoding.label == "UTF-8"
    assert lines_of(pages_of(source, index))[3] == "\ufffd\ufffd broken"


@pytest.mark.parametrize("label", ENCODINGS)
def test_every_encoding_can_be_chosen(tmp_path: Path, label: str) -> None:
    loaded = load_text(written(tmp_path / "a.txt", "one\ntwo\n".encode(ENCODINGS[label])), label)
    assert loaded.page is not None
    assert loaded.page.texts == ("one", "two")


# What is shown ---------------------------------------------------------------------------------------------


def test_control_characters_become_visible() -> None:
    assert shown("a\0b\x07\x1b]0;t\x07\tc\x7f") == "a^@b^G^[]0;t^G\tc^?"
    assert shown("x\u202ey\u200bz\ufeff") == "x�y�z�"
    assert shown("\x1b[31mred\x1b[0m") == "red"
    assert shown("\x1b[2K\x1b[1Aa\x1b[?25l") == "a"


@pytest.mark.parametrize(
    ("text", "looks"),
    [
        ("\x1b[31mred\x1b[0m plain", ((0, 3, "red"),)),
        ("a \x1b[1;32mb\x1b[22mc\x1b[39md", ((2, 1, "bold green"), (3, 1, "green"))),
        ("\x1b[41;97mx\x1b[49my", ((0, 1, "on-red white"), (1, 1, "white"))),
        (
            "\x1b[38;5;196mr\x1b[38;2;0;200;0mg\x1b[38:5:21mb",
            ((0, 1, "red"), (1, 1, "green"), (2, 1, "blue")),
        ),
        ("\x1b[38;5m\x1b[38m\x1b[;;;mx", ()),
        ("\x1b[7;4mx\x1b[27;24my", ((0, 1, "reversed underlined"),)),
        ("\x1b[31mr\x1bx", ((0, 4, "red"),)),
    ],
)
def test_colours_of_a_terminal(text: str, looks: tuple[object, ...]) -> None:
    assert looks_of(text)[0] == looks


def test_colours_go_on_in_the_next_row(tmp_path: Path) -> None:
    source, index = opened(tmp_path / "a.log", "\x1b[31mred\nstill\x1b[0m not\n")
    (page,) = pages_of(source, index)
    assert page.looks == (((0, 3, "red"),), ((0, 5, "red"),))
    assert source.language == ""


def test_columns_of_bytes(tmp_path: Path) -> None:
    source, index = opened(tmp_path / "a.txt", "µ\x1b[31mé\x1b[0mx\n")
    (page,) = pages_of(source, index)
    raw = source.path.read_bytes()
    assert page.column(0, raw.index("é".encode())) == 1
    assert page.column(0, raw.index(b"x")) == 2
    assert page.column(0, len(raw)) == 3


# Copying ---------------------------------------------------------------------------------------------------


def test_what_is_copied_has_its_lines_whole(tmp_path: Path) -> None:
    content = "one\r\n" + "é" * 2499 + "\r\nthree\r\nfour\r\n"
    source, index = opened(tmp_path / "a.txt", content)
    (page,) = pages_of(source, index)
    starts = [*page.starts, index.size]
    text, is_whole = copied_text(source, (starts[0], starts[6], starts[7]), 1, 3)
    assert is_whole
    assert text == "ne\n" + "é" * 2499 + "\nthr"
    assert copied_text(source, (starts[0], starts[0], starts[1]), 1, 2) == ("n", True)


def test_only_the_beginning_of_much_is_copied(tmp_path: Path) -> None:
    source, index = opened(tmp_path / "a.txt", "0123456789\n" * 600_000)
    text, is_whole = copied_text(source, (0, index.size - 11, index.size), 0, 5)
    assert not is_whole
    assert len(text) == MOST_COPIED


# Files that change, files that are broken ------------------------------------------------------------------


def test_a_file_that_shrinks_is_told(tmp_path: Path) -> None:
    source, index = opened(tmp_path / "a.txt", "line\n" * 1000)
    os.truncate(source.path, 100)
    for read in (lambda: read_page(source, *index.page(1)), lambda: index_part(source, index.mark)):
        with pytest.raises(Undecodable, match="5000 bytes") as raised:
            read()
        assert "has changed meanwhile" in raised.value.sentence
        assert raised.value.may_pass


def test_a_file_that_goes_is_told(tmp_path: Path) -> None:
    source, index = opened(tmp_path / "a.txt", "line\n" * 1000)
    source.path.unlink()
    with pytest.raises(Undecodable) as raised:
        read_page(source, *index.page(0))
    assert "cannot be read" in raised.value.sentence


@pytest.mark.parametrize("seed", range(30))
def test_damaged_texts_are_read_all_the_same(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    encoding = dice.choice(("utf-8", "latin-1", *_WIDE, "cp932"))
    raw = bytearray(("検査 Pruefung \x1b[31mred\x1b[0m\n" * 300).encode(encoding, "replace"))
    for _ in range(dice.randrange(1, 200)):
        raw[dice.randrange(len(raw))] ^= 1 << dice.randrange(8)
    content = bytes(raw[: dice.randrange(1, len(raw))])
    for label in ("", dice.choice(list(ENCODINGS))):
        loaded = load_text(written(tmp_path / "a.txt", content), label)
        assert isinstance(loaded, LoadedText)
        assert loaded.source is not None
        index = whole_index(loaded.source, 1024)
        pages = pages_of(loaded.source, index)
        assert sum(len(page.texts) for page in pages) == index.rows
        # Private characters are no printable ones, but do no harm.
        hidden = {character for page in pages for text in page.texts for character in text}
        assert {unicodedata.category(character) for character in hidden - {"\t"}}.isdisjoint({"Cc", "Cs"})
