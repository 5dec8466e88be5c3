"""The command line: says what it can do, and starts the program, or has a running window do it.

Exit codes: 0 all well, 1 the tour or the start check failed, or --show-config found a fault in a file,
2 wrong usage, 3 no display to open a window on.
``upload`` and ``queue`` work without a window, and have their own (``uploads.headless``).
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from itkgui import __version__
from itkgui.records.component_link import identifier_from
from itkgui.settings.command_line import add_options, described, given_options

if TYPE_CHECKING:
    from itkgui.settings.configuration import Configuration

_WITHOUT_WINDOW = ("upload", "queue")


def main(arguments: list[str] | None = None) -> int:
    """Run the program with command-line arguments and return its exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if arguments and arguments[0] in _WITHOUT_WINDOW:
        from itkgui.uploads.headless import command

        return command.main(arguments)
    parser = _parser()
    chosen = parser.parse_args(arguments)
    drives_itself = chosen.tour is not None or chosen.check_start
    if not drives_itself or chosen.data_dir is not None:
        return _start(parser, chosen, chosen.data_dir)
    # What checks a workstation leaves nothing on it.
    with tempfile.TemporaryDirectory(prefix="itkgui-", ignore_cleanup_errors=True) as folder:
        return _start(parser, chosen, Path(folder))


def _start(parser: argparse.ArgumentParser, chosen: argparse.Namespace, data_dir: Path | None) -> int:
    from itkgui.paths import runtime_folder
    from itkgui.settings.configuration import load

    try:
        configuration = load({**given_options(chosen), "data_dir": data_dir})
    except ValueError as error:
        parser.error(str(error))
    if chosen.show_config:
        sys.stdout.write(described(configuration))
        return 1 if configuration.problems or configuration.doubts else 0
    if chosen.tour is not None or chosen.check_start:
        return _run(parser, chosen, configuration)

    from itkgui.single_instance import SANDBOX, Answer, MeetingPlace, Wish, activation_token

    server = SANDBOX if chosen.sandbox else chosen.api_url or ""
    wish = Wish(chosen.component or "", server, activation_token())
    with MeetingPlace(runtime_folder(), configuration.paths.state) as place:
        answer = None if chosen.new_window else place.hand_over(wish)
        if answer is None:
            return _run(parser, chosen, configuration, wish=wish, place=place)
    if answer is Answer.WAITS and sys.stdout is not None:  # a windowed program on Windows has none
        sys.stdout.write("itkgui: the running window opens it as soon as somebody has signed in there.\n")
    return 0


def _run(
    parser: argparse.ArgumentParser,
    chosen: argparse.Namespace,
    configuration: Configuration,
    **meeting: Any,
) -> int:
    from itkgui import log

    if not _choose_platform(drives_itself=chosen.tour is not None or chosen.check_start):
        sys.stderr.write(
            "itkgui: there is no display to open a window on.\n"
            "Start it on a desktop, or forward one (ssh -X); --tour and --check-start need none.\n"
        )
        return 3
    try:
        configuration.paths.create()
        log.set_up(configuration.settings.log_level, configuration.paths.log_file)
    except (OSError, ValueError) as error:
        parser.error(str(error))
    logging.getLogger(__name__).info("itkgui %s, Python %s", __version__, sys.version.split()[0])
    configuration.log_problems()

    from itkgui import application, program
    from itkgui.tour import guide

    options = application.Options(
        configuration,
        codes_from="the environment (ITKDB_ACCESS_CODE1 and 2)"
        if configuration.settings.access_code1
        else "",
        use_sandbox=chosen.sandbox or chosen.tour is not None,
        **meeting,
    )
    if chosen.check_start:
        return program.run(options, program.check_start)
    if chosen.tour is not None:
        return guide.run(options, chosen.tour)
    return program.run(options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="itkgui",
        description="Desktop program for the ATLAS ITk Production Database.",
        epilog="The access codes may be given in ITKDB_ACCESS_CODE1 and ITKDB_ACCESS_CODE2. "
        "Without a window: itkgui upload --help, itkgui queue --help.",
    )
    parser.add_argument(
        "component",
        nargs="?",
        type=_identifier,
        metavar="SERIAL",
        help="open this component (20U…, a code, or itkgui:20U…), in the running window if there is one",
    )
    parser.add_argument("--new-window", action="store_true", help="do not look for a running window")
    parser.add_argument(
        "--sandbox", action="store_true", help="start a local practice database and connect to it"
    )
    parser.add_argument(
        "--tour",
        type=Path,
        metavar="DIR",
        help="drive the window through all it is for on the sandbox; write screenshots and tour.json to DIR",
    )
    parser.add_argument(
        "--check-start",
        action="store_true",
        help="open the first window, close it again, and tell by the exit code",
    )
    parser.add_argument(
        "--show-config", action="store_true", help="print what is set, and where: each value with its origin"
    )
    add_options(parser)
    parser.add_argument("--version", action="version", version=f"itkgui {__version__}")
    return parser


def _identifier(text: str) -> str:
    try:
        return identifier_from(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _choose_platform(*, drives_itself: bool) -> bool:
    """Let a run that drives itself do without a display; tell whether a window can be opened at all."""
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM"):
        return True
    if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        return True
    if drives_itself:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    return drives_itself


if __name__ == "__main__":
    sys.exit(main())
