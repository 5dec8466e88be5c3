"""What somebody should look at: a sentence, how much it matters, what to do, and what to open."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from itkgui.records.timeline import Subject


class Severity(Enum):
    """How much a finding matters, from most to least."""

    WRONG = "wrong"
    CHECK = "check"
    NOTE = "note"


class Corner(Enum):
    """A part of a component's page that a finding leads to where it is about no single record."""

    FAMILY = "family"
    HISTORY = "history"
    TESTS = "tests"
    SHIPMENTS = "shipments"


@dataclass(frozen=True)
class Finding:
    """Something that does not fit together, or is missing; ``subject`` is what to open, if anything."""

    severity: Severity
    text: str
    cure: str
    subject: Subject | Corner | None = None
