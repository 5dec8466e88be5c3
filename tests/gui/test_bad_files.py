"""Bad files of every kind: each ends in a sentence or in what is left of it, and harms nothing."""

from __future__ import annotations

import bz2
import gzip
import io
import random
import struct
import threading
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest
from PIL import Image

from itkgui.client.files import open_file
from itkgui.views.previews.archive import ArchivePreview
from itkgui.views.previews.image import ImagePreview
from itkgui.views.previews.preview_content import EMPTY_FILE, PreviewContent
from itkgui.views.previews.text import TextPreview
from tests.gui.person import words
from tests.gui.previewing import Viewer
from tests.unit.decoding.pdf_files import Document, page_of, write_pdf
from tests.unit.decoding.pictures import claiming, encoded, grainy, noise
from tests.unit.decoding.root_files import write_root

MOST_SECONDS = 20.0
MOST_GROWTH = 512 * 2**20  # of the program and its decoders together


def half(content: bytes) -> bytes:
    return content[: len(content) // 2]


def overwritten(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes(300) + content[middle + 300 :]


def endless_drawing() -> bytes:
    """Return a drawing of 2 kB that nobody ends painting: groups of groups."""
    levels = "".join(
        f"<g id='a{level}'>" + f"<use href='#a{level - 1}'/>" * 12 + "</g>" for level in range(1, 10)
    )
    first = "<g id='a0'><rect width='9' height='9'/></g>"
    return f"<svg xmlns='http://www.w3.org/2000/svg' width='200' height='100'>{first}{levels}</svg>".encode()


def root_file(folder: Path) -> bytes:
    return write_root(folder / "whole.root").read_bytes()


def png_that_claims(side: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000)))


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return out.getvalue()


def nest(depth: int = 4) -> bytes:
    layer = {f"book {n}": bytes(1_000_000) for n in range(16)}
    for _ in range(depth):
        layer = {f"lib {n}.zip": zipped(layer) for n in range(16)}
    return zipped(layer)


EMPTY = "nothing.dat"
BAD: dict[str, Callable[[Path], bytes]] = {
    EMPTY: lambda _: b"",
    "cut.jpg": lambda _: half(encoded(noise(), "JPEG")),
    "cut.png": lambda _: half(encoded(noise(), "PNG")),
    "cut.tif": lambda _: half(encoded(noise(), "TIFF", compression="tiff_lzw")),
    "cut.pdf": lambda _: half(write_pdf(Document([page_of("a")]))),
    "cut.zip": lambda _: half(zipped({"a.txt": bytes(10_000)})),
    "cut.gz": lambda _: half(gzip.compress(bytes(10_000))),
    "cut.root": lambda folder: half(root_file(folder)),
    "claims.png": lambda _: png_that_claims(60_000),
    "claims.tif": lambda _: claiming("TIFF", 60_000, 60_000),
    "claims.jpg": lambda _: claiming("JPEG", 60_000, 60_000),
    "claims.gif": lambda _: claiming("GIF", 60_000, 60_000),
    "claims.bmp": lambda _: claiming("BMP", 60_000, 60_000),
    "large.gif": lambda _: claiming("GIF", 8_000, 8_000),
    "turned.jpg": lambda _: overwritten(encoded(noise(), "JPEG")),
    "turned.tif": lambda _: overwritten(encoded(grainy(), "TIFF", compression="tiff_deflate")),
    "noise.png": lambda _: b"\x93\0" + random.Random(1).randbytes(9000),
    "noise.root": lambda _: b"\x93\0" + random.Random(2).randbytes(9000),
    "bomb.png": lambda _: encoded(Image.new("RGB", (8000, 8000)), "PNG"),
    "bomb.tif": lambda _: encoded(Image.new("RGB", (8000, 8000)), "TIFF", compression="tiff_deflate"),
    "bomb.zip": lambda _: zipped({"zeros": bytes(200_000_000)}),
    "bomb.gz": lambda _: gzip.compress(bytes(200_000_000), 1),
    "bomb.bz2": lambda _: bz2.compress(bytes(200_000_000), 1),
    "42.zip": lambda _: nest(),
    "page.png": lambda _: b"<html><script>alert(1)</script></html>",
    "hostile.svg": lambda _: (
        b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'>"
        b"<script>while(1);</script><image href='file:///etc/passwd' width='9' height='9'/></svg>"
    ),
    "endless.svg": lambda _: endless_drawing(),
    "names.zip": lambda _: zipped({"../up": b"1", "C:\\a": b"2", "a\x1b[2J\n": b"3", 300 * "n": b"4"}),
    "line.txt": lambda _: b"x" * 200_000_000,
    "nul.txt": lambda _: b"text\n" + bytes(100_000) + b"text\n",
    "wrong.txt": lambda _: "Größe in µm\n".encode("utf-16-le") + b"\xff\xfe\xfd" * 1000,
    "ragged.csv": lambda _: b"a,b,c\n" + b"1\n1,2\n1,2,3\n1,2,3,4\n" * 1000,
}
# Those of which nothing is left to be shown; of the others, what is left is. Of traps the list of members is.
TOLD = frozenset(
    (
        *("cut.tif", "cut.pdf", "cut.zip", "cut.gz", "large.gif", "endless.svg"),
        *("claims.png", "claims.tif", "claims.jpg", "claims.gif", "claims.bmp"),
    )
)
DAMAGED = frozenset(("cut.jpg", "cut.png", "turned.jpg", "turned.tif"))
TRAPS = frozenset(("bomb.zip", "bomb.gz", "bomb.bz2"))


