"""What all errors of the program have in common, and the one that is none."""

from __future__ import annotations

from itkgui.client.exceptions.codes import CODES, UNNAMED
from itkgui.language import N_, _


class ItkError(Exception):
    """Base of the tree; as a text it is title and detail, the latter never needed to understand.

    The words are declared in English. Of an error that was raised they are in the language in use; whoever
    gives others to a single one translates them. As a text it stays English, for logs. ``code`` is the same
    in every language and version.
    """

    code = UNNAMED

    left_behind = ""  # what could not be removed again, such as an attachment's entry without bytes
    title = N_("Something went wrong")
    sentence = N_("The program could not do what was asked.")
    cure = N_("Try again. If it happens again, copy the details and report them.")

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.code = CODES.get(cls.__name__, cls.code)
        _let_speak(cls)

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail)
        self.detail = detail

    def __str__(self) -> str:
        title: str = vars(self).get("title", type(self).title)
        return f"{title}: {self.detail}" if self.detail else title


class _Words:
    """A text of an error: as it is declared from the class, translated from an error that was raised."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __get__(self, error: ItkError | None, kind: type[ItkError]) -> str:
        return self._text if error is None else _(self._text)


def _let_speak(kind: type[ItkError]) -> None:
    for name in ("title", "sentence", "cure"):
        if name in vars(kind):
            setattr(kind, name, _Words(vars(kind)[name]))


_let_speak(ItkError)


def code_of_words(title: str, sentence: str, cure: str) -> str:
    """Return the code of the errors that are told by these words in the language in use; else nothing.

    The sentence of a single error may say more than that of its class: title and cure tell which it is.
    """
    kinds, alike = [ItkError], set()
    for kind in kinds:  # which grows meanwhile
        if (_(kind.title), _(kind.cure)) == (title, cure):
            if _(kind.sentence) == sentence:
                return kind.code
            alike.add(kind.code)
        kinds += kind.__subclasses__()
    return alike.pop() if len(alike) == 1 else ""


class Cancelled(ItkError):
    """The work was stopped because nobody wants its outcome any more."""

    title = N_("Cancelled")
    sentence = N_("The work was stopped on request.")
    cure = N_("Start it again when you want it.")
