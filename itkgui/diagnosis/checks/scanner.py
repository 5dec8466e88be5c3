"""Whether there is a barcode scanner, and whether the program may use it."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

from itkgui.diagnosis.finding import Finding, Surroundings, Verdict
from itkgui.language import _
from itkgui.scanning.serial_port import ports

_INPUTS = Path("/proc/bus/input/devices")
_NAME = re.compile(r'^N: Name="(.*)"$', re.MULTILINE)
_SCANNER = re.compile(r"bar ?code|scanner|honeywell|zebra|symbol tech|datalogic|metrologic", re.IGNORECASE)


def look(_at: Surroundings) -> Finding:
    """Look for scanners that type like a keyboard, and for serial ports that one may be at."""
    keyboards = [name for name in _input_names() if _SCANNER.search(name)]
    found = _ports()
    closed = [Path(one) for one in found if sys.platform != "win32" and not os.access(one, os.R_OK | os.W_OK)]
    facts = [*keyboards, *(f"{device} {title}".strip() for device, title in found.items())]
    if closed:
        return Finding(
            Verdict.CAUTION,
            _("Your user may not use the serial port {ports}.").format(ports=", ".join(map(str, closed))),
            _(
                "If a scanner is there: sudo usermod -aG {group} $USER, then log in to the computer anew."
            ).format(group=_group_of(closed[0])),
            facts,
        )
    if keyboards:
        return Finding(Verdict.FINE, _("There is a scanner that types like a keyboard."), facts=facts)
    if found:
        return Finding(Verdict.FINE, _("There are serial ports that a scanner may be at."), facts=facts)
    return Finding(
        Verdict.UNSEEN,
        _("No scanner was recognised; most look like any keyboard and need nothing."),
        _("Scan a label into the box at the top of the window to try it."),
    )


def _input_names() -> list[str]:
    try:
        return _NAME.findall(_INPUTS.read_text("utf-8", errors="replace"))
    except OSError:  # not on Linux, or not to be seen from within a container
        return []


def _ports() -> dict[str, str]:
    """Return the devices behind which a scanner may be, and what they say they are."""
    return {port.device: port.title for port in ports() if port.identity or port.title}


def _group_of(port: Path) -> str:
    try:
        return port.group()
    except (KeyError, OSError):
        return "dialout"
