"""Gives serial numbers where the database does (API reference §8.1)."""

from __future__ import annotations

from typing import Any

from itkgui.sandbox.catalogue.definitions import ComponentType, Variant
from itkgui.sandbox.errors import CommandError
from itkgui.sandbox.ledger.ledger import Ledger

_DIGITS = 7


class SerialNumbers:
    """Counts on from the highest number in use; only called inside a write."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._last: dict[str, int] = {}

    def prefix(self, variant: Variant, subproject: str) -> str:
        """Return the seven characters that all serial numbers of a type have in front."""
        return f"20U{subproject}{variant.serial_code}"

    def next(
        self, kind: ComponentType, variant: Variant, subproject: str, properties: dict[str, Any] | None = None
    ) -> str:
        """Return the next free number; some digits may be those of properties. Raises CommandError."""
        prefix = self.prefix(variant, subproject)
        digits: list[str | None] = [None] * _DIGITS
        for definition in kind.properties:
            place, value = definition["snPosition"], (properties or {}).get(definition["code"])
            if isinstance(place, list) and value is not None:
                first, last = place
                text = str(value).rjust(last - first + 1, "0")[-(last - first + 1) :]
                digits[first - 1 : last] = list(text)
        free = digits.count(None)
        key = prefix + "".join(digit or "_" for digit in digits)
        # Counting stops where the digits do; with all of them given there is one number only.
        for number in range(self._last.get(key, 0) + 1, 10**free + (free == 0)):
            running = iter(f"{number:0{free}d}")
            serial = prefix + "".join(digit or next(running) for digit in digits)
            if not self._ledger.has_serial(serial):
                self._last[key] = number
                return serial
        raise CommandError(
            "registerComponent/serialNumberAlreadyExists",
            "A component with this serial number exists already.",
        )
