"""The kinds of values that settings have: how each is read from a text and from TOML, and what is refused."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar
from urllib.parse import SplitResult, urlsplit

from itkgui.language import PSEUDO, _

T = TypeVar("T")

_DEFAULT_PORTS = {"https": 443, "http": 80}
_ON, _OFF = ("yes", "true", "on", "1"), ("no", "false", "off", "0")
_ENDING = re.compile(r"[^\s./\\*?:;|<>\"']+")
_DAY_TIME = re.compile(r"([01]?[0-9]|2[0-3]):[0-5][0-9]")
_PROXY_SCHEMES = ("http", "https", "socks4", "socks4a", "socks5", "socks5h")
_DESKTOP_SOCKS = "socks://"  # as desktops write it into ALL_PROXY, of whatever version; names go there too


class Kind(Generic[T]):
    """One kind; each method raises ValueError with the rest of a sentence: ``must be …, not …``."""

    metavar = "TEXT"  # stands for a value in the help of the command line
    unit = ""

    def checked(self, value: T) -> T:
        """Return a value in its one spelling."""
        return value

    def of_text(self, text: str) -> T:
        """Return what an option, a variable or a field says."""
        raise NotImplementedError

    def of_toml(self, value: Any) -> T:
        """Return what a file says."""
        if not isinstance(value, str):
            raise ValueError(_("must be a text in quotes, not {value!r}").format(value=value))  # noqa: TRY004 - all are told alike
        return self.of_text(value)

    def to_toml(self, value: T) -> Any:
        """Return a value as a file says it."""
        return self.words(value)

    def words(self, value: T) -> str:
        """Return a value as a person writes it."""
        return str(value)

    def doubt(self, value: T) -> str:  # noqa: ARG002 - most kinds have none
        """Return what keeps a value from being of use, in a sentence without a full stop; or nothing."""
        return ""


class Text(Kind[str]):
    """Any text in one line."""

    def of_text(self, text: str) -> str:
        return self.checked(text)


_LONGEST_ADDRESS, _SHOWN = 500, 100  # characters, of which so many are told again


class Address(Kind[str]):
    """The address of a server: https, or http on this computer; it ends in a slash."""

    metavar = "URL"

    def of_text(self, text: str) -> str:
        return self.checked(text.strip())

    def checked(self, value: str) -> str:
        """Return an address in its one spelling, with a slash at its end, as commands are joined to it."""
        if len(value) > _LONGEST_ADDRESS or any(sign.isspace() for sign in value):
            raise ValueError(_not_an_address(value))
        try:
            parts = urlsplit(value)
            port = parts.port
        except ValueError:  # an open bracket, or a port that is none
            parts, port = SplitResult("", "", "", "", ""), None
        host = (parts.hostname or "").rstrip(".")
        is_plain = not (parts.query or parts.fragment or "@" in parts.netloc)
        if parts.scheme not in _DEFAULT_PORTS or not host or port == 0 or not is_plain:
            raise ValueError(_not_an_address(value))
        if parts.scheme == "http" and not is_loopback(host):
            raise ValueError(
                _(
                    "must begin with https://, not {value!r}: anybody on the way could read access "
                    "codes that are sent by http://, which is for servers on this computer only"
                ).format(value=value[:_SHOWN])
            )
        netloc = f"[{host}]" if ":" in host else host
        if port is not None and port != _DEFAULT_PORTS[parts.scheme]:
            netloc += f":{port}"
        return parts._replace(netloc=netloc, path=parts.path.rstrip("/") + "/").geturl()


class Proxy(Kind[str]):
    """The address of a proxy; empty for none. It may hold a name and a password, which are never shown."""

    metavar = "PROXY"

    def of_text(self, text: str) -> str:
        return self.checked(text.strip())

    def checked(self, value: str) -> str:
        url = value if not value or "://" in value else f"http://{value}"
        if url.lower().startswith(_DESKTOP_SOCKS):
            url = f"socks5h://{url[len(_DESKTOP_SOCKS) :]}"
        try:
            parts = urlsplit(url)
            is_usable = parts.scheme in _PROXY_SCHEMES and bool(parts.hostname) and parts.port != 0
        except ValueError:
            is_usable = False
        if value and not is_usable:  # not told: a password may be in it
            raise ValueError(_("must be the address of a proxy like http://host:port"))
        return url


class Names(Kind[tuple[str, ...]]):
    """Several names, such as those of hosts; a text has commas between them, a file a list of texts."""

    metavar = "NAMES"

    def of_text(self, text: str) -> tuple[str, ...]:
        return self.checked(tuple(part.strip() for part in text.split(",") if part.strip()))

    def of_toml(self, value: Any) -> tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
            raise ValueError(_("must be a list of texts in quotes, not {value!r}").format(value=value))
        return self.of_text(",".join(value))

    def to_toml(self, value: tuple[str, ...]) -> list[str]:
        return list(value)

    def words(self, value: tuple[str, ...]) -> str:
        return ", ".join(value)


class Endings(Names):
    """Endings of files, each once, as they are without what may stand before them: ``*.MPX`` is ``mpx``."""

    metavar = "ENDINGS"

    def checked(self, value: tuple[str, ...]) -> tuple[str, ...]:
        endings = [one.strip().lower().removeprefix("*").removeprefix(".") for one in value]
        for one, ending in zip(value, endings, strict=True):
            if not _ENDING.fullmatch(ending):
                raise ValueError(_must_be(_("endings of files like mpx"), one))
        return tuple(dict.fromkeys(endings))

    def of_toml(self, value: Any) -> tuple[str, ...]:
        found = super().of_toml(value)
        return found if all(map(str.strip, value)) else self.checked(tuple(value))


class DayTimes(Names):
    """Several times of the day, each once, from the earliest to the latest."""

    metavar = "HH:MM,…"

    def checked(self, value: tuple[str, ...]) -> tuple[str, ...]:
        for one in value:
            if not _DAY_TIME.fullmatch(one):
                raise ValueError(_("must be times like 06:00, not {value!r}").format(value=one))
        return tuple(sorted({f"{one:0>5}" for one in value}))


@dataclass(frozen=True)
class Number(Kind[float]):
    """A number within limits, in a unit."""

    least: float
    most: float
    unit: str = ""

    metavar = "NUMBER"

    def checked(self, value: float) -> float:
        if not self.least <= value <= self.most:  # false for "nan" too, with which no token would ever expire
            raise ValueError(_must_be(self._range, value))
        return float(value)

    def of_text(self, text: str) -> float:
        try:
            return self.checked(float(text))
        except ValueError as error:
            raise ValueError(_must_be(self._range, text)) from error

    def of_toml(self, value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError(_must_be_bare(self._range, value))  # noqa: TRY004
        return self.checked(value)

    def to_toml(self, value: float) -> int | float:
        return int(value) if value == int(value) else value

    def words(self, value: float) -> str:
        return f"{value:.15g}"

    @property
    def _range(self) -> str:
        return _("a number from {least} to {most}").format(
            least=f"{self.least:.15g}", most=f"{self.most:.15g}"
        )


@dataclass(frozen=True)
class Whole(Kind[int]):
    """A whole number within limits, in a unit."""

    least: int
    most: int
    unit: str = ""

    metavar = "NUMBER"

    def checked(self, value: int) -> int:
        if not self.least <= value <= self.most:
            raise ValueError(_must_be(self._range, value))
        return value

    def of_text(self, text: str) -> int:
        try:
            return self.checked(int(text))
        except ValueError as error:
            raise ValueError(_must_be(self._range, text)) from error

    def of_toml(self, value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise ValueError(_must_be_bare(self._range, value))  # noqa: TRY004
        return self.checked(value)

    def to_toml(self, value: int) -> int:
        return value

    @property
    def _range(self) -> str:
        return _("a whole number from {least} to {most}").format(least=self.least, most=self.most)


class Switch(Kind[bool]):
    """On or off."""

    metavar = "yes|no"

    def of_text(self, text: str) -> bool:
        said = text.strip().lower()
        if said not in _ON + _OFF:
            raise ValueError(_("must be yes or no, not {value!r}").format(value=text))
        return said in _ON

    def of_toml(self, value: Any) -> bool:
        if not isinstance(value, bool):
            raise ValueError(_must_be_bare(_("true or false"), value))  # noqa: TRY004
        return value

    def to_toml(self, value: bool) -> bool:
        return value

    def words(self, value: bool) -> str:
        return "yes" if value else "no"


@dataclass(frozen=True)
class Choice(Kind[T]):
    """One of a few texts or whole numbers, each with the title that people see, to be translated there."""

    titles: Mapping[T, str]

    @property
    def metavar(self) -> str:  # type: ignore[override]  # known for each choice only
        return "|".join(map(str, self.titles))

    def checked(self, value: T) -> T:
        if value not in self.titles:
            raise ValueError(_must_be_one_of(map(str, self.titles), value))
        return value

    def of_text(self, text: str) -> T:
        for value in self.titles:
            if str(value) == text.strip():
                return value
        raise ValueError(_must_be_one_of(map(str, self.titles), text))

    def of_toml(self, value: Any) -> T:
        if not any(value == known and type(value) is type(known) for known in self.titles):
            raise ValueError(_must_be_one_of(map(repr, self.titles), value))
        return self.checked(value)

    def to_toml(self, value: T) -> Any:
        return value


class Language(Choice[str]):
    """A language; the pseudo-language, which only checks use, is taken too, and not offered."""

    def checked(self, value: str) -> str:
        return value if value == PSEUDO else super().checked(value)

    def of_text(self, text: str) -> str:
        return self.checked(text.strip())

    def of_toml(self, value: Any) -> str:
        return value if value == PSEUDO else super().of_toml(value)


class Place(Kind[Path | None]):
    """A file or a folder, None for none; ``~`` is the user's home."""

    metavar = "PATH"

    def of_text(self, text: str) -> Path | None:
        return self.checked(Path(text.strip()) if text.strip() else None)

    def checked(self, value: Path | None) -> Path | None:
        try:
            return value.expanduser() if value is not None else None
        except RuntimeError as error:  # nobody's home
            raise ValueError(_must_be(_("a path"), str(value))) from error

    def words(self, value: Path | None) -> str:
        return str(value) if value is not None else ""


class CertificateFile(Place):
    """A file of certificates, PEM."""

    metavar = "FILE"

    def doubt(self, value: Path | None) -> str:
        if value is None:
            return ""
        try:
            with value.open("rb") as opened:
                is_pem = b"-----BEGIN CERTIFICATE-----" in opened.read(10_000_000)
        except OSError as error:
            return _("{file} cannot be read: {why}").format(file=value, why=error.strerror or error)
        return "" if is_pem else _("{file} holds no certificate in the form PEM").format(file=value)


def _must_be(what: str, found: object) -> str:
    return _("must be {what}, not {value!r}").format(what=what, value=found)


def _must_be_bare(what: str, found: object) -> str:
    return _("must be {what} without quotes, not {value!r}").format(what=what, value=found)


def _must_be_one_of(known: Iterable[str], found: object) -> str:
    return _("must be one of {values}, not {value!r}").format(values=", ".join(known), value=found)


def _not_an_address(value: str) -> str:
    return _("must be an address like https://host/, not {value!r}").format(value=value[:_SHOWN])


def is_loopback(host: str) -> bool:
    """Tell whether a host, as a name or a number without brackets, is this computer."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
