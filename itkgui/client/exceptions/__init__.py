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
    │   ├── AccessCodesMissing, AccessCodesWrong, SomebodyElse
    │   ├── TooLongToBe          no code or token has so many characters
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
    │   │   ├── FrontDoorRefused    the database named one that is none of EOS
    │   │   └── WayRefused          no TLS, no end of redirects, an odd address
    │   └── NotReadBack          uploaded, but the server does not show it
    └── FileProblem              a file on this computer
        ├── FileUnreadable
        ├── FileNotWritten       no right, no room, or another file has the name
        ├── FileEmpty
        ├── FileMissing          nothing at this path, or not any more
        ├── NotAFile             a folder or a device
        └── LinkOnly             an attachment that is a link has no file

``code_of_words`` finds the code of an error of which only the words are left.
"""

from __future__ import annotations

from itkgui.client.exceptions.answer import (
    AnswerError,
    BadRequest,
    ComponentNotFound,
    Conflict,
    DuplicateTestRuns,
    Forbidden,
    NotFound,
    NotTheApi,
    ServerTrouble,
    SessionExpired,
    TestRunNotFound,
    TooLarge,
    TooManyRequests,
    UnexpectedStatus,
    UnreadableAnswer,
)
from itkgui.client.exceptions.base import Cancelled, ItkError, code_of_words
from itkgui.client.exceptions.connection import (
    ConnectionFailed,
    ConnectionLost,
    ServerSilent,
    ServerUnreachable,
    TlsFailed,
)
from itkgui.client.exceptions.file import (
    FileEmpty,
    FileMissing,
    FileNotWritten,
    FileProblem,
    FileUnreadable,
    LinkOnly,
    NotAFile,
)
from itkgui.client.exceptions.sign_in import (
    AccessCodesMissing,
    AccessCodesWrong,
    ClockWrong,
    SignInFailed,
    SomebodyElse,
    TokenRefused,
    TooLongToBe,
)
from itkgui.client.exceptions.transfer import (
    ChecksumMismatch,
    FrontDoorRefused,
    NotReadBack,
    RedirectRefused,
    TransferFailed,
    TransferIncomplete,
    WayRefused,
)

__all__ = [
    "AccessCodesMissing",
    "AccessCodesWrong",
    "AnswerError",
    "BadRequest",
    "Cancelled",
    "ChecksumMismatch",
    "ClockWrong",
    "ComponentNotFound",
    "Conflict",
    "ConnectionFailed",
    "ConnectionLost",
    "DuplicateTestRuns",
    "FileEmpty",
    "FileMissing",
    "FileNotWritten",
    "FileProblem",
    "FileUnreadable",
    "Forbidden",
    "FrontDoorRefused",
    "ItkError",
    "LinkOnly",
    "NotAFile",
    "NotFound",
    "NotReadBack",
    "NotTheApi",
    "RedirectRefused",
    "ServerSilent",
    "ServerTrouble",
    "ServerUnreachable",
    "SessionExpired",
    "SignInFailed",
    "SomebodyElse",
    "TestRunNotFound",
    "TlsFailed",
    "TokenRefused",
    "TooLarge",
    "TooLongToBe",
    "TooManyRequests",
    "TransferFailed",
    "TransferIncomplete",
    "UnexpectedStatus",
    "UnreadableAnswer",
    "WayRefused",
    "code_of_words",
]
