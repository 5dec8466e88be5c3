"""Writes a comment the way people at the screen read it."""

from __future__ import annotations

import re

from itkgui.item_models.moments import local_text
from itkgui.records.comment import Comment

# Control characters, halves of characters, and marks that turn the writing direction.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff]"
)


def comment_text(comment: Comment) -> str:
    """Return who said it and when, and below it what."""
    return f"{comment.user.name}, {local_text(comment.moment)}\n{comment.text}"


def visible_lines(text: str) -> list[str]:
    """Return the lines of a text; what would be invisible, or turn other text about, becomes ``�``."""
    return [_INVISIBLE.sub("�", line) for line in text.splitlines()]
