"""Access codes in the keyring of this computer's user, for whoever asks for that; never in a file of ours.

All functions block until the keyring has answered, which may ask its owner for a password; they obey the
thread's Transfer, and give up after a while. Codes are told apart by their ``owner``. They raise
KeyringTrouble.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import Any

from itkgui.client import transfer
from itkgui.client.credentials import AccessCodes
from itkgui.client.exceptions import ItkError
from itkgui.language import N_

_PATIENCE = 60.0  # seconds; whoever is asked for a password types it meanwhile
_GLANCE = 0.1  # seconds between two looks whether the answer is still wanted


class KeyringTrouble(ItkError):
    """The keyring could not be used; the codes are kept nowhere, or still there."""

    title = N_("The keyring did not do it")
    sentence = N_("The keyring of this computer refused, so it holds what it held before.")
    cure = N_("Go on by typing the access codes; the details tell what the keyring said.")


class NoKeyring(KeyringTrouble):
    """There is no keyring on this computer, or none that runs."""

    title = N_("No keyring on this computer")
    sentence = N_("Nothing here can keep access codes safely, so they are not kept.")
    cure = N_("Type them each time, or have GNOME Keyring or KWallet installed and started.")


class KeyringInPlainText(KeyringTrouble):
    """What stands for a keyring here writes to files that others may read."""

    title = N_("This keyring is not safe")
    sentence = N_("What is set as the keyring here keeps secrets in plain files, so the codes are not kept.")
    cure = N_("Type them each time, or have another keyring set (package keyring, keyringrc.cfg).")


class KeyringLocked(KeyringTrouble):
    """The keyring is locked, and was not unlocked."""

    title = N_("The keyring is locked")
    sentence = N_("The keyring of this computer was not unlocked, so it gave nothing and took nothing.")
    cure = N_("Unlock it when it asks, or type the access codes.")


class KeyringSilent(KeyringTrouble):
    """The keyring did not answer in time."""

    title = N_("The keyring does not answer")
    sentence = N_("The keyring of this computer was asked and has said nothing for a minute.")
    cure = N_("Type the access codes; look whether the keyring waits for a password in another window.")


_TROUBLES = {"none": NoKeyring, "plain": KeyringInPlainText, "locked": KeyringLocked}


@dataclass(frozen=True)
class KeptCodes:
    """What the keyring holds: the codes, and what people call the keyring."""

    codes: AccessCodes
    place: str


def owner(auth_url: str, identity: str) -> str:
    """Return whose codes are meant: one person's at one identity provider."""
    return f"{identity} at {auth_url}"


def keep(owner: str, codes: AccessCodes) -> str:
    """Put codes into the keyring instead of those that are there; return what people call it."""
    secret = json.dumps([codes.code1, codes.code2])
    return str(_ask({"do": "keep", "name": owner, "secret": secret})["place"])


def find(owner: str) -> KeptCodes | None:
    """Return the codes that are in the keyring, None if there are none."""
    answer = _ask({"do": "find", "name": owner})
    try:
        code1, code2 = json.loads(answer.get("secret") or "null") or (None, None)
    except (ValueError, TypeError) as error:
        raise KeyringTrouble("what it holds is of another program") from error
    if not (isinstance(code1, str) and isinstance(code2, str)):
        return None
    return KeptCodes(AccessCodes(code1, code2), str(answer["place"]))


def place(patience: float) -> str:
    """Return what people call the keyring; no secret is read, and nobody is asked for a password."""
    return str(_ask({"do": "look", "name": ""}, patience)["place"])


def forget(owner: str) -> None:
    """Take the codes out of the keyring, if they are there."""
    _ask({"do": "forget", "name": owner})


def _ask(request: dict[str, str], patience: float = _PATIENCE) -> dict[str, Any]:
    process = subprocess.Popen(
        [sys.executable, "-m", "itkgui.keyring_process"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),  # which Windows would open
    )
    with process:
        try:
            said, complaint = _said(process, json.dumps(request), patience)
        finally:
            process.kill()  # does nothing to one that has ended
    try:
        answer = json.loads(said)
    except ValueError as error:
        raise KeyringTrouble(complaint.strip().rpartition("\n")[2]) from error
    if "trouble" in answer:
        raise _TROUBLES.get(answer["trouble"], KeyringTrouble)(str(answer["detail"]))
    return dict(answer)


def _said(process: subprocess.Popen[str], request: str, patience: float) -> tuple[str, str]:
    deadline = time.monotonic() + patience
    while True:
        with contextlib.suppress(subprocess.TimeoutExpired):
            return process.communicate(request, timeout=_GLANCE)
        request = ""  # it has been sent
        transfer.current().check()
        if time.monotonic() > deadline:
            raise KeyringSilent
