"""What a process of decoders says of a function that fails."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import pytest

from itkgui.decoding.decoders import DecoderFault, Decoders
from tests.unit.decoding import misbehaving


@pytest.mark.parametrize(
    ("function", "told"),
    [
        (misbehaving.fail_at_length, r"tests.unit.decoding.misbehaving.OddError: no \x1b[1mweight\there"),
        (misbehaving.fail_without_a_word, "tests.unit.decoding.misbehaving.OddError"),
        (misbehaving.fail_to_load, "SyntaxError: invalid syntax"),
    ],
)
@pytest.mark.logs("failed:(.|\n)*OddError|failed:(.|\n)*SyntaxError")
def test_fault_is_told_by_its_kind_and_first_line(function: Callable[[], None], told: str) -> None:
    with contextlib.closing(Decoders(processes=1)) as decoders, pytest.raises(DecoderFault) as raised:
        decoders.run(function)
    assert raised.value.detail == told
