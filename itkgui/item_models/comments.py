"""Writes a comment the way people at the screen read it."""

from __future__ import annotations

from itkgui.item_models.moments import local_text
from itkgui.records.comment import Comment


def comment_text(comment: Comment) -> str:
    """Return who said it and when, and below it what."""
    return f"{comment.user.name}, {local_text(comment.moment)}\n{comment.text}"
