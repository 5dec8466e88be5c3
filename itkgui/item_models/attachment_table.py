"""Attachments in rows, those of a component and of its test runs together."""

from __future__ import annotations

from itkgui.item_models.moments import local_text, utc_hint
from itkgui.item_models.record_table import Column, RecordTable
from itkgui.records.attachment import Attachment, OwnerKind, Storage

_KINDS = {
    "image": (
        *(".jpg", ".jpeg", ".png", ".gif", ".bmp", ".webp", ".tif", ".tiff", ".svg", ".heic", ".avif"),
        *(".dng", ".cr2", ".cr3", ".nef", ".arw", ".raf", ".orf", ".rw2"),
    ),
    "text": (".txt", ".log", ".json", ".csv", ".tsv", ".md", ".xml", ".yaml", ".yml"),
    "archive": (".zip",),
    "document": (".pdf",),
    "chart": (".root",),
}


def kind_icon(attachment: Attachment) -> str:
    """Guess an icon from the name; what the file really is shows only when it is opened."""
    if attachment.storage is Storage.LINK:
        return "link"
    name = attachment.display_name.lower()
    return next((icon for icon, endings in _KINDS.items() if name.endswith(endings)), "file")


COLUMNS: tuple[Column[Attachment], ...] = (
    Column("File", lambda a: a.display_name, icon=kind_icon, hint=lambda a: a.description),
    Column("Title", lambda a: a.title),
    Column("From", lambda a: "component" if a.owner.kind is OwnerKind.COMPONENT else a.owner.label),
    Column("Kept in", lambda a: a.storage.label),
    Column(
        "Added",
        lambda a: local_text(a.moment),
        export=lambda a: a.moment,
        hint=lambda a: utc_hint(a.moment),
        unit="UTC",
    ),
    Column("By", lambda a: a.user.name),
)


class AttachmentTable(RecordTable[Attachment]):
    """The attachments of a component and its test runs."""

    def __init__(self) -> None:
        super().__init__(COLUMNS)
