"""Decides what may be given to another program: nothing that it could take for a program and run."""

from __future__ import annotations

from PySide6.QtCore import QUrl

from itkgui.client.files import BinaryFile
from itkgui.client.media_types import IMAGE_SUFFIXES, suffix_for
from itkgui.decoding.office import OFFICE_TYPES

_TEXTS = frozenset((".txt", ".log", ".dat", ".csv", ".tsv", ".json", ".yaml", ".yml"))
# The other program goes by the suffix, so it must fit what the content is.
_SUFFIXES = {
    "text/plain": _TEXTS,
    "text/csv": _TEXTS,
    "text/tab-separated-values": _TEXTS,
    "application/json": _TEXTS,
    "application/pdf": frozenset((".pdf",)),
    "application/zip": frozenset((".zip",)),
    "application/x-tar": frozenset((".tar",)),
    "application/gzip": frozenset((".gz", ".tgz")),
    "application/x-bzip2": frozenset((".bz2",)),
    "application/x-xz": frozenset((".xz",)),
    **{
        kind: frozenset((suffix_for(kind),))
        for kind in OFFICE_TYPES
        if "openxmlformats" in kind  # the others may hold macros under the same name
    },
    "application/x-root": frozenset((".root",)),
}


def is_harmless_file(file: BinaryFile) -> bool:
    """Tell whether a file cannot run, by its content and by the suffix other programs go by."""
    kind = file.media_type
    if kind.startswith("image/") and kind != "image/svg+xml":
        allowed = IMAGE_SUFFIXES
    else:
        allowed = _SUFFIXES.get(kind, frozenset())
    return file.path.suffix.lower() in allowed


def is_web_address(address: QUrl) -> bool:
    """Tell whether an address leads to the web, not to this computer's files or programs."""
    return address.isValid() and address.scheme() in ("http", "https") and bool(address.host())
