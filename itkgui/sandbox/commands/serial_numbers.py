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

    def next(self, variant: Variant, subproject: str) -> str:
        """Return the next free number. Raises CommandError if there is none left."""
        prefix = self.prefix(variant, subproject)
        for number in range(self._last.get(prefix, 0) + 1, 10**_DIGITS):
            serial = f"{prefix}{number:0{_DIGITS}d}"
            if not self._ledger.has_serial(serial):
                self._last[prefix] = number
                return serial
        raise CommandError("registerComponent/serialNumbersExhausted", f"All numbers of {prefix} are taken.")

    def contradiction(self, kind: ComponentType, serial: str, properties: dict[str, Any]) -> str:
        """Return the code of the first property whose digits in the serial number are others, or ""."""
        digits = serial[-_DIGITS:]
        for definition in kind.properties:
            place, value = definition["snPosition"], properties.get(definition["code"])
            if isinstance(place, list) and value is not None:
                first, last = place
                if digits[first - 1 : last] != str(value).rjust(last - first + 1, "0"):
                    return str(definition["code"])
        return ""
