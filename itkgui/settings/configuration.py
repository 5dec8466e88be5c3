"""All settings with where they stand: option, environment, the user's file, the site's file, default."""

from __future__ import annotations

import enum
import logging
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from itkgui import language
from itkgui.language import _
from itkgui.paths import UserPaths, resource, site_settings_file
from itkgui.settings.declarations import Settings
from itkgui.settings.declaring import Setting
from itkgui.settings.kinds import Address
from itkgui.settings.toml_file import Problem, TomlFile

SITE_VARIABLE = "ITKGUI_SITE_CONFIG"

logger = logging.getLogger(__name__)


class Source(enum.Enum):
    """Where a value may stand; of two, the one that is named first here counts."""

    OPTION = "option"
    ENVIRONMENT = "environment"
    USER = "user"
    SITE = "site"
    DEFAULT = "default"


class Found(NamedTuple):
    """A value, and the option, variable or file in which it stands."""

    value: Any
    source: Source = Source.DEFAULT
    where: str = ""

    @property
    def origin(self) -> str:
        """Where it comes from, in words."""
        return {
            Source.OPTION: _("set by {where}").format(where=self.where),
            Source.ENVIRONMENT: _("set by {where}").format(where=self.where),
            Source.USER: _("your choice"),
            Source.SITE: _("from the site file {where}").format(where=self.where),
            Source.DEFAULT: _("default"),
        }[self.source]

    @property
    def is_fixed(self) -> bool:
        """Whether it stands above what the user's file says."""
        return self.source in (Source.OPTION, Source.ENVIRONMENT)


Layer = Mapping[str, Found]


@dataclass(frozen=True)
class Configuration:
    """What holds; ``layers`` has the values of each source, by the settings' names, the default aside.

    ``refused`` has what was not taken from each.
    """

    paths: UserPaths
    site_file: Path
    layers: Mapping[Source, Layer]
    refused: Mapping[Source, Sequence[Problem]]
    declared: type[Settings] = field(default=Settings, repr=False)

    @cached_property
    def settings(self) -> Settings:
        """The values that hold."""
        return self.declared(**{name: found.value for name, found in self._strongest.items()})

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What was not taken, the strongest source first."""
        return tuple(problem for source in Source for problem in self.refused.get(source, ()))

    def found(self, setting: Setting) -> Found:
        """Return the value that holds, and where it stands."""
        return self._strongest.get(setting.name) or Found(setting.default)

    def below(self, setting: Setting) -> Found:
        """Return the value that would hold without the user's file."""
        return self.without(setting.name).found(setting)

    def changed(self, name: str, value: Any) -> Configuration:
        """Return what holds when the user's file has another value."""
        here = Found(value, Source.USER, str(self.paths.settings_file))
        return self._with_own({**self.layers[Source.USER], name: here})

    def without(self, name: str) -> Configuration:
        """Return what holds when the user's file says nothing of a setting."""
        return self._with_own({key: here for key, here in self.layers[Source.USER].items() if key != name})

    def reread(self) -> Configuration:
        """Return what holds with the user's file as it is now; all other sources are as they were.

        So is a value of that file whose line cannot be taken any more: somebody is in the midst of writing
        it, and a default may be another server. If nothing in the file can be taken, so are all of them.
        """
        settings = {one.name: one for one in self.declared.declarations()}
        before = self.layers[Source.USER]
        own, problems = _read(self.paths.settings_file, settings, Source.USER)
        if any(problem.of_all for problem in problems):
            own = before
        kept = {problem.setting: before[problem.setting] for problem in problems if problem.setting in before}
        told = [
            replace(one, effect=_("What it said before holds.")) if one.setting in kept else one
            for one in problems
        ]
        read = self._with_own({**own, **kept})
        return replace(read, refused={**self.refused, Source.USER: told})

    def speak(self) -> None:
        """Let all texts be in the language that is set, from now on."""
        language.use(self.settings.language, resource("languages"))

    @property
    def own_file(self) -> TomlFile:
        """The user's file."""
        return TomlFile(self.paths.settings_file)

    @cached_property
    def doubted(self) -> Mapping[str, str]:
        """What keeps values from being of use, such as a file that is not there, by the settings' names.

        It is looked for the first time one asks, which may take as long as a drive of the network.
        """
        told = {one.name: one.kind.doubt(self.found(one).value) for one in self.declared.declarations()}
        return {name: doubt for name, doubt in told.items() if doubt}

    @property
    def doubts(self) -> tuple[Problem, ...]:
        """The same as problems."""
        effects = {"ca_bundle": _("It is needed for every connection.")}
        cure = _("Correct it in the settings.")
        return tuple(
            Problem(self.found(one).where, f"{one.name}: {doubt}.", effects.get(one.name, ""), cure)
            for one in self.declared.declarations()
            if (doubt := self.doubted.get(one.name))
        )

    @property
    def wrong_address(self) -> Problem | None:
        """What keeps the address of a server from being the one that somebody meant: none must stand in."""
        addresses = {one.name for one in self.declared.declarations() if isinstance(one.kind, Address)}
        return next((problem for problem in self.problems if problem.setting in addresses), None)

    def log_problems(self) -> None:
        """Write into the log what was not taken, and what is of no use."""
        for problem in (*self.problems, *self.doubts):
            logger.warning("%s", problem)

    def _with_own(self, own: Layer) -> Configuration:
        return replace(self, layers={**self.layers, Source.USER: own})

    @cached_property
    def _strongest(self) -> dict[str, Found]:
        found: dict[str, Found] = {}
        for source in reversed(Source):
            found |= self.layers.get(source, {})
        return found


