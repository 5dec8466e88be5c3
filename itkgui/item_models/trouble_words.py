"""What went wrong, as it is told to people, whoever noticed it."""

from __future__ import annotations

from typing import Protocol


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
