"""Rules of a site for the labels of vendors, and what is wrong with some."""

from __future__ import annotations

from pathlib import Path

import pytest

from itkgui.scanning.labels import Label, LabelRules, load
from itkgui.scanning.reading import Arrival, Meaning, Reader

GOOD = """
[[label]]
name = "VTRx+"
pattern = "VTRX-(?P<number>[0-9]{6})"
identifier = "VTRx+_{number}"

[[label]]
pattern = "(?P<wafer>VPX[0-9]+-W[0-9]+)"
project = "S"
component_type = "SENSOR"
property = "WAFER"
value = "{wafer}"
"""


def rules(folder: Path, text: str) -> LabelRules:
    (folder / "labels.toml").write_text(text, "utf-8")
    return load([folder / "labels.toml"])


def test_labels_are_mapped(tmp_path: Path) -> None:
    found = rules(tmp_path, GOOD)
    assert found.problems == ()
    assert found.meaning("vtrx-001234") == Label("VTRx+", "VTRx+_001234")
    wafer = found.meaning("VPX32-W7")
    assert wafer == Label("(?P<wafer>VPX[0-9]+-W[0-9]+)", "", "S", "SENSOR", "WAFER", "VPX32-W7")
    assert wafer.words == "SENSOR WAFER = VPX32-W7"
    assert found.meaning("VTRX-1") is found.meaning("x" * 300) is None


def test_a_label_is_read_by_the_rules_on_a_foreign_keyboard_too(tmp_path: Path) -> None:
    reader = Reader(rules=rules(tmp_path, GOOD))
    reading = reader.read(Arrival("VTRX)àà&é\"'\r"))
    assert (reading.meaning, reading.text) == (Meaning.LABEL, "VTRx+_001234")
    assert reading.layout.name == "azerty"


def test_the_first_file_has_the_first_word(tmp_path: Path) -> None:
    first, second = tmp_path / "first.toml", tmp_path / "second.toml"
    for file, name in ((first, "mine"), (second, "site's")):
        file.write_text(f'[[label]]\nname = "{name}"\npattern = "X1"\nidentifier = "Y"\n', "utf-8")
    found = load([tmp_path / "none.toml", first, second]).meaning("X1")
    assert found is not None
    assert found.rule == "mine"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("label = 5", "list of tables"),
        ("label = [5]", "is a table"),
        ("not toml", "line 1"),
        ("[[label]]\nidentifier = 'X'", "no “pattern”"),
        ("[[label]]\npattern = 'X'", "either"),
        ("[[label]]\npattern = 'X'\nidentifier = 'Y'\nproperty='Z'\nvalue='V'\ncomponent_type='C'", "either"),
        ("[[label]]\npattern = '('\nidentifier = 'Y'", "no regular expression"),
        *(
            (f"[[label]]\npattern = '{pattern}'\nidentifier = 'Y'", "too long")
            for pattern in (
                "(a+)+",
                r"(\d\d|\d)+-X",
                "((a+))+",
                r"(\d\d?)*",
                r"(?P<n>(\d|[A-Z0-9])+)-X",
                "([)]a+){9}",
            )
        ),
        ("[[label]]\npattern = 'X'\nidentifier = '{y}'", "does not name: y"),
        ("[[label]]\npattern = 'X'\nidentifier = '{0.real}'", "does not name"),
        ("[[label]]\npattern = 'X'\nidentifier = '{0!r}'", "names only"),
        ("[[label]]\npattern = 'X'\nidentifier = '{'", "'{'"),
        ("[[label]]\npattern = 'X'\nidentifier = 5", "text in quotes"),
        ("[[label]]\npattern = 'X'\nidentifier = 'Y'\ncolour = 'red'", "“colour” is not known"),
    ],
)
def test_what_cannot_be_used_is_told_and_left_out(tmp_path: Path, text: str, said: str) -> None:
    found = rules(tmp_path, text)
    assert found.rules == ()
    (problem,) = found.problems
    assert said in problem.what
    assert str(tmp_path) in problem.where


@pytest.mark.parametrize("pattern", [r"[(a+)]+\(b+\)+", "(?:VTRX|VPX)-(?P<n>[0-9]+)?", "(ab)+(c)*"])
def test_what_fits_in_one_way_may_be_repeated(tmp_path: Path, pattern: str) -> None:
    assert not rules(tmp_path, f"[[label]]\npattern = '{pattern}'\nidentifier = 'Y'").problems


def test_one_bad_rule_spoils_no_other(tmp_path: Path) -> None:
    found = rules(tmp_path, GOOD + "[[label]]\npattern = 'X'\n")
    assert len(found.rules) == 2
    assert "[[label]] 3" in found.problems[0].where


def test_files_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "bytes").write_bytes(b"\xff\xfe")
    (tmp_path / "deep").write_text("label = " + "[" * 10_000, "utf-8")
    (tmp_path / "large").write_text("#" * 1_000_001, "utf-8")
    found = load(tmp_path / name for name in ("folder", "bytes", "deep", "large"))
    assert (len(found.rules), len(found.problems)) == (0, 4)
