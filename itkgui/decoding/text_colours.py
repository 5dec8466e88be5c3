"""What the parts of a page are in the language of its text: keywords, numbers, comments, errors of a log."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from itkgui.decoding.text_escapes import Span
from itkgui.decoding.text_language import LOG

if TYPE_CHECKING:
    from pygments.lexer import Lexer

MOST_COLOURED = 150_000  # characters of a page and what is before it; a tenth of a second
PATIENCE = 3.0  # seconds, after which a text stays as it is: some contents take lexers for ever


def colour_rows(language: str, before: Sequence[str], rows: Sequence[str]) -> tuple[tuple[Span, ...], ...]:
    """Return the looks of each of some rows; those ``before`` tell what goes on in them.

    A look is one of ``keyword``, ``name``, ``string``, ``number``, ``comment``, ``heading``, ``good``,
    ``caution``, ``bad``. None are returned for rows that are too long together.
    """
    if sum(map(len, (*before, *rows))) > MOST_COLOURED:
        before = ()
    if sum(map(len, rows)) > MOST_COLOURED:
        return ((),) * len(rows)
    text = "\n".join((*before, *rows, ""))
    looks: list[list[Span]] = [[] for _ in rows]
    row, column = -len(before), 0
    for _, kind, part in _lexer(language).get_tokens_unprocessed(text):
        look = _look(str(kind))
        for number, piece in enumerate(part.split("\n")):
            if number:
                row, column = row + 1, 0
            if look and piece and 0 <= row < len(rows):
                looks[row].append((column, len(piece), look))
            column += len(piece)
    return tuple(map(tuple, looks))


def _lexer(language: str) -> Lexer:
    if language == LOG:
        from itkgui.decoding.text_log_lexer import LogLexer

        return LogLexer()
    from pygments.lexers import get_lexer_by_name

    lexer: Lexer = get_lexer_by_name(language)
    return lexer


# The first that a token's kind begins with decides.
_LOOKS = (
    ("Token.Keyword.Constant", "number"),
    ("Token.Keyword", "keyword"),
    ("Token.Operator.Word", "keyword"),
    ("Token.Name.Tag", "keyword"),
    ("Token.Name.Attribute", "name"),
    ("Token.Name.Builtin", "name"),
    ("Token.Name.Function", "name"),
    ("Token.Name.Class", "name"),
    ("Token.Name.Decorator", "name"),
    ("Token.Name.Variable", "name"),
    ("Token.Literal.String.Doc", "comment"),
    ("Token.Literal.String", "string"),
    ("Token.Literal.Number", "number"),
    ("Token.Literal.Date", "comment"),
    ("Token.Comment.Preproc", "keyword"),
    ("Token.Comment", "comment"),
    ("Token.Generic.Heading", "heading"),
    ("Token.Generic.Subheading", "heading"),
    ("Token.Generic.Strong", "heading"),
    ("Token.Generic.Inserted", "good"),
    ("Token.Generic.Deleted", "bad"),
    ("Token.Generic.Error", "bad"),
    ("Token.Generic.Emph", "caution"),
    ("Token.Generic.Output", "good"),
)


def _look(kind: str) -> str:
    return next((look for prefix, look in _LOOKS if kind.startswith(prefix)), "")
