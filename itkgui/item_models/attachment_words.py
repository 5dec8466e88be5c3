"""What is told of attachments, in words: above a preview, and of those that failed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path

from itkgui.client.exceptions import ItkError
from itkgui.item_models.attachment_table import kind_name
from itkgui.item_models.moments import local_text, short_text
from itkgui.language import _
from itkgui.records.attachment import Attachment, OwnerKind, Storage
from itkgui.records.sizes import size_text

JOINT = "  ·  "
_MOST_TOLD = 3  # failures that are told one by one


def facts_of(attachment: Attachment, size: int | None, media_type: str) -> list[str]:
    """Return up to three lines: of the file, of its entry, and of what somebody wrote about it.

    ``size`` is in bytes, None if unknown; ``media_type`` is by content, empty until the bytes were seen.
    """
    of_file = [
        size_text(size) if size is not None else "",
        media_type or kind_name(attachment),
        _("kept in {place}").format(place=attachment.storage.label)
        if attachment.storage is not Storage.LINK
        else "",
    ]
    is_own = attachment.owner.kind is OwnerKind.COMPONENT
    of_entry = [
        local_text(attachment.moment) if attachment.moment else "",
        attachment.user.name,
        "" if is_own else _("from {owner}").format(owner=attachment.owner.label),
    ]
    words = dict.fromkeys((attachment.title, attachment.description))
    about = [word for word in words if word != attachment.display_name]
    lines = (JOINT.join(filter(None, facts)) for facts in (of_file, of_entry, about))
    return [line for line in lines if line]


def kept_text(path: Path) -> str:
    """Return since when a file is kept on this computer; nothing if it is gone again."""
    try:
        moment = datetime.fromtimestamp(path.stat().st_mtime, timezone.utc)
    except OSError:
        return ""
    return _("Fetched at {time}, and kept here").format(time=short_text(moment))


def failures_text(failures: Sequence[tuple[Attachment, ItkError]]) -> str:
    """Return which attachments failed, and by what; of many only the first, as the log has all."""
    told = [f"{attachment.display_name}: {error.title}" for attachment, error in failures]
    more = [_("and {count} more").format(count=len(told) - _MOST_TOLD)] if len(told) > _MOST_TOLD else []
    return "; ".join([*told[:_MOST_TOLD], *more])
