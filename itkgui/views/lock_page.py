"""Stands in place of everything while the window is locked, and asks who is there."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from itkgui.language import _
from itkgui.views.sign_in_card import SignInCard
from itkgui.views.style import set_role


class LockPage(QWidget):
    """The page of nobody and everybody: the one who is signed in goes on, anybody else takes over."""

    def __init__(self) -> None:
        super().__init__()
        set_role(self, "page")
        self.card = SignInCard("lock", _("Locked"), _("Go on"))
        self.card.put_in(self)

    def begin(self, who: str, note: str, *, with_codes: bool) -> None:
        """Ask for the codes of ``who``, or somebody else's; ``note`` tells what else is to be known."""
        told = _(
            "{who} is signed in. With the same access codes, work goes on where it was; uploads go on "
            "meanwhile. With the access codes of somebody else, that person takes over: {who} is signed "
            "out, and uploads that wait are kept for {who}."
        ).format(who=who)
        self.card.say(" ".join(filter(None, (told, note))))
        self.card.begin(with_codes=with_codes)
