"""Entries of the log as rows: when, how severe, from where, and the first line of what."""

from __future__ import annotations

from itkgui.diagnosis.log_reader import LEVEL_WORDS, LEVELS, Entry
from itkgui.item_models.record_table import Column
from itkgui.language import N_, _

_ICONS = {"WARNING": "warning", "ERROR": "failed", "CRITICAL": "failed"}
_TONES = {"WARNING": "caution", "ERROR": "bad", "CRITICAL": "bad", "DEBUG": "quiet"}


def level_word(level: str) -> str:
    """Return the word for a level of the log; empty for a line that has none."""
    return _(LEVEL_WORDS[level]) if level in LEVEL_WORDS else ""


def log_columns() -> tuple[Column[Entry], ...]:
    """Return the columns of the log."""
    return (
        Column(
            N_("Time"),
            lambda entry: entry.moment[5:19].replace(
                "T", " "
            ),  # the year and the fractions are below, in the text
            sort=lambda entry: entry.moment,
            key="time",
            falling=True,
        ),
        Column(
            N_("Severity"),
            lambda entry: level_word(entry.level),
            sort=lambda entry: LEVELS.index(entry.level) if entry.level in LEVELS else 0,
            icon=lambda entry: _ICONS.get(entry.level, "info"),
            tone=lambda entry: _TONES.get(entry.level, ""),
            key="severity",
            falling=True,
        ),
        Column(N_("From"), lambda entry: entry.name.removeprefix("itkgui."), key="from"),
        Column(N_("Message"), lambda entry: entry.message, key="message"),
    )
