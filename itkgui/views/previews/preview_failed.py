"""The error of a file that cannot be shown."""

from __future__ import annotations

from itkgui.client.exceptions import FileProblem


class PreviewFailed(FileProblem):
    """The bytes arrived, but they are not what they seem or are damaged."""

    title = "No preview"
    cure = "Save the file and open it in another program, or ask the person who added it for a new copy."

    def __init__(
        self, detail: str, *, what: str = "file", why: str = "damaged or not what its name says"
    ) -> None:
        super().__init__(detail)
        self.sentence = f"This {what} cannot be shown: it is {why}."
