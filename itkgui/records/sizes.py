"""Writes a number of bytes the way people read it."""

from __future__ import annotations


def size_text(count: int) -> str:
    """Return a size with a decimal unit, as disks and the upload rule count them: 64000 is ``64.0 kB``."""
    if count < 1000:
        return f"{count} B"
    value = float(count)
    for unit in ("kB", "MB", "GB"):
        value /= 1000
        if value < 999.95:
            return f"{value:.1f} {unit}"
    return f"{value / 1000:.1f} TB"
