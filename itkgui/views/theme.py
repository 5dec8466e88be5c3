"""The colours of the light, the dark and the high-contrast look, by what they are for."""

from __future__ import annotations

import functools
from typing import NamedTuple

from PySide6.QtGui import QColor, QPalette


class Theme(NamedTuple):
    """The colours of one look, by what they are for."""

    window: str
    surface: str
    sunken: str
    text: str
    quiet: str
    faint: str  # of what is disabled
    border: str
    accent: str
    on_accent: str
    selection: str
    hover: str
    good: str
    bad: str
    caution: str
    good_back: str
    bad_back: str
    caution_back: str
    is_dark: bool
    line: str = "1px"  # of frames; of what has the focus, too
    off_line: str = "1px solid"  # around what is disabled

    def colour(self, tone: str) -> QColor:
        """Return a colour by its name, such as ``"good"``. Raises AttributeError for a name that is none."""
        return _colour(getattr(self, tone))


LIGHT = Theme(
    window="#f3f5f8",
    surface="#ffffff",
    sunken="#e9edf2",
    text="#18212c",
    quiet="#566373",
    faint="#566373",
    border="#d3dae3",
    accent="#0b5fae",
    on_accent="#ffffff",
    selection="#d7e7f8",
    hover="#eaf1f9",
    good="#17703f",
    bad="#b3261e",
    caution="#8a5200",
    good_back="#e1f3e8",
    bad_back="#fce8e6",
    caution_back="#fdf0d8",
    is_dark=False,
)
DARK = Theme(
    window="#14181d",
    surface="#1b2129",
    sunken="#10141a",
    text="#e7ebf0",
    quiet="#a3b0bf",
    faint="#a3b0bf",
    border="#343e4b",
    accent="#74b6f7",
    on_accent="#08213a",
    selection="#234364",
    hover="#232c37",
    good="#63cf95",
    bad="#ff938a",
    caution="#f2bd66",
    good_back="#173526",
    bad_back="#452220",
    caution_back="#403013",
    is_dark=True,
)
CONTRAST = Theme(  # text at 7:1 and more, frames and focus at 3:1 and more
    window="#000000",
    surface="#000000",
    sunken="#1a1a1a",
    text="#ffffff",
    quiet="#e4e4e4",
    faint="#a6a6a6",
    border="#767676",
    accent="#ffd83d",
    on_accent="#000000",
    selection="#003f7d",
    hover="#1c2b3a",
    good="#6dffa2",
    bad="#ffb3ab",
    caution="#ffd08a",
    good_back="#00381a",
    bad_back="#500909",
    caution_back="#432d00",
    is_dark=True,
    line="2px",
    off_line="2px dotted",
)
THEMES = (LIGHT, DARK, CONTRAST)


def palette_of(theme: Theme) -> QPalette:
    """Return what Qt paints by itself in."""
    palette = QPalette()
    roles = QPalette.ColorRole
    for role, tone in (
        (roles.Window, "window"),
        (roles.WindowText, "text"),
        (roles.Base, "surface"),
        (roles.AlternateBase, "sunken"),
        (roles.Text, "text"),
        (roles.PlaceholderText, "quiet"),
        (roles.Button, "surface"),
        (roles.ButtonText, "text"),
        (roles.ToolTipBase, "surface"),
        (roles.ToolTipText, "text"),
        (roles.Highlight, "selection"),
        (roles.HighlightedText, "text"),
        (roles.Link, "accent"),
        (roles.LinkVisited, "accent"),
        (roles.Mid, "border"),
        (roles.Dark, "border"),
        (roles.Light, "surface"),
    ):
        palette.setColor(role, theme.colour(tone))
    for role in (roles.Text, roles.WindowText, roles.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, theme.colour("faint"))
    return palette


@functools.cache
def _colour(name: str) -> QColor:
    return QColor(name)
