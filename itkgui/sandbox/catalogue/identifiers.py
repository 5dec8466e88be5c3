"""Identifiers that look like the real ones and can be turned back into what they stand for."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from enum import IntEnum

_CODE = re.compile(r"[0-9a-f]{32}")


class IdKind(IntEnum):
    """What an identifier names."""

    COMPONENT = 1
    TEST_RUN = 2
    COMPONENT_TYPE = 3
    TEST_TYPE = 4
    INSTITUTION = 5
    PERSON = 6
    PROJECT = 7
    SLOT = 8
    COMMENT = 9
    COMPONENT_ATTACHMENT = 10
    TEST_RUN_ATTACHMENT = 11
    UPLOADED_RUN = 12
    RUN_COMMENT = 13
    SHIPMENT = 14
    BATCH = 15
    BATCH_TYPE = 16
    SHIPMENT_ATTACHMENT = 17


@dataclass(frozen=True)
class Identifiers:
    """All identifiers of one seed.

    An object id is made as MongoDB makes them: four bytes of time, five of the "machine", three of a counter,
    which is the number. A code is 16 bytes: kind, number and place, shuffled by a keyed Feistel network.
    """

    seed: int

    def object_id(self, kind: IdKind, number: int, milliseconds: int) -> str:
        return f"{milliseconds // 1000:08x}{self._machine(kind)}{number:06x}"

    def number(self, kind: IdKind, object_id: str) -> int | None:
        """Return the number in an object id of this kind, or None for any other text."""
        if len(object_id) != 24 or object_id[8:18] != self._machine(kind):
            return None
        try:
            return int(object_id[18:], 16)
        except ValueError:
            return None

    def code(self, kind: IdKind, number: int, place: int = 0) -> str:
        block = kind.to_bytes(1, "big") + number.to_bytes(5, "big") + place.to_bytes(2, "big") + bytes(8)
        left, right = block[:8], block[8:]
        for turn in range(4):
            left, right = right, self._mix(left, right, turn)
        return (left + right).hex()

    def decode(self, code: str) -> tuple[IdKind, int, int] | None:
        """Return kind, number and place of a code, or None for any other text."""
        if not _CODE.fullmatch(code):
            return None
        block = bytes.fromhex(code)
        left, right = block[:8], block[8:]
        for turn in reversed(range(4)):
            left, right = self._mix(right, left, turn), left
        if right != bytes(8) or left[0] not in IdKind.__members__.values():
            return None
        return IdKind(left[0]), int.from_bytes(left[1:6], "big"), int.from_bytes(left[6:], "big")

    def _machine(self, kind: IdKind) -> str:
        return hashlib.blake2b(b"%d/%d" % (self.seed, kind), digest_size=5).hexdigest()

    def _mix(self, left: bytes, right: bytes, turn: int) -> bytes:
        key = hashlib.blake2b(right, digest_size=8, key=b"%d" % self.seed, salt=b"%d" % turn).digest()
        return (int.from_bytes(left, "big") ^ int.from_bytes(key, "big")).to_bytes(8, "big")
