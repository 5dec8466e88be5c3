"""Results of tests in files of instruments, which plug-ins read."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from itkgui.decoding.decoders import Decoders
from itkgui.decoding.plugin_call import call_plugin
from itkgui.decoding.plugins import read_by_plugin
from itkgui.decoding.undecodable import Undecodable
from itkgui.language import _
from itkgui.records.result_check import SIGNS, is_result
from itkgui.uploads.results import RunInFile

log = logging.getLogger(__name__)

PATIENCE = 10.0  # seconds, in which a plug-in also loads what it needs


def runs_read(path: Path, decoders: Decoders) -> tuple[tuple[RunInFile, ...], str]:
    """Return the runs that a plug-in reads from a file; if something is wrong, none, and a sentence about it.

    None and no sentence if the plug-in tells that it holds no results. Blocks. Raises Cancelled.
    """
    bodies, why = tuple[Any, ...](), ""
    try:
        bodies = tuple(call_plugin(decoders, read_by_plugin, path, path.name, patience=PATIENCE))
    except Undecodable as error:
        why = error.why
    wrong = next((body for body in bodies if not is_result(body)), None)
    if wrong is not None:
        lacking = next(sign for sign in SIGNS if not isinstance(wrong, dict) or sign not in wrong)
        log.warning("%s was not read: its plug-in gives something without %s", path.name, lacking)
        why = _("its plug-in gives no “{name}”").format(name=lacking)
    if why:
        return (), _("It was not read as the results of a test: {why}.").format(why=why)
    return tuple(RunInFile(path, number, bodies, is_read=True) for number in range(len(bodies))), ""
