"""What can be wrong with who signs in, with codes, or with a token."""

from __future__ import annotations

from typing import TYPE_CHECKING

from itkgui.client.exceptions.base import ItkError
from itkgui.language import N_

if TYPE_CHECKING:
    import requests


class SignInFailed(ItkError):
    """No valid token could be had."""

    title = N_("Sign-in failed")
    sentence = N_("The identity provider did not accept the sign-in.")
    cure = N_("Check what you entered and sign in again.")


class AccessCodesMissing(SignInFailed):
    """One or both access codes are empty; found before anything is sent."""

    title = N_("Access codes missing")
    sentence = N_("Both access codes are needed to sign in.")
    cure = N_("Enter access code 1 and access code 2; scripts take them from ITKDB_ACCESS_CODE1 and 2.")


class AccessCodesWrong(SignInFailed):
    """The identity provider does not know this pair of codes; ``response`` as in AnswerError."""

    def __init__(self, detail: str = "", response: requests.Response | None = None) -> None:
        super().__init__(detail)
        self.response = response

    title = N_("Wrong access codes")
    sentence = N_("The identity provider does not know this pair of access codes.")
    cure = N_("Type both codes again, one after the other; mind capital letters and blanks.")


class TokenRefused(SignInFailed):
    """A token is malformed, expired, or not signed by the configured identity provider."""

    title = N_("Token not accepted")
    sentence = N_("The token is not valid for this server.")
    cure = N_("Get a new token, or sign in with your access codes.")


class ClockWrong(SignInFailed):
    """The token is not valid yet by this computer's clock."""

    title = N_("This computer's clock is off")
    sentence = N_("The clock of this computer disagrees with the server's, so the session cannot be checked.")
    cure = N_("Set the computer's date and time (or let it follow a time server), then sign in again.")


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
