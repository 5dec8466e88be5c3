"""Attachments in rows, those of a component, its test runs and its shipments together: in groups or not."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from PySide6.QtCore import Qt

from itkgui.client.media_types import IMAGE_SUFFIXES
from itkgui.item_models.columns import moment_column
from itkgui.item_models.natural_order import order_key
from itkgui.item_models.record_table import Change, Column, Index, RecordTable
from itkgui.language import N_, _
from itkgui.records.attachment import Attachment, Owner, OwnerKind, Storage
from itkgui.records.attachment_list import Provenance
from itkgui.records.sizes import size_text

_KINDS = {
    "image": (".svg", *IMAGE_SUFFIXES),
    "text": (".txt", ".log", ".json", ".csv", ".tsv", ".md", ".xml", ".html", ".yaml", ".yml"),
    "archive": (".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".npz"),
    "document": (".pdf",),
    "chart": (".root",),
}
KIND_NAMES = {
    "image": N_("picture"),
    "text": N_("text or table"),
    "archive": N_("archive"),
    "document": "PDF",
    "chart": N_("ROOT file"),
    "link": N_("link"),
    "file": N_("other"),
}
FILE, TITLE, SIZE, TYPE, FROM, STAGE, PLACE, ADDED, PERSON = range(9)


@dataclass(frozen=True)
class FileFacts:
    """What was learned of an attachment's file: its size in bytes, None if no server tells; its media type.

    The type is by content, and empty until the bytes were seen.
    """

    size: int | None = None
    media_type: str = ""


UNKNOWN = FileFacts()


class Grouping(Enum):
    """What attachments stand together by; the value is the word for it."""

    NONE = N_("no groups")
    ORIGIN = N_("origin")
    TEST_TYPE = N_("test type")
    STAGE = N_("stage")
    KIND = N_("kind")


def kind_icon(attachment: Attachment) -> str:
    """Guess an icon from the name; what the file really is shows only when it is opened."""
    if attachment.storage is Storage.LINK:
        return "link"
    name = attachment.display_name.lower()
    return next((icon for icon, endings in _KINDS.items() if name.endswith(endings)), "file")


def kind_name(attachment: Attachment) -> str:
    """Return what ``kind_icon`` shows, in a word."""
    return _(KIND_NAMES[kind_icon(attachment)])


def looks_like_picture(attachment: Attachment) -> bool:
    return kind_icon(attachment) == "image" or attachment.content_type.startswith("image/")


@dataclass
class _Look:
    """What the columns need, apart from the table, which they would else keep alive."""

    known: Mapping[str, FileFacts]
    origins: Mapping[Owner, Provenance] = field(default_factory=dict)

    def facts(self, attachment: Attachment) -> FileFacts:
        return self.known.get(attachment.code, UNKNOWN)

    def size(self, attachment: Attachment) -> int | None:
        known = self.facts(attachment).size
        return attachment.size if known is None else known

    def size_text(self, attachment: Attachment) -> str:
        size = self.size(attachment)
        if size is not None:
            return size_text(size)
        return _("unknown") if attachment.code in self.known else ""  # of others nobody has asked yet

    def origin(self, attachment: Attachment) -> Provenance:
        owner = attachment.owner
        return self.origins.get(owner) or Provenance(owner.kind, _owner_text(attachment), "")

    def type(self, attachment: Attachment) -> str:
        return self.facts(attachment).media_type or kind_name(attachment)


class AttachmentTable(RecordTable[Attachment]):
    """The attachments of a component, its test runs and its shipments.

    ``known`` tells by code what was learned of the files; whoever adds to it calls ``record_changed``. In
    groups, sorting by a column sorts within them.
    """

    def __init__(self, known: Mapping[str, FileFacts] | None = None) -> None:
        self._look = _Look(known if known is not None else {})
        super().__init__(_columns(self._look))
        self.grouping = Grouping.NONE
        self.kinds: frozenset[str] = frozenset()
        self.places: frozenset[str] = frozenset()

    def set_origins(self, origins: Mapping[Owner, Provenance]) -> None:
        """Note where the owners stand; to be followed by ``replace``."""
        self._look.origins = origins

    def origin(self, attachment: Attachment) -> Provenance:
        return self._look.origin(attachment)

    def set_grouping(self, grouping: Grouping) -> None:
        self.grouping = grouping
        self._arrange(Change.SORTED)

    def set_wanted(self, kinds: frozenset[str], places: frozenset[str]) -> None:
        """Show only attachments of these kinds (``kind_icon``) in these places (``Storage``); empty: any."""
        self.kinds, self.places = kinds, places
        self._arrange(Change.FILTERED)

    def group_of(self, attachment: Attachment) -> str:
        """Return the title of the group that an attachment stands in; empty where there are no groups."""
        origin = self.origin(attachment)
        if self.grouping is Grouping.KIND:
            name = kind_name(attachment)
            return name[0].upper() + name[1:]
        if self.grouping is Grouping.NONE:
            return ""
        if origin.kind is not OwnerKind.TEST_RUN:
            is_own = origin.kind is OwnerKind.COMPONENT
            name = _("Component {name}").format(name=origin.subject) if is_own else origin.label
            return name.strip()
        if self.grouping is Grouping.TEST_TYPE:
            return origin.test_type or origin.label
        if self.grouping is Grouping.STAGE:
            return origin.stage or _("No stage")
        return "  ·  ".join(filter(None, (origin.label, origin.stage)))

    def headings(self) -> dict[int, str]:
        """Return the titles of the groups, each by the row that it stands above."""
        shown = self.shown
        if self.grouping is Grouping.NONE or not shown:
            return {}
        titles = [self.group_of(attachment) for attachment in shown]
        starts = [row for row, title in enumerate(titles) if row == 0 or title != titles[row - 1]]
        ends = [*starts[1:], len(titles)]
        return {start: f"{titles[start]} ({end - start:,})" for start, end in zip(starts, ends, strict=True)}

    @property
    def _is_arranged(self) -> bool:
        return super()._is_arranged or bool(self.kinds or self.places) or self.grouping is not Grouping.NONE

    def _steps(self) -> Generator[None, None, list[int]]:
        order = yield from super()._steps()
        records = self._records
        if self.kinds:
            order = [place for place in order if kind_icon(records[place]) in self.kinds]
        if self.places:
            order = [place for place in order if records[place].storage.value in self.places]
        if self.grouping is not Grouping.NONE:
            order.sort(key=lambda place: self._group_key(records[place]))
        return order

    def _group_key(self, attachment: Attachment) -> tuple[int, Any]:
        kind = self.origin(attachment).kind
        is_by_owner = self.grouping is not Grouping.KIND
        ranks = {OwnerKind.COMPONENT: 0, OwnerKind.TEST_RUN: 1}
        rank = ranks.get(kind, 2) if is_by_owner else list(KIND_NAMES).index(kind_icon(attachment))
        return rank, order_key(self.group_of(attachment))

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.AccessibleTextRole and index.isValid() and index.column() == FILE:
            attachment = self.record(index)
            kind, group = kind_name(attachment), self.group_of(attachment)
            return ", ".join(filter(None, (super().data(index, role), kind, group)))
        return super().data(index, role)


def _owner_text(attachment: Attachment) -> str:
    return _("component") if attachment.owner.kind is OwnerKind.COMPONENT else attachment.owner.label


def _columns(look: _Look) -> tuple[Column[Attachment], ...]:
    return (
        Column(N_("File"), lambda a: a.display_name, icon=kind_icon, hint=lambda a: a.description),
        Column(N_("Title"), lambda a: a.title),
        Column(N_("Size"), look.size_text, export=look.size, align_right=True, unit="B"),
        Column(N_("Type"), look.type),
        Column(N_("From"), _owner_text),
        Column(N_("Stage"), lambda a: look.origin(a).stage),
        Column(N_("Kept in"), lambda a: a.storage.label),
        moment_column(N_("Added"), lambda a: a.moment),
        Column(N_("By"), lambda a: a.user.name),
    )
