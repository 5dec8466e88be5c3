"""Speaks with the keyring of this computer in a process of its own, which may hang and be ended.

A request is one JSON object on the standard input, an answer one on the standard output: access codes stand
in no argument, no environment and no file. ``do`` is ``keep``, ``find``, ``forget``, or ``look``, which
touches no secret; ``name`` is what the secret is kept under. The answer has ``place``, where it is kept, and
``secret`` if one was found; or ``trouble``, one of ``none``, ``plain``, ``locked`` and ``failed``, with the
``detail``.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "itkgui"
_PLACES = {
    "keyring.backends.SecretService": "Secret Service (GNOME Keyring, KWallet)",
    "keyring.backends.libsecret": "Secret Service (GNOME Keyring, KWallet)",
    "keyring.backends.kwallet": "KWallet",
    "keyring.backends.macOS": "macOS Keychain",
    "keyring.backends.Windows": "Windows Credential Manager",
}
# The last one stands for several; here, for none of them.
_NOTHING = ("keyring.backends.fail", "keyring.backends.null", "keyring.backends.chainer")
# Backends of this package write to files or the registry, some in plain text; one asks on the terminal.
_IN_FILES = "keyrings.alt"


def main() -> int:
    """Answer the one request of this process; return its exit code."""
    request = json.load(sys.stdin)
    json.dump(_answered(request), sys.stdout)
    return 0


def _answered(request: dict[str, str]) -> dict[str, Any]:
    import keyring
    from keyring.errors import InitError, KeyringError, KeyringLocked, NoKeyringError

    backend = _chosen(keyring.get_keyring())
    if _module(backend).startswith(_NOTHING):
        return {"trouble": "none", "detail": ""}
    if not _is_trusted(backend):
        return {"trouble": "plain", "detail": f"{_module(backend)}.{type(backend).__name__}"}
    try:
        return {"place": _place(backend)} | _done(backend, request)
    except (NoKeyringError, InitError) as error:
        return {"trouble": "none", "detail": str(error)}
    except KeyringLocked as error:
        return {"trouble": "locked", "detail": str(error)}
    except KeyringError as error:
        return {"trouble": "failed", "detail": str(error)}


def _done(backend: KeyringBackend, request: dict[str, str]) -> dict[str, Any]:
    name = request["name"]
    if request["do"] == "look":
        return {}
    if request["do"] == "keep":
        backend.set_password(SERVICE, name, request["secret"])
        return {}
    found = backend.get_password(SERVICE, name)
    if request["do"] == "find":
        return {"secret": found}
    if found is not None:
        backend.delete_password(SERVICE, name)
    return {}


def _chosen(backend: KeyringBackend) -> KeyringBackend:
    """Return the keyring itself where several stand in a chain, and the first that does would be taken."""
    chained = list(getattr(backend, "backends", ()))
    return next((one for one in chained if _is_trusted(one)), chained[0] if chained else backend)


def _is_trusted(backend: KeyringBackend) -> bool:
    return not any(
        base.__module__.startswith((*_NOTHING, _IN_FILES)) or "plaintext" in base.__name__.lower()
        for base in type(backend).__mro__
    )


def _module(backend: KeyringBackend) -> str:
    return type(backend).__module__


def _place(backend: KeyringBackend) -> str:
    return _PLACES.get(_module(backend)) or str(backend.name)


if __name__ == "__main__":
    sys.exit(main())
