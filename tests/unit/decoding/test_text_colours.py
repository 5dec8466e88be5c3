"""What a text is written in, and what its parts are."""

from __future__ import annotations

import random

import pytest

from itkgui.decoding.text_colours import MOST_COLOURED, colour_rows
from itkgui.decoding.text_language import LOG, language_of

_LOG = "2024-01-01T12:00:00 [ info  ] ready\n" * 5


@pytest.mark.parametrize(
    ("name", "media_type", "head", "language"),
    [
        ("a", "application/json", "{}", "json"),
        ("a", "text/html", "<html>", "html"),
        ("drawing.txt", "image/svg+xml", "<svg/>", "xml"),
        ("run.py", "text/plain", "", "python"),
        ("setup.YAML", "text/plain", "a: 1", "yaml"),
        ("Makefile", "text/plain", "all:\n", "make"),
        ("CMakeLists.txt", "text/plain", "", "cmake"),
        ("scan.h", "text/plain", "", "cpp"),
        ("run", "text/plain", "#!/usr/bin/env python3\n", "python"),
        ("run", "text/plain", "#!/bin/sh\n", "bash"),
        ("a", "text/plain", "diff --git a/x b/x\n", "diff"),
        ("a", "text/plain", "--- a/x\n+++ b/x\n", "diff"),
        ("a", "text/plain", "---\nname: x\n", "yaml"),
        ("a", "text/plain", "; settings\n[part]\nname = x\n", "ini"),
        ("a", "text/plain", "// c\n#include <vector>\n", "cpp"),
        ("a", "text/plain", _LOG, LOG),
        ("a.txt", "text/plain", "Visual inspection\n[x]\nAll good.\n", ""),
        ("a.txt", "text/plain", "", ""),
    ],
)
def test_a_language_is_told(name: str, media_type: str, head: str, language: str) -> None:
    assert language_of(name, media_type, head) == language


@pytest.mark.parametrize(
    ("language", "row", "look", "part"),
    [
        ("json", '{"a": 1.5, "b": "text"}', "keyword", '"a"'),
        ("json", '{"a": 1.5, "b": "text"}', "number", "1.5"),
        ("json", '{"a": 1.5, "b": "text"}', "string", '"text"'),
        ("xml", '<a b="c">', "string", '"c"'),
        ("python", "def f(): return 5  # why", "comment", "# why"),
        ("python", "def f(): return 5  # why", "keyword", "def"),
        ("yaml", "name: x  # why", "comment", "# why"),
        ("ini", "[part]", "keyword", "[part]"),
        ("cpp", "int x = 5; // why", "keyword", "int"),
        ("bash", "echo 'x' # why", "comment", "# why"),
        ("diff", "+new", "good", "+new"),
        ("diff", "-old", "bad", "-old"),
        (LOG, "2024-01-01T12:00:00Z ERROR lane 3", "bad", "ERROR"),
        (LOG, "2024-01-01T12:00:00Z [warning] lane 3", "caution", "warning"),
        (LOG, "2024-01-01T12:00:00Z [warning] lane 3", "comment", "2024-01-01T12:00:00Z"),
        (LOG, "lane 3", "number", "3"),
    ],
)
def test_parts_are_told(language: str, row: str, look: str, part: str) -> None:
    (spans,) = colour_rows(language, (), (row,))
    assert part in {row[start : start + length] for start, length, found in spans if found == look}


def test_what_goes_on_from_the_page_before() -> None:
    rows = ("still a comment */", "int x;")
    assert colour_rows("cpp", ("/* a comment",), rows)[0] == ((0, len(rows[0]), "comment"),)
    assert colour_rows("cpp", (), rows)[0] != ((0, len(rows[0]), "comment"),)


def test_too_much_stays_plain() -> None:
    rows = ("x = 1;" * 200,) * (MOST_COLOURED // 1000)
    assert colour_rows("cpp", (), rows) == ((),) * len(rows)


@pytest.mark.parametrize("language", ["json", "html", "python", "yaml", "ini", "cpp", "bash", "diff", LOG])
def test_any_text_is_taken(language: str) -> None:
    dice = random.Random(5)
    for _ in range(20):
        rows = tuple(
            "".join(dice.choice("ab {}[]<>\"'#/*:=-+.,;\\�é\t漢0") for _ in range(dice.randrange(60)))
            for _ in range(40)
        )
        looks = colour_rows(language, rows[:20], rows[20:])
        for row, spans in zip(rows[20:], looks, strict=True):
            assert all(0 <= start < start + length <= len(row) for start, length, _ in spans)
