"""Keyboards: a scanner that is set to another one than the computer sends garbled labels, put right here.

A scanner names keys, not characters, mostly those of the American keyboard. What the computer makes of them
is known for each keyboard, and so can be taken back.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from itkgui.language import N_

# The keys of the American keyboard from the upper left to the lower right, and with Shift.
_PLAIN = "`1234567890-=qwertyuiop[]\\asdfghjkl;'zxcvbnm,./"
_SHIFTED = '~!@#$%^&*()_+QWERTYUIOP{}|ASDFGHJKL:"ZXCVBNM<>?'


class Layout(NamedTuple):
    """What a keyboard writes for each key of the American one, alone and with Shift."""

    name: str
    title: str
    plain: str
    shifted: str

    def typed(self, text: str, *, caps: bool = False, caps_on_all: bool = False) -> str:
        """Return what a computer with this keyboard makes of a label; what is on no key stays.

        Caps Lock turns the case of letters; with ``caps_on_all`` it acts as Shift on every key, as on the
        French keyboard of Windows.
        """
        forward = _forward(self, caps, caps_on_all)
        return "".join(forward.get(char, char) for char in text)

    def taken_back(self, text: str, *, caps: bool = False, caps_on_all: bool = False) -> str:
        """Return the label of which a computer with this keyboard made this text."""
        back = _back(self, caps, caps_on_all)
        return "".join(back.get(char, char) for char in text)


AMERICAN = Layout("us", N_("American"), _PLAIN, _SHIFTED)

LAYOUTS: Mapping[str, Layout] = MappingProxyType(
    {
        layout.name: layout
        for layout in (
            AMERICAN,
            Layout(
                "azerty",
                N_("AZERTY"),
                "²&é\"'(-è_çà)=azertyuiop^$*qsdfghjklmùwxcvbn,;:!",
                "~1234567890°+AZERTYUIOP¨£µQSDFGHJKLM%WXCVBN?./§",
            ),
            Layout(
                "qwertz",
                N_("QWERTZ"),
                "^1234567890ß´qwertzuiopü+#asdfghjklöäyxcvbnm,.-",
                "°!\"§$%&/()=?`QWERTZUIOPÜ*'ASDFGHJKLÖÄYXCVBNM;:_",
            ),
            Layout(
                "swiss",
                N_("Swiss"),
                "§1234567890'^qwertzuiopè¨$asdfghjkléàyxcvbnm,.-",
                '°+"*ç%&/()=?`QWERTZUIOPü!£ASDFGHJKLöäYXCVBNM;:_',
            ),
            Layout(
                "uk",
                N_("British"),
                "`1234567890-=qwertyuiop[]#asdfghjkl;'zxcvbnm,./",
                '¬!"£$%^&*()_+QWERTYUIOP{}~ASDFGHJKL:@ZXCVBNM<>?',
            ),
            Layout(
                "it",
                N_("Italian"),
                "\\1234567890'ìqwertyuiopè+ùasdfghjklòàzxcvbnm,.-",
                '|!"£$%&/()=?^QWERTYUIOPé*§ASDFGHJKLç°ZXCVBNM;:_',
            ),
        )
    }
)


class Guess(NamedTuple):
    """What a label may have been: of which keyboard, and whether Caps Lock was on."""

    text: str
    layout: Layout
    caps: bool = False


def guesses(text: str, only: str = "") -> Iterator[Guess]:
    """Yield what a scan may mean, each text once: first as it came, then as other keyboards would have it.

    With the name of a layout in ``only`` the scanner is known to be typing on that one.
    """
    seen = set()
    layouts = [LAYOUTS[only]] if only else LAYOUTS.values()
    for layout in layouts:
        for caps, caps_on_all in ((False, False), (True, False), (True, True)):
            found = layout.taken_back(text, caps=caps, caps_on_all=caps_on_all)
            if found not in seen:
                seen.add(found)
                yield Guess(found, layout, caps)


@functools.cache
def _forward(layout: Layout, caps: bool, caps_on_all: bool) -> dict[str, str]:
    """Return what each key of the American keyboard writes on another one."""
    upper, lower = (layout.shifted, layout.plain), (layout.plain, layout.shifted)
    return {
        key: other if caps_on_all else _turned(char) if caps else char
        for keys, (usual, locked) in ((_PLAIN, lower), (_SHIFTED, upper))
        for key, char, other in zip(keys, usual, locked, strict=True)
    }


@functools.cache
def _back(layout: Layout, caps: bool, caps_on_all: bool) -> dict[str, str]:
    back = {char: key for key, char in _forward(layout, caps, caps_on_all).items()}
    # É for é and the like: some keyboards turn these by Caps Lock, others do not.
    turned = {_turned(char): key for char, key in back.items()}
    return turned | back


@functools.cache
def _turned(char: str) -> str:
    """Return the other case of a letter; of ß there is none."""
    turned = char.swapcase()
    return turned if len(turned) == 1 else char
