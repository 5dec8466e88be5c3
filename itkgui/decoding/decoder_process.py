"""What runs in a decoder's process: takes one function after another, and gives back what it returned."""

from __future__ import annotations

import contextlib
import importlib
import io
import os
import pickle
import signal
import sys
import threading
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing import parent_process
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from itkgui import language
from itkgui.client.exceptions import ItkError
from itkgui.decoding.kept import let_go_of_old


@dataclass(frozen=True)
class Answer:
    """How one function ended: with a value, with an error for people, or with a fault of its own.

    Of a fault there are the whole stack and, ``in_short``, its kind and the first line of what it says.
    """

    value: Any = None
    error: ItkError | None = None
    fault: str = ""
    in_short: str = ""


_GIVEN = frozenset(("array", "builtins", "collections", "datetime", "enum", "itkgui", "numpy", "pathlib"))


class _Answers(pickle.Unpickler):
    """Reads answers of what decoders give, and loads no other package for them, such as one of a plug-in."""

    def find_class(self, module: str, name: str) -> Any:
        if module.partition(".")[0] not in _GIVEN:
            raise pickle.UnpicklingError(f"{module}.{name} is nothing that decoders give")
        return super().find_class(module, name)


def answer_in(sent: bytes) -> Answer:
    """Return what the process has sent, or a fault if something is in it that no decoder gives."""
    try:
        answer: Answer = _Answers(io.BytesIO(sent)).load()
    except pickle.UnpicklingError as error:
        return _fault(error)
    return answer


def serve(
    connection: Connection,
    speech: tuple[str, Path] | None,
    preload: Sequence[str],
    preload_later: Sequence[str],
) -> None:
    """Answer until the other end is closed, with words in the language that ``speech`` names.

    ``preload`` names modules that many functions need, ``preload_later`` those that some do: they are loaded
    until there is a first question.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C in the terminal is for the program
    _print_beside_the_program()
    threading.Thread(target=_end_with_parent, name="end-with-parent", daemon=True).start()
    if speech is not None:
        language.use(*speech)
    for name in preload:
        importlib.import_module(name)
    connection.send(Answer())  # ready
    for name in preload_later:
        if not connection.poll():
            importlib.import_module(name)
    while True:
        try:
            while not connection.poll(let_go_of_old()):
                pass
            function, arguments, options = connection.recv()
        except (EOFError, OSError):
            return
        connection.send(_answer(function, arguments, options))


def _answer(function: Any, arguments: Any, options: Any) -> Answer:
    try:
        return Answer(function(*arguments, **options))
    except ItkError as error:
        return Answer(error=error)
    except MemoryError:
        return Answer(fault="MemoryError")
    except Exception as error:  # noqa: BLE001 - libraries raise anything for a bad file; it is told and logged over there
        return _fault(error)


def _fault(error: Exception) -> Answer:
    kind = type(error)
    is_plain = kind.__module__ in ("builtins", "__main__")
    name = kind.__qualname__ if is_plain else f"{kind.__module__}.{kind.__qualname__}"
    said = "".join(traceback.format_exception_only(error)).splitlines()
    kinds = (place for place, line in enumerate(said) if line.startswith(name))  # a file may stand before it
    told = "\n".join(said[next(kinds, 0) :]).removeprefix(name).removeprefix(":")
    first = next(filter(None, map(str.strip, told.splitlines())), "")
    in_short = f"{name}: {first}" if first else name
    visible = "".join(mark if mark.isprintable() else repr(mark)[1:-1] for mark in in_short)
    return Answer(fault="".join(traceback.format_exception(error)), in_short=visible)


def _print_beside_the_program() -> None:
    """Let what is printed here, by libraries in C and other processes too, go where errors go.

    What the program itself prints may be for a script.
    """
    sys.stdout = sys.stderr
    with contextlib.suppress(OSError):  # of a window without a terminal there is neither
        os.dup2(2, 1)


def _end_with_parent() -> None:
    """End this process with the program, even if a decoder never comes back."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
