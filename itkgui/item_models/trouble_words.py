"""What went wrong, as it is told to people, whoever noticed it."""

from __future__ import annotations

from typing import Protocol

from itkgui.client.connection_state import Condition, trouble_in
from itkgui.client.exceptions import ItkError


class Words(Protocol):
    """What went wrong in words: an error of the client, or a trouble that was kept of one."""

    @property
    def title(self) -> str: ...
    @property
    def sentence(self) -> str: ...
    @property
    def cure(self) -> str: ...
    @property
    def detail(self) -> str: ...


def comes_of_the_connection(words: Words) -> bool:
    """Tell whether it is the way to the server that failed, so that it can be done once that is mended."""
    return isinstance(words, ItkError) and Condition(trouble_in(words, lambda: True)).is_away
