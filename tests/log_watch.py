"""Keeps what a test logs."""

from __future__ import annotations

import logging
import re


class LogWatch(logging.Handler):
    """Keeps what is logged at WARNING or above."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.expected: list[str] = []
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(f"{record.name}: {record.getMessage()}")

    def allow(self, pattern: str) -> None:
        """Expect records whose ``logger: message`` contains this regular expression."""
        self.expected.append(pattern)

    @property
    def unexpected(self) -> list[str]:
        return [text for text in self.texts if not any(re.search(known, text) for known in self.expected)]
