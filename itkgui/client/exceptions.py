"""Everything that can go wrong between the program and the services, as one tree.

Each error knows, in words for the person at the screen, what happened (``title``), what it means for the
work (``sentence``) and what to do about it (``cure``). None holds a secret or the body of a request::

    ItkError
    ├── Cancelled                the person did not want it any more
    ├── ConnectionFailed         no answer at all
    │   ├── ServerUnreachable    no network, refused; HostUnknown, LocalServerUnreachable (local_server)
    │   ├── ConnectionLost       the line broke before the answer was whole
    │   ├── ServerSilent         connected, but nothing came in time
    │   └── TlsFailed            the server could not prove who it is
    ├── SignInFailed             no valid token
    │   ├── AccessCodesMissing, AccessCodesWrong; SomebodyElse, TooLongToBe (sign_in_errors)
    │   ├── TokenRefused         malformed, expired, or not signed by the identity provider
    │   └── ClockWrong           the token is not valid yet by this computer's clock
    ├── AnswerError              an answer came, but not the one asked for
    │   ├── BadRequest           400: codes tell which rule was broken
    │   │   ├── ComponentNotFound
    │   │   └── TestRunNotFound
    │   ├── SessionExpired       401
    │   ├── Forbidden            403
    │   ├── NotFound             404
    │   ├── Conflict             409
    │   ├── TooLarge             413
    │   ├── TooManyRequests      429
    │   ├── ServerTrouble        5xx
    │   ├── UnexpectedStatus     any other that is no success
    │   ├── NotTheApi            a web page where JSON was due
    │   └── UnreadableAnswer     JSON that cannot be read, or of an impossible shape
    ├── DuplicateTestRuns        the same results are there already
    ├── TransferFailed           bytes did not arrive as they were sent
    │   ├── TransferIncomplete
    │   ├── ChecksumMismatch
    │   ├── RedirectRefused      EOS named a host that is not allowed
    │   └── NotReadBack          uploaded, but the server does not show it
    └── FileProblem              a file on this computer
        ├── FileUnreadable
        ├── FileNotWritten       no right, no room, or another file has the name
        ├── FileEmpty
        ├── FileMissing          nothing at this path, or not any more
        ├── NotAFile             a folder or a device
        └── LinkOnly             an attachment that is a link has no file
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import requests


class ItkError(Exception):
    """Base of the tree; as a text it is title and detail, the latter never needed to understand."""

    left_behind = ""  # what could not be removed again, such as an attachment's entry without bytes
    title = "Something went wrong"
    sentence = "The program could not do what was asked."
    cure = "Try again. If it happens again, copy the details and report them."

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail)
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.title}: {self.detail}" if self.detail else self.title


class Cancelled(ItkError):
    """The work was stopped because nobody wants its outcome any more."""

    title = "Cancelled"
    sentence = "The work was stopped on request."
    cure = "Start it again when you want it."


class ConnectionFailed(ItkError):
    """No answer came."""

    title = "No connection"
    sentence = "The server did not answer, so nothing was changed or loaded."
    cure = "Check the network, then try again."


class ServerUnreachable(ConnectionFailed):
    """The server could not be reached: no network, unknown host, connection refused."""

    title = "Server not reached"
    sentence = "This computer cannot reach the server, so nothing was changed or loaded."
    cure = "Check the network cable or Wi-Fi and the server's address, then try again."


class ConnectionLost(ConnectionFailed):
    """The server was reached, but the connection broke before its answer was whole."""

    title = "Connection lost"
    sentence = "The connection broke before the server's answer was complete."
    cure = "Try again; if you were saving something, reload first to see whether it arrived."


class ServerSilent(ConnectionFailed):
    """The server took the request but did not answer in time."""

    title = "Server too slow"
    sentence = "The server was reached but did not answer in time."
    cure = "Wait a minute and try again."


class TlsFailed(ConnectionFailed):
    """The server's certificate could not be verified."""

    title = "Server not trusted"
    sentence = "The server could not prove who it is, so nothing was sent to it."
    cure = "Check this computer's date and its certificates; ask your network administrator about a proxy."


