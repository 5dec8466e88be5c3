"""Where somebody has been: back and forward over places and components, as in a browser."""

from __future__ import annotations

from dataclasses import dataclass, field

_LONGEST = 100


@dataclass(frozen=True)
class Stop:
    """A place of the window, and there the component in front, by its key, or the shipment, by its id."""

    place: str
    component: str = ""
    shipment: str = ""
    label: str = field(default="", compare=False)


class Trail:
    """The stops in the order they were visited, and which of them one stands at."""

    def __init__(self) -> None:
        self._stops: list[Stop] = []
        self._here = -1

    @property
    def here(self) -> Stop | None:
        """Where one is; None before the first stop."""
        return self._stops[self._here] if self._stops else None

    @property
    def before(self) -> Stop | None:
        """Where going back leads; None if nowhere."""
        return self._stops[self._here - 1] if self._here > 0 else None

    @property
    def after(self) -> Stop | None:
        """Where going forward leads; None if nowhere."""
        return self._stops[self._here + 1] if self._here + 1 < len(self._stops) else None

    def visit(self, stop: Stop) -> None:
        """Add a stop behind the present one, instead of those that going forward led to.

        Staying where one is, which going back does too, at most tells a better label.
        """
        if self._stops and self._stops[self._here] == stop:
            self._stops[self._here] = stop
            return
        self._stops = [*self._stops[: self._here + 1], stop][-_LONGEST:]
        self._here = len(self._stops) - 1

    def back(self) -> Stop | None:
        """Go one stop back and return it; None if there is none."""
        return self._go(self.before, -1)

    def forward(self) -> Stop | None:
        """Go one stop forward and return it; None if there is none."""
        return self._go(self.after, 1)

    def _go(self, stop: Stop | None, step: int) -> Stop | None:
        if stop is not None:
            self._here += step
        return stop
