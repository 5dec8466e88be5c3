"""A few letters find the choice that begins with them before one that only holds them."""

from __future__ import annotations

import pytest

from itkgui.item_models.choices import best_first

TYPES = ["Bare module", "Module", "Module carrier", "PCB", "Submodule", "any"]


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("modu", ["Module", "Module carrier", "Bare module", "Submodule"]),
        (" MODULE ", ["Module", "Module carrier", "Bare module", "Submodule"]),
        ("car", ["Module carrier"]),
        ("(", []),
        ("", TYPES),
    ],
)
def test_the_best_comes_first(typed: str, offered: list[str]) -> None:
    assert best_first(TYPES, typed) == offered