class SignInFailed(ItkError):
    """No valid token could be had."""

    title = "Sign-in failed"
    sentence = "The identity provider did not accept the sign-in."
    cure = "Check what you entered and sign in again."


class AccessCodesMissing(SignInFailed):
    """One or both access codes are empty; found before anything is sent."""

    title = "Access codes missing"
    sentence = "Both access codes are needed to sign in."
    cure = "Enter access code 1 and access code 2; scripts take them from ITKDB_ACCESS_CODE1 and 2."


class AccessCodesWrong(SignInFailed):
    """The identity provider does not know this pair of codes; ``response`` as in AnswerError."""

    def __init__(self, detail: str = "", response: requests.Response | None = None) -> None:
        super().__init__(detail)
        self.response = response

    title = "Wrong access codes"
    sentence = "The identity provider does not know this pair of access codes."
    cure = "Type both codes again, one after the other; mind capital letters and blanks."


class TokenRefused(SignInFailed):
    """A token is malformed, expired, or not signed by the configured identity provider."""

    title = "Token not accepted"
    sentence = "The token is not valid for this server."
    cure = "Get a new token, or sign in with your access codes."


class ClockWrong(SignInFailed):
    """The token is not valid yet by this computer's clock."""

    title = "This computer's clock is off"
    sentence = "The clock of this computer disagrees with the server's, so the session cannot be checked."
    cure = "Set the computer's date and time (or let it follow a time server), then sign in again."


class AnswerError(ItkError):
    """An answer came, but not the one asked for.

    ``status`` is HTTP's, 0 if none came; ``codes`` are the server's, without prefix; for ``retry_after``
    seconds it asks to be left alone. ``response`` holds the request's headers: nothing may print it.
    """

    title = "Unexpected answer"
    sentence = "The server did not do what was asked."

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

    title = "The server refused this request"
    sentence = "The database did not accept what was sent, and changed nothing."
    cure = "Read the details: they name the field that was not accepted."


class ComponentNotFound(BadRequest):
    """The database knows no such component."""

    title = "No such component"
    sentence = "The database knows no component with this serial number, name or code."
    cure = "Check the label and scan it again, or look the part up with the filters."


class TestRunNotFound(BadRequest):
    """The database knows no such test run."""

    __test__ = False  # not a test case, whatever pytest thinks of the name

    title = "No such test run"
    sentence = "The database knows no test run with this id."
    cure = "Reload the component: the run may have been deleted."


class SessionExpired(AnswerError):
    """401: the token is no longer accepted."""

    title = "Session ended"
    sentence = "This session has ended, so nothing was asked. What is open stays as it is."
    cure = "Sign in again and repeat the last step."


class Forbidden(AnswerError):
    """403: this user may not do that."""

    title = "Not allowed"
    sentence = "Your account has no right to do this."
    cure = "Ask the ITk database administrators, or your institute, for the right."


class NotFound(AnswerError):
    """404: there is nothing at this address."""

    title = "Not there"
    sentence = "The server has nothing at this place; it may have been deleted."
    cure = "Reload and try again."


class Conflict(AnswerError):
    """409: somebody else changed the same thing."""

    title = "Changed by somebody else"
    sentence = "The same thing was changed at the same time, so this change was not made."
    cure = "Reload, look at what is there now, and repeat the change if it is still right."


class TooLarge(AnswerError):
    """413: the body is over the server's limit."""

    title = "Too large for this server"
    sentence = "The server does not take a file of this size this way."
    cure = "Send the file to EOS, or make it smaller."


class TooManyRequests(AnswerError):
    """429: the server asks to slow down."""

    title = "The server is busy"
    sentence = "The server asks for fewer requests."
    cure = "Wait a minute and try again."


