"""What a declaration of a setting says, and what follows from it for a class of them."""

from __future__ import annotations

import enum
import functools
import os
from collections.abc import Mapping
from dataclasses import field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from itkgui.language import N_, _
from itkgui.settings.kinds import Kind

if TYPE_CHECKING:
    from typing_extensions import Self

_DECLARATION = "setting"


class Group(enum.Enum):
    """What belongs together, in the order and with the titles of the page, to be translated there."""

    LOOK = N_("Look")
    FILES = N_("Files and uploads")
    SCANNER = N_("Scanner")
    SERVERS = N_("Servers")
    NETWORK = N_("Network")
    PROGRAM = N_("Program")


class Applies(enum.Enum):
    """From when on a value that was changed holds, in words to be translated where they are shown."""

    AT_ONCE = N_("at once")
    AT_SIGN_IN = N_("at the next sign-in")
    AT_START = N_("at the next start")


class Setting(NamedTuple):
    """A declaration; ``variables`` of the environment in the order in which they are looked at.

    Its words are declared for translation: ``title``, ``help``, and those of its kind.
    A secret is never shown and, as what is not ``in_own_file``, stands in no file of the user.
    """

    name: str
    default: Any
    kind: Kind[Any]
    group: Group
    title: str
    help: str
    variables: tuple[str, ...]
    option: str
    applies: Applies
    is_secret: bool
    in_own_file: bool

    def checked(self, value: Any) -> Any:
        """Return a value in its one spelling. Raises ValueError, with the setting's name."""
        try:
            return self.kind.checked(value)
        except ValueError as error:
            raise ValueError(f"{self.name} {error}") from error


def setting(
    default: Any,
    kind: Kind[Any],
    group: Group,
    title: str,
    help_text: str,
    *,
    variables: tuple[str, ...] = (),
    option: str = "",
    applies: Applies = Applies.AT_SIGN_IN,
    is_secret: bool = False,
    in_own_file: bool = True,
) -> Any:
    """Declare a field of ``Settings``; without ``variables`` it is ``ITKGUI_`` and the field's name."""
    declaration = {
        "kind": kind,
        "group": group,
        "title": title,
        "help": help_text,
        "variables": variables,
        "option": option,
        "applies": applies,
        "is_secret": is_secret,
        "in_own_file": in_own_file and not is_secret,
    }
    return field(default=default, repr=not is_secret, metadata={_DECLARATION: declaration})


class Declared:
    """Base of a frozen dataclass whose fields are made by ``setting``."""

    @classmethod
    def declarations(cls) -> tuple[Setting, ...]:
        """Return all declarations, in their order."""
        return _declarations(cls)  # type: ignore[arg-type]  # taken for an instance, which has no hash

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Self:
        """Return the defaults, overridden by the variables declared above; commas part a list.

        Without ``environ`` it is the environment of this process, and below it the lines of a file ``.env``
        in the working folder that begin with ``ITKDB_``. Raises ValueError, with the variable, for what
        cannot be used.
        """
        found, refused = cls.in_environment(environ)
        for _where, why in refused.values():
            raise ValueError(why)
        return cls(**{name: value for name, (value, _where) in found.items()})

    @classmethod
    def in_environment(
        cls, environ: Mapping[str, str] | None = None
    ) -> tuple[dict[str, tuple[Any, str]], dict[str, tuple[str, str]]]:
        """Return, by the settings' names, what the environment says and where; see ``from_environment``.

        And, in the same way, where something stands that cannot be used, and why: with the variable, without
        a full stop.
        """
        places: dict[str, tuple[str, str]] = {}  # by variable: what it says, and where it stands
        if environ is None:
            file = Path.cwd() / ".env"
            there = _("{variable} in {file}")
            places = {
                name: (text, there.format(variable=name, file=file)) for name, text in _dotenv(file).items()
            }
            environ = os.environ
        here = _("{variable} in the environment")
        places |= {name: (text, here.format(variable=name)) for name, text in environ.items() if text}
        found, refused = {}, {}
        for declared in cls.declarations():
            variable = next((name for name in declared.variables if name in places), None)
            if variable is not None:
                text, where = places[variable]
                try:
                    found[declared.name] = (declared.kind.of_text(text), where)
                except ValueError as error:
                    refused[declared.name] = (where, f"{variable} {error}")
        return found, refused

    def __post_init__(self) -> None:
        for declared in self.declarations():
            object.__setattr__(self, declared.name, declared.checked(getattr(self, declared.name)))


@functools.cache
def _declarations(cls: type[Declared]) -> tuple[Setting, ...]:
    found = []
    for item in fields(cast(Any, cls)):
        declared = dict(item.metadata[_DECLARATION])
        declared["variables"] = declared["variables"] or (f"ITKGUI_{item.name.upper()}",)
        found.append(Setting(item.name, item.default, **declared))
    return tuple(found)


def _dotenv(path: Path) -> dict[str, str]:
    """Return the variables of a file that scripts written for ``itkdb`` take their settings from."""
    if not path.is_file():
        return {}
    from dotenv import dotenv_values  # only for those who have such a file

    found = dotenv_values(path)
    return {name: value for name, value in found.items() if name.startswith("ITKDB_") and value}
