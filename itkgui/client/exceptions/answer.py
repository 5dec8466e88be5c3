"""An answer came, but not the one asked for; or what was to be sent is there already."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from itkgui.client.exceptions.base import ItkError
from itkgui.language import N_, _

if TYPE_CHECKING:
    import requests


class AnswerError(ItkError):
    """An answer came, but not the one asked for.

    ``status`` is HTTP's, 0 if none came; ``codes`` are the server's, without prefix; for ``retry_after``
    seconds it asks to be left alone. ``response`` holds the request's headers: nothing may print it.
    """

    title = N_("Unexpected answer")
    sentence = N_("The server did not do what was asked.")

    def __init__(
        self,
        detail: str = "",
        *,
        status: int = 0,
        codes: Iterable[str] = (),
        request_id: str = "",
        retry_after: float = 0.0,
        response: requests.Response | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.codes = tuple(codes)
        self.request_id = request_id
        self.retry_after = retry_after
        self.response = response

    def has_code(self, name: str) -> bool:
        """Tell whether the server gave an error code that ends in this name."""
        return any(code.rpartition("/")[2] == name for code in self.codes)


class BadRequest(AnswerError):
    """400: the server understood the request and refuses it; ``codes`` tell why."""

    title = N_("The server refused this request")
    sentence = N_("The database did not accept what was sent, and changed nothing.")
    cure = N_("Read the details: they name the field that was not accepted.")


class ComponentNotFound(BadRequest):
    """The database knows no such component."""

    title = N_("No such component")
    sentence = N_("The database knows no component with this serial number, name or code.")
    cure = N_("Check the label and scan it again, or look the part up with the filters.")


class TestRunNotFound(BadRequest):
    """The database knows no such test run."""

    __test__ = False  # not a test case, whatever pytest thinks of the name

    title = N_("No such test run")
    sentence = N_("The database knows no test run with this id.")
    cure = N_("Reload the component: the run may have been deleted.")


class SessionExpired(AnswerError):
    """401: the token is no longer accepted."""

    title = N_("Session ended")
    sentence = N_("This session has ended, so nothing was asked. What is open stays as it is.")
    cure = N_("Sign in again and repeat the last step.")


class Forbidden(AnswerError):
    """403: this user may not do that."""

    title = N_("Not allowed")
    sentence = N_("Your account has no right to do this.")
    cure = N_("Ask the ITk database administrators, or your institute, for the right.")


class NotFound(AnswerError):
    """404: there is nothing at this address."""

    title = N_("Not there")
    sentence = N_("The server has nothing at this place; it may have been deleted.")
    cure = N_("Reload and try again.")


class Conflict(AnswerError):
    """409: somebody else changed the same thing."""

    title = N_("Changed by somebody else")
    sentence = N_("The same thing was changed at the same time, so this change was not made.")
    cure = N_("Reload, look at what is there now, and repeat the change if it is still right.")


class TooLarge(AnswerError):
    """413: the body is over the server's limit."""

    title = N_("Too large for this server")
    sentence = N_("The server does not take a file of this size this way.")
    cure = N_("Send the file to EOS, or make it smaller.")


class TooManyRequests(AnswerError):
    """429: the server asks to slow down."""

    title = N_("The server is busy")
    sentence = N_("The server asks for fewer requests.")
    cure = N_("Wait a minute and try again.")


class ServerTrouble(AnswerError):
    """5xx: the fault is the server's."""

    title = N_("Trouble at the server")
    sentence = N_("The server has a fault of its own; your request was right.")
    cure = N_("Try again in a few minutes; if it lasts, tell the database's support.")


class UnexpectedStatus(AnswerError):
    """A status that no rule covers."""


class NotTheApi(AnswerError):
    """A web page came where JSON was due (API reference §3.3): a log-in portal, a proxy, a wrong address."""

    title = N_("This is not the database")
    sentence = N_("A web page came back instead of data.")
    cure = N_(
        "Check the server's address, or a script's command; a guest network may ask for a log-in first."
    )


class UnreadableAnswer(AnswerError):
    """The answer is damaged, or has a shape that no answer of the database has."""

    title = N_("Answer not readable")
    sentence = N_("The server's answer was damaged or incomplete.")
    cure = N_("Try again; if it happens again, report it with the details.")


class DuplicateTestRuns(ItkError):
    """Test runs with the same results are in the database already; ``test_runs`` are their ids."""

    title = N_("Already uploaded")
    sentence = N_("The database holds a test run with these very results, so nothing was sent.")
    cure = N_("Look at the run that is there; send these results as a second run only if one is wanted.")

    def __init__(self, test_runs: Iterable[str]) -> None:
        self.test_runs = tuple(test_runs)
        super().__init__(_("the same results as in {runs}").format(runs=", ".join(self.test_runs)))
