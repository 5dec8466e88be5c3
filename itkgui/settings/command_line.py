"""Settings on the command line: the options that some have, and what holds, printed."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from itkgui.language import _
from itkgui.log import REMOVED, redact
from itkgui.settings.configuration import Configuration, Found, Source
from itkgui.settings.declarations import Settings
from itkgui.settings.declaring import Group, Setting
from itkgui.settings.kinds import Kind


def add_options(parser: argparse.ArgumentParser) -> None:
    """Let a parser take the options of the settings that have one."""
    group = parser.add_argument_group(_("settings (itkgui --show-config tells what holds)"))
    for setting in _with_option():
        group.add_argument(
            setting.option,
            dest=setting.name,
            type=_of_text(setting.kind),
            metavar=setting.kind.metavar,
            help=_(setting.help).replace("%", "%%"),
        )


def given_options(chosen: argparse.Namespace) -> dict[str, Any]:
    """Return what was chosen by these options, by the settings' names; None for what was not."""
    return {setting.name: getattr(chosen, setting.name) for setting in _with_option()}


def described(configuration: Configuration) -> str:
    """Return what holds and where it stands, as a settings file would say it; defaults are commented out.

    Secrets are not told, and no password of a proxy.
    """
    width = max(len(_line(setting, configuration.found(setting))) for setting in _shown(configuration))
    width = min(width, _WIDEST)
    lines = [
        "# " + _("your file: {file}").format(file=_told(configuration.paths.settings_file)),
        "# " + _("site file: {file}").format(file=_told(configuration.site_file)),
    ]
    for group in Group:
        settings = [setting for setting in _shown(configuration) if setting.group is group]
        lines += ["", f"# {_(group.value)}"] if settings else []
        for setting in settings:
            found = configuration.found(setting)
            lines.append(f"{_line(setting, found):{width}}  # {found.origin}")
    problems = [*configuration.problems, *configuration.doubts]
    lines += ["", *(f"# {redact(str(problem))}" for problem in problems)] if problems else []
    return "\n".join(lines) + "\n"


_WIDEST = 70  # characters before what tells the origin


def _line(setting: Setting, found: Found) -> str:
    import tomlkit  # only for who wants to see it

    if setting.is_secret:
        text = _("{setting} is set, and never shown") if found.value else _("{setting} is not set")
        return f"# {text.format(setting=setting.name)}"
    text = redact(tomlkit.item(setting.kind.to_toml(found.value)).as_string())
    is_said = found.source is not Source.DEFAULT and REMOVED not in text
    return f"{'' if is_said else '#'}{setting.name} = {text}"


def _shown(configuration: Configuration) -> tuple[Setting, ...]:
    return configuration.declared.declarations()


def _told(file: Path) -> str:
    return str(file) if file.exists() else _("{file} (not there)").format(file=file)


def _with_option() -> list[Setting]:
    return [setting for setting in Settings.declarations() if setting.option]


def _of_text(kind: Kind[Any]) -> Callable[[str], Any]:
    def read(text: str) -> Any:
        try:
            return kind.of_text(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(redact(str(error))) from error

    return read
