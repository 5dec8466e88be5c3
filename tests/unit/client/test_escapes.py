"""What is copied out of a log is what one reads in a terminal."""

from __future__ import annotations

import pytest

from itkgui.client.escapes import without_escapes


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("\x1b[1;38;5;208mWARN\x1b[0m 1;2", "WARN 1;2"),
        ("\x1b]0;title\x07a\x1b[2K\x1b[?25lb", "ab"),
        ("\x1b]8;;http://a/\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("no [1m escape", "no [1m escape"),
    ],
)
def test_escapes_are_left_out(text: str, read: str) -> None:
    assert without_escapes(text) == read
