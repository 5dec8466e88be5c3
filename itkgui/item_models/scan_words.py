"""A scan in words: what came, what was understood, how fast, from where, and what became of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from itkgui.item_models.columns import Look, look_column, moment_column
from itkgui.item_models.record_table import Column
from itkgui.language import N_, _, ngettext
from itkgui.scanning import endings
from itkgui.scanning.reading import Reading, Source
from itkgui.scanning.scan_log import Outcome, ScanEntry, shift_of

_CONTROLS = (  # by their codes
    "NUL SOH STX ETX EOT ENQ ACK BEL BS TAB LF VT FF CR SO SI "
    "DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US"
)
_LOOKS = {
    Outcome.FOUND: ("passed", "good"),
    Outcome.AGAIN: ("passed", "good"),
    Outcome.LISTED: ("list", "good"),
    Outcome.DONE: ("check", "good"),
    Outcome.TESTED: ("check", "quiet"),
    Outcome.OVERTAKEN: ("clock", "quiet"),
    Outcome.ASKED: ("warning", "caution"),
    Outcome.NOT_NOW: ("warning", "caution"),
    Outcome.REFUSED: ("warning", "caution"),
    Outcome.UNKNOWN: ("failed", "bad"),
    Outcome.FAILED: ("failed", "bad"),
}


def visible(text: str) -> str:
    """Return a text with the names of the characters that nobody sees, such as ‹CR› for Enter."""
    names = _CONTROLS.split()
    return "".join(f"‹{names[ord(char)]}›" if char < " " else char for char in text)


def endings_text(reading: Reading) -> str:
    """Say what ended a scan."""
    named = (_(text).format(letters=letters) for text, letters in endings.words(reading.endings))
    return ", ".join(named) or _(endings.NONE)


def keyboard_text(reading: Reading) -> str:
    """Say for which keyboard a scan was put right."""
    if reading.arrival.source is not Source.KEYS:
        return _("none: it came as it is")
    if reading.is_repaired:
        return _("put right for {keyboard}").format(keyboard=reading.repair)
    return _("nothing to put right")


def pace_text(reading: Reading) -> str:
    """Say how fast a scan came."""
    arrival = reading.arrival
    count = arrival.length or len(arrival.text)
    said = ngettext("{count:,} character", "{count:,} characters", count).format(count=count)
    if not arrival.lasted or count < 2:
        return said
    return _("{characters} in {all:,.0f} ms: {each:.1f} ms apart, at most {most:.0f} ms").format(
        characters=said, all=arrival.lasted, each=arrival.lasted / (count - 1), most=arrival.longest_gap
    )


def outcome_look(entry: ScanEntry) -> Look:
    return Look(entry.outcome.value, *_LOOKS[entry.outcome])


def scan_columns(
    starts: Callable[[], Sequence[str]], read_as: Callable[[ScanEntry], str]
) -> tuple[Column[ScanEntry], ...]:
    """Return the columns of the log; ``starts`` gives the times at which shifts begin.

    ``read_as`` gives the words for what was read, as of a command its title.
    """
    return (
        moment_column(N_("Time"), lambda entry: entry.moment, precision="seconds"),
        look_column(N_("Outcome"), outcome_look),
        Column(N_("Read as"), read_as, monospace=True),
        Column(N_("Shift"), lambda entry: str(shift_of(entry.moment, starts()))),
        Column(N_("Came as"), lambda entry: visible(entry.raw), monospace=True),
        Column(N_("Component"), lambda entry: entry.found, monospace=True),
        Column(N_("Meaning"), lambda entry: _(entry.meaning.value)),
        Column(N_("From"), lambda entry: _(entry.source.value)),
        Column(N_("Keyboard"), lambda entry: entry.repair),
        Column(
            N_("Longest pause"),
            lambda entry: f"{entry.longest_gap:.0f} ms" if entry.longest_gap else "",
            export=lambda entry: entry.longest_gap,
            unit="ms",
            align_right=True,
        ),
    )
