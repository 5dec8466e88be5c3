"""Titles with fields that each file fills in by itself."""

from __future__ import annotations

import pytest

from itkgui.item_models.title_fields import FIELDS, filled_in, has_fields, unknown_fields

VALUES = {"serial": "20USBML0000001", "test": "", "n": "3", "name": "photo"}


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("plain {text}", "plain {text}"),
        ("{serial}_{n}", "20USBML0000001_3"),
        ("{serial}_{test}_{n}", "20USBML0000001_3"),
        ("{test} – {name}", "– photo"),
        ("{serail}-{n}", "{serail}-3"),
        ("  kept   as it is ", "  kept   as it is "),
    ],
)
def test_fields_are_filled_in(text: str, filled: str) -> None:
    assert filled_in(text, VALUES) == filled


def test_a_mistyped_field_is_named() -> None:
    assert unknown_fields("{serail} {n} {serail} {x}") == ("serail", "x")
    assert not has_fields("{serail}")
    assert all(has_fields(f"{{{name}}}") and not unknown_fields(f"{{{name}}}") for name in FIELDS)
