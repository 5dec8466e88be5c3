"""Settings chosen in a test or a measurement, as if by options of the command line."""

from __future__ import annotations

from pathlib import Path

from itkgui.settings import Settings
from itkgui.settings.configuration import Configuration, load


def configured(settings: Settings, folder: Path | None) -> Configuration:
    """Return what holds below a folder, which is made; the settings count where they are not the defaults.

    Without a folder it is what holds in the user's home, where nothing is made.
    """
    given = {one.name: getattr(settings, one.name) for one in Settings.declarations()}
    chosen = {one.name: given[one.name] for one in Settings.declarations() if given[one.name] != one.default}
    configuration = load({**chosen, "data_dir": folder})
    if folder is not None:
        configuration.paths.create()
    return configuration
