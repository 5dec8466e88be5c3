"""Comments: what people remark on a component, a test run or a shipment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from itkgui.records.json_fields import Json, objects, text, timestamp
from itkgui.records.people import User, user


@dataclass(frozen=True)
class Comment:
    """A remark on a component, test run or shipment."""

    code: str
    text: str
    moment: datetime | None
    user: User

    @classmethod
    def from_json(cls, data: Json) -> Comment:
        return cls(text(data, "code"), text(data, "comment"), timestamp(data, "dateTime"), user(data))


def comments_of(data: Json) -> tuple[Comment, ...]:
    """Return the comments listed in the JSON of whatever they are on."""
    return tuple(map(Comment.from_json, objects(data, "comments")))
