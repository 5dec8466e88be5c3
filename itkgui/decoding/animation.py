"""Animations: their frames, decoded a few at a time while they are played."""

from __future__ import annotations

import contextlib
import time
import warnings
from dataclasses import dataclass

from itkgui.client.files import BinaryFile
from itkgui.decoding.image import Painting, fitted, painting
from itkgui.decoding.image_files import DAMAGED, OpenedImage, Picture, failed, opened_image
from itkgui.decoding.kept import keep
from itkgui.decoding.tones import BYTES, Tone, shaded
from itkgui.decoding.undecodable import reading
from itkgui.language import _

SLICE_BYTES = 8_000_000  # of frames ready to paint
_SLICE_SECONDS = 0.2  # whoever chooses another file waits no longer
_KEPT = 10.0  # seconds without a call; each frame needs the one before, which is decoded still
_HASTY, _USUAL = 10, 100  # ms: so short a time is not meant, and browsers take the latter for it


@dataclass(frozen=True)
class Frames:
    """Frames that follow each other, and for how long each is shown [ms]."""

    paintings: tuple[Painting, ...]
    delays: tuple[int, ...]


def load_frames(file: BinaryFile, room: tuple[int, int], first: int, tone: Tone = BYTES) -> Frames:
    """Decode some frames of an animation from one on, scaled down to fit a room in pixels.

    There is at least one; the last one of the file ends them. Raises Undecodable.
    """
    paintings: list[Painting] = []
    delays: list[int] = []
    size, end = 0, time.monotonic() + _SLICE_SECONDS
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # as for pictures that do not move
            opened = _kept.opened(file)
            for number in range(first, opened.pages):
                opened.image.seek(number)
                frame = fitted(opened, room)
                paintings.append(painting(shaded(frame, tone), opened.orientation))
                delay = round(opened.image.info.get("duration", 0))
                delays.append(delay if delay > _HASTY else _USUAL)
                size += len(paintings[-1].pixels)
                if size >= SLICE_BYTES or time.monotonic() > end:
                    break
    except DAMAGED as error:
        _kept.close()
        if not paintings:  # else those before are shown first
            why = _("frame {number} of it is damaged").format(number=first + 1)
            raise failed(f"{file.name}: {error}", why=why) from error
    return Frames(tuple(paintings), tuple(delays))


class _Kept:
    """The animation that was read last: to come to a frame means to decode all before."""

    def __init__(self) -> None:
        self._key: object = None
        self._opened: OpenedImage | None = None
        self._stack = contextlib.ExitStack()

    def opened(self, file: BinaryFile) -> OpenedImage:
        with reading("image"):
            found = file.path.stat()
        key = file.path, found.st_mtime_ns, found.st_size
        if self._opened is None or key != self._key:
            self.close()
            self._opened, self._key = self._stack.enter_context(opened_image(Picture(file))), key
        keep(self.close, _KEPT)
        return self._opened

    def close(self) -> None:
        self._opened = self._key = None
        self._stack.close()


_kept = _Kept()
