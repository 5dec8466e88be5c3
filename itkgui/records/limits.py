"""Limits of measured values, and how a value stands against them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

from itkgui.language import N_
from itkgui.records.json_fields import Json, as_number, number, text


class Judgement(Enum):
    """How a value stands against its limits; of an array, all its numbers together."""

    NOT_JUDGED = N_("not judged")
    WITHIN = N_("within limits")
    BELOW = N_("below the limit")
    ABOVE = N_("above the limit")
    BELOW_AND_ABOVE = N_("beyond both limits")


@dataclass(frozen=True)
class Limits:
    """The lowest and highest value allowed, both allowed themselves, and the one aimed at; each may be None.

    Limits that hold only for some value of a property (``depends_on``, its code) judge nothing: the form of
    that condition is not on record (API reference §5.2).
    """

    low: float | None = None
    high: float | None = None
    nominal: float | None = None
    depends_on: str = ""

    @classmethod
    def from_json(cls, data: Json) -> Limits:
        """Take one entry of a parameter's ``thresholds``."""
        return cls(number(data, "min"), number(data, "max"), number(data, "nominal"), text(data, "property"))

    @classmethod
    def of_range(cls, data: Json) -> Limits:
        """Take the ``rangeMin`` and ``rangeMax`` of a result, which most have not."""
        low, high = number(data, "rangeMin"), number(data, "rangeMax")
        return NO_LIMITS if low is None and high is None else cls(low, high)

    def __bool__(self) -> bool:
        """Whether there is a limit at all; zero is one."""
        return self.low is not None or self.high is not None

    def judge(self, value: Any) -> Judgement:
        """Judge a JSON value: a number, or an array of any depth, in which anything else is passed over."""
        if not self or self.depends_on:
            return Judgement.NOT_JUDGED
        found = set(map(self._judge_number, _numbers(value)))
        if not found:
            return Judgement.NOT_JUDGED
        found.discard(Judgement.WITHIN)
        if len(found) == 2:
            return Judgement.BELOW_AND_ABOVE
        return found.pop() if found else Judgement.WITHIN

    def _judge_number(self, value: float) -> Judgement:
        if self.low is not None and value < self.low:
            return Judgement.BELOW
        if self.high is not None and value > self.high:
            return Judgement.ABOVE
        return Judgement.WITHIN


NO_LIMITS = Limits()


def _numbers(value: Any) -> Iterator[float]:
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, list):
            waiting.extend(item)
        elif (found := as_number(item)) is not None:
            yield found