def sentence_of(content: PreviewContent) -> str:
    """Return what stands in the pane instead of a preview, once it is more than that it is being opened."""
    if content.trouble.isVisible():
        return words(content.trouble)
    told = content.empty.sentence if content.empty.isVisible() else ""
    return "" if told == "Opening…" else told


def is_decoder(process: psutil.Process) -> bool:
    with suppress(psutil.NoSuchProcess):  # ended just now
        return "spawn_main" in " ".join(process.cmdline())
    return False


def memory_of(process: psutil.Process) -> int:
    with suppress(psutil.NoSuchProcess):
        return int(process.memory_info().rss)
    return 0


@contextmanager
def watched() -> Iterator[list[int]]:
    """Give the bytes that this program and its decoders take at the most, minus those at the beginning."""
    ended, grown = threading.Event(), [0]
    us = psutil.Process()

    def used() -> int:
        decoders = [one for one in us.children() if is_decoder(one)]
        return sum(map(memory_of, (us, *decoders)))

    before = used()

    def watch() -> None:
        while not ended.wait(0.01):
            grown[0] = max(grown[0], used() - before)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield grown
    finally:
        ended.set()
        thread.join()


@pytest.mark.alone  # a decoder has four seconds by the clock
@pytest.mark.parametrize("name", BAD)
def test_bad_file_ends_within_time_and_memory_and_the_next_is_shown(
    viewer: Viewer, tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    path.write_bytes(BAD[name](tmp_path))
    viewer.look_at(b"a good one\n", "good.txt", TextPreview)
    with watched() as grown:
        begun = time.monotonic()
        viewer.content.show_file(open_file(path, name))
        viewer.until(lambda: viewer.content.shown_kind or sentence_of(viewer.content))
        assert time.monotonic() - begun < MOST_SECONDS
        shown = viewer.content.currentWidget()
        if isinstance(shown, ArchivePreview):  # its first member is opened too
            inner = shown.inner
            viewer.until(lambda: inner.shown_kind or inner.trouble.isVisible() or not inner.isVisible())
            assert time.monotonic() - begun < MOST_SECONDS
        if isinstance(shown, ImagePreview):  # and, while one sees it already, looked at for damage
            viewer.until(lambda: shown.damage.is_settled)
            assert ("This picture is damaged" in shown.damage.sentence) == (name in DAMAGED)
    assert grown[0] <= MOST_GROWTH, f"{grown[0] / 2**20:.0f} MiB"
    assert bool(viewer.content.shown_kind) == (name not in TOLD and name != EMPTY)
    if name == EMPTY:
        assert sentence_of(viewer.content) == EMPTY_FILE
    if name in TOLD:
        assert "cannot be shown" in words(viewer.content.trouble)
    if isinstance(shown, ArchivePreview):
        assert shown.inner.trouble.isVisible() == (name in TRAPS)
    viewer.look_at(b"the next one\n", "next.txt", TextPreview)
    assert not list(tmp_path.parent.glob("up"))
