"""Tones that tell what became of a scan: made here, played by what the system has, or not at all."""

from __future__ import annotations

import array
import enum
import logging
import math
import shutil
import subprocess
import sys
import threading
import wave
from collections.abc import Sequence
from pathlib import Path

from itkgui.paths import private_file

logger = logging.getLogger(__name__)

_RATE = 22_050  # samples a second
_FADE = 0.006  # seconds; without it a tone clicks
_PLAYERS = (("paplay",), ("pw-play",), ("aplay", "-q"))


class Tone(enum.Enum):
    """What is told: pairs of a pitch in Hz, 0 for none, and of seconds."""

    GOOD = ((1047, 0.07), (1568, 0.10))
    AGAIN = ((1047, 0.06), (0, 0.05), (1047, 0.06))
    UNKNOWN = ((392, 0.14), (294, 0.22))
    WRONG = ((220, 0.12), (0, 0.05), (220, 0.12), (0, 0.05), (220, 0.24))


class Tones:
    """Plays tones from files in a folder; blocks a moment at most, never raises, and serves any thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._playing: list[subprocess.Popen[bytes]] = []
        self._players = list(_found_players())
        self._lock = threading.Lock()

    @property
    def can_play(self) -> bool:
        """Whether there is anything to play a tone with, as far as is known now."""
        return bool(self._players)

    def play(self, tone: Tone, volume: int) -> bool:
        """Begin to play a tone, ``volume`` in percent; return whether that could be done."""
        with self._lock:
            self._drop_ended()
            if not volume or not self._players:
                return False
            try:
                self._start(self._file(tone, volume))
            except OSError as error:
                logger.info("no tone can be played: %s", error)
                return False
            return True

    def wait(self) -> None:
        """Wait until all has been played, for those who want to know whether it was."""
        with self._lock:
            for process in self._playing:
                process.wait()
            self._drop_ended()

    def stop(self) -> None:
        """End what is playing."""
        with self._lock:
            for process in self._playing:
                process.kill()
                process.wait()
            self._playing.clear()

    def _file(self, tone: Tone, volume: int) -> Path:
        """Raises OSError."""
        file = self._folder / f"{tone.name.lower()}-{volume}.wav"
        if not file.is_file():
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            part = file.with_suffix(".part")
            write_wav(part, tone, volume)
            part.replace(file)
        return file

    def _start(self, file: Path) -> None:
        """Raises OSError."""
        if sys.platform == "win32":
            import winsound

            winsound.PlaySound(str(file), winsound.SND_FILENAME | winsound.SND_ASYNC | winsound.SND_NODEFAULT)
            return
        quiet = subprocess.DEVNULL
        command = [*self._players[0], str(file)]
        self._playing.append(subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet))  # noqa: S603

    def _drop_ended(self) -> None:
        """Forget what has ended; a player that fails is not asked again."""
        for process in list(self._playing):
            code = process.poll()
            if code is None:
                continue
            self._playing.remove(process)
            if code and self._players and process.args[0] == self._players[0][0]:  # type: ignore[index]
                logger.info("%s plays no tones: code %d", self._players[0][0], code)
                self._players.pop(0)


def _found_players() -> Sequence[tuple[str, ...]]:
    if sys.platform == "win32":
        return [("winsound",)]
    if sys.platform == "darwin":
        return [("afplay",)]
    return [player for player in _PLAYERS if shutil.which(player[0])]


def write_wav(file: Path, tone: Tone, volume: int) -> None:
    """Write a tone as a WAV of one channel and 16 bits. Raises OSError."""
    loudest = 32_767 * (volume / 100) ** 2  # as loud as ears take it
    samples = array.array("h")
    for pitch, seconds in tone.value:
        count = round(seconds * _RATE)
        fade = round(_FADE * _RATE)
        for number in range(count):
            edge = min(1.0, number / fade, (count - number) / fade)
            samples.append(round(loudest * edge * math.sin(2 * math.pi * pitch * number / _RATE)))
    if sys.byteorder == "big":
        samples.byteswap()
    private_file(file)
    with wave.open(str(file), "wb") as opened:
        opened.setnchannels(1)
        opened.setsampwidth(2)
        opened.setframerate(_RATE)
        opened.writeframes(samples.tobytes())