def load(
    given: Mapping[str, Any] | None = None,
    environ: Mapping[str, str] | None = None,
    *,
    declared: type[Settings] = Settings,
) -> Configuration:
    """Return what holds; ``given`` are the values of options, by the settings' names; None is none.

    ``environ`` as for ``Settings.from_environment``. Raises ValueError for an option that cannot be used; a
    variable or a file of which that is true leaves a problem behind.
    """
    settings = {one.name: one for one in declared.declarations()}
    options = {
        name: Found(settings[name].checked(value), Source.OPTION, settings[name].option or _("the program"))
        for name, value in (given or {}).items()
        if value is not None
    }
    known, refused = declared.in_environment(environ)
    surroundings = {name: Found(value, Source.ENVIRONMENT, where) for name, (value, where) in known.items()}
    cure = _("Correct it, or take it out of the environment.")
    wrong = [
        Problem(where, f"{why}.", _("Another source or the default holds."), cure, name)
        for name, (where, why) in refused.items()
    ]
    named = (os.environ if environ is None else environ).get(SITE_VARIABLE, "")
    site_file = Path(named) if named else site_settings_file()
    site, problems = _read(site_file, settings, Source.SITE)
    if named and not site_file.exists():
        effect = _("Nothing was taken from it.")
        cure = _("Correct {variable}.").format(variable=SITE_VARIABLE)
        problems = [Problem(named, _("This site file is not there."), effect, cure)]
    folder = next(
        (layer["data_dir"].value for layer in (options, surroundings, site) if "data_dir" in layer), None
    )
    paths = UserPaths.below(folder) if folder is not None else UserPaths.standard()
    own, own_problems = _read(paths.settings_file, settings, Source.USER)
    layers = {Source.OPTION: options, Source.ENVIRONMENT: surroundings, Source.USER: own, Source.SITE: site}
    refused_there = {Source.ENVIRONMENT: wrong, Source.USER: own_problems, Source.SITE: problems}
    return Configuration(paths, site_file, layers, refused_there, declared)


def _read(file: Path, settings: Mapping[str, Setting], source: Source) -> tuple[Layer, list[Problem]]:
    values, problems = TomlFile(file).read(settings.values(), is_own=source is Source.USER)
    return {name: Found(value, source, str(file)) for name, value in values.items()}, problems
