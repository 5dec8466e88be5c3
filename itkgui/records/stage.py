"""The stages a component went through; a stage itself is a reference, as any coded thing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from itkgui.records.json_fields import Json, flag, text, timestamp
from itkgui.records.people import Reference


@dataclass(frozen=True)
class StageStep:
    """One entry of a component's history: it came to this stage at this moment."""

    stage: Reference
    moment: datetime | None
    is_rework: bool
    comment: str

    @classmethod
    def from_json(cls, data: Json) -> StageStep:
        return cls(
            Reference.from_json(data),
            timestamp(data, "dateTime"),
            flag(data, "rework"),
            text(data, "comment"),
        )
