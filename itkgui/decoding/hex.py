"""Anything else: the first bytes, in hexadecimal and as characters."""

from __future__ import annotations

from itkgui.client.files import BinaryFile
from itkgui.decoding.text import LoadedText
from itkgui.decoding.undecodable import reading
from itkgui.records.sizes import size_text

SHOWN_BYTES = 4096
_ROW = 8  # bytes in a line: with their characters they fit beside the list


def load_hex(file: BinaryFile) -> LoadedText:
    """Read the beginning of a file as a table of bytes; Raises Undecodable."""
    if file.size == 0:
        return LoadedText("", "This file is empty: 0 bytes.")
    with reading("file"), file.path.open("rb") as opened:
        raw = opened.read(SHOWN_BYTES)
    lines = [_line(at, raw[at : at + _ROW]) for at in range(0, len(raw), _ROW)]
    shown = (
        f"the first {size_text(len(raw))} of {size_text(file.size)}"
        if file.size > len(raw)
        else size_text(file.size)
    )
    return LoadedText("\n".join(lines), f"No viewer for this kind of file yet: its bytes, {shown}")


def _line(at: int, row: bytes) -> str:
    codes = " ".join(f"{byte:02x}" for byte in row)
    characters = "".join(chr(byte) if 32 <= byte < 127 else "·" for byte in row)
    return f"{at:08x}  {codes:<23}  {characters}"
