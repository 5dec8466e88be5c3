"""What a check found: a verdict, a sentence that says why, and what helps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from itkgui.language import N_, _

if TYPE_CHECKING:
    from itkgui.paths import UserPaths
    from itkgui.settings import Settings


class Verdict(Enum):
    """How a thing is; the value is the word for it."""

    FINE = N_("fine")
    CAUTION = N_("caution")
    BROKEN = N_("broken")
    UNSEEN = N_("not looked at")

    @property
    def word(self) -> str:
        return _(self.value)


@dataclass(frozen=True)
class Finding:
    """What one check found; ``facts`` are lines that say more to whoever looks after the computer."""

    verdict: Verdict
    sentence: str
    cure: str = ""
    facts: Sequence[str] = ()

    @property
    def as_json(self) -> dict[str, Any]:
        return {
            "verdict": self.verdict.name.lower(),
            "sentence": self.sentence,
            "cure": self.cure,
            "facts": list(self.facts),
        }


@dataclass(frozen=True)
class Surroundings:
    """What the checks look at: what is set, and where the program keeps its things.

    Either is None where the program is so incomplete that it cannot be told.
    """

    settings: Settings | None = None
    paths: UserPaths | None = None


def worst(verdicts: Sequence[Verdict]) -> Verdict:
    """Return the verdict that matters most; FINE if there is none."""
    order = (Verdict.BROKEN, Verdict.CAUTION, Verdict.FINE, Verdict.UNSEEN)
    return next((one for one in order if one in verdicts), Verdict.FINE)
