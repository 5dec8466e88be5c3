"""The language of what users read: marks texts for translation, and translates them.

A text is written in English where it is needed, and marked: ``_("Sign in")``, and
``ngettext("{count} file", "{count} files", count)`` where a number decides. One that is only declared, as the
head of a column or the title of an error, is marked ``N_("Tests")``; what shows it translates it.
Values go in after the translation, ``_("{name} was found").format(name=name)``: translators see the sentence.
Text from a server, numbers, serial numbers and names of files are nobody's to translate.
"""

from __future__ import annotations

import gettext
import locale
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

DOMAIN = "itkgui"
SYSTEM = "system"
PSEUDO = "pseudo"  # not a language: shows what is not marked, and what has no room for longer words

_FIELD = re.compile(r"(\{[^{}]*\}|&\w|%\w)")
_ACCENTED = str.maketrans("AEIOUaeiounNcCyY", "ÂÉÎÖÛàéîöûñÑçÇýÝ")
_LONGER = 0.35  # how much longer German or French is than English, on the average
_WORD = 12  # letters; of what makes it longer

_AS_WRITTEN = gettext.NullTranslations()

_texts = _AS_WRITTEN
_is_untranslated: ContextVar[bool] = ContextVar("is_untranslated", default=False)


class PseudoTranslations(gettext.NullTranslations):
    """Writes every text that is marked with accents, in brackets, and as long as other languages would."""

    def gettext(self, message: str) -> str:
        parts = _FIELD.split(message)
        parts[::2] = [part.translate(_ACCENTED) for part in parts[::2]]
        more = "~" * round(len(message) * _LONGER)
        words = (more[begin : begin + _WORD] for begin in range(0, len(more), _WORD))
        return f"⟦{''.join(parts)}{' '.join(words)}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


_spoken: tuple[str, Path] | None = None  # what ``use`` was told last


def use(language: str, folder: Path) -> None:
    """Speak this language from now on, with the catalogues below ``folder``; English where there is none."""
    global _texts, _spoken
    _spoken = language, folder
    if language == PSEUDO:
        _texts = PseudoTranslations()
    else:
        wanted = _of_system() if language == SYSTEM else [language]
        _texts = gettext.translation(DOMAIN, folder, wanted, fallback=True)


def spoken() -> tuple[str, Path] | None:
    """Return what ``use`` was told, for another process to speak as this one does; None if it was not yet."""
    return _spoken


def _of_system() -> list[str] | None:
    """Return the languages of whoever uses this computer; None for those that the environment names."""
    if sys.platform == "win32":
        import ctypes

        name = locale.windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage())
        return [name] if name else []
    return None


@contextmanager
def untranslated() -> Iterator[None]:
    """Leave texts as they are written, in English, while this lasts: for what programs read."""
    before = _is_untranslated.set(True)
    try:
        yield
    finally:
        _is_untranslated.reset(before)


def _in_use() -> gettext.NullTranslations:
    return _AS_WRITTEN if _is_untranslated.get() else _texts


def _(text: str) -> str:
    """Return a marked text in the language in use."""
    return _in_use().gettext(text) if text else text  # catalogues keep their heads under the empty one


def ngettext(one: str, many: str, count: int) -> str:
    """Return the text for this number of things in the language in use."""
    return _in_use().ngettext(one, many, count)


def N_(text: str) -> str:  # noqa: N802 - the name that tools for translators look for
    """Mark a text that is declared here, and translated where it is shown."""
    return text
