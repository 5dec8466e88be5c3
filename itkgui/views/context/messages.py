"""The one channel to the user: what succeeded, what failed, and what to do about it."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace
from datetime import datetime

from PySide6.QtCore import QObject, Signal

from itkgui.client.exceptions import AnswerError, Cancelled, ComponentNotFound, ItkError, TestRunNotFound
from itkgui.item_models.trouble_words import Words
from itkgui.language import _
from itkgui.log import redact

logger = logging.getLogger(__name__)

OPENING_UPLOADS, FINDING = "open-uploads", "find-component"  # attempts

_ANSWERS = (
    ComponentNotFound,
    TestRunNotFound,
)  # nobody need be asked about these: only their details number them


@dataclass(frozen=True)
class Message:
    """Something to tell; ``tone`` is ``"good"``, ``"bad"``, ``"caution"`` or ``"quiet"``."""

    tone: str
    title: str
    sentence: str = ""
    cure: str = ""
    details: str = ""
    request_id: str = ""  # of the request that failed, by which the server's people find it
    code: str = ""  # of the class of errors, by which it can be looked up
    attempt: str = ""  # what failed, for the program alone: done at last, it takes the error away
    moment: datetime = field(default_factory=lambda: datetime.now().astimezone(), compare=False)

    @property
    def request(self) -> str:
        """The number to be quoted, in words; empty for what was no failed request."""
        return _("Request {number}").format(number=self.request_id) if self.request_id else ""

    @property
    def numbers(self) -> str:
        """What is to be quoted: the code of the error, and the number of the request."""
        return "  ·  ".join(part for part in (self.code, self.request) if part)

    @property
    def line(self) -> str:
        return f"{self.title}: {self.sentence}" if self.sentence else self.title


class Messages(QObject):
    """Tells the window what to show; keeps what came before there was a window. GUI thread only."""

    told = Signal(object)  # Message
    settled = Signal(str)  # an attempt that has succeeded; what was told of its failure is over

    def __init__(self) -> None:
        super().__init__()
        self.history: list[Message] = []

    def notify(self, title: str, tone: str = "quiet") -> None:
        """Tell of something that went as it should."""
        self._tell(Message(tone, title))

    def warn(self, title: str, sentence: str, cure: str) -> None:
        """Tell of something that was not done, and needs a decision."""
        self._tell(Message("caution", title, sentence, cure))

    def show(self, error: ItkError, about: str = "", attempt: str = "") -> None:
        """Tell of an error, by what it means and what to do; a cancelled piece of work is no news.

        ``about`` names the thing it happened to, such as the serial number that was scanned. ``attempt`` is
        what failed; whoever does it later calls ``settle``.
        """
        if isinstance(error, Cancelled):
            return
        logger.warning("%s: %s: %s", error.code, type(error).title, error.detail)
        message = replace(message_of(error), attempt=attempt)
        self._tell(replace(message, title=f"{about}: {message.title}") if about else message)

    def settle(self, attempt: str) -> None:
        """Tell no longer that something failed, since it was done now."""
        self.settled.emit(attempt)

    def _tell(self, message: Message) -> None:
        self.history.append(message)
        del self.history[:-200]
        self.told.emit(message)


def message_of(error: Words) -> Message:
    """Return what went wrong as something to tell, with the server's codes in its details."""
    details = [error.detail] if error.detail else []
    if isinstance(error, AnswerError):
        details += [_("Status: {status}").format(status=error.status)] if error.status else []
        details += [_("Server's code: {code}").format(code=code) for code in error.codes]
    name = f"{error.code} ({type(error).__name__})" if isinstance(error, ItkError) else error.code
    details += [_("Error: {name}").format(name=name)] if name else []
    told = redact("\n".join(details))
    request_id = error.request_id if isinstance(error, AnswerError) else ""
    if request_id and request_id not in told:
        told = f"{told}\n" + _("Request: {number}").format(number=request_id)
    words = ("bad", error.title, error.sentence, error.cure, told)
    return Message(*words) if isinstance(error, _ANSWERS) else Message(*words, request_id, error.code)
