"""A report on a fault of the program itself, for whoever mends it: without secrets, and complete."""

from __future__ import annotations

import platform
import sys
import traceback
from datetime import datetime
from types import TracebackType

from itkgui import __version__
from itkgui.log import redact


def report(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> str:
    """Return when and where it happened, in which version, and by which calls."""
    moment = datetime.now().astimezone()
    lines = [
        f"itkgui {__version__}, Python {sys.version.split()[0]}, {platform.platform()}",
        f"{moment:%Y-%m-%d %H:%M:%S %z}",
        "",
        "".join(traceback.format_exception(kind, error, trace)).rstrip(),
    ]
    return redact("\n".join(lines))
