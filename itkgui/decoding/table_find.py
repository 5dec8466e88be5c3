"""Finds a text or a pattern in the rows of a table, by the bytes of its file."""

from __future__ import annotations

from itkgui.client.files import BinaryFile
from itkgui.decoding.table_lines import TableLayout
from itkgui.decoding.text_encoding import Encoding, label_of
from itkgui.decoding.text_find import Found, Query, find_part
from itkgui.decoding.text_source import TextSource
from itkgui.decoding.undecodable import reading


def find_in_table(file: BinaryFile, layout: TableLayout, query: Query, begin: int) -> Found:
    """Search a table from a byte on for a moment; what is found may also stand in lines that are no rows.

    Raises PatternProblem, Undecodable.
    """
    with reading("table"):
        status = file.path.stat()
    encoding = Encoding(label_of(layout.encoding))
    source = TextSource(file.path, status.st_size, status.st_mtime_ns, encoding, layout.line_end, "")
    return find_part(source, query, max(begin, layout.start))
