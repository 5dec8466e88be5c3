"""Stages: where a component stands in its production, and the steps it went through."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from itkgui.records.json_fields import Json, flag, text, timestamp


@dataclass(frozen=True)
class Stage:
    """A stage of a component type."""

    code: str
    name: str = ""

    @classmethod
    def from_json(cls, data: Json) -> Stage:
        return cls(text(data, "code"), text(data, "name"))

    def __bool__(self) -> bool:
        return bool(self.code)

    @property
    def label(self) -> str:
        return self.name or self.code


@dataclass(frozen=True)
class StageStep:
    """One entry of a component's history: it came to this stage at this moment."""

    stage: Stage
    moment: datetime | None
    is_rework: bool
    comment: str

    @classmethod
    def from_json(cls, data: Json) -> StageStep:
        return cls(
            Stage.from_json(data),
            timestamp(data, "dateTime"),
            flag(data, "rework"),
            text(data, "comment"),
        )
