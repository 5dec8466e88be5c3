"""Logging set-up: one rotating file and the terminal, both behind a filter that removes secrets."""

from __future__ import annotations

import logging
import logging.handlers
import os
import re
import sys
import threading
import time
import traceback
from pathlib import Path
from types import TracebackType
from typing import Any

from itkgui.language import _

MOMENT = "%Y-%m-%dT%H:%M:%S"  # local time
FORMAT = "%(asctime)s.%(msecs)03d %(levelname)-7s %(threadName)s %(name)s: %(message)s"

# A JWT, with what stands before it in the same word: a search that began anew at each "eyJ" would take hours.
_JWT = re.compile(r"(?<![\w-])((?:(?!eyJ)[\w-])*)eyJ[\w-]+\.[\w-]+\.[\w-]*")
# Other credentials: an EOS token, an access token, the capability of a redirect, a proxy's password.
_SECRETS = re.compile(
    r"zteos64(?::|%3[Aa])[\w%=+/-]+"
    r"|\bat\.[\w-]{20,}"
    r"|(?<=cap\.sym=)[^&\s\"']+|(?<=cap\.msg=)[^&\s\"']+|(?<=encURI=)[^&\s\"']+"
    r"|(?<=authz=)[^&\s\"']+"
    r"|(?i:(?<=bearer )[^\s\"',;]+)"
    r"|(?<=://)[^/\s:@]*:[^/\s@]+(?=@)"
)
# A name and its value as JSON, Python, a header, a URL or a shell writes them; JSON inside JSON is escaped.
_FIELDS = re.compile(
    r"""(?i)((?:access[_-]?code[_-]?[12]|authorization|(?<!noEos)(?<!invalid)token|bearer)(?:\\*["'])?\s*[:=]\s*)"""
    r"""(b?"(?:[^"\\]|\\.)*"|b?'(?:[^'\\]|\\.)*'|\\+".*?\\"|(?:(?:basic|bearer|digest)\s+)?[^\s,;}&]+)"""
)
REMOVED = "[removed]"


def redact(text: str) -> str:
    """Return the text with every credential in it replaced by ``[removed]``."""
    text = _JWT.sub(rf"\1{REMOVED}", text)
    return _FIELDS.sub(rf"\1{REMOVED}", _SECRETS.sub(REMOVED, text))


class PrivateLogFile(logging.handlers.RotatingFileHandler):
    """A rotating file that only its owner can read, the files it begins later included.

    Several programs may write to one: each goes on in the file that another has begun. ``trouble`` tells why
    it could not be written at last, empty if it could.
    """

    trouble = ""

    def shouldRollover(self, record: logging.LogRecord) -> bool:  # noqa: N802 - logging's own name
        if self.stream is not None and self._is_moved(self.stream.fileno()):
            self.stream.close()
            self.stream = self._open()
        return bool(super().shouldRollover(record))

    def rotate(self, source: str, dest: str) -> None:
        try:
            super().rotate(source, dest)
        except PermissionError:  # on Windows, while another program has it open: the file grows until then
            if sys.platform != "win32":
                raise

    def emit(self, record: logging.LogRecord) -> None:
        before, self.trouble = self.trouble, ""
        super().emit(record)
        if self.trouble and not before and sys.stderr is not None:  # once, not for every message
            text = _("the log cannot be written: {why}").format(why=self.trouble)
            sys.stderr.write(f"itkgui: {text}\n")

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's own name
        """Note that the file cannot be written, such as on a full disk; the program goes on."""
        error = sys.exc_info()[1]
        if isinstance(error, OSError):
            self.trouble = str(error)
        else:  # a fault of who wrote the message
            super().handleError(record)

    def _is_moved(self, descriptor: int) -> bool:
        try:
            return not os.path.samestat(Path(self.baseFilename).stat(), os.fstat(descriptor))
        except FileNotFoundError:
            return True

    def _open(self) -> Any:
        return open(self.baseFilename, self.mode, encoding=self.encoding, errors=self.errors, opener=_private)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


class RedactingFormatter(logging.Formatter):
    """Formats a record, its traceback included, and removes what must not be kept."""

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))


def moment_now() -> str:
    """Return the present moment as the log writes it."""
    return _moment(time.time())


def moment_of_start() -> str:
    """Return when the log of this run began, as the log writes it."""
    now = logging.makeLogRecord({})
    return _moment(now.created - now.relativeCreated / 1000)


def _moment(seconds: float) -> str:
    whole, rest = divmod(int(seconds * 1000), 1000)
    return f"{time.strftime(MOMENT, time.localtime(whole))}.{rest:03}"


def trouble() -> str:
    """Return why the log's file could not be written just now; empty if it could, or there is none."""
    handlers = logging.getLogger().handlers
    return next((one.trouble for one in handlers if isinstance(one, PrivateLogFile) and one.trouble), "")


def hide_secrets_in_faults() -> None:
    """Let faults that nobody catches be told on the terminal without credentials, on any thread."""

    def tell(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
        if sys.stderr is not None:
            sys.stderr.write(redact("".join(traceback.format_exception(kind, error, trace))))

    sys.excepthook = tell
    threading.excepthook = lambda fault: tell(fault.exc_type, fault.exc_value, fault.exc_traceback)


def set_up(level: str, log_file: Path | None, *, to_terminal: bool = True) -> str:
    """Send the program's log to the terminal and, if given, to a rotating file with mode 0600.

    Returns why there is no file, if it cannot be written; that is no reason not to go on. Raises ValueError
    for an unknown level.
    """
    root = logging.getLogger()
    root.setLevel(level.upper())
    formatter = RedactingFormatter(FORMAT, datefmt=MOMENT)
    handlers: list[logging.Handler] = []
    if to_terminal and sys.stderr is not None:  # a windowed program on Windows has none
        handlers.append(logging.StreamHandler())
    unwritable: OSError | None = None
    if log_file is not None:
        try:
            handlers.append(PrivateLogFile(log_file, maxBytes=2_000_000, backupCount=5, encoding="utf-8"))
        except OSError as error:
            unwritable = error
    for handler in list(root.handlers):
        root.removeHandler(handler)
        handler.close()
    for handler in handlers:
        handler.setFormatter(formatter)
        root.addHandler(handler)
    # urllib3 writes each request's path, and with it the capabilities of EOS, at debug level.
    logging.getLogger("urllib3").setLevel(logging.WARNING)
    if unwritable is not None:
        logging.getLogger(__name__).warning("no log file: %s", unwritable)
        return str(unwritable)
    return ""
