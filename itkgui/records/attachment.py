"""Attachments: files the database keeps for a component or a test run, itself or on EOS."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from pathlib import PurePath
from typing import Protocol

from itkgui.language import _
from itkgui.records.json_fields import Json, child, number, objects, text, timestamp
from itkgui.records.people import User

_SENT = re.compile("%(22|0D|0A)", re.IGNORECASE)  # in a quoted parameter of a form


class OwnerKind(Enum):
    """What an attachment can belong to; the value is the key that commands use for it.

    What belongs to a batch can be fetched only (API reference §5.5).
    """

    COMPONENT = "component"
    TEST_RUN = "testRun"
    SHIPMENT = "shipment"
    BATCH = "batch"


class Storage(Enum):
    """Where the bytes of an attachment are; the value is the ``type`` the database gives."""

    FILE = "file"
    EOS = "eos"
    LINK = "link"

    @property
    def label(self) -> str:
        """What people call it."""
        return {Storage.FILE: "ITkPD", Storage.EOS: "EOS", Storage.LINK: _("link")}[self]


@dataclass(frozen=True)
class Owner:
    """What an attachment belongs to, with a label for people; a component by code, anything else by id."""

    kind: OwnerKind
    key: str
    label: str = field(compare=False)


class Owned(Protocol):
    """A record that attachments and comments can belong to: a component, a test run, a shipment."""

    @property
    def owner(self) -> Owner: ...


def owner_of(target: Owner | Owned) -> Owner:
    """Return whom a record stands for; an Owner stands for itself."""
    return target if isinstance(target, Owner) else target.owner


@dataclass(frozen=True)
class Attachment:
    """One attachment's entry; its bytes are fetched apart.

    On EOS the database forgets the file's name and type: ``filename`` is then the code, and the title
    usually carries the name (API reference §6.2). ``size`` is in bytes; lists do not tell it, only the
    answers to sending and deleting do (API reference §6.2, §6.4).
    """

    code: str
    title: str
    description: str
    filename: str
    content_type: str
    storage: Storage
    url: str
    moment: datetime | None
    user: User
    owner: Owner
    size: int | None = None

    @classmethod
    def from_json(cls, data: Json, owner: Owner) -> Attachment:
        kind = text(data, "type")
        return cls(
            code=text(data, "code"),
            title=text(data, "title"),
            description=text(data, "description"),
            filename=text(data, "filename"),
            content_type=text(data, "contentType"),
            storage=Storage(kind) if kind in ("file", "eos", "link") else Storage.FILE,
            url=text(data, "url"),
            moment=timestamp(data, "dateTime"),
            user=User.from_json(child(data, "user")),
            owner=owner,
            size=_size(data),
        )

    @property
    def display_name(self) -> str:
        """The best name there is: the file's, or the title where EOS has forgotten it; see ``given_name``."""
        if self.filename and self.filename != self.code:
            return given_name(self.filename)
        return self.title or self.code


def given_name(listed: str) -> str:
    """Return the name that somebody gave a file, from the one that a server tells.

    Browsers, and this program, send a quotation mark in it as ``%22``, and ends of lines as ``%0D`` and
    ``%0A``; what the database makes of that is not known (API reference §5.5). A name that really has
    ``%22`` in it looks the same.
    """
    return _SENT.sub(lambda sent: chr(int(sent[1], 16)), listed)


def with_ending(title: str, name: str) -> str:
    """Return the title of a file on EOS: it is all that remains of the name, whose ending tells the kind."""
    ending = PurePath(name).suffix
    has_it = not ending or title.casefold().endswith(ending.casefold())
    return title if has_it else f"{title}{ending}"


def _size(data: Json) -> int | None:
    told = number(data, "filesize")
    return int(told) if told is not None and told >= 0 else None


def attachments_of(data: Json, owner: Owner) -> Iterator[Attachment]:
    """Yield the attachments listed in a component's or test run's JSON."""
    return (Attachment.from_json(item, owner) for item in objects(data, "attachments"))
