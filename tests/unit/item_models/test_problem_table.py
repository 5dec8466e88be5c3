"""Problems of results as rows, and the lines of the JSON that they lead to."""

from __future__ import annotations

from itkgui.item_models.problem_table import LaidOut

BODY = {
    "component": "20U",
    "results": {"IV": {"voltage": list(range(100)), "pairs": [[1, 2], [3, 4]]}, "TEXT": "a\nb"},
    "defects": [{"name": "A"}, {"name": 5}],
    "empty": {},
}


def test_each_field_has_a_line() -> None:
    laid_out = LaidOut.of(BODY)
    written = laid_out.text.split("\n")
    for path, expected in (
        ("component", '"component": "20U"'),
        ("results", '"results": {'),
        ("results.TEXT", '"TEXT": "a\\nb"'),
        ("results.IV.pairs[1]", "[3, 4]"),
        ("defects[1].name", '"name": 5'),
        ("empty", '"empty": {}'),
    ):
        line = laid_out.line_of(path)
        assert line is not None
        assert written[line].strip() == expected


def test_what_has_no_line_leads_to_what_is_around_it() -> None:
    laid_out = LaidOut.of(BODY)
    voltage = laid_out.line_of("results.IV.voltage")
    assert voltage is not None
    assert laid_out.text.split("\n")[voltage].endswith("60 more]")
    assert laid_out.line_of("results.IV.voltage[70]") == voltage
    assert laid_out.line_of("results.MISSING.deep[2]") == laid_out.line_of("results")
    assert laid_out.line_of("properties.X") is None
    assert laid_out.line_of("") is None
