"""Whether the access codes can be kept in the keyring of the system."""

from __future__ import annotations

from itkgui.diagnosis.finding import Finding, Surroundings, Verdict
from itkgui.language import _


def look(_at: Surroundings) -> Finding:
    """Ask which keyring there is; nothing is read from it or written to it."""
    try:
        import keyring
        from keyring.backends import fail, null
    except ModuleNotFoundError:
        return Finding(
            Verdict.UNSEEN,
            _("The package that speaks with keyrings is not installed; the codes are typed each time."),
            _("If you want the codes kept: pip install keyring"),
        )
    found = keyring.get_keyring()
    name = f"{type(found).__module__}.{type(found).__qualname__}"
    if isinstance(found, fail.Keyring | null.Keyring) or found.priority <= 0:
        return Finding(
            Verdict.CAUTION,
            _("This computer has no keyring that is open: the codes are typed each time."),
            _("If you want the codes kept, start the desktop's keyring (GNOME Keyring, KWallet)."),
            (name,),
        )
    return Finding(Verdict.FINE, _("There is a keyring for the codes."), facts=(name,))
