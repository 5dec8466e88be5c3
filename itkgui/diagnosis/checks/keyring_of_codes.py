"""Whether the access codes can be kept in the keyring of the system."""

from __future__ import annotations

import importlib.util

from itkgui.diagnosis.finding import Finding, Surroundings, Verdict
from itkgui.keyring_codes import KeyringTrouble, place
from itkgui.language import _

_PATIENCE = 20.0  # seconds


def look(_at: Surroundings) -> Finding:
    """Ask which keyring there is; nothing is read from it or written to it."""
    if importlib.util.find_spec("keyring") is None:  # it is loaded in a process of its own
        raise ModuleNotFoundError("no keyring", name="keyring")
    try:
        found = place(_PATIENCE)
    except KeyringTrouble as error:
        details = [error.detail] if error.detail else []
        return Finding(Verdict.CAUTION, f"{error.title}: {error.sentence}", error.cure, details)
    return Finding(Verdict.FINE, _("There is a keyring for the access codes."), facts=(found,))
