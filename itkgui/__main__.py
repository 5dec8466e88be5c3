"""The command line: says what it can do, and starts the program, or has a running window do it.

What it returns stands in ``itkgui.exit_codes``. ``upload``, ``queue`` and ``doctor`` work without a window;
the last must run where packages are missing, so nothing but the standard library is loaded at first.
"""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from itkgui import __version__, exit_codes, log
from itkgui.exit_codes import ExitCode
from itkgui.language import _

if TYPE_CHECKING:
    from itkgui.settings.configuration import Configuration

_SENDING = ("upload", "queue")


def main(arguments: list[str] | None = None) -> int:
    """Run the program with command-line arguments and return its exit code."""
    if arguments is None:
        arguments = sys.argv[1:]
        log.hide_secrets_in_faults()
    try:
        return _done(arguments)
    except ImportError as error:  # of a package, or of Qt since a library of the system is missing
        sentence = _what_lacks(error)
        if not sentence:
            raise
        sys.stderr.write(f"itkgui: {sentence}\n")
        return ExitCode.LIBRARY_MISSING
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED


def _what_lacks(error: ImportError | None = None) -> str:
    """Tell which library of the system or package is missing, and what helps; empty if none is."""
    more = _("`itkgui doctor` tells what else is missing.")
    package = (error.name or "").partition(".")[0] if isinstance(error, ModuleNotFoundError) else ""
    if package:
        sentence = _("The Python package {package} is missing.").format(package=package)
        return "" if package == "itkgui" else f"{sentence}\n{more}"
    from itkgui.diagnosis import system_libraries

    lack = system_libraries.lack()
    return f"{lack.sentence}\n{lack.cure}\n{more}" if lack is not None else ""


def _speak() -> None:
    """Use the language that is set, for what is said before options are read."""
    try:
        from itkgui.settings.configuration import load
    except ModuleNotFoundError as error:
        if (error.name or "itkgui").partition(".")[0] == "itkgui":
            raise
        return  # whoever needs the package tells of it
    with contextlib.suppress(ValueError):  # which is told when the options are read
        load().speak()


def _done(arguments: list[str]) -> int:
    _speak()
    if arguments[:1] == ["doctor"]:
        from itkgui.diagnosis import command as doctor

        return doctor.main(arguments)
    if arguments and arguments[0] in _SENDING:
        from itkgui.uploads.headless import command as sending

        return sending.main(arguments)
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
    from itkgui.settings.command_line import described, given_options
    from itkgui.settings.configuration import load

    try:
        configuration = load({**given_options(chosen), "data_dir": data_dir})
    except ValueError as error:
        parser.error(log.redact(str(error)))
    configuration.speak()  # before another text is made
    if chosen.show_config:
        sys.stdout.write(described(configuration))
        is_faulty = configuration.problems or configuration.doubts
        return ExitCode.FAILED if is_faulty else ExitCode.DONE
    if chosen.tour is not None or chosen.check_start:
        return _run(parser, chosen, configuration)

    import itkgui.plain_imports  # noqa: F401 - before anything loads Qt
    from itkgui.single_instance import SANDBOX, Answer, MeetingPlace, Wish, activation_token

    server = SANDBOX if chosen.sandbox else chosen.api_url or ""
    wish = Wish(chosen.component or "", server, activation_token())
    with MeetingPlace(runtime_folder(), configuration.paths.state) as place:
        answer = None if chosen.new_window else place.hand_over(wish)
        if answer is None:
            return _run(parser, chosen, configuration, wish=wish, place=place)
    if answer is Answer.WAITS and sys.stdout is not None:  # a windowed program on Windows has none
        text = _("the running window opens it as soon as somebody has signed in there.")
        sys.stdout.write(f"itkgui: {text}\n")
    return ExitCode.DONE


