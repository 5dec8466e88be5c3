"""Whether a window can be opened, and on what: platform, screens, scale, libraries of the system."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys

from itkgui.diagnosis import system_libraries
from itkgui.diagnosis.finding import Finding, Surroundings, Verdict
from itkgui.language import _

_PATIENCE = 20.0  # seconds
_LEAST = (1000, 640)  # of the window


def look(_at: Surroundings) -> Finding:
    """Look for what Qt needs, then ask it in a process of its own: where Qt gives up, it ends one."""
    asked = [f"{name}={os.environ[name]}" for name in _VARIABLES if os.environ.get(name)]
    if importlib.util.find_spec("PySide6") is None:
        return Finding(Verdict.BROKEN, _("Qt is not installed."), _("See the check of the libraries."), asked)
    lack = system_libraries.lack()
    if lack is not None:
        return Finding(Verdict.BROKEN, lack.sentence, lack.cure, (*asked, lack.why))
    if sys.platform.startswith("linux") and not asked:
        return Finding(
            Verdict.BROKEN,
            _("There is no display to open a window on."),
            _("Start the program on a desktop, or forward one (ssh -X)."),
        )
    if getattr(sys, "frozen", False):  # no interpreter that could be asked
        return Finding(Verdict.UNSEEN, _("The libraries for the window are there."), facts=asked)
    try:
        asking = subprocess.run(
            [sys.executable, "-m", "itkgui.diagnosis.screens"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=_PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Finding(
            Verdict.BROKEN,
            _("The display does not answer."),
            _("Look whether the desktop still works; over ssh, connect again."),
            asked,
        )
    if asking.returncode:
        words = asking.stderr.strip().splitlines()[-8:]
        return Finding(
            Verdict.BROKEN,
            _("No window can be opened on this display."),
            _("Start the program on a desktop; over ssh, allow its display (ssh -X, xauth)."),
            (*asked, *words),
        )
    return _judged(json.loads(asking.stdout), asked)


_VARIABLES = ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY", "XDG_SESSION_TYPE", "QT_SCALE_FACTOR")


def _judged(told: dict[str, object], asked: list[str]) -> Finding:
    screens = told.get("screens")
    rows = [one for one in screens if isinstance(one, dict)] if isinstance(screens, list) else []
    facts = [
        _("Qt {version}, {platform}").format(version=told.get("qt"), platform=told.get("platform")),
        *asked,
    ]
    facts += [
        _("{name}: {width} × {height}, scale {scale:.0%}").format(
            name=one["name"] or _("screen"), width=one["width"], height=one["height"], scale=one["scale"]
        )
        for one in rows
    ]
    if rows and all(one["width"] < _LEAST[0] or one["height"] < _LEAST[1] for one in rows):
        return Finding(
            Verdict.CAUTION,
            _("The screen is smaller than the window wants: parts of it may be cut off."),
            _("Choose a higher resolution, or a smaller scale, in the system's settings."),
            facts,
        )
    return Finding(Verdict.FINE, _("A window can be opened."), facts=facts)
