"""Tells the parts of a log's lines: when, how bad, and the numbers in it."""

from __future__ import annotations

import re
from typing import ClassVar

from pygments.lexer import RegexLexer
from pygments.token import Comment, Generic, Number, String, Text


class LogLexer(RegexLexer):  # type: ignore[misc]  # pygments has no types
    """Moments, levels, numbers and quoted texts; each can be read in one way only, so nothing takes long."""

    name = "Log"
    flags = re.MULTILINE
    tokens: ClassVar = {
        "root": [
            (
                r"\d{4}[-/.]\d\d[-/.]\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?",
                Comment,
            ),
            (r"\b\d\d:\d\d:\d\d(?:[.,]\d{1,9})?", Comment),
            (r"^#.*", Comment),
            (r"(?i)\b(?:errors?|fatal|critical|fail(?:ed|ure)?|exception)\b", Generic.Error),
            (r"(?i)\b(?:warn(?:ing)?s?)\b", Generic.Emph),
            (r"\b(?:INFO|PASS(?:ED)?|OK)\b", Generic.Output),
            (r"(?i)\[ *info *\]", Generic.Output),
            (r"(?i)\[ *(?:debug|trace) *\]|\b(?:DEBUG|TRACE)\b", Comment),
            (r'"[^"\n]*"', String),
            (r"(?<![\w.])[+-]?(?:0x[0-9a-fA-F]+|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.])", Number),
            (r"\w+|\s+|.", Text),
        ]
    }
