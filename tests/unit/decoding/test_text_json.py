"""JSON laid out without a change to what it says, and as the rows of a tree."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itkgui.client.files import BinaryFile
from itkgui.decoding.text import load_text
from itkgui.decoding.text_json import (
    LARGEST_JSON,
    ROWS,
    JsonRow,
    can_be_a_tree,
    json_rows,
    load_laid_out,
)
from itkgui.decoding.text_source import TextSource
from itkgui.decoding.undecodable import Undecodable
from tests.unit.decoding.test_text import written

_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=20,
)


def source_of(path: Path, content: bytes | str) -> tuple[BinaryFile, TextSource]:
    file = written(path, content)
    source = load_text(file).source
    assert source is not None
    return file, source


def laid_out(path: Path, content: bytes | str) -> tuple[str, str]:
    """Return JSON laid out, and what is said about it."""
    file, source = source_of(path, content)
    loaded = load_laid_out(file, source, path.parent / "laid out")
    return (loaded.source.path.read_text("utf-8") if loaded.source is not None else ""), loaded.facts


@given(value=_VALUES)
def test_as_python_lays_out(tmp_path_factory: pytest.TempPathFactory, value: object) -> None:
    path = tmp_path_factory.mktemp("json") / "a.json"
    expected = json.dumps(value, indent=2, ensure_ascii=False)
    for is_ascii in (True, False):
        content = json.dumps(value, ensure_ascii=is_ascii).encode()
        text, said = laid_out(path, content)
        assert said == "JSON, laid out"
        assert text == expected


def test_numbers_and_members_stay_as_they_are(tmp_path: Path) -> None:
    text, said = laid_out(tmp_path / "a.json", '{"a":1.10,"a":1e400,"b":100000000000000000000001,"c":NaN}')
    assert text == '{\n  "a": 1.10,\n  "a": 1e400,\n  "b": 100000000000000000000001,\n  "c": NaN\n}'
    assert said == "JSON, laid out  ·  with NaN, which is not standard  ·  “a” twice in one object"
    assert "1" * 5000 in laid_out(tmp_path / "b.json", f"[{'1' * 5000}]")[0]


def test_half_a_character(tmp_path: Path) -> None:
    text, _ = laid_out(tmp_path / "a.json", r'["\ud83d", "\ud83d\ude00", "\u00fc \" \\"]')
    assert text == '[\n  "\\ud83d",\n  "😀",\n  "ü \\" \\\\"\n]'


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param("[" * 100_000, "too deep", id="never closed"),
        pytest.param("[" * 100_000 + "]" * 100_000, "too deep", id="deep"),
        pytest.param("[" * 900 + "1" + ",1" * 200_000 + "]" * 900, "too large", id="wide at the bottom"),
        pytest.param("[1" + " " * LARGEST_JSON + "]", "too large", id="large"),
        pytest.param('{"a": 1 2}', "not valid: expecting ',' delimiter in line 1, column 9", id="no comma"),
        pytest.param('[1,\n"cut', "not valid: unterminated string in line 2, column 1", id="cut"),
    ],
)
def test_what_cannot_be_laid_out_is_told(tmp_path: Path, content: str, said: str) -> None:
    text, facts = laid_out(tmp_path / "much.json", content)
    assert said in facts
    assert not text
    assert not list((tmp_path / "laid out").glob("*/*"))


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "laid out").write_text("a file where the folder should be")
    text, facts = laid_out(tmp_path / "a.json", "[1]")
    assert "cannot be written to this computer" in facts
    assert not text


def test_a_file_that_is_gone(tmp_path: Path) -> None:
    file, source = source_of(tmp_path / "a.json", "[1]")
    source.path.unlink()
    for read in (lambda: load_laid_out(file, source, tmp_path), lambda: json_rows(source, (), 0)):
        with pytest.raises(Undecodable):
            read()


# As a tree -------------------------------------------------------------------------------------------------


def test_rows_of_a_tree(tmp_path: Path) -> None:
    _, source = source_of(tmp_path / "a.json", '{"a": [1.50, {"b": null}], "a": "text", "c": {}}')
    count, rows = json_rows(source, (), 0)
    assert (count, [(row.name, row.text, row.count) for row in rows]) == (
        3,
        [("a", "[2]", 2), ("a", "text", -1), ("c", "{0}", 0)],
    )
    count, rows = json_rows(source, (0,), 0)
    assert [(row.name, row.text, row.count) for row in rows] == [("0", "1.50", -1), ("1", "{1}", 1)]
    assert json_rows(source, (0, 1), 0)[1][0].text == "null"


def test_rows_come_in_parts(tmp_path: Path) -> None:
    _, source = source_of(tmp_path / "a.json", json.dumps(list(range(450))))
    parts = [json_rows(source, (), first) for first in range(0, 450, ROWS)]
    assert [len(rows) for _, rows in parts] == [200, 200, 50]
    assert parts[2][1][0].name == "400"
    assert all(count == 450 for count, _ in parts)


def test_a_value_alone(tmp_path: Path) -> None:
    _, source = source_of(tmp_path / "a.json", '"only a text"')
    assert json_rows(source, (), 0)[1][0].text == "only a text"


def test_an_invalid_file_has_one_row_that_says_so(tmp_path: Path) -> None:
    _, source = source_of(tmp_path / "a.json", "[1,")
    assert "not valid" in json_rows(source, (), 0)[1][0].text


# Too large to be laid out ----------------------------------------------------------------------------------

_MANY = " " * LARGEST_JSON


@pytest.mark.parametrize("place", [(), (0,), (0, 1), (2,), (3,), (4,), (5,)])
def test_rows_of_a_large_file_are_those_of_a_small_one(tmp_path: Path, place: tuple[int, ...]) -> None:
    small = '{"a": [1.50, {"b": null}], "é": "te\\u0041xt", "c": {}, "d": 1e400, "e": true, "f": [], "g": -0}'
    _, source = source_of(tmp_path / "small.json", small)
    _, large = source_of(tmp_path / "large.json", f"{small}{_MANY}")
    assert json_rows(large, place, 0) == json_rows(source, place, 0)


def test_pages_of_a_large_list(tmp_path: Path) -> None:
    content = ",".join(f'{{"channel":{n},"values":[1,2,3]}}' for n in range(500_000))
    _, source = source_of(tmp_path / "large.json", f'{{"runs":[{content}]}}')
    assert source.size > LARGEST_JSON
    assert json_rows(source, (), 0) == (1, (JsonRow("runs", "[500,000]", "list", 500_000),))
    count, rows = json_rows(source, (0,), 499_900)
    assert (count, len(rows)) == (500_000, 100)
    assert (rows[-1].name, rows[-1].text, rows[-1].count) == ("499999", "{2}", 2)
    assert [row.text for row in json_rows(source, (0, 499_999), 0)[1]] == ["499999", "[3]"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(f"[1,]{_MANY}", "not valid", id="a comma too many"),
        pytest.param(f'{{"a": "{_MANY}', "not valid", id="cut"),
        pytest.param("[" * (LARGEST_JSON + 1), "too deep", id="never closed"),
    ],
)
def test_what_is_wrong_with_a_large_file_is_told(tmp_path: Path, content: str, said: str) -> None:
    _, source = source_of(tmp_path / "large.json", content)
    assert said in json_rows(source, (), 0)[1][0].text


def test_large_file_that_is_not_utf_8_is_no_tree(tmp_path: Path) -> None:
    _, source = source_of(tmp_path / "large.json", f'["{"x" * (LARGEST_JSON // 2)}"]'.encode("utf-16"))
    assert not can_be_a_tree(source)
    assert "too large" in json_rows(source, (), 0)[1][0].text
