"""Links to a component: what a command line or a link may name one by, and the links that lead there."""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote, urlsplit

from itkgui.records.identifier_list import LONGEST
from itkgui.records.serial_number import SerialNumber, looks_like_serial_number, without_marks

if TYPE_CHECKING:  # a start that finds a running window loads little
    from itkgui.records.component import ComponentSummary

SCHEME = "itkgui:"

_CODE = re.compile(r"[0-9a-f]{32}")  # API reference §5.3: a component's "code"
_LONGEST = 2 * LONGEST  # characters; an address of the web application may say more than the code
_PAGE = "componentView"  # of the web application


def identifier_from(text: str) -> str:
    """Return the serial number or the code in ``20U…``, ``itkgui:20U…``, ``itkgui://20U…/`` or a web address.

    The address is that of the web application's page of a component, on any server. Lower case,
    percent-encoding and the blanks and dashes people write are forgiven. Raises ValueError with a sentence
    for the user, in which nothing unprintable is repeated.
    """
    named = text.strip()
    if len(named) > _LONGEST:
        raise ValueError(f"a serial number or a link to a component is expected, not {len(named)} characters")
    if named[: len(SCHEME)].lower() == SCHEME:
        named = unquote(named[len(SCHEME) :].removeprefix("//").removesuffix("/"))
    elif is_link(named):
        named = _code_in(named)
    named = named.strip()
    if named.isascii() and named.isprintable():
        named = without_marks(named)
        if _CODE.fullmatch(named.lower()):
            return named.lower()
        if looks_like_serial_number(named):
            return str(SerialNumber.parse(named))
    raise ValueError(f"a serial number (20U…) or a link like {SCHEME}20U… is expected, not {text!a}")


def is_link(text: str) -> bool:
    """Tell whether a text is meant as a link to a component, of this program or of the web application."""
    return text.strip().lower().startswith((SCHEME, "https://", "http://"))


def named_in(text: str) -> str:
    """Return what a link leads to; any other text, and a link that leads nowhere, as it is."""
    with contextlib.suppress(ValueError):
        return identifier_from(text) if is_link(text) else text
    return text


def _code_in(address: str) -> str:
    """Return the code that an address of the web application names; empty for any other address."""
    try:
        parts = urlsplit(address)
    except ValueError:  # half an address of IPv6
        return ""
    codes = parse_qs(parts.query).get("code", [""])
    return codes[0] if parts.path.rpartition("/")[2] == _PAGE and len(codes) == 1 else ""


def link_to(component: ComponentSummary) -> str:
    """Return the link that opens a component in this program; empty for one that nothing short names."""
    named = component.serial_number or component.code
    try:
        return f"{SCHEME}{identifier_from(named)}"
    except ValueError:
        return ""


def web_address_of(component: ComponentSummary, api_url: str) -> str:
    """Return where the web application shows a component; empty for one without a code.

    It is served beside the API (API reference §1.1); the page's name is that which tools and notes link to.
    """
    return f"{api_url}componentView?code={component.code}" if _CODE.fullmatch(component.code) else ""