def _run(
    parser: argparse.ArgumentParser,
    chosen: argparse.Namespace,
    configuration: Configuration,
    **meeting: Any,
) -> int:
    if not _choose_platform(drives_itself=chosen.tour is not None or chosen.check_start):
        text = _("there is no display to open a window on.")
        cure = _("Start it on a desktop, or forward one (ssh -X); --tour and --check-start need none.")
        sys.stderr.write(f"itkgui: {text}\n{cure}\n")
        return ExitCode.NO_DISPLAY
    lack = _what_lacks()  # else Qt would end the program, in words that name one library for all
    if lack:
        sys.stderr.write(f"itkgui: {lack}\n")
        return ExitCode.LIBRARY_MISSING
    from itkgui.diagnosis import displays

    if not displays.can_be_opened():  # else Qt would end the program, and blame a library that is there
        name = displays.name()
        text = _("there is no display to open a window on.")
        if name:
            text = _("the display {name} cannot be opened.").format(name=name)
        cure = _("Start it on a desktop; over ssh, connect again and allow its display (ssh -X, xauth).")
        sys.stderr.write(f"itkgui: {text}\n{cure}\n")
        return ExitCode.NO_DISPLAY
    troubles = []
    try:
        configuration.paths.create()
    except OSError as error:
        if chosen.data_dir is not None:
            text = _("the folder {folder} that --data-dir names cannot be used: {reason}.")
            cure = _("Name another one, or let your user write there.")
            said = text.format(folder=chosen.data_dir, reason=error.strerror or error)
            sys.stderr.write(f"itkgui: {log.redact(said)}\n{cure}\n")
            return ExitCode.USAGE
        troubles.append(str(error))
    try:
        trouble = log.set_up(configuration.settings.log_level, configuration.paths.log_file)
    except ValueError as error:
        parser.error(log.redact(str(error)))
    troubles += [trouble] if trouble else []
    logging.getLogger(__name__).info("itkgui %s, Python %s", __version__, sys.version.split()[0])
    configuration.log_problems()

    from itkgui import application, program

    options = application.Options(
        configuration,
        use_sandbox=chosen.sandbox or chosen.tour is not None,
        troubles=tuple(troubles),
        **meeting,
    )
    if chosen.check_start:
        return program.run(options, program.check_start)
    if chosen.tour is not None:
        from itkgui.tour import guide  # which needs all of the program

        return guide.run(options, chosen.tour)
    return program.run(options)


def _parser() -> argparse.ArgumentParser:
    from itkgui.settings.command_line import add_options

    codes = _("The access codes may be given in ITKDB_ACCESS_CODE1 and ITKDB_ACCESS_CODE2.")
    commands = "itkgui upload --help, itkgui queue --help, itkgui doctor --help"
    parser = argparse.ArgumentParser(
        prog="itkgui",
        description=_("Desktop program for the ATLAS ITk Production Database."),
        epilog="\n".join(
            (codes, _("Without a window: {commands}.").format(commands=commands), "", exit_codes.table())
        ),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "component",
        nargs="?",
        type=_identifier,
        metavar="SERIAL",
        help=_("open this component (20U…, a code, or itkgui:20U…), in the running window if there is one"),
    )
    parser.add_argument("--new-window", action="store_true", help=_("do not look for a running window"))
    parser.add_argument(
        "--sandbox", action="store_true", help=_("start a local practice database and connect to it")
    )
    parser.add_argument(
        "--tour",
        type=Path,
        metavar="DIR",
        help=_(
            "drive the window through all it is for on the sandbox; write screenshots and tour.json to DIR"
        ),
    )
    parser.add_argument(
        "--check-start",
        action="store_true",
        help=_("open the first window, close it again, and tell by the exit code"),
    )
    parser.add_argument(
        "--show-config",
        action="store_true",
        help=_("print what is set, and where: each value with its origin"),
    )
    add_options(parser)
    parser.add_argument("--version", action="version", version=f"itkgui {__version__}")
    return parser


def _identifier(text: str) -> str:
    from itkgui.records.component_link import identifier_from

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
