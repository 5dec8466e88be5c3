"""A file's bytes from a server, in as many answers as it takes: whole and compared, or an error."""

from __future__ import annotations

import contextlib
import logging
import random
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass

from itkgui.client import transfer
from itkgui.client.answers import Answer
from itkgui.client.bodies import Adler32
from itkgui.client.exceptions import (
    AnswerError,
    ChecksumMismatch,
    ConnectionFailed,
    ConnectionLost,
    FileProblem,
    ItkError,
    ServerSilent,
    ServerTrouble,
    TransferIncomplete,
    UnexpectedStatus,
)
from itkgui.language import N_

log = logging.getLogger(__name__)

# Asks a server for a file, with these headers too; gives the answer, 200 or 206, its body still on the wire.
Ask = Callable[[Mapping[str, str]], AbstractContextManager[Answer]]

_TRIES = 3  # in a row without a byte that is new
_MOST_TRIES = 100
_FIRST_PAUSE = 0.3  # seconds, before the second try; each further one is four times as long
_BUSY = (502, 503, 504)
_LEAST_RATE = 100.0  # bytes per second: what is slower over the whole patience counts as silent

_CONTENT_RANGE = re.compile(r"bytes (?P<first>\d+)-\d+/(?P<total>\d+)", re.ASCII)
_CHECKSUM = re.compile(r"adler32:([0-9a-f]{8})", re.IGNORECASE)
_CHECKSUM_IN_ETAG = re.compile(r'"?\d+:([0-9a-f]{8})"?', re.IGNORECASE)


class LargerThanAllowed(FileProblem):
    """More bytes are announced, or came, than whoever asked was ready for; ``size`` is None if not told."""

    title = N_("Large file")
    sentence = N_("This file is larger than what is fetched without a question.")
    cure = N_("Ask for it by itself to fetch all of it.")

    def __init__(self, size: int | None) -> None:
        super().__init__(f"{size} bytes" if size is not None else "the server tells no size")
        self.size = size


@dataclass(frozen=True)
class Told:
    """What a server tells of a file without its bytes: how many they are, None if it does not tell.

    ``adler32`` is empty where it tells none; only EOS does (API reference §6.3).
    """

    size: int | None
    adler32: str = ""


class Download:
    """A file that has begun to come; made by ``opened``.

    ``size`` is in bytes, None if the server does not tell; ``file_name`` is what the server calls it, not
    safe to use as it is; ``adler32`` is empty if the server tells none.
    """

    def __init__(self, ask: Ask, patience: float, answers: contextlib.ExitStack) -> None:
        self._ask = ask
        self._patience = patience
        self._answers = answers
        self._position = self._furthest = 0
        self._tries = self._all_tries = 0
        self._has_begun_anew = False
        answer = answers.enter_context(ask({}))
        self.size = answer.size
        self.file_name = answer.file_name
        self._begin(answer)

    def pieces(self) -> Iterator[tuple[int, bytes]]:
        """Yield the bytes, each block with its position; once.

        Where the connection breaks, goes silent or ends early, the rest is asked for. A position of 0 after
        others means that the server could only begin anew: what came before is void. Raises
        TransferIncomplete or ChecksumMismatch if the whole is not what was announced, ConnectionFailed,
        AnswerError, Cancelled.
        """
        checksum = Adler32()
        for block in _timely(iter(self._next_block, b""), self._patience):
            if self._position == 0:
                checksum = Adler32()
            if self.adler32:
                checksum.update(block)
            yield self._position, block
            self._position += len(block)
        _compare(checksum, self.adler32)

    def pieces_up_to(self, most: int | None) -> Iterator[tuple[int, bytes]]:
        """Yield what ``pieces`` does; raises LargerThanAllowed for more than ``most`` bytes, if it is given.

        That is before the first of them where the server tells the size.
        """
        if most is not None and self.size is not None and self.size > most:
            raise LargerThanAllowed(self.size)
        for position, block in self.pieces():
            if most is not None and position + len(block) > most:
                raise LargerThanAllowed(self.size)
            yield position, block

    def fingerprint(self) -> tuple[int, str]:
        """Return byte count and Adler-32; the bytes are read only if the server does not tell them."""
        if self.size is not None and self.adler32:
            return self.size, self.adler32
        checksum = Adler32()
        for position, block in self.pieces():
            if position == 0:
                checksum = Adler32()
            checksum.update(block)
        return self._position, checksum.hexdigest()

    def _begin(self, answer: Answer) -> None:
        if answer.status != 200:
            raise UnexpectedStatus(f"{answer.status} instead of 200", status=answer.status)
        if answer.size != self.size:
            raise TransferIncomplete(f"it had {self.size} bytes, and has {answer.size} now")
        self.adler32 = "" if self.size == 0 else announced_checksum(answer)  # empty: API reference §6.3
        etag = answer.headers.get("ETag", "")
        self._etag = "" if etag.startswith("W/") else etag  # a weak one does not stand for each byte
        self._blocks = answer.blocks()

    def _next_block(self) -> bytes:
        """Return the next block, from another answer if need be; nothing at the end of all."""
        while True:
            try:
                block = next(self._blocks, b"")
            except (ConnectionLost, ServerSilent, TransferIncomplete) as failure:
                self._go_on_after(failure)
                continue
            end = self._position + len(block)
            if self.size is None or (block and end <= self.size) or end == self.size:
                return block
            unequal = TransferIncomplete(f"{end} bytes came, {self.size} were announced")
            if block:
                raise unequal
            self._go_on_after(unequal)

    def _go_on_after(self, failure: ItkError) -> None:
        """Ask for what is missing until there is an answer; raises the failure where that is of no use."""
        while True:
            if self._position > self._furthest:
                self._furthest, self._tries = self._position, 0
            elif isinstance(failure, ServerSilent) or self._tries == _TRIES:
                raise failure
            if self._all_tries == _MOST_TRIES:  # a server that gives a byte a time
                raise failure
            log.info("asking for the rest from byte %d: %s", self._position, failure.detail)
            self._answers.close()
            if self._tries:
                jitter = random.uniform(1, 1.5)  # noqa: S311
                transfer.current().pause(_FIRST_PAUSE * 4 ** (self._tries - 1) * jitter)
            self._tries += 1
            self._all_tries += 1
            try:
                self._ask_again(failure)
            except ConnectionFailed as error:
                failure = error
            except ServerTrouble as error:
                if error.status not in _BUSY:
                    raise
                failure = error
            else:
                return

    def _ask_again(self, failure: ItkError) -> None:
        headers = {"Range": f"bytes={self._position}-", "If-Range": self._etag} if self._etag else {}
        answer = self._answers.enter_context(self._ask(headers if self._position else {}))
        if answer.status == 206:
            part = _CONTENT_RANGE.fullmatch(answer.headers.get("Content-Range", ""))
            fits = part is not None and (int(part["first"]), int(part["total"])) == (
                self._position,
                self.size,
            )
            if not fits or answer.headers.get("ETag", self._etag) != self._etag:
                raise TransferIncomplete("the server sent another part than the one asked for") from failure
            self._blocks = answer.blocks()
            return
        if self._has_begun_anew:
            raise failure
        self._has_begun_anew = self._position > 0
        self._position = 0
        self._begin(answer)


