"""Command line of the sandbox: `python -m itkgui.sandbox`.

It serves a local ITk Production Database and its identity provider on one port, and the EOS object store on
two more, door and storage node. The first line it prints is one JSON object with addresses and credentials.

- Everything listens on 127.0.0.1 only. With `--tls` all but the storage node speak https under a certificate
  authority of this process, whose certificate is announced as `ca_file`.
- It behaves as the real servers do, oddities included; `--without` switches oddities off (see `oddities`).
- It fails on demand: rules sent to `/_sandbox/faults` reset, stall, slow down, truncate, refuse or garble
  requests, lose the answer after the work is done, or let tokens expire (see `wire.faults` for all of it).
- `/_sandbox/log` tells which requests came, and `/_sandbox/state` what is stored (see `wire.control`).
- Whatever comes in gets a status or a clean end: heads and bodies that are malformed, too long (413, 414,
  431) or too slow (408) are refused. Nothing is written outside of `--storage`, nor to the standard error
  without `--verbose`.
"""

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

if sys.platform != "win32":
    import resource

from itkgui.sandbox.catalogue.families import showcase
from itkgui.sandbox.oddities import Oddities
from itkgui.sandbox.roles import accounts_text
from itkgui.sandbox.service import Options, Service
from itkgui.sandbox.wire.control import PATHS
from itkgui.sandbox.wire.fault_rules import ACTIONS

_MOST_COMPONENTS = 200_000


def _epilog() -> str:
    return f"""
The first line on the standard output is one JSON object with api_url, auth_url, eos_url, eos_token_url,
ca_file, access_code1, access_code2, bearer (a valid one), accounts and components.

Sign in with two access codes, NAME-code-1 and NAME-code-2, where NAME is
{accounts_text()}

Parts to begin with, whatever the number of components (seed 1):
{showcase()}

Control paths, below api_url and for programs on this machine only:
{_table(PATHS)}

Faults: POST a list of rules such as
  [{{"match": "PUT /eos/*", "do": "reset", "after_bytes": 100000, "times": 2}}]
{_table(ACTIONS)}
  More keys: server (api, door, node), side (request, answer), skip, ms, status, headers. times is 1 unless
  told otherwise, and null for ever. The first rule that matches and has turns left acts.

TLS: with --tls all addresses but that of the EOS storage node are https, as in the wild. ca_file is what a
client has to trust; it lies in the storage folder and is a new one at every start.

Oddities of the real servers (§: section of the API reference), to be switched off with --without:
{_table(Oddities.described())}
"""


def _table(rows: dict[str, str]) -> str:
    width = max(map(len, rows)) + 2
    return "\n".join(f"  {name:{width}}{text}" for name, text in rows.items())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m itkgui.sandbox",
        description="A local ITk Production Database, identity provider and EOS object store over real HTTP, "
        "filled with invented but realistic parts. It listens on this machine only.",
        epilog=_epilog(),
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
        help="a new or empty folder, or an earlier sandbox's: what is written is kept there, and nothing is "
        "written elsewhere; default: a temporary folder, which stays behind if the process is killed",
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
        "--clock-offset",
        type=_number(-(2**31), 2**31),
        default=0,
        metavar="S",
        help="by how many seconds its clock, in dates of answers and in tokens, is ahead of this machine's",
    )
    parser.add_argument(
        "--without",
        type=_oddities,
        default=Oddities(),
        metavar="NAME,…",
        help="oddities of the real servers to switch off: all, or any of those listed below",
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


def _allow_many_connections() -> None:
    if sys.platform != "win32":
        # Every connection is a file handle, and the limit to begin with is often low; some systems say that
        # there is no upper one, and refuse to be taken at their word.
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


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
    _allow_many_connections()
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
        clock_offset=arguments.clock_offset,
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
        try:
            print(json.dumps(service.announcement()), flush=True)  # noqa: T201 - the contract with whoever started us
        except OSError:
            # Nobody is there to hear where it is.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 1
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
