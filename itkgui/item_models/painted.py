"""A decoded picture as one of Qt's."""

from __future__ import annotations

from PySide6.QtGui import QImage

from itkgui.decoding.image import Painting


def painted(painting: Painting) -> QImage:
    """Return a decoded picture as Qt's; its bytes are not copied."""
    formats = QImage.Format
    kind = formats.Format_ARGB32_Premultiplied if painting.has_alpha else formats.Format_RGB32
    return QImage(painting.pixels, painting.width, painting.height, 4 * painting.width, kind)