class ServerTrouble(AnswerError):
    """5xx: the fault is the server's."""

    title = "Trouble at the server"
    sentence = "The server has a fault of its own; your request was right."
    cure = "Try again in a few minutes; if it lasts, tell the database's support."


class UnexpectedStatus(AnswerError):
    """A status that no rule covers."""


class NotTheApi(AnswerError):
    """A web page came where JSON was due (API reference §3.3): a log-in portal, a proxy, a wrong address."""

    title = "This is not the database"
    sentence = "A web page came back instead of data."
    cure = "Check the server's address, or a script's command; a guest network may ask for a log-in first."


class UnreadableAnswer(AnswerError):
    """The answer is damaged, or has a shape that no answer of the database has."""

    title = "Answer not readable"
    sentence = "The server's answer was damaged or incomplete."
    cure = "Try again; if it happens again, report it with the details."


class DuplicateTestRuns(ItkError):
    """Test runs with the same results are in the database already; ``test_runs`` are their ids."""

    title = "Already uploaded"
    sentence = "The database holds a test run with these very results, so nothing was sent."
    cure = "Look at the run that is there; send these results as a second run only if one is wanted."

    def __init__(self, test_runs: Iterable[str]) -> None:
        self.test_runs = tuple(test_runs)
        super().__init__(f"the same results as in {', '.join(self.test_runs)}")


class TransferFailed(ItkError):
    """Bytes did not arrive as they were sent."""

    title = "Transfer failed"
    sentence = "The file did not arrive whole."
    cure = "Try again."


class TransferIncomplete(TransferFailed):
    """Fewer or more bytes came than were announced."""


class ChecksumMismatch(TransferFailed):
    """The bytes are as many as announced, but not the same."""

    title = "File damaged on the way"
    sentence = "The checksum of what arrived differs from the checksum of what was sent."


class RedirectRefused(TransferFailed):
    """EOS named a host for the bytes that the settings do not allow."""

    title = "Transfer stopped for safety"
    sentence = (
        "The object store named a server that is not on the list of trusted hosts, so nothing was sent to it."
    )
    cure = "Report this; if the server is right, add it to the trusted redirect hosts in the settings."


class NotReadBack(TransferFailed):
    """The upload was answered, but the server does not hold the file as it was sent."""

    title = "Not confirmed"
    sentence = "The server accepted what was sent, but does not show it when asked."
    cure = "Reload and look for it before you send it again."


class FileProblem(ItkError):
    """A file on this computer cannot be used."""

    title = "File problem"
    sentence = "The file cannot be used."
    cure = "Choose another file."


class FileUnreadable(FileProblem):
    """The file cannot be opened, or changed while it was read."""

    title = "File not readable"
    sentence = "The file cannot be read by your user on this computer."
    cure = "Check its permissions, or copy it to a folder of your own and drop that copy."


class FileNotWritten(FileProblem):
    """A file cannot be stored on this computer."""

    title = "File not stored"
    sentence = "The file cannot be written to this folder."
    cure = "Check the free space and the permissions, or choose another folder or name."


class FileEmpty(FileProblem):
    """The file has no bytes."""

    title = "Empty file"
    sentence = "The file has a size of 0 bytes, so there is nothing to send."
    cure = "Check that the program that writes it has finished."


class FileMissing(FileProblem):
    """There is nothing at the path, or not any more."""

    title = "File not found"
    sentence = "There is no file at this place, or not any more."
    cure = "Check whether the stick or network folder is still connected, then choose the file again."


class NotAFile(FileProblem):
    """A folder or a device."""

    title = "Not a file"
    sentence = "Only files can be attached, not folders."
    cure = "Open the folder and drop the files in it, or make a zip of it."


class LinkOnly(FileProblem):
    """The attachment is a link to another place; ``detail`` is the link."""

    title = "This attachment is a link"
    sentence = "The database keeps only a link for this attachment, no file."
    cure = "Open the link in a web browser."
