"""Command line of the sandbox: `python -m itkgui.sandbox`."""

from __future__ import annotations

import argparse
import contextlib
import json
import logging
import os
import signal
import sys
import threading
from pathlib import Path
from typing import NoReturn

from itkgui.sandbox.catalogue.families import showcase
from itkgui.sandbox.oddities import Oddities
from itkgui.sandbox.roles import accounts_text
from itkgui.sandbox.service import Options, Service

_MOST_COMPONENTS = 200_000
_EPILOG = f"""
The first line on the standard output is one JSON object with api_url, auth_url, eos_url, access_code1,
access_code2, bearer (a valid one), accounts and components.

Sign in with two access codes, NAME-code-1 and NAME-code-2, where NAME is
{accounts_text()}

Parts to begin with, whatever the number of components (seed 1):
{showcase()}
"""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m itkgui.sandbox",
        description="A local ITk Production Database, identity provider and EOS object store over real HTTP, "
        "filled with invented but realistic parts. It listens on this machine only.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    number = _number(0, 2**31)
    parser.add_argument(
        "--port", type=_number(0, 65535), default=0, metavar="N", help="port of the API; 0: any"
    )
    parser.add_argument(
        "--components",
        type=_number(1, _MOST_COMPONENTS),
        default=2400,
        metavar="N",
        help="how many components at least (default: %(default)s)",
    )
    parser.add_argument(
        "--seed", type=number, default=1, metavar="N", help="same seed, same data (default: %(default)s)"
    )
    parser.add_argument("--latency", type=number, default=0, metavar="MS", help="wait before every answer")
    parser.add_argument(
        "--storage",
        type=Path,
        default=None,
        metavar="DIR",
        help="where uploads go, and nothing is written elsewhere; default: a temporary folder",
    )
    parser.add_argument("--until-stdin-closes", action="store_true", help="stop when the standard input ends")
    parser.add_argument(
        "--token-lifetime", type=number, default=1800, metavar="S", help="of a sign-in (default: %(default)s)"
    )
    parser.add_argument(
        "--eos-token-lifetime",
        type=number,
        default=300,
        metavar="S",
        help="of an EOS token (default: %(default)s)",
    )
    parser.add_argument(
        "--without",
        type=_oddities,
        default=Oddities(),
        metavar="NAME,…",
        help="oddities of the real servers to switch off: all, or any of " + ", ".join(Oddities.names()),
    )
    parser.add_argument(
        "--tls",
        action="store_true",
        help="https with a certificate authority of its own, everywhere but at the EOS storage node",
    )
    parser.add_argument(
        "--largest-upload",
        type=_number(1, 2**31),
        default=5120,
        metavar="MB",
        help="bodies over this size are refused with status 413 (default: %(default)s)",
    )
    parser.add_argument("--verbose", action="store_true", help="log every request to the standard error")
    return parser


def _oddities(text: str) -> Oddities:
    try:
        return Oddities().without(text.split(","))
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _number(low: int, high: int) -> _Number:
    return _Number(low, high)


class _Number:
    """An argument type: a whole number between two limits, with a message that says so."""

    def __init__(self, low: int, high: int) -> None:
        self._low = low
        self._high = high

    def __call__(self, text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            number = self._low - 1
        if not self._low <= number <= self._high:
            raise argparse.ArgumentTypeError(f"{text!r} is not a number from {self._low} to {self._high}")
        return number


def _watch_stdin(stop: threading.Event) -> None:
    # Not sys.stdin.read(): its lock would still be held when the interpreter ends.
    with contextlib.suppress(OSError):
        while os.read(0, 4096):
            pass
    stop.set()


def main() -> int:
    """Serve until told to stop; return the exit code."""
    arguments = _parser().parse_args()
    logging.basicConfig(
        stream=sys.stderr,
        level=logging.DEBUG if arguments.verbose else logging.WARNING,
        format="%(asctime)s %(levelname)s %(message)s",
    )
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    options = Options(
        port=arguments.port,
        components=arguments.components,
        seed=arguments.seed,
        latency=arguments.latency / 1000,
        storage=arguments.storage,
        token_lifetime=arguments.token_lifetime,
        eos_token_lifetime=arguments.eos_token_lifetime,
        oddities=arguments.without,
        tls=arguments.tls,
        largest_upload=arguments.largest_upload * 1024 * 1024,
    )
    try:
        service = Service(options)
    except OSError as error:
        print(f"The sandbox cannot start: {error}", file=sys.stderr)  # noqa: T201 - the user of a terminal reads this
        return 1
    try:
        service.start()
        print(json.dumps(service.announcement()), flush=True)  # noqa: T201 - the contract with whoever started us
        if arguments.until_stdin_closes:
            threading.Thread(target=_watch_stdin, args=(stop,), name="stdin", daemon=True).start()
        # In slices, so that Ctrl-C is noticed on Windows too.
        while not stop.wait(0.25):
            pass
    finally:
        service.stop()
    return 0


def _run() -> NoReturn:
    sys.exit(main())


if __name__ == "__main__":
    _run()
