"""Understands what a scanner has sent: without endings, put right for the keyboard, and what it means."""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone

from itkgui.language import N_, _
from itkgui.records.component_link import identifier_from, is_link
from itkgui.records.identifier_list import LONGEST
from itkgui.records.serial_number import SerialNumber, looks_like_serial_number, without_marks
from itkgui.scanning import commands, endings
from itkgui.scanning.beginnings import beginning, is_begun
from itkgui.scanning.burst import ENDINGS, Beginning
from itkgui.scanning.labels import Label, LabelRules
from itkgui.scanning.layouts import AMERICAN, Guess, Layout, guesses

_SERIAL_LENGTH = 14
_NEXT = re.compile(r"20U[PSC][IBEGM]")  # how another serial number begins
_HEADLESS = re.compile(r"0?U[PSC][IBEGM][0-9A-Z]{9}")  # a serial number whose beginning is missing
_STRAY = re.compile(r".{1,3}(20U[PSC][IBEGM][0-9A-Z]{9})")
_CODE = re.compile(r"[0-9a-f]{32}", re.IGNORECASE)
_CUT_FOR = 2.0  # seconds, in which the rest of a cut scan may still come


class Source(enum.Enum):
    """Where a scan came from."""

    KEYS = N_("keyboard scanner")
    PORT = N_("serial port")
    PHOTO = N_("photo")
    TYPED = N_("typed")


class Meaning(enum.Enum):
    """What a scan is; the last ones are not looked up."""

    SERIAL = N_("a serial number")
    LINK = N_("a link to a component")
    LABEL = N_("a vendor's label")
    NAME = N_("another name or code")
    COMMAND = N_("a command")
    UNKNOWN_COMMAND = N_("a command that this program does not know")
    CUT = N_("a part of a scan")
    TOGETHER = N_("several scans at once")
    GARBLED = N_("not readable")

    @property
    def is_looked_up(self) -> bool:
        return self in (Meaning.SERIAL, Meaning.LINK, Meaning.LABEL, Meaning.NAME)

    @property
    def is_understood(self) -> bool:
        """Whether there is something to be done with it."""
        return self.is_looked_up or self is Meaning.COMMAND


@dataclass(frozen=True)
class Arrival:
    """What a scanner has sent; ``length`` counts also what is not kept of it. Times are in milliseconds.

    ``is_torn`` says that it may be only the end of a scan.
    """

    text: str
    source: Source = Source.KEYS
    length: int = 0
    lasted: float = 0.0
    longest_gap: float = 0.0
    is_torn: bool = False
    moment: datetime = field(default_factory=lambda: datetime.now(timezone.utc))

    @property
    def seconds(self) -> float:
        return self.moment.timestamp()


@dataclass(frozen=True)
class Reading:
    """A scan and what was understood of it: ``text`` is what is looked up, or the name of a command.

    ``also`` are the serial numbers that it would be on other keyboards, which a beginning like ``20U`` does
    not tell apart.
    """

    arrival: Arrival
    text: str
    meaning: Meaning
    endings: tuple[str, ...] = ()
    layout: Layout = AMERICAN
    caps: bool = False
    label: Label | None = None
    sentence: str = ""
    also: tuple[str, ...] = ()

    @property
    def is_repaired(self) -> bool:
        """Whether the keyboard had made something else of it."""
        return self.layout is not AMERICAN or self.caps

    def with_endings(self, more: tuple[str, ...]) -> Reading:
        """Return it with endings that came later."""
        return replace(self, endings=(*self.endings, *more))

    @property
    def repair(self) -> str:
        """Say for which keyboard it was put right; nothing if it came as it is."""
        if not self.is_repaired:
            return ""
        keyboard = "" if self.layout is AMERICAN else _(self.layout.title)
        return " + ".join(part for part in (keyboard, _("Caps Lock") if self.caps else "") if part)


