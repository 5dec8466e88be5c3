"""QR codes (ISO/IEC 18004), which telephones read off a screen: a text as dark and light squares."""

from __future__ import annotations

from collections.abc import Sequence

QUIET = 4  # squares of white that must be on each side


def squares(text: str) -> Sequence[Sequence[bool]]:
    """Return the rows of squares, which of them are dark, with the white that belongs around them.

    A seventh of it may be dirty or mirrored by a lamp, or more where that takes no more squares. Raises
    ValueError for a text that is too long (over 2,300 bytes).
    """
    import segno  # few ever want one

    made = segno.make(text, error="m", micro=False)  # telephones know no micro ones
    return [[bool(square) for square in row] for row in made.matrix_iter(border=QUIET)]
