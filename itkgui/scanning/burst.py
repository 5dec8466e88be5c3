"""Tells a scan from typing: keys and their times go in; a scan, or the keys as they were, come out.

A scanner that poses as a keyboard types faster than anybody can. Keys that come fast are held back until that
is decided, a few hundredths of a second at most. Times are those of the events, not of their arrival here:
a program that was busy takes many keys at once.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

Key = TypeVar("Key")

ENDINGS = "\r\n\t"
LONGEST_KEPT = 1000  # characters of a scan; no label has as many
_FEWEST, _FEWEST_ENDED = 10, 6  # characters of a scan; of one that an Enter or Tab ends
_FEWEST_KNOWN, _FEWEST_SLOW = 3, 5  # of one that begins as only labels do; if it hesitates
_LOOKED_AT = 16  # characters, among which one finds how a label begins
_HESITATES = 0.25  # of the pauses, that may be longer than usual


class Beginning(enum.Enum):
    """How a text begins of which more is to come."""

    OTHER = enum.auto()
    MAYBE = enum.auto()  # the first characters of a label, which others may type too
    LABEL = enum.auto()  # as only labels do


class Limits(NamedTuple):
    """How fast a scanner is, in milliseconds.

    Longer than ``gap`` between two keys, and somebody types. Once it is certain that a scanner is at work it
    may pause for ``patience``; so long after its last key its scan has ended, if no key has told so. Of a
    scanner that ended its last scan with a key, that key is awaited for ``longer``.
    """

    gap: float = 35.0
    patience: float = 105.0
    longer: float = 315.0

    @classmethod
    def for_gap(cls, gap: float) -> Limits:
        patience = max(100.0, 3 * gap)
        return cls(gap, patience, 3 * patience)


class Burst(NamedTuple):
    """A scan: its characters, the endings included, up to ``LONGEST_KEPT`` of ``length``; times in ms.

    One that ``is_torn`` follows close behind keys that were taken for typing, and may be the rest of a scan.
    """

    text: str
    length: int
    lasted: float
    longest_gap: float
    is_torn: bool = False


@dataclass
class Decision(Generic[Key]):
    """What has become of the keys: those to be handed on now, a scan that has ended, and of the last key.

    The last key ``is_kept`` if it is held back or part of a scan; otherwise it is to be handed on after
    ``released``. ``tail`` is one more ending of the last scan.
    """

    released: list[Key] = field(default_factory=list)
    burst: Burst | None = None
    is_kept: bool = False
    tail: str = ""


class BurstDetector(Generic[Key]):
    """Takes one key after another; ``judge`` tells how a text begins."""

    def __init__(self, judge: Callable[[str], Beginning], limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._judge = judge
        self._last_ended = float("-inf")
        self._sends_endings = False
        self._last_typed = float("-inf")
        self._forget()

    def _forget(self) -> None:
        self._held: list[Key] = []
        self._text = ""
        self._length = self._same_moments = self._long_gaps = 0
        self._first = self._last = self._longest = 0.0
        self._beginning = Beginning.OTHER
        self._is_certain = False

    @property
    def is_waiting(self) -> bool:
        """Whether keys are held back."""
        return self._length > 0

    @property
    def is_certain(self) -> bool:
        """Whether what came so far can only be a scan."""
        return self._is_certain

    @property
    def wait(self) -> float:
        """So many milliseconds without another key, and ``rest`` tells what those were that are held back."""
        limits = self.limits
        if self.is_certain:
            return limits.longer if self._sends_endings else limits.patience
        if self._beginning is Beginning.OTHER or self._length >= _FEWEST_SLOW:
            return limits.gap
        # Where the computer has much to do, the keys of a scanner may hesitate too.
        return limits.patience if self._length > 1 else 2 * limits.gap

    def expects(self, moment: float) -> bool:
        """Tell whether a key of this moment, whatever it is, belongs to what came: nobody is as fast."""
        return self._length >= _FEWEST_KNOWN and 0 <= moment - self._last <= self.wait

    def follows(self, moment: float) -> bool:
        """Tell whether an ending of this moment would be one more of the last scan."""
        return not self._length and 0 <= moment - self._last_ended <= self.limits.patience

    def press(self, text: str, moment: float, key: Key) -> Decision[Key]:
        """Take a key that writes a character, Enter as a carriage return; ``moment`` is in milliseconds."""
        decision = self._before(moment)
        if text in ENDINGS:
            if self._is_certain or (self._length and self._is_scan(_FEWEST_ENDED)):
                self._add(text, moment)
                decision.burst, decision.is_kept = self._taken(), True
                self._last_ended, self._sends_endings = moment, True
            elif self.follows(moment):
                decision.tail, decision.is_kept = text, True
                self._last_ended = moment
            else:
                decision.released += self.flush()
        elif text == " " and not self._length:  # no label begins so, and it presses buttons
            return decision
        else:
            self._add(text, moment)
            self._hold(key)
            decision.is_kept = True
        return decision

    def follow(self, key: Key) -> None:
        """Hold back what must not come before the keys that are held, such as that one of them is let go."""
        self._hold(key)

    def rest(self) -> Decision[Key]:
        """Decide, since no more keys have come for a while."""
        if self._is_certain:
            self._sends_endings = False
            return Decision(burst=self._taken())
        return Decision(self.flush())

    def flush(self) -> list[Key]:
        """Give all keys back that are held."""
        held = self._held
        if self._length:
            self._last_typed = self._last
        self._forget()
        return held

    def _before(self, moment: float) -> Decision[Key]:
        """Bring what was before to its end, if this key came too late to belong to it."""
        gap = moment - self._last
        if self._length and not 0 <= gap <= self.wait:
            return self.rest()
        return Decision()

    def _add(self, text: str, moment: float) -> None:
        if self._length:
            gap = moment - self._last
            self._longest = max(self._longest, gap)
            self._same_moments += gap == 0
            self._long_gaps += gap > self.limits.gap
        else:
            self._first = moment
        self._last = moment
        self._length += 1
        if self._length <= LONGEST_KEPT:
            self._text += text
        if self._beginning is not Beginning.LABEL and self._length <= _LOOKED_AT:
            self._beginning = self._judge(self._text)
        self._is_certain = self._is_certain or self._is_scan(_FEWEST)

    def _hold(self, key: Key) -> None:
        if self.is_certain:  # nobody will want them back
            self._held.clear()
        else:
            self._held.append(key)

    def _is_scan(self, fewest: int) -> bool:
        """Tell it by the beginning, or by so many characters.

        Most of them at the very same moment means that their times are not known: after the program was busy
        even slow typing may come so. Then only the beginning tells.
        """
        if self._beginning is Beginning.LABEL and self._length >= _FEWEST_KNOWN:
            may_hesitate = self._length >= _FEWEST_SLOW
            return self._long_gaps <= (_HESITATES * (self._length - 1) if may_hesitate else 0)
        has_times = 2 * self._same_moments < self._length
        return self._length >= fewest and has_times

    def _taken(self) -> Burst:
        is_torn = 0 <= self._first - self._last_typed <= self.limits.patience
        burst = Burst(self._text, self._length, self._last - self._first, self._longest, is_torn)
        self._forget()
        return burst
