"""A file for whoever helps from afar: what the program is, found and wrote, without secrets and names.

It is shown before it is saved. What each part holds is text; nothing of anybody's files is in it.
"""

from __future__ import annotations

import getpass
import importlib.metadata
import json
import os
import platform
import re
import sys
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from itkgui import __version__
from itkgui.client.exceptions import ItkError
from itkgui.diagnosis import crashes, watchdog
from itkgui.language import _
from itkgui.log import redact
from itkgui.settings.command_line import described
from itkgui.settings.configuration import Configuration
from itkgui.uploads.queue_file import FILE_NAME, glance
from itkgui.whole_file import whole

_LOG_TAIL = 1_000_000  # bytes
_FILE_TAIL = 200_000
# What became of uploads, without what they are, whose they are and where they go.
_COLUMNS = (
    "kind",
    "storage",
    "state",
    "step",
    "size",
    "media_type",
    "tries",
    "trouble_cause",
    "trouble_title",
    "added",
    "ended",
)
_SHORTEST_NAME = 3  # characters of a name that is worth hiding, and does not stand in every other word
_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")


@dataclass(frozen=True)
class Part:
    """One file of the bundle."""

    name: str
    text: str


@dataclass(frozen=True)
class Bundle:
    """All that would be handed over."""

    parts: tuple[Part, ...]

    def save(self, file: Path) -> None:
        """Write it as a zip archive for this user only (mode 0600), whole or not at all. Raises OSError."""
        with whole(file) as opened, zipfile.ZipFile(opened, "w", zipfile.ZIP_DEFLATED) as archive:
            for part in self.parts:
                archive.writestr(f"itkgui-support/{part.name}", part.text)


def collected(configuration: Configuration, doctor: str, news: str = "") -> Bundle:
    """Collect it; ``doctor`` is what the doctor found, ``news`` a report on a fault of the program.

    Reads the disk: not for the GUI thread. What cannot be read is told in its place.
    """
    return Bundle(tuple(Part(name, scrubbed(text)) for name, text in _parts(configuration, doctor, news)))


def file_name() -> str:
    """Return a name for the archive that tells when it was made."""
    return f"itkgui-support-{time.strftime('%Y%m%d-%H%M%S')}.zip"


def scrubbed(text: str) -> str:
    """Return a text without credentials, addresses of mail, and the names of this user and this computer."""
    text = redact(text)
    home = str(Path.home())
    if len(home) > _SHORTEST_NAME:
        text = text.replace(home, "~")
    text = _MAIL.sub("[mail]", text)
    for name, instead in ((_user(), "[user]"), (platform.node(), "[computer]")):
        if len(name) >= _SHORTEST_NAME:
            text = re.sub(rf"(?<![\w-]){re.escape(name)}(?![\w-])", instead, text)
    return text


def about() -> str:
    """Return what runs here: the program, Python, the system and the packages."""
    lines = [
        f"itkgui {__version__}",
        _("Python {version}").format(version=sys.version),
        f"{platform.platform()}, {platform.machine()}, {os.cpu_count()} processors",
        "",
    ]
    found = {one.metadata["Name"] or "": one.version for one in importlib.metadata.distributions()}
    return "\n".join([*lines, *(f"{name} {found[name]}" for name in sorted(found, key=str.lower) if name)])


def _parts(configuration: Configuration, doctor: str, news: str) -> Iterator[tuple[str, str]]:
    state = configuration.paths.state
    if news:
        yield "fault.txt", news
    yield "doctor.txt", doctor
    yield "about.txt", about()
    yield "settings.txt", described(configuration)
    yield "queue.json", _queues(state / "uploads")
    yield "log.txt", _tail(configuration.paths.log_file, _LOG_TAIL)
    stalls = state / watchdog.FILE_NAME
    if stalls.is_file() and stalls.stat().st_size:  # it is there as long as the window is
        yield "stalls.txt", _tail(stalls, _FILE_TAIL)
    for number, path in enumerate(crashes.kept(state), 1):
        yield f"crash-{number}.txt", _tail(path, _FILE_TAIL)


def _queues(folder: Path) -> str:
    found = {}
    for number, file in enumerate(sorted(folder.glob(f"*/{FILE_NAME}")), 1):
        found[f"queue {number}"] = _queue(file.parent)
    return json.dumps(found, indent=1)


def _queue(folder: Path) -> list[dict[str, Any]]:
    try:
        return glance(folder, _COLUMNS)
    except ItkError as error:
        return [{"unreadable": str(error)}]


def _tail(file: Path, limit: int) -> str:
    try:
        with file.open("rb") as opened:
            size = opened.seek(0, os.SEEK_END)
            opened.seek(max(0, size - limit))
            content = opened.read(limit).decode("utf-8", "replace")
    except OSError as error:
        return _("not readable: {why}").format(why=error)
    # A line that was cut may have lost what tells a credential from other text.
    return content if size <= limit else content.partition("\n")[2]


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a number that no name belongs to
        return ""
