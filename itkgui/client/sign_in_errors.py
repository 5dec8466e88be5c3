"""What can be wrong with who signs in, beyond what ``exceptions`` tells of codes and tokens."""

from __future__ import annotations

from itkgui.client.exceptions import SignInFailed
from itkgui.language import N_


class SomebodyElse(SignInFailed):
    """Good codes or a good token, but another person's than the session's; ``name`` is theirs if known."""

    title = N_("Somebody else's access codes")
    sentence = N_("These are good, but not those of the person whose work is open here.")
    cure = N_("Enter that person's, or change the person.")

    def __init__(self, name: str = "") -> None:
        super().__init__()
        self.name = name


class TooLongToBe(SignInFailed):
    """What was entered is far longer than any access code or token; found before anything is sent."""

    title = N_("Too long for this")
    sentence = N_("What was entered is far longer than an access code or a token, so it was not sent.")
    cure = N_("Empty the field and enter it again: something else may have been on the clipboard.")
