"""Pictures for the clipboard: every pixel, upright, and none of a size that would stop the program."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pytest
from PIL import Image
from PySide6.QtGui import QImage

from itkgui.background.worker import Call, Worker
from itkgui.client.files import BinaryFile
from itkgui.decoding.decoders import Decoders
from itkgui.decoding.image import ROOM, LoadedImage
from itkgui.decoding.image_files import Picture
from itkgui.decoding.undecodable import Undecodable
from itkgui.views.previews.picture_copy import MOST_COPIED, CopiedPicture, copied_picture
from tests.unit.decoding.pictures import corners, encoded, near, written

T = TypeVar("T")


class Copier:
    """Copies pictures with a thread and processes of its own."""

    def __init__(self, loop: asyncio.AbstractEventLoop, worker: Worker, decoders: Decoders) -> None:
        self._loop, self._worker, self._decoders = loop, worker, decoders
        self.told: list[LoadedImage] = []

    def copy(self, file: BinaryFile, page: int = 0) -> CopiedPicture:
        picture = Picture(file, page)
        return self._loop.run_until_complete(copied_picture(picture, self._decode, self.told.append))

    def _decode(self, function: Callable[..., T], *arguments: Any) -> Call[T]:
        return self._worker.call(partial(self._decoders.run, function, *arguments))


@pytest.fixture
def copier(event_loop_of_qt: asyncio.AbstractEventLoop, shared_decoders: Decoders) -> Iterator[Copier]:
    worker = Worker()
    yield Copier(event_loop_of_qt, worker, shared_decoders)
    worker.stop()


def colours_of(image: QImage) -> list[tuple[int, int, int]]:
    """Return a colour from each quarter: above left and right, below left and right."""
    places = [(image.width() * x // 4, image.height() * y // 4) for x, y in ((1, 1), (3, 1), (1, 3), (3, 3))]
    found = [image.pixelColor(*place) for place in places]
    return [(one.red(), one.green(), one.blue()) for one in found]


RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)


def test_all_of_a_large_photograph_is_copied_upright(copier: Copier, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[274] = 6
    stored = corners(4000, 6000).transpose(Image.Transpose.ROTATE_90)
    content = encoded(stored, "JPEG", quality=60, exif=exif)
    copied = copier.copy(written(tmp_path / "a.jpg", content))
    assert copied.is_whole
    assert (copied.image.width(), copied.image.height()) == (4000, 6000)
    assert all(map(near, colours_of(copied.image), (RED, GREEN, BLUE, WHITE)))
    assert [told.full_width for told in copier.told] == [4000]
    edge = [copied.image.pixelColor(x, 10).red() for x in (1990, 2009)]
    assert edge[0] > 200 > 50 > edge[1], "no pixel is moved"


def test_every_pixel_and_what_is_transparent_is_kept(copier: Copier, tmp_path: Path) -> None:
    values = np.random.default_rng(3).integers(0, 255, (1500, 3001, 4), dtype=np.uint8)
    values[:, :, 3] = 255
    values[700, :, 3] = 0
    copied = copier.copy(written(tmp_path / "a.png", encoded(Image.fromarray(values), "PNG"))).image
    assert (copied.width(), copied.height()) == (3001, 1500)
    for x, y in ((0, 0), (3000, 1499), (17, 665), (17, 666), (1234, 1333)):
        seen = copied.pixelColor(x, y)
        assert [seen.red(), seen.green(), seen.blue()] == values[y, x, :3].tolist()
    assert copied.pixelColor(5, 700).alpha() == 0


def test_numbers_are_copied_as_the_shades_they_are_shown_in(copier: Copier, tmp_path: Path) -> None:
    values = np.linspace(1000, 5000, 900 * 700).reshape(700, 900).astype(np.uint16)
    copied = copier.copy(written(tmp_path / "a.tif", encoded(Image.fromarray(values), "TIFF"))).image
    assert copied.pixelColor(0, 0).red() == 0
    assert copied.pixelColor(899, 699).red() == 255
    assert copied.pixelColor(450, 350).red() == pytest.approx(127, abs=3)


def test_page_of_a_very_large_file_is_copied_smaller(copier: Copier, tmp_path: Path) -> None:
    side = int(MOST_COPIED**0.5) + 100
    pages = [Image.new("L", (side, side), shade) for shade in (20, 99)]
    content = encoded(pages[0], "TIFF", save_all=True, append_images=pages[1:], compression="tiff_lzw")
    copied = copier.copy(written(tmp_path / "a.tif", content), page=1)
    assert not copied.is_whole
    assert copied.image.pixelColor(9, 9).red() == 99


def test_very_large_photograph_is_copied_smaller(copier: Copier, tmp_path: Path) -> None:
    side = int(MOST_COPIED**0.5) + 100
    content = encoded(Image.new("L", (side, side), 99), "JPEG")
    copied = copier.copy(written(tmp_path / "a.jpg", content))
    assert not copied.is_whole
    assert (copied.image.width(), copied.image.height()) == ROOM
    assert copied.image.pixelColor(9, 9).red() == 99


def test_picture_that_cannot_be_read_is_told(copier: Copier, tmp_path: Path) -> None:
    file = written(tmp_path / "a.png", encoded(corners(), "PNG"))
    file.path.unlink()
    with pytest.raises(Undecodable):
        copier.copy(file)
    assert copier.told == []
