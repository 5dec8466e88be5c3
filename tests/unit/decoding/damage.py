"""Damages files, and looks at what is left of them in every way that a person could."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path

from itkgui.client.files import BinaryFile, open_file
from itkgui.decoding.decoders import DecoderFault, Decoders
from itkgui.decoding.hex import load_hex, read_bytes
from itkgui.decoding.pdf import Piece, draw_piece, find_in_pdf, load_pdf, page_text
from itkgui.decoding.root import RootPlace, load_root
from itkgui.decoding.root_objects import read_root
from itkgui.decoding.undecodable import Undecodable


def damaged(content: bytes, count: int, within: int = 0, seed: int = 1) -> Iterator[bytes]:
    """Yield a file with bits turned over, cut or overwritten, if asked in its first bytes only."""
    dice = random.Random(seed)
    reach = within or len(content)
    for number in range(count):
        changed = bytearray(content)
        for _ in range(dice.choice((1, 3, 20))):
            changed[dice.randrange(reach)] ^= 1 << dice.randrange(8)
        if number % 4 == 1:
            del changed[dice.randrange(reach) :]
        if number % 4 == 2:
            start = dice.randrange(reach)
            changed[start : start + 64] = dice.randbytes(64)
        yield bytes(changed)


def written(path: Path, content: bytes) -> BinaryFile:
    path.write_bytes(content)
    return open_file(path, path.name)


def survived(decoders: Decoders, look: Callable[[BinaryFile], int], file: BinaryFile) -> int:
    """Return how much there was to look at in a file; if nothing, that must have been said properly."""
    try:
        return decoders.run(look, file)
    except DecoderFault:
        raise
    except Undecodable as error:
        if not error.sentence.endswith("."):
            raise
        return 0


def is_told(function: Callable[..., object], *arguments: object) -> bool:
    """Tell whether a call says that something cannot be shown."""
    try:
        function(*arguments)
    except Undecodable:
        return True
    return False


def look_through_pdf(file: BinaryFile) -> int:
    """Return how many pages could be drawn and read."""
    seen = 0
    for page in range(min(3, len(load_pdf(file).sizes))):
        piece = Piece(page, 300, 400, 0, 0, 300, 400)
        seen += not is_told(draw_piece, file, piece) and not is_told(page_text, file, page)
    find_in_pdf(file, "a", 0)
    return seen


def look_through_root(file: BinaryFile, place: RootPlace | None = None) -> int:
    """Return how many objects could be read."""
    seen = 0
    for row in load_root(file, place or RootPlace()).rows[:300]:
        seen += not is_told(read_root, file, row.place)
        if row.has_more and len(row.place.keys) < 5 and not is_told(load_root, file, row.place):
            seen += look_through_root(file, row.place)
    return seen


def look_through_bytes(file: BinaryFile) -> int:
    """Return the size of a file that was looked at."""
    read_bytes(file, 0, 100)
    return load_hex(file).size