class Reader:
    """Reads scan after scan; ``names`` are those of all commands, by their codes."""

    def __init__(
        self, names: Mapping[str, str] | None = None, rules: LabelRules | None = None, layout: str = ""
    ) -> None:
        self.names = names or {}
        self.rules = rules or LabelRules()
        self.layout = layout
        self._cut: Reading | None = None

    def beginning(self, text: str) -> Beginning:
        """Tell how a text begins, of which more is to come, on whatever keyboard."""
        return beginning(text, self.layout)

    def read(self, arrival: Arrival) -> Reading:
        """Understand a scan."""
        if arrival.length > len(arrival.text):
            said = _("{count:,} characters came at once; no label has so many.").format(count=arrival.length)
            return self._done(Reading(arrival, arrival.text, Meaning.GARBLED, sentence=said))
        text, ends = endings.parted(arrival.text)
        inner = endings.unframed(text)
        if arrival.source is Source.KEYS:
            return self._done(self._of_keys(arrival, inner, ends))
        return self._done(self._of(arrival, Guess(inner, AMERICAN), ends))

    def _of_keys(self, arrival: Arrival, text: str, ends: tuple[str, ...]) -> Reading:
        found = list(guesses(text, self.layout))
        sure = [one for one in found if self._is_sure(one.text)]
        begun = [one for one in found if is_begun(one.text) or _HEADLESS.fullmatch(one.text.upper())]
        begun = begun if not self.layout else []
        reading = self._of(arrival, next(iter((*sure, *begun, *found))), ends)
        if reading.meaning is not Meaning.SERIAL:
            return reading
        # No label has small letters: where Caps Lock would have made them, it was not on.
        large = (one for one in sure[1:] if not any(map(str.islower, endings.parted(one.text)[0])))
        others = (self._of(arrival, one, ends) for one in large)
        also = dict.fromkeys(one.text for one in others if one.meaning is Meaning.SERIAL)
        return replace(reading, also=tuple(text for text in also if text != reading.text))

    def _is_sure(self, text: str) -> bool:
        """Tell whether a text is what it is by its own form."""
        text = endings.unframed(endings.parted(text)[0])
        bare = without_marks(text)
        if looks_like_serial_number(bare):
            return not _complaint(bare)
        if commands.is_code(text):
            return text.upper() in self.names
        if is_link(text):
            return _is_good_link(text)
        return bool(_CODE.fullmatch(text)) or self.rules.meaning(text) is not None

    def _of(self, arrival: Arrival, guess: Guess, ends: tuple[str, ...]) -> Reading:
        text, more = endings.parted(guess.text)  # those written out are known only now
        text = endings.unframed(text)
        meaning, text, sentence, label = self._meaning(text)
        return Reading(arrival, text, meaning, (*more, *ends), guess.layout, guess.caps, label, sentence)

    def _meaning(self, text: str) -> tuple[Meaning, str, str, Label | None]:
        bare = without_marks(text)
        if not bare:
            return Meaning.GARBLED, "", _("Nothing but an ending came."), None
        if len(bare) > LONGEST:
            said = _("No label has more than {count} characters.").format(count=LONGEST)
            return Meaning.GARBLED, bare, said, None
        if commands.is_code(bare):
            name = self.names.get(bare.upper())
            if name is None:
                said = _("Print the sheet of commands anew: this program knows no such command.")
                return Meaning.UNKNOWN_COMMAND, bare, said, None
            return Meaning.COMMAND, name, "", None
        label = self.rules.meaning(bare)
        if label is not None:
            return Meaning.LABEL, label.words, "", label
        if is_link(bare):
            if _is_good_link(bare):
                return Meaning.LINK, identifier_from(bare), "", None
            return Meaning.GARBLED, bare, _("This link leads to no component."), None
        if looks_like_serial_number(bare):
            return (*_of_serial(bare), None)
        if _HEADLESS.fullmatch(bare.upper()):
            return Meaning.CUT, bare.upper(), _("The beginning of the scan is missing."), None
        stray = _STRAY.fullmatch(bare.upper())
        if stray is not None:
            said = _("A key was pressed while {serial} was scanned.").format(serial=stray[1])
            return Meaning.GARBLED, bare, said, None
        if any(char in text for char in ENDINGS) or not text.isprintable():
            return Meaning.GARBLED, bare, _("It holds characters that no label has."), None
        return Meaning.NAME, bare, "", None

    def _done(self, reading: Reading) -> Reading:
        """Tell the rest of a cut scan from a label: it must not be looked up by itself."""
        if reading.arrival.is_torn and reading.meaning is Meaning.NAME:
            said = _("Its beginning came too slowly; the page “Scanner” has a setting for longer pauses.")
            return replace(reading, meaning=Meaning.CUT, sentence=said)
        cut, self._cut = self._cut, None
        is_rest = (
            cut is not None
            and reading.meaning in (Meaning.NAME, Meaning.GARBLED)
            and 0 <= reading.arrival.seconds - cut.arrival.seconds <= _CUT_FOR
        )
        if is_rest and cut is not None:
            said = _("The scan came in two parts, {first} and {second}.")
            said = said.format(first=cut.text, second=reading.text)
            return Reading(
                reading.arrival, reading.text, Meaning.CUT, reading.endings, reading.layout, sentence=said
            )
        if reading.meaning is Meaning.CUT:
            self._cut = reading
        return reading


def _of_serial(text: str) -> tuple[Meaning, str, str]:
    complaint = _complaint(text)
    if not complaint:
        return Meaning.SERIAL, str(SerialNumber.parse(text)), ""
    text = text.upper()
    begins = [found.start() for found in _NEXT.finditer(text)]
    if len(begins) > 1:
        parts = [text[begin:end] for begin, end in zip(begins, [*begins[1:], len(text)], strict=True)]
        said = _("{count} labels came as one: {labels}.").format(count=len(parts), labels=", ".join(parts))
        return Meaning.TOGETHER, text, said
    if len(text) < _SERIAL_LENGTH and text.isalnum():
        said = _("Only {count} of {all} characters came.").format(count=len(text), all=_SERIAL_LENGTH)
        return Meaning.CUT, text, said
    return Meaning.GARBLED, text, complaint


def _complaint(serial: str) -> str:
    try:
        SerialNumber.parse(serial)
    except ValueError as error:
        return str(error)
    return ""


def _is_good_link(text: str) -> bool:
    try:
        identifier_from(text)
    except ValueError:
        return False
    return True
