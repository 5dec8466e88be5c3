"""Any file as its bytes: read a block at a time, searched, and told what its content looks like."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass

import numpy as np

from itkgui.client.files import BinaryFile
from itkgui.client.media_types import UNKNOWN
from itkgui.decoding.npy import NPY_TYPE, npy_facts
from itkgui.decoding.undecodable import reading
from itkgui.language import N_, _
from itkgui.records.sizes import size_text

BLOCK = 64 * 1024  # bytes read at once: some thousand rows
SEARCHING = 0.5  # seconds of one part of a search, some hundred megabytes
_SEARCHED_AT_ONCE = 2**20  # stays in the processor's cache
_SAMPLES = 16  # blocks, evenly through a file, by which its content is judged
_LEAST_ENTROPY_BYTES = 2048  # of fewer, entropy tells little
_COMPRESSED, _MONOTONOUS = 7.9, 1.0  # bits for a byte
_MOST_STRINGS, _LONGEST_STRING = 6, 40
# Words rather than what chance makes of noise.
_STRING = re.compile(rb"[\x20-\x7e]{8,}")
_WORDY = re.compile(rb"[\w .:/-]")
_LEAST_WORDY = 0.9  # of the characters

_LOOKS = {
    "application/gzip": N_("Looks like a gzip file, {size}"),
    "application/x-hdf5": N_("Looks like an HDF5 file, {size}"),
    "application/vnd.sqlite3": N_("Looks like an SQLite database, {size}"),
    "application/x-root": N_("Looks like a ROOT file, {size}"),
    "application/pdf": N_("Looks like a PDF document, {size}"),
    NPY_TYPE: N_("Looks like an array of numpy, {size}"),
}


@dataclass(frozen=True)
class LoadedBytes:
    """A file's size in bytes, its first block, and sentences about what it looks like."""

    size: int
    first: bytes
    facts: tuple[str, ...]


@dataclass(frozen=True)
class Find:
    """Where bytes were found; ``at`` is -1 if they were not, up to ``next_start``, None at the end."""

    at: int
    next_start: int | None


def load_hex(file: BinaryFile) -> LoadedBytes:
    """Look at a file here and there. Raises Undecodable if it cannot be read."""
    with reading("file"), file.path.open("rb") as opened:
        size = opened.seek(0, 2)
        step = max(BLOCK, size // _SAMPLES)
        samples = []
        for start in range(0, max(size, 1), step):
            opened.seek(start)
            samples.append(opened.read(min(BLOCK, step)))
        facts = [_kind(file, size)]
        if file.media_type == NPY_TYPE:
            facts += npy_facts(file)
    content = b"".join(samples)
    facts += _judged(content)
    facts += _strings(content)
    return LoadedBytes(size, samples[0], tuple(fact for fact in facts if fact))


def read_bytes(file: BinaryFile, start: int, count: int) -> bytes:
    """Return bytes of a file, fewer at its end. Raises Undecodable."""
    with reading("file"), file.path.open("rb") as opened:
        opened.seek(start)
        return opened.read(count)


def find_bytes(file: BinaryFile, wanted: bytes, start: int, any_case: bool = False) -> Find:
    """Search from a position on, for as long as one waits gladly. Raises Undecodable."""
    end = time.monotonic() + SEARCHING
    pattern = re.compile(re.escape(wanted), re.IGNORECASE) if any_case else None
    with reading("file"), file.path.open("rb") as opened:
        part = bytearray(_SEARCHED_AT_ONCE + len(wanted) - 1)
        while True:
            opened.seek(start)
            count = opened.readinto(part)
            if pattern is None:
                at = part.find(wanted, 0, count)
            else:
                match = pattern.search(part, 0, count)
                at = match.start() if match else -1
            if at >= 0:
                return Find(start + at, None)
            if count < len(part):
                return Find(-1, None)
            start += _SEARCHED_AT_ONCE
            if time.monotonic() > end:
                return Find(-1, start)


def find_bytes_before(file: BinaryFile, wanted: bytes, stop: int, any_case: bool = False) -> Find:
    """Search backwards for what begins before a position; ``next_start`` is the next such position."""
    end = time.monotonic() + SEARCHING
    sought = wanted.lower() if any_case else wanted
    with reading("file"), file.path.open("rb") as opened:
        while stop > 0:
            start = max(0, stop - _SEARCHED_AT_ONCE)
            opened.seek(start)
            part = opened.read(stop - start + len(wanted) - 1)
            at = (part.lower() if any_case else part).rfind(sought)
            if at >= 0:
                return Find(start + at, None)
            stop = start
            if time.monotonic() > end:
                return Find(-1, stop or None)
    return Find(-1, None)


def _kind(file: BinaryFile, size: int) -> str:
    if file.media_type == UNKNOWN:
        return _("{size} of no kind that is known here").format(size=size_text(size))
    if (words := _LOOKS.get(file.media_type)) is not None:
        return _(words).format(size=size_text(size))
    return _("Looks like {kind}, {size}").format(kind=file.media_type, size=size_text(size))


def _judged(content: bytes) -> list[str]:
    """Return what the frequencies of bytes tell: entropy in bits for a byte."""
    if len(content) < _LEAST_ENTROPY_BYTES:
        return []
    counts = np.bincount(np.frombuffer(content, np.uint8), minlength=256)
    shares = counts[counts > 0] / len(content)
    most = int(counts.argmax())
    if counts[most] == len(content):
        return [_("nothing but the byte {byte:02x}").format(byte=most)]
    entropy = float(-(shares * np.log2(shares)).sum())
    if entropy > _COMPRESSED:
        words = _("entropy {bits:.2f} of 8 bits a byte: compressed or encrypted data")
    elif entropy < _MONOTONOUS:
        words = _("entropy {bits:.2f} of 8 bits a byte: mostly the byte {byte:02x}")
    elif counts[0] > len(content) / 3:
        words = _(
            "entropy {bits:.2f} of 8 bits a byte, {share:.0%} zeros: numbers or records of fixed length"
        )
    else:
        words = _("entropy {bits:.2f} of 8 bits a byte")
    return [words.format(bits=entropy, byte=most, share=counts[0] / len(content))]


def _strings(content: bytes) -> list[str]:
    """Return the first texts in the content, which often name what wrote it."""
    found: dict[str, None] = {}
    for match in _STRING.finditer(content):
        if len(_WORDY.findall(match[0])) >= _LEAST_WORDY * len(match[0]):
            found[match[0][:_LONGEST_STRING].decode("ascii").strip()] = None
        if len(found) == _MOST_STRINGS:
            break
    return [_("texts in it: {texts}").format(texts=", ".join(found))] if found else []