@contextlib.contextmanager
def opened(ask: Ask, patience: float) -> Iterator[Download]:
    """Ask for a file; what is open of it is closed with the block.

    ``patience`` is for how many seconds it may come at a crawl. Raises what ``ask`` raises, UnexpectedStatus.
    """
    with contextlib.ExitStack() as answers:
        yield Download(ask, patience, answers)


def compared_blocks(answer: Answer) -> Iterator[bytes]:
    """Yield the bytes of a single answer, for who cannot ask again.

    Raises TransferIncomplete or ChecksumMismatch if they are not what was announced,
    ConnectionFailed (ServerSilent if they come at a crawl), Cancelled.
    """
    count, checksum = 0, Adler32()
    expected = "" if answer.size == 0 else announced_checksum(answer)
    for block in _timely(answer.blocks(), answer.patience):
        count += len(block)
        checksum.update(block)
        yield block
    if answer.size is not None and count != answer.size:
        raise TransferIncomplete(f"{count} bytes came, {answer.size} were announced")
    _compare(checksum, expected)


def _timely(blocks: Iterable[bytes], patience: float) -> Iterator[bytes]:
    """Yield the blocks. Raises ServerSilent if they come at a crawl for so many seconds."""
    began, recent = time.monotonic(), 0
    for block in blocks:
        yield block
        recent += len(block)
        elapsed = time.monotonic() - began
        if elapsed > patience:
            if recent < _LEAST_RATE * elapsed:
                raise ServerSilent(f"only {recent} bytes came in {elapsed:.0f} s")
            began, recent = time.monotonic(), 0


def told_by(ask: Ask) -> Told:
    """Return what a server tells of a file; only one byte is asked for.

    The object store and the database do in the head of the answer (API reference §5.5, §6.3). Raises what
    ``ask`` raises.
    """
    try:
        with ask({"Range": "bytes=0-0"}) as answer:
            if answer.status != 206:
                return Told(answer.size, announced_checksum(answer))
            answer.load()  # the byte, so that the connection can be used again
            part = _CONTENT_RANGE.fullmatch(answer.headers.get("Content-Range", ""))
            return Told(int(part["total"]) if part else None, announced_checksum(answer))
    except AnswerError as error:
        if error.status == 416:  # a file without a first byte
            return Told(0)
        raise


def positioned(blocks: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """Yield blocks that follow one another, each with its position, as ``files.receive`` takes them."""
    position = 0
    for block in blocks:
        yield position, block
        position += len(block)


def _compare(checksum: Adler32, expected: str) -> None:
    if expected and checksum.hexdigest() != expected:
        raise ChecksumMismatch(f"Adler-32 is {checksum.hexdigest()}, should be {expected}")


def announced_checksum(answer: Answer) -> str:
    """Return the Adler-32 that EOS tells in OC-Checksum and again in the ETag (API reference §6.3)."""
    match = _CHECKSUM.fullmatch(answer.headers.get("OC-Checksum", "").strip()) or _CHECKSUM_IN_ETAG.fullmatch(
        answer.headers.get("ETag", "").strip()
    )
    return match[1].lower() if match else ""
