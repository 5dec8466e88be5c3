"""Bytes of the sample attachments, made when asked for; the same subject gives the same bytes."""

from __future__ import annotations

from collections.abc import Callable

from itkgui.paths import resource
from itkgui.sandbox.dates import MINUTE
from itkgui.sandbox.samples import archives, documents, logs, tables
from itkgui.sandbox.samples.subject import Subject


def make_sample(name: str, subject: Subject) -> bytes:
    """Return the bytes of one sample. Raises KeyError for a name nobody knows."""
    if name in _PLAIN:
        return _PLAIN[name](subject)
    # numpy and Pillow cost a third of a second; most sandboxes start and stop without showing a picture.
    from itkgui.sandbox.samples.gallery import PICTURES

    return PICTURES[name](subject)


def _root(subject: Subject) -> bytes:
    """Return histograms (tot, occupancy, threshold, scans/s_curves), a graph (graphs/iv), a tree (hits)."""
    del subject
    return resource("sandbox/source_scan.root").read_bytes()


def _unknown(subject: Subject) -> bytes:
    """Return a register dump in nobody's format: a counter, a time, noise."""
    rng, out = subject.rng, bytearray(b"\x93RGD\x02\x00")
    for register in range(512):
        out += register.to_bytes(2, "little") + (subject.time // MINUTE + register).to_bytes(6, "little")
        out += rng.randbytes(8)
    return bytes(out)


def _empty(subject: Subject) -> bytes:
    del subject
    return b""


def _not_an_image(subject: Subject) -> bytes:
    return f"This file is called .jpg, but it is a note about {subject.serial}.\n".encode()


def _not_a_zip(subject: Subject) -> bytes:
    return b"PK\x03\x04" + subject.rng.randbytes(2000)


_PLAIN: dict[str, Callable[[Subject], bytes]] = {
    "log": logs.readout_log,
    "terminal log": logs.terminal_log,
    "long log": logs.station_log,
    "summary": documents.summary,
    "values": documents.run_values,
    "certificate": documents.certificate,
    "settings": documents.settings,
    "page": documents.web_page,
    "drawing": documents.drawing,
    "latin": documents.latin_text,
    "utf16": documents.utf16_text,
    "long name": documents.long_name,
    "careless": documents.careless,
    "packing list": tables.packing_list,
    "probe": tables.probe_station,
    "station data": tables.station_data,
    "german": tables.german_station,
    "spreadsheet": tables.spreadsheet,
    "pulls": tables.pulls,
    "cv": tables.cv,
    "shape": tables.shape,
    "cycles": tables.cycles,
    "unbonded": tables.unbonded,
    "masked": tables.masked,
    "surface": tables.surface,
    "configuration": archives.chip_configuration,
    "strip configuration": archives.strip_configuration,
    "nested": archives.nested,
    "scan folder": archives.scan_folder,
    "scan folders": archives.scan_folders,
    "s curves": archives.s_curves,
    "workbook": archives.workbook,
    "packed log": archives.packed_log,
    "packed cooling": archives.packed_cooling,
    "packed errors": archives.packed_errors,
    "root": _root,
    "unknown": _unknown,
    "empty": _empty,
    "not an image": _not_an_image,
    "not a zip": _not_a_zip,
}
