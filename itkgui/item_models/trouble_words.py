"""What went wrong, as it is told to people, whoever noticed it."""

from __future__ import annotations

from typing import Protocol

from itkgui.client.connection_state import Condition, Trouble, trouble_in
from itkgui.client.exceptions import ItkError


class Words(Protocol):
    """What went wrong in words: an error of the client, or a trouble that was kept of one."""

    @property
    def code(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def sentence(self) -> str: ...
    @property
    def cure(self) -> str: ...
    @property
    def detail(self) -> str: ...


def passes_by_itself(words: Words) -> bool:
    """Tell whether the way to the server, or the session, failed: once that is mended it can be done."""
    if not isinstance(words, ItkError):
        return False
    trouble = trouble_in(words, lambda: True)
    return trouble is Trouble.SIGN_IN or Condition(trouble).is_away
